/*
 * Pictures, and how two of them differ: see picture.h.
 */
#include "picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trail.h"

enum { COLOUR = 0xffffff };

struct picture *picture_new(uint32_t width, uint32_t height)
{
	struct picture *p = calloc(1, sizeof(*p));

	p->width = width;
	p->height = height;
	p->pixels = calloc((size_t)width * height, sizeof(*p->pixels));
	if (!p->pixels)
		FAIL("no memory for a picture of %ux%u", width, height);
	return p;
}

struct picture *picture_copy(const struct picture *p)
{
	struct picture *copy = picture_new(p->width, p->height);

	memcpy(copy->pixels, p->pixels,
	       (size_t)p->width * p->height * sizeof(*p->pixels));
	return copy;
}

void picture_free(struct picture *p)
{
	if (p)
		free(p->pixels);
	free(p);
}

void picture_put(struct picture *p, const struct virtio_gpu_rect *r,
		 const uint32_t *pixels)
{
	if (r->x > p->width || r->width > p->width - r->x || r->y > p->height ||
	    r->height > p->height - r->y)
		FAIL("%ux%u at %u, %u are outside of a picture of %ux%u",
		     r->width, r->height, r->x, r->y, p->width, p->height);
	for (uint32_t y = 0; y < r->height; y++)
		memcpy(p->pixels + (size_t)(r->y + y) * p->width + r->x,
		       pixels + (size_t)y * r->width,
		       r->width * sizeof(*pixels));
}

static bool same_pixel(uint32_t expected, uint32_t got)
{
	return expected & PICTURE_ANY || !((expected ^ got) & COLOUR);
}

/* How many differ, and the first of them. */
static size_t differences(const struct picture *a, const struct picture *b,
			  size_t *first)
{
	size_t count = (size_t)a->width * a->height, n = 0;

	for (size_t i = count; i-- > 0;) {
		if (same_pixel(a->pixels[i], b->pixels[i]))
			continue;
		*first = i;
		n++;
	}
	return n;
}

static bool same_size(const struct picture *a, const struct picture *b)
{
	return a && b && a->width == b->width && a->height == b->height;
}

bool picture_same(const struct picture *expected, const struct picture *got)
{
	size_t first;

	if (!expected || !got)
		return expected == got;
	return same_size(expected, got) && !differences(expected, got, &first);
}

enum { AROUND = 2 };

/* One row of the window, as far as the picture goes. */
static void show_row(const struct picture *p, uint32_t x, uint32_t y)
{
	uint32_t from = x > AROUND ? x - AROUND : 0;
	char text[128];
	int len = snprintf(text, sizeof(text), "    row %5u:", y);

	for (uint32_t i = from; i < p->width && i <= x + AROUND; i++) {
		uint32_t pixel = p->pixels[(size_t)y * p->width + i];

		if (pixel & PICTURE_ANY)
			len += snprintf(text + len, sizeof(text) - (size_t)len,
					"   any ");
		else
			len += snprintf(text + len, sizeof(text) - (size_t)len,
					" %06x", pixel & COLOUR);
	}
	trail_note("%s", text);
}

static void show_window(const struct picture *p, const char *which, uint32_t x,
			uint32_t y)
{
	uint32_t from = y > AROUND ? y - AROUND : 0;

	trail_note("%s, from column %u on:", which,
		   x > AROUND ? x - AROUND : 0);
	for (uint32_t i = from; i < p->height && i <= y + AROUND; i++)
		show_row(p, x, i);
}

/* Where a colour would belong, if it is there at all: that tells a lot. */
static const char *home_of(const struct picture *p, uint32_t pixel)
{
	static char text[64];
	size_t count = (size_t)p->width * p->height;

	for (size_t i = 0; i < count; i++) {
		if (p->pixels[i] & PICTURE_ANY ||
		    !same_pixel(p->pixels[i], pixel))
			continue;
		snprintf(text, sizeof(text),
			 ", which belongs to column %zu, row %zu", i % p->width,
			 i / p->width);
		return text;
	}
	return "";
}

static const char *size_of(const struct picture *p)
{
	static char text[2][32];
	static unsigned turn;

	turn = !turn;
	if (!p)
		return "off";
	snprintf(text[turn], sizeof(text[turn]), "%ux%u", p->width, p->height);
	return text[turn];
}

void picture_expect(const struct picture *expected, const struct picture *got,
		    const char *what)
{
	size_t first, n;
	uint32_t x, y;

	if (!expected && !got)
		return;
	if (!same_size(expected, got))
		FAIL("%s: expected %s, got %s", what, size_of(expected),
		     size_of(got));
	n = differences(expected, got, &first);
	if (!n)
		return;
	x = (uint32_t)(first % got->width);
	y = (uint32_t)(first / got->width);
	show_window(expected, "expected", x, y);
	show_window(got, "got", x, y);
	FAIL("%s, %s: column %u, row %u: expected %06x, got %06x%s; %zu pixels "
	     "differ",
	     what, size_of(got), x, y, expected->pixels[first] & COLOUR,
	     got->pixels[first] & COLOUR, home_of(expected, got->pixels[first]),
	     n);
}
