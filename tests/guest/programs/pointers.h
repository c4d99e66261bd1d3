/*
 * Three cursors that tell on a device: what each does wrong shows on one of
 * them.
 *
 * Pixels are as KMS' cursor plane takes them: premultiplied ARGB8888.
 */
#ifndef POINTERS_H
#define POINTERS_H

#include <stdint.h>

enum { POINTER_SIZE = 64 }; /* either way: the driver takes no other */

enum pointer_kind {
	/* An arrow in a red glow, its tip far from the corner: what a straight
	 * blend, a swap of colours and a hot spot that is subtracted spoil. */
	POINTER_ARROW,
	/* Red, green, blue and white, each from nothing to opaque. */
	POINTER_RAMPS,
	/* An opaque frame, each side of another colour, half of it inside: a
	 * row or a column too many or too few shows at an edge. */
	POINTER_FRAME,
	POINTER_KINDS
};

/* Draws one into rows of POINTER_SIZE words, and says where it points to. */
void pointer_draw(enum pointer_kind kind, uint32_t *pixels, int32_t *hot_x,
		  int32_t *hot_y);

#endif
