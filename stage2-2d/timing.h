/*
 * Timings: how a monitor's mode would go over a wire.
 *
 *   |<----- width ----->|<------- hblank ------->|
 *   | pixels            | front | sync |  back   |     the same from top to
 *                                                      bottom, in lines
 *
 * There is no wire here. But an EDID says what sizes a monitor takes by their
 * timings, and drivers go by them: Linux counts its frames at that rate.
 */
#ifndef TIMING_H
#define TIMING_H

#include <stdint.h>

struct timing {
	uint32_t width, hblank, hfront, hsync;	/* pixels */
	uint32_t height, vblank, vfront, vsync; /* lines */
	uint32_t clock;				/* pixels, in 10 kHz */
};

/*
 * What CVT makes of a size up to 8192x8192 at 60 Hz with reduced blanking,
 * version 2. The sync pulses are positive across, negative down.
 */
struct timing timing_reduced(uint32_t width, uint32_t height);

/* Lines in a second, in kHz, rounded down. */
uint32_t timing_line_khz(const struct timing *timing);

#endif
