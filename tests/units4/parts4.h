/*
 * What is tested of stage 4 by itself, one file for each part.
 */
#ifndef PARTS4_H
#define PARTS4_H

#include <check.h>

Suite *script_units(void);

#endif
