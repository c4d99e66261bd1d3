/*
 * DisplayID: EDID's successor, which may follow it in a block of its own.
 *
 *   0x70 | version, bytes, type, 0 | data blocks ... | sum | 0 ... 0 | sum
 *        |<-------------- the section -------------------->|
 *
 * Its timings have 16 bits for each number. Version 1.3, as older drivers know
 * its kind of timing, and not that of 2.0.
 */
#ifndef DISPLAYID_H
#define DISPLAYID_H

#include <stdint.h>

#include "edid.h"

struct timing;

/* The extension block that says the monitor's preferred mode is `own`. */
void displayid_make(const struct edid_monitor *monitor,
		    const struct timing *own, uint8_t block[EDID_BLOCK]);

#endif
