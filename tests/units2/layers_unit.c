/*
 * Layers: what lies over a picture, and what has to be composed again.
 */
#include <stdlib.h>
#include <string.h>

#include "checked.h"
#include "layers.h"
#include "units.h"

enum { WIDTH = 40, HEIGHT = 30, SMALL = 8, SOURCES = 2 };

/* A mailbox, and two who put something over its scanout. */
struct bench {
	struct mailboxes boxes;
	struct overlay_sources sources;
	struct overlay want[SOURCES];
	bool changed[SOURCES];
	uint32_t pixels[SOURCES][SMALL * SMALL];
	struct layers layers;
	struct picture *p;
};

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

static void on(struct bench *b)
{
	mailbox_ops.scanout(&b->boxes, 3, WIDTH, HEIGHT);
	picture_next(b->p, &mailbox_ops, &b->boxes, 3);
}

static struct bench *bench_new(void)
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

static void bench_free(struct bench *b)
{
	layers_free(&b->layers);
	mailboxes_free(&b->boxes);
	picture_free(b->p);
}

/* Random pixels, premultiplied or, as a guest may have them, not. */
static void put(struct bench *b, unsigned index, int32_t x, int32_t y)
{
	for (unsigned i = 0; i < SMALL * SMALL; i++)
		b->pixels[index][i] = draw(1u << 16) << 16 | draw(1u << 16);
	b->want[index] = (struct overlay){ SMALL, SMALL, x, y,
					   b->pixels[index] };
	b->changed[index] = true;
}

static void hide(struct bench *b, unsigned index)
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

static uint32_t expected(const struct bench *b, uint32_t x, uint32_t y)
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
static void expect_near(uint32_t a, uint32_t b)
{
	for (unsigned shift = 0; shift < 24; shift += 8)
		ck_assert_int_le(abs((int)(a >> shift & 0xff) -
				     (int)(b >> shift & 0xff)),
				 1);
}

/* `r` of it, and nothing beside it is written. */
static void expect_composed(const struct bench *b, struct virtio_gpu_rect r)
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

START_TEST(without_overlays_it_is_the_frame)
{
	struct bench *b = bench_new();
	struct frame picture;

	on(b);
	ck_assert(layers_take(&b->layers));
	ck_assert(layers_picture(&b->layers, &picture));
	expect_shown(b->p, &picture);
	frame_free(&picture);
	bench_free(b);
}
END_TEST

/* At the edges and beyond them, each over the other. */
START_TEST(overlays_lie_anywhere)
{
	static const int32_t far[] = { INT32_MIN, INT32_MAX, -SMALL, WIDTH };
	struct bench *b = bench_new();

	on(b);
	for (unsigned i = 0; i < 2000; i++) {
		for (unsigned j = 0; j < SOURCES; j++)
			put(b, j, (int32_t)draw(WIDTH + 2 * SMALL) - SMALL,
			    (int32_t)draw(HEIGHT + 2 * SMALL) - SMALL);
		if (i % 8 == 0)
			b->want[0].x = far[draw(4)];
		if (i % 8 == 1)
			b->want[1].y = far[draw(4)];
		ck_assert(layers_take(&b->layers));
		expect_composed(b, picture_part(b->p));
	}
	bench_free(b);
}
END_TEST

/* Exact where nothing is to be rounded. */
START_TEST(clear_and_solid_are_exact)
{
	struct bench *b = bench_new();
	uint32_t to[4];

	on(b);
	put(b, 0, 0, 0);
	b->pixels[0][0] = 0x00000000;
	b->pixels[0][1] = 0xff123456;
	b->pixels[0][2] = 0x00ffffff; /* brighter than it may be */
	b->pixels[0][3] = 0x80808080;
	layers_take(&b->layers);
	layers_compose(&b->layers, &(struct virtio_gpu_rect){ 0, 0, 4, 1 }, to,
		       sizeof(to));
	ck_assert_uint_eq(to[0] & 0xffffff, b->p->shown[0] & 0xffffff);
	ck_assert_uint_eq(to[1] & 0xffffff, 0x123456);
	ck_assert_uint_eq(to[2] & 0xffffff, 0xffffff);
	bench_free(b);
}
END_TEST

/* ---- what has changed ---- */

#define RECT(...) ((struct virtio_gpu_rect){ __VA_ARGS__ })

static bool has_damage(const struct bench *b, struct virtio_gpu_rect r)
{
	for (unsigned i = 0; i < b->layers.damage_count; i++)
		if (!memcmp(&b->layers.damage[i], &r, sizeof(r)))
			return true;
	return false;
}

/* All of them, in whatever order. */
static void expect_rects(const struct bench *b,
			 const struct virtio_gpu_rect *rects, unsigned count)
{
	ck_assert_uint_eq(b->layers.damage_count, count);
	for (unsigned i = 0; i < count; i++)
		ck_assert(has_damage(b, rects[i]));
}

#define expect_damage(b, ...) \
	expect_rects(b, (const struct virtio_gpu_rect[]){ __VA_ARGS__ }, \
		     sizeof((const struct virtio_gpu_rect[]){ __VA_ARGS__ }) / \
			     sizeof(struct virtio_gpu_rect))

static void expect_no_damage(const struct bench *b)
{
	ck_assert_uint_eq(b->layers.damage_count, 0);
}

/* How many pixels are composed anew. */
static uint64_t composed(const struct bench *b)
{
	uint64_t pixels = 0;

	for (unsigned i = 0; i < b->layers.damage_count; i++)
		pixels += rect_pixels(&b->layers.damage[i]);
	return pixels;
}

START_TEST(both_places_of_a_move_are_damage)
{
	struct bench *b = bench_new();

	on(b);
	ck_assert(layers_take(&b->layers));
	ck_assert(b->layers.resized);
	expect_damage(b, RECT(0, 0, WIDTH, HEIGHT));
	ck_assert(!layers_take(&b->layers));
	put(b, 1, 10, 5);
	ck_assert(layers_take(&b->layers));
	ck_assert(!b->layers.resized);
	expect_damage(b, RECT(10, 5, SMALL, SMALL));
	put(b, 1, 12, 4);
	ck_assert(layers_take(&b->layers));
	expect_damage(b, RECT(10, 4, SMALL + 2, SMALL + 1));
	hide(b, 1);
	ck_assert(layers_take(&b->layers));
	expect_damage(b, RECT(12, 4, SMALL, SMALL));
	ck_assert(!layers_take(&b->layers));
	bench_free(b);
}
END_TEST

/* From corner to corner, in one step: not what lies between. */
START_TEST(a_far_move_costs_two_places)
{
	struct bench *b = bench_new();

	on(b);
	put(b, 0, 0, 0);
	put(b, 1, WIDTH - SMALL, 0);
	layers_take(&b->layers);
	put(b, 0, WIDTH - SMALL, HEIGHT - SMALL);
	ck_assert(layers_take(&b->layers));
	expect_damage(b, RECT(0, 0, SMALL, SMALL),
		      RECT(WIDTH - SMALL, HEIGHT - SMALL, SMALL, SMALL));
	put(b, 0, 0, 0);
	put(b, 1, 0, HEIGHT - SMALL);
	ck_assert(layers_take(&b->layers));
	ck_assert_uint_eq(composed(b), 4 * SMALL * SMALL);
	/* They overlap by a corner, and one around them were much larger. */
	put(b, 0, SMALL - 1, SMALL - 1);
	ck_assert(layers_take(&b->layers));
	ck_assert_uint_eq(composed(b), 2 * SMALL * SMALL);
	bench_free(b);
}
END_TEST

static void draw_dot(struct bench *b, uint32_t x, uint32_t y)
{
	struct virtio_gpu_rect dot = RECT(x, y, 1, 1);

	picture_draw(b->p, &dot);
	picture_show(b->p, &dot, &mailbox_ops, &b->boxes, 3);
}

/* A clock in the other corner goes on meanwhile. */
START_TEST(a_move_and_a_dot_elsewhere_stay_small)
{
	struct bench *b = bench_new();

	on(b);
	put(b, 0, 0, 0);
	layers_take(&b->layers);
	draw_dot(b, WIDTH - 1, HEIGHT - 1);
	put(b, 0, 1, 0);
	ck_assert(layers_take(&b->layers));
	expect_damage(b, RECT(WIDTH - 1, HEIGHT - 1, 1, 1),
		      RECT(0, 0, SMALL + 1, SMALL));
	draw_dot(b, 3, 3);
	put(b, 0, 2, 0);
	ck_assert(layers_take(&b->layers));
	expect_damage(b, RECT(1, 0, SMALL + 1, SMALL));
	bench_free(b);
}
END_TEST

/*
 * Whatever moves wherever: who composes the damage, and nothing else, has the
 * whole picture right.
 */
START_TEST(damage_is_enough)
{
	static uint32_t kept[HEIGHT * WIDTH];
	struct bench *b = bench_new();

	on(b);
	for (unsigned i = 0; i < 2000; i++) {
		if (i % 3 == 0)
			draw_dot(b, draw(WIDTH), draw(HEIGHT));
		for (unsigned j = 0; j < SOURCES; j++)
			if (draw(2))
				put(b, j, (int32_t)draw(WIDTH + SMALL) - SMALL,
				    (int32_t)draw(HEIGHT + SMALL) - SMALL);
		layers_take(&b->layers);
		ck_assert_uint_le(b->layers.damage_count, 1 + 2 * SOURCES);
		for (unsigned j = 0; j < b->layers.damage_count; j++) {
			struct virtio_gpu_rect *r = &b->layers.damage[j];

			layers_compose(&b->layers, r,
				       &kept[r->y * WIDTH + r->x],
				       sizeof(uint32_t) * WIDTH);
		}
		for (uint32_t j = 0; j < HEIGHT * WIDTH; j++)
			expect_near(kept[j], expected(b, j % WIDTH, j / WIDTH));
	}
	bench_free(b);
}
END_TEST

START_TEST(damage_stays_inside)
{
	struct bench *b = bench_new();

	on(b);
	layers_take(&b->layers);
	put(b, 0, -3, HEIGHT - 2);
	ck_assert(layers_take(&b->layers));
	expect_damage(b, RECT(0, HEIGHT - 2, SMALL - 3, 2));
	put(b, 0, WIDTH, HEIGHT);
	ck_assert(layers_take(&b->layers));
	expect_damage(b, RECT(0, HEIGHT - 2, SMALL - 3, 2));
	put(b, 0, -SMALL, -SMALL);
	ck_assert(layers_take(&b->layers));
	expect_no_damage(b);
	bench_free(b);
}
END_TEST

START_TEST(frame_and_overlays_change_together)
{
	struct bench *b = bench_new();
	struct virtio_gpu_rect r = RECT(30, 20, 5, 5);

	on(b);
	layers_take(&b->layers);
	picture_draw(b->p, &r);
	picture_show(b->p, &r, &mailbox_ops, &b->boxes, 3);
	put(b, 0, 1, 2);
	put(b, 1, 28, 18);
	ck_assert(layers_take(&b->layers));
	expect_damage(b, RECT(1, 2, SMALL, SMALL), RECT(28, 18, SMALL, SMALL));
	expect_composed(b, picture_all(b->p));
	bench_free(b);
}
END_TEST

/* What lies over a scanout that is off is seen once it is on again. */
START_TEST(overlays_outlive_the_frame)
{
	struct bench *b = bench_new();

	put(b, 0, 3, 4);
	ck_assert(layers_take(&b->layers));
	expect_no_damage(b);
	on(b);
	ck_assert(layers_take(&b->layers));
	expect_composed(b, picture_all(b->p));
	mailbox_ops.scanout(&b->boxes, 3, 0, 0);
	ck_assert(layers_take(&b->layers));
	ck_assert(b->layers.resized);
	ck_assert_uint_eq(b->layers.frame.width, 0);
	on(b);
	ck_assert(layers_take(&b->layers));
	expect_composed(b, picture_all(b->p));
	bench_free(b);
}
END_TEST

Suite *layers_units(void)
{
	Suite *suite = suite_create("layers");
	TCase *all = tcase_create("layers");

	tcase_add_test(all, without_overlays_it_is_the_frame);
	tcase_add_test(all, overlays_lie_anywhere);
	tcase_add_test(all, clear_and_solid_are_exact);
	tcase_add_test(all, both_places_of_a_move_are_damage);
	tcase_add_test(all, a_far_move_costs_two_places);
	tcase_add_test(all, a_move_and_a_dot_elsewhere_stay_small);
	tcase_add_test(all, damage_is_enough);
	tcase_add_test(all, damage_stays_inside);
	tcase_add_test(all, frame_and_overlays_change_together);
	tcase_add_test(all, overlays_outlive_the_frame);
	suite_add_tcase(suite, all);
	return suite;
}
