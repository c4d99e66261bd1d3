/*
 * What is tested of stage 3 by itself, one file for each part.
 */
#ifndef PARTS_H
#define PARTS_H

#include <check.h>

Suite *cursoroverlay_units(void);

#endif
