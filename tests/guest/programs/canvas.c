/*
 * Rectangles, and the test card made of them.
 */
#include "canvas.h"

#include <string.h>

void canvas_fill(const struct canvas *on, int x, int y, unsigned width,
		 unsigned height, uint32_t colour)
{
	for (int row = y; row < y + (int)height; row++) {
		if (row < 0 || row >= (int)on->height)
			continue;
		for (int column = x; column < x + (int)width; column++)
			if (column >= 0 && column < (int)on->width)
				on->pixels[(unsigned)row * on->stride +
					   (unsigned)column] = colour;
	}
}

static uint32_t bar(unsigned eighth)
{
	static const uint32_t bars[] = {
		0xffffff, 0xffff00, 0x00ffff, 0x00ff00,
		0xff00ff, 0xff0000, 0x0000ff, 0x000000
	};

	return bars[eighth];
}

static uint32_t card_colour(const struct canvas *on, unsigned x, unsigned y)
{
	uint32_t ramp = x * 255 / (on->width - 1);

	if (x == 0 || y == 0 || x == on->width - 1 || y == on->height - 1)
		return 0xffffff;
	switch (y * 8 / on->height) {
	case 0:
		return 0x202020;
	case 1:
	case 2:
	case 3:
		return bar(x * 8 / on->width);
	case 4:
		return ramp << 16;
	case 5:
		return ramp << 8;
	case 6:
		return ramp;
	default:
		return ramp << 16 | ramp << 8 | ramp;
	}
}

static void write_label(const struct canvas *on, const char *label)
{
	unsigned scale = on->height / 8 / (FONT_HEIGHT + 4);
	unsigned room = on->width / ((unsigned)strlen(label) + 2) / FONT_WIDTH;

	if (scale > room)
		scale = room;
	if (scale == 0)
		scale = 1;
	font_draw(on, FONT_WIDTH * (int)scale,
		  ((int)on->height / 8 - FONT_HEIGHT * (int)scale) / 2 + 1,
		  label, scale, 0xffffff);
}

void card_draw(const struct canvas *on, const char *label)
{
	for (unsigned y = 0; y < on->height; y++)
		for (unsigned x = 0; x < on->width; x++)
			on->pixels[y * on->stride + x] = card_colour(on, x, y);
	if (label)
		write_label(on, label);
}
