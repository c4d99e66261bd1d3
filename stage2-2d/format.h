/*
 * Pixel formats: the eight a 2D resource may have, and the one that pictures
 * have behind it.
 *
 *   B8G8R8X8_UNORM    memory, low address first:  B  G  R  x
 *
 * The names are in memory order (gallium's, whose numbers these are); the
 * specification does not say so, Linux and QEMU do. All take four bytes.
 *
 * Displays know one format, x8r8g8b8: a pixel is a 32-bit word 0xXXRRGGBB in
 * host order, rows follow each other without padding unless a stride is given.
 * The top byte means nothing to them; it is the pixel's fourth byte, be that
 * alpha or not. On a little-endian host this is B8G8R8X8, which is all that Linux
 * uses for its screens.
 *
 * virtio 1.3, section 5.7.6.8, RESOURCE_CREATE_2D.
 */
#ifndef FORMAT_H
#define FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PIXEL_BYTES = 4 };

struct format {
	uint32_t id;	  /* VIRTIO_GPU_FORMAT_... */
	const char *name; /* "B8G8R8X8" */
	/* Which byte of a pixel holds what; the fourth is alpha, or nothing. */
	uint8_t red, green, blue, rest;
	bool has_alpha;
};

/* NULL: there is no such format. */
const struct format *format_find(uint32_t id);

/* Turns `count` pixels of that format into x8r8g8b8, the fourth byte on top. */
void format_to_xrgb(const struct format *format, const void *from, uint32_t *to,
		    size_t count);

#endif
