/*
 * Layers to look at: see layered.h.
 */
#include "layered.h"

#include <stdlib.h>
#include <string.h>

struct source {
	struct bench *bench;
	unsigned index;
};

static bool take(void *arg, unsigned scanout, struct overlay *overlay)
{
	const struct source *source = arg;
	struct bench *b = source->bench;
	bool changed = b->changed[source->index];

	ck_assert_uint_eq(scanout, 3);
	b->changed[source->index] = false;
	if (changed)
		*overlay = b->want[source->index];
	return changed;
}

void on(struct bench *b)
{
	mailbox_ops.scanout(&b->boxes, 3, WIDTH, HEIGHT);
	picture_next(b->p, &mailbox_ops, &b->boxes, 3);
}

struct bench *bench_new(void)
{
	static struct source sources[SOURCES];
	static struct bench b;

	mailboxes_init(&b.boxes, NULL, NULL);
	b.p = picture_new(WIDTH, HEIGHT);
	for (unsigned i = 0; i < SOURCES; i++) {
		sources[i] = (struct source){ &b, i };
		overlays_add(&b.sources,
			     &(struct overlay_source){ .take = take,
						       .arg = &sources[i] });
	}
	layers_init(&b.layers, &b.boxes, &b.sources, 3);
	return &b;
}

void bench_free(struct bench *b)
{
	layers_free(&b->layers);
	mailboxes_free(&b->boxes);
	picture_free(b->p);
}

/* Random pixels, premultiplied or, as a guest may have them, not. */
void put(struct bench *b, unsigned index, int32_t x, int32_t y)
{
	for (unsigned i = 0; i < SMALL * SMALL; i++)
		b->pixels[index][i] = draw(1u << 16) << 16 | draw(1u << 16);
	b->want[index] = (struct overlay){ SMALL, SMALL, x, y,
					   b->pixels[index] };
	b->changed[index] = true;
}

void hide(struct bench *b, unsigned index)
{
	b->want[index] = (struct overlay){ 0 };
	b->changed[index] = true;
}

/* ---- what it looks like ---- */

/* As it is defined: over + under * (1 - alpha), rounded, at most 255. */
static uint32_t blended(uint32_t over, uint32_t under)
{
	double alpha = (over >> 24) / 255.0;
	uint32_t result = 0;

	for (unsigned shift = 0; shift < 24; shift += 8) {
		double sum =
			(over >> shift & 0xff) +
			(uint32_t)((under >> shift & 0xff) * (1 - alpha) + 0.5);

		result |= (uint32_t)(sum > 255 ? 255 : sum) << shift;
	}
	return result;
}

uint32_t expected(const struct bench *b, uint32_t x, uint32_t y)
{
	uint32_t pixel = b->p->shown[y * WIDTH + x] & 0xffffff;

	for (unsigned i = 0; i < SOURCES; i++) {
		const struct overlay *o = &b->want[i];
		int64_t to_x = (int64_t)x - o->x, to_y = (int64_t)y - o->y;

		if (to_x >= 0 && to_x < o->width && to_y >= 0 &&
		    to_y < o->height)
			pixel = blended(o->pixels[to_y * o->width + to_x],
					pixel);
	}
	return pixel;
}

/* A channel may be one off, where a half was rounded. */
void expect_near(uint32_t a, uint32_t b)
{
	for (unsigned shift = 0; shift < 24; shift += 8)
		ck_assert_int_le(abs((int)(a >> shift & 0xff) -
				     (int)(b >> shift & 0xff)),
				 1);
}

/* `r` of it, and nothing beside it is written. */
void expect_composed(const struct bench *b, struct virtio_gpu_rect r)
{
	static uint32_t to[HEIGHT * (WIDTH + 3)];
	uint32_t mark = 0xdeadbeef;

	for (unsigned i = 0; i < HEIGHT * (WIDTH + 3); i++)
		to[i] = mark;
	layers_compose(&b->layers, &r, to, sizeof(uint32_t) * (WIDTH + 3));
	for (uint32_t y = 0; y < HEIGHT; y++)
		for (uint32_t x = 0; x < WIDTH + 3; x++) {
			uint32_t is = to[y * (WIDTH + 3) + x];

			if (x < r.width && y < r.height)
				expect_near(is, expected(b, r.x + x, r.y + y));
			else
				ck_assert_uint_eq(is, mark);
		}
}
