/*
 * Pictures, x8r8g8b8: a pixel is a word 0xXXRRGGBB, whose top byte is nobody's
 * business.
 */
#ifndef PICTURE_H
#define PICTURE_H

#include <linux/virtio_gpu.h>
#include <stdbool.h>
#include <stdint.h>

struct picture {
	uint32_t width, height;
	uint32_t *pixels; /* row by row */
};

enum { PICTURE_ANY = 1u << 24 }; /* in a pixel that may be any: see below */

/* All black. */
struct picture *picture_new(uint32_t width, uint32_t height);
struct picture *picture_copy(const struct picture *p);
void picture_free(struct picture *p); /* NULL is fine */

/* FAILs unless the rectangle is inside. `pixels` is as large as it. */
void picture_put(struct picture *p, const struct virtio_gpu_rect *r,
		 const uint32_t *pixels);

/*
 * The same size, and the same colours, but where `expected` says PICTURE_ANY.
 * NULL is a picture that isn't there.
 */
bool picture_same(const struct picture *expected, const struct picture *got);

/*
 * FAILs unless they are the same: with row and column of the first difference,
 * and both pictures around it. `what` they are is told.
 */
void picture_expect(const struct picture *expected, const struct picture *got,
		    const char *what);

#endif
