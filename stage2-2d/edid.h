/*
 * EDID: what a monitor says of itself, in the form every monitor has.
 *
 * One block of 128 bytes, and a second one where the first has no room for the
 * monitor's own mode:
 *
 *   base block   who made it, how large it is, what it takes; four descriptors:
 *                a detailed timing, name, range limits, nothing
 *   DisplayID    (displayid.h) the monitor's own mode, if its numbers are too
 *                large for a detailed timing, or too small for its readers;
 *                then the base block's timing is that of another mode
 *
 * VESA E-EDID 1.4; the timings are those of CVT (timing.h).
 */
#ifndef EDID_H
#define EDID_H

#include <stddef.h>
#include <stdint.h>

enum { EDID_BLOCK = 128, EDID_MAX = 2 * EDID_BLOCK };

struct edid_monitor {
	unsigned index;		/* of the scanout: in its name and number */
	uint32_t width, height; /* preferred; see displayinfo.h's limits */
};

/* Returns the bytes that were written, a multiple of EDID_BLOCK. */
size_t edid_make(const struct edid_monitor *monitor, uint8_t edid[EDID_MAX]);

/* ---- for displayid.c, which says some of it again ---- */

/*
 * The registry of makers (PNP ids, kept at uefi.org) has none whose letters
 * begin with VG. A maker of real monitors has to be registered.
 */
#define EDID_MAKER "VGS"

enum {
	EDID_PRODUCT = 0x1050,	/* virtio-gpu's PCI id */
	EDID_MODEL_YEAR = 2023, /* virtio 1.3's */
	EDID_GAMMA = 220,	/* hundredths: sRGB's */
	EDID_DPI = 100,
};

/* "virtio-gpu 0": as much as a descriptor has room for, and a NUL. */
void edid_name(const struct edid_monitor *monitor, char name[14]);
/* 0 would be none. */
uint32_t edid_serial(const struct edid_monitor *monitor);
/* What so many pixels come to in tenths of a millimetre. */
uint32_t edid_length(uint32_t pixels);
/* Sets the last of those bytes so that their sum is 0. */
void edid_checksum(uint8_t *bytes, size_t count);

#endif
