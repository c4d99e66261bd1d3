/*
 * EDID: what a monitor says of itself, in the form every monitor has.
 *
 * One base block of 128 bytes and, where a mode is larger than its fields, a
 * second one. VESA E-EDID 1.4; CVT 1.2 for the timings.
 */
#ifndef EDID_H
#define EDID_H

#include <stddef.h>
#include <stdint.h>

enum { EDID_BLOCK = 128, EDID_MAX = 2 * EDID_BLOCK };

struct edid_monitor {
	unsigned index;		/* of the scanout: its serial number */
	uint32_t width, height; /* preferred mode, 32 to 8192 */
};

/* Returns the bytes that were written, a multiple of EDID_BLOCK. */
size_t edid_make(const struct edid_monitor *monitor, uint8_t edid[EDID_MAX]);

#endif
