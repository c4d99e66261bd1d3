/*
 * Pointers, how two of them differ, and how one looks: see pointer.h.
 */
#include "pointer.h"

#include <linux/virtio_gpu.h>
#include <string.h>

#include "picture.h"
#include "screen.h"
#include "suite.h"
#include "trail.h"

/* ---- comparing ---- */

static bool is_seen(const struct pointer *p)
{
	if (!p->visible || !suite_portable())
		return p->visible;
	for (unsigned i = 0; i < POINTER_PIXELS; i++)
		if (p->pixels[i])
			return true;
	return false;
}

bool pointer_same(const struct pointer *expected, const struct pointer *got)
{
	if (!is_seen(expected) || !is_seen(got))
		return is_seen(expected) == is_seen(got);
	return expected->x == got->x && expected->y == got->y &&
	       expected->hot_x == got->hot_x && expected->hot_y == got->hot_y &&
	       !memcmp(expected->pixels, got->pixels, sizeof(got->pixels));
}

static void expect_pixels(const struct pointer *expected,
			  const struct pointer *got, const char *what)
{
	unsigned i = 0;

	while (i < POINTER_PIXELS && expected->pixels[i] == got->pixels[i])
		i++;
	if (i < POINTER_PIXELS)
		FAIL("%s, column %u, row %u: expected %08x, got %08x", what,
		     i % POINTER_EDGE, i / POINTER_EDGE, expected->pixels[i],
		     got->pixels[i]);
}

void pointer_expect(const struct pointer *expected, const struct pointer *got,
		    const char *what)
{
	if (pointer_same(expected, got))
		return;
	if (is_seen(expected) != is_seen(got))
		FAIL("%s: expected %s, got %s", what,
		     is_seen(expected) ? "one" : "none",
		     is_seen(got) ? "one" : "none");
	if (expected->x != got->x || expected->y != got->y)
		FAIL("%s: expected at %d, %d, got at %d, %d", what, expected->x,
		     expected->y, got->x, got->y);
	expect_pixels(expected, got, what);
	FAIL("%s: expected hot spot %u, %u, got %u, %u", what, expected->hot_x,
	     expected->hot_y, got->hot_x, got->hot_y);
}

/* ---- drawing ---- */

/* To the nearest; a colour above its alpha stops at full. */
static uint32_t over(uint32_t pixel, uint32_t under)
{
	uint32_t alpha = pixel >> 24, result = under & 0xff000000;

	for (unsigned shift = 0; shift <= 16; shift += 8) {
		uint32_t below = (under >> shift & 0xff) * (255 - alpha);
		uint32_t sum = (pixel >> shift & 0xff) +
			       (2 * below + 255) / 510;

		result |= (sum < 255 ? sum : 255) << shift;
	}
	return result;
}

struct picture *pointer_over(const struct pointer *p,
			     const struct picture *shown)
{
	struct picture *seen = shown ? picture_copy(shown) : NULL;

	if (!seen || !p->visible)
		return seen;
	for (uint32_t i = 0; i < POINTER_PIXELS; i++) {
		int64_t x = (int64_t)p->x + i % POINTER_EDGE;
		int64_t y = (int64_t)p->y + i / POINTER_EDGE;
		uint32_t *pixel;

		if (x < 0 || x >= seen->width || y < 0 || y >= seen->height)
			continue;
		pixel = &seen->pixels[(size_t)y * seen->width + (size_t)x];
		*pixel = over(p->pixels[i], *pixel);
	}
	return seen;
}

/* ---- taking ---- */

/* QEMU passes over a scanout that it hasn't got, and so do we for others. */
static struct pointer *pointer_of(struct screen *s, uint32_t scanout)
{
	if (scanout < VIRTIO_GPU_MAX_SCANOUTS)
		return &s->pointers[scanout];
	if (!suite_portable())
		FAIL("the screen got a cursor for scanout %u", scanout);
	return NULL;
}

static void expect_size(const struct screen_message *m, size_t size)
{
	if (m->size != size)
		FAIL("the screen got cursor message %u with %u bytes",
		     m->request, m->size);
}

static void take_image(struct pointer *p, const struct screen_cursor *to)
{
	p->has_image = true;
	p->hot_x = to->hot_x;
	p->hot_y = to->hot_y;
	memcpy(p->pixels, to->pixels, sizeof(p->pixels));
}

bool pointer_take(struct screen *s, const struct screen_message *m)
{
	const struct screen_cursor *to = &m->cursor;
	bool image = m->request == SCREEN_CURSOR_UPDATE;
	struct pointer *p;

	if (!image && m->request != SCREEN_CURSOR_POS &&
	    m->request != SCREEN_CURSOR_POS_HIDE)
		return false;
	expect_size(m, image ? sizeof(*to) + sizeof(p->pixels)
			     : offsetof(struct screen_cursor, hot_x));
	s->cursor_images += image;
	s->cursor_places += !image;
	p = pointer_of(s, to->scanout);
	if (!p)
		return true;
	if (image)
		take_image(p, to);
	p->x = (int32_t)to->x;
	p->y = (int32_t)to->y;
	p->visible = p->has_image && m->request != SCREEN_CURSOR_POS_HIDE;
	return true;
}
