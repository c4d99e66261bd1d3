/*
 * What is tested of stage 4 by itself, one file for each part.
 */
#ifndef PARTS4_H
#define PARTS4_H

#include <check.h>

Suite *keytable_units(void);
Suite *eventframe_units(void);
Suite *heldkeys_units(void);
Suite *inputconfig_units(void);
Suite *windowinput_units(void);
Suite *windowgrab_units(void);
Suite *script_units(void);

#endif
