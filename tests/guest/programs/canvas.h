/*
 * Drawing in memory: rectangles, text, and a test card.
 *
 * Colours are 0xRRGGBB. What lies outside of a canvas is left out.
 */
#ifndef CANVAS_H
#define CANVAS_H

#include <stdint.h>

/* Pixels in 32-bit words 0xXXRRGGBB, in rows `stride` words apart. */
struct canvas {
	uint32_t *pixels;
	unsigned width, height, stride;
};

enum { FONT_WIDTH = 6, FONT_HEIGHT = 9 }; /* of a character at scale 1 */

void canvas_fill(const struct canvas *on, int x, int y, unsigned width,
		 unsigned height, uint32_t colour);

/* The top left corner of the text's first character is at x, y. */
void font_draw(const struct canvas *on, int x, int y, const char *text,
	       unsigned scale, uint32_t colour);

/*
 * All over the canvas: a white frame one pixel wide and inside it, in eighths of
 * the height, the label, bars of pure colours (three), ramps of red, green,
 * blue and grey, the left end black. NULL: no label.
 */
void card_draw(const struct canvas *on, const char *label);

#endif
