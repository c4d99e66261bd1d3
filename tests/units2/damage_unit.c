/*
 * Layers: what has to be composed again, and that it is no more than that.
 */
#include <string.h>

#include "checked.h"
#include "layered.h"

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
	for (unsigned i = 0; i < 300; i++) {
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

Suite *damage_units(void)
{
	Suite *suite = suite_create("damage");
	TCase *all = tcase_create("damage");

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
