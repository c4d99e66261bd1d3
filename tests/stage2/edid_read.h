/*
 * Reads an EDID as a driver would, by VESA's documents: E-EDID 1.4, and
 * DisplayID 1.3 in an extension block. Knows nothing of how one is made.
 */
#ifndef EDID_READ_H
#define EDID_READ_H

#include <linux/virtio_gpu.h>
#include <stdbool.h>
#include <stdint.h>

struct driver;

struct mode_read {
	uint32_t width, hblank, hfront, hsync;	/* pixels */
	uint32_t height, vblank, vfront, vsync; /* lines */
	uint32_t clock_khz;
	bool hplus, vplus; /* the sync pulses are positive */
};

struct size_read {
	uint32_t width, height;
};

struct edid_read {
	char maker[4]; /* NUL behind them all */
	uint32_t product, serial, year;
	char name[14];
	uint32_t cm_wide, cm_high;
	bool continuous;

	struct size_read other[17 + 8]; /* established and standard, 60 Hz */
	unsigned others;

	struct mode_read base;	    /* the first detailed timing */
	bool extended;		    /* there is a DisplayID: */
	struct mode_read preferred; /* its preferred timing, or the base's */

	uint32_t hz_min, hz_max, khz_min, khz_max, mhz_max;
};

/* GET_EDID, which has to succeed. */
struct virtio_gpu_resp_edid edid_get(struct driver *d, uint32_t scanout);

/* FAILs if it isn't well-formed: sums, sizes, filling, what has to be there. */
void edid_read(const struct virtio_gpu_resp_edid *resp, struct edid_read *e);

double mode_hz(const struct mode_read *mode);
double mode_khz(const struct mode_read *mode); /* lines */

#endif
