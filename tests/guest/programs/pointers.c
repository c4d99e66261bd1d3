/*
 * A function from place to pixel for each.
 */
#include "pointers.h"

enum {
	TIP_X = 20, /* of the arrow */
	TIP_Y = 12,
	ARROW_HEIGHT = 34,
	GLOW_CENTRE = 30,
	GLOW_RADIUS = 28,
	GLOW_ALPHA = 224, /* in the middle */
	FRAME_WIDTH = 2,
	HALF = POINTER_SIZE / 2
};

/* Colour and alpha in one word; the colour is 0xRRGGBB. */
static uint32_t premultiplied(uint32_t colour, uint32_t alpha)
{
	uint32_t pixel = alpha << 24;

	for (unsigned shift = 0; shift < 24; shift += 8)
		pixel |= ((colour >> shift & 0xff) * alpha + 127) / 255
			 << shift;
	return pixel;
}

static uint32_t glow(int x, int y)
{
	int dx = x - GLOW_CENTRE, dy = y - GLOW_CENTRE;
	int rest = GLOW_RADIUS * GLOW_RADIUS - dx * dx - dy * dy;

	if (rest <= 0)
		return 0;
	return premultiplied(0xff2000, (uint32_t)(GLOW_ALPHA * rest /
						  (GLOW_RADIUS * GLOW_RADIUS)));
}

/* White outside, orange inside; it widens by two pixels in three rows. */
static uint32_t arrow(int x, int y)
{
	int dx = x - TIP_X, dy = y - TIP_Y, edge = dy * 2 / 3;

	if (dx < 0 || dy < 0 || dy > ARROW_HEIGHT || dx > edge)
		return glow(x, y);
	if (dx < 2 || dx > edge - 2 || dy > ARROW_HEIGHT - 2)
		return premultiplied(0xffffff, 255);
	return premultiplied(0xff8000, 255);
}

/* More opaque to the right above, to the left below. */
static uint32_t ramps(int x, int y)
{
	static const uint32_t colours[2][2] = { { 0xff0000, 0x00ff00 },
						{ 0x0000ff, 0xffffff } };
	uint32_t alpha = (uint32_t)x * 4 + 3;

	return premultiplied(colours[y / HALF][x / HALF],
			     y < HALF ? alpha : 258 - alpha);
}

static uint32_t frame(int x, int y)
{
	const int last = POINTER_SIZE - FRAME_WIDTH;

	if (y < FRAME_WIDTH)
		return premultiplied(0xff0000, 255);
	if (y >= last)
		return premultiplied(0x0000ff, 255);
	if (x < FRAME_WIDTH)
		return premultiplied(0x00c000, 255);
	if (x >= last)
		return premultiplied(0xffff00, 255);
	return premultiplied(0xffffff, 128);
}

static const struct {
	uint32_t (*pixel)(int x, int y);
	int32_t hot_x, hot_y;
} pointers[POINTER_KINDS] = {
	[POINTER_ARROW] = { arrow, TIP_X, TIP_Y },
	[POINTER_RAMPS] = { ramps, HALF, HALF },
	[POINTER_FRAME] = { frame, 0, 0 },
};

void pointer_draw(enum pointer_kind kind, uint32_t *pixels, int32_t *hot_x,
		  int32_t *hot_y)
{
	for (int y = 0; y < POINTER_SIZE; y++)
		for (int x = 0; x < POINTER_SIZE; x++)
			*pixels++ = pointers[kind].pixel(x, y);
	*hot_x = pointers[kind].hot_x;
	*hot_y = pointers[kind].hot_y;
}
