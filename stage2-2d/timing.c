/*
 * VESA CVT 1.2, reduced blanking version 2, at 60 Hz, in whole numbers.
 *
 * Version 2, as it is the first that knows widths that aren't multiples of 8.
 * Both versions give a line 32 pixels of sync, and a monitor 460 us between two
 * frames.
 */
#include "timing.h"

#include <assert.h>

enum {
	RATE = 60, /* Hz */
	HBLANK = 80,
	HSYNC = 32,
	VSYNC = 8,
	VFRONT_MIN = 1,
	VBACK = 6,
	VBLANK_US = 460, /* at least */
	SECOND_US = 1000000,
};

/*
 * One more than the lines that would be drawn in that time, if a frame took
 * what is left of a 60th of a second.
 */
static uint32_t blank_lines(uint32_t height)
{
	uint32_t us = RATE * VBLANK_US; /* in a second */
	uint32_t lines = us * height / (SECOND_US - us) + 1;
	uint32_t least = VFRONT_MIN + VSYNC + VBACK;

	return lines > least ? lines : least;
}

/*
 * CVT rounds the clock down to 1 kHz. What it is put into holds tens, of which
 * this is the nearest: a small monitor's whole clock is a few dozen.
 */
struct timing timing_reduced(uint32_t width, uint32_t height)
{
	uint32_t vblank = blank_lines(height);
	uint64_t pixels = (uint64_t)(width + HBLANK) * (height + vblank) * RATE;

	assert(width <= 8192 && height <= 8192);
	return (struct timing){
		.width = width,
		.hblank = HBLANK,
		.hfront = HBLANK / 2 - HSYNC,
		.hsync = HSYNC,
		.height = height,
		.vblank = vblank,
		.vfront = vblank - VSYNC - VBACK,
		.vsync = VSYNC,
		.clock = (pixels + 5000) / 10000,
	};
}

uint32_t timing_line_khz(const struct timing *t)
{
	return t->clock * 10 / (t->width + t->hblank);
}
