/*
 * What is tested of stage 4 by itself, one file for each part.
 */
#ifndef INPUTPARTS_H
#define INPUTPARTS_H

#include <check.h>

Suite *keytable_units(void);
Suite *eventframe_units(void);
Suite *heldkeys_units(void);
Suite *windowinput_units(void);

#endif
