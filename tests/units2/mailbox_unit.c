/*
 * The mailbox, seen from one thread: what is shown is taken.
 */
#include <string.h>

#include "units.h"

enum { WIDTH = 40, HEIGHT = 30 };

/* A mailbox with nobody behind it but the test. */
struct bench {
	struct mailboxes boxes;
	struct picture *p;
	struct frame own;
	struct virtio_gpu_rect damage;
	unsigned wakes;
};

static void count_wake(void *arg, unsigned scanout)
{
	struct bench *b = arg;

	ck_assert_uint_eq(scanout, 0);
	b->wakes++;
}

static struct bench *bench_new(void)
{
	static struct bench b;

	b.p = picture_new(WIDTH, HEIGHT);
	mailboxes_init(&b.boxes, count_wake, &b);
	return &b;
}

static void bench_free(struct bench *b)
{
	picture_free(b->p);
	frame_free(&b->own);
	mailboxes_free(&b->boxes);
}

static void size(struct bench *b, uint32_t width, uint32_t height)
{
	mailbox_ops.scanout(&b->boxes, 0, width, height);
	memset(b->p->shown, 0, WIDTH * HEIGHT * sizeof(uint32_t));
}

static void on(struct bench *b)
{
	size(b, WIDTH, HEIGHT);
}

static void off(struct bench *b)
{
	size(b, 0, 0);
}

static bool take(struct bench *b)
{
	return mailbox_take(&b->boxes, 0, &b->own, &b->damage);
}

static void show(struct bench *b, struct virtio_gpu_rect r)
{
	picture_draw(b->p, &r);
	picture_show(b->p, &r, &mailbox_ops, &b->boxes, 0);
}

static void expect_damage(const struct bench *b, struct virtio_gpu_rect r)
{
	ck_assert_uint_eq(b->damage.x, r.x);
	ck_assert_uint_eq(b->damage.y, r.y);
	ck_assert_uint_eq(b->damage.width, r.width);
	ck_assert_uint_eq(b->damage.height, r.height);
}

/* Nothing is there to be taken. */
static void expect_nothing(struct bench *b)
{
	ck_assert(!take(b));
	ck_assert(!b->damage.width || !b->damage.height);
}

START_TEST(a_new_scanout_is_black)
{
	struct bench *b = bench_new();

	expect_nothing(b);
	ck_assert_uint_eq(b->own.width, 0);
	on(b);
	ck_assert(take(b));
	expect_damage(b, picture_all(b->p));
	expect_shown(b->p, &b->own);
	expect_nothing(b);
	bench_free(b);
}
END_TEST

START_TEST(what_is_shown_is_taken)
{
	struct bench *b = bench_new();
	struct virtio_gpu_rect r = { 3, 5, 7, 11 };

	on(b);
	take(b);
	show(b, r);
	ck_assert(take(b));
	expect_damage(b, r);
	expect_shown(b->p, &b->own);
	expect_nothing(b);
	bench_free(b);
}
END_TEST

/* The smallest rectangle around all of them, worked out edge by edge. */
START_TEST(damage_adds_up)
{
	struct bench *b = bench_new();

	on(b);
	take(b);
	for (unsigned round = 0; round < 3000; round++) {
		uint32_t left = WIDTH, top = HEIGHT, right = 0, bottom = 0;

		for (unsigned n = 1 + draw(4); n; n--) {
			struct virtio_gpu_rect r = picture_part(b->p);

			show(b, r);
			left = r.x < left ? r.x : left;
			top = r.y < top ? r.y : top;
			right = r.x + r.width > right ? r.x + r.width : right;
			bottom = r.y + r.height > bottom ? r.y + r.height
							 : bottom;
		}
		ck_assert(take(b));
		expect_damage(b,
			      (struct virtio_gpu_rect){ left, top, right - left,
							bottom - top });
		expect_shown(b->p, &b->own);
	}
	bench_free(b);
}
END_TEST

START_TEST(the_latest_wins)
{
	struct bench *b = bench_new();

	on(b);
	for (unsigned i = 0; i < 3; i++)
		show(b, picture_all(b->p));
	ck_assert(take(b));
	expect_shown(b->p, &b->own);
	expect_nothing(b);
	bench_free(b);
}
END_TEST

/* The guest may draw on, or destroy the resource. */
START_TEST(a_picture_is_a_copy)
{
	struct bench *b = bench_new();

	on(b);
	show(b, picture_all(b->p));
	picture_fill(b->p, 0xdeadbeef);
	ck_assert(take(b));
	expect_shown(b->p, &b->own);
	bench_free(b);
}
END_TEST

START_TEST(off_is_not_lost)
{
	struct bench *b = bench_new();

	on(b);
	show(b, picture_all(b->p));
	off(b);
	ck_assert(take(b));
	ck_assert_uint_eq(b->own.width, 0);
	expect_nothing(b);

	/* Nor is it if it is on again: of what was there nothing is left. */
	on(b);
	show(b, picture_all(b->p));
	take(b);
	off(b);
	on(b);
	ck_assert(take(b));
	expect_damage(b, picture_all(b->p));
	expect_shown(b->p, &b->own);
	bench_free(b);
}
END_TEST

START_TEST(on_and_off_with_other_sizes)
{
	struct bench *b = bench_new();

	on(b);
	take(b);
	for (uint32_t n = 1; n < HEIGHT; n++) {
		struct picture *p = picture_new(n, HEIGHT - n);

		size(b, n, HEIGHT - n);
		if (n % 2)
			picture_next(p, &mailbox_ops, &b->boxes, 0);
		ck_assert(take(b));
		expect_damage(b, picture_all(p));
		expect_shown(p, &b->own);
		if (n % 3 == 0) {
			off(b);
			if (n % 2)
				take(b);
		}
		picture_free(p);
	}
	bench_free(b);
}
END_TEST

START_TEST(what_does_not_fit_is_not_shown)
{
	struct bench *b = bench_new();
	struct picture *larger = picture_new(WIDTH + 1, HEIGHT);

	picture_next(larger, &mailbox_ops, &b->boxes, 0);
	expect_nothing(b);
	on(b);
	take(b);
	picture_next(larger, &mailbox_ops, &b->boxes, 0);
	expect_nothing(b);
	expect_shown(b->p, &b->own);
	picture_free(larger);
	bench_free(b);
}
END_TEST

START_TEST(without_memory_it_stays_off)
{
	struct bench *b = bench_new();

	memory_runs_out(1);
	on(b);
	show(b, picture_all(b->p));
	ck_assert(take(b));
	ck_assert_uint_eq(b->own.width, 0);
	on(b);
	show(b, picture_all(b->p));
	ck_assert(take(b));
	expect_shown(b->p, &b->own);
	bench_free(b);
}
END_TEST

/* It is whole once there is memory, though little is new by then. */
START_TEST(who_takes_has_no_memory)
{
	struct bench *b = bench_new();

	on(b);
	show(b, picture_all(b->p));
	memory_runs_out(1);
	ck_assert(take(b));
	ck_assert_uint_eq(b->own.width, 0);
	show(b, (struct virtio_gpu_rect){ 1, 1, 1, 1 });
	ck_assert(take(b));
	expect_damage(b, picture_all(b->p));
	expect_shown(b->p, &b->own);
	bench_free(b);
}
END_TEST

START_TEST(an_open_mailbox_can_be_left_as_it_was)
{
	struct bench *b = bench_new();
	struct virtio_gpu_rect r = { 1, 2, 3, 4 };

	on(b);
	take(b);
	show(b, r);
	mailbox_close(mailbox_open(&b->boxes, 0), false);
	ck_assert(take(b));
	expect_damage(b, r);
	show(b, r);
	mailbox_close(mailbox_open(&b->boxes, 0), true);
	expect_nothing(b);
	bench_free(b);
}
END_TEST

START_TEST(everything_can_be_had_again)
{
	struct bench *b = bench_new();

	on(b);
	show(b, picture_all(b->p));
	take(b);
	mailbox_again(&b->boxes, 0);
	ck_assert(take(b));
	expect_damage(b, picture_all(b->p));
	expect_shown(b->p, &b->own);
	bench_free(b);
}
END_TEST

START_TEST(it_wakes_where_nothing_was)
{
	struct bench *b = bench_new();
	struct virtio_gpu_rect r = { 0, 0, 1, 1 };

	on(b);
	show(b, r);
	show(b, r);
	ck_assert_uint_eq(b->wakes, 1);
	take(b);
	ck_assert_uint_eq(b->wakes, 1);
	show(b, r);
	ck_assert_uint_eq(b->wakes, 2);
	show(b, r);
	take(b);
	on(b);
	ck_assert_uint_eq(b->wakes, 3);
	take(b);
	off(b);
	ck_assert_uint_eq(b->wakes, 4);
	take(b);
	show(b, r);
	ck_assert_uint_eq(b->wakes, 4);
	mailbox_again(&b->boxes, 0);
	ck_assert_uint_eq(b->wakes, 5);
	bench_free(b);
}
END_TEST

/* Who left what was there has to know, and lets go. */
START_TEST(it_wakes_when_the_scanout_goes_off)
{
	struct bench *b = bench_new();

	on(b);
	show(b, picture_all(b->p));
	ck_assert_uint_eq(b->wakes, 1);
	ck_assert(!mailbox_is_off(&b->boxes, 0));
	off(b);
	ck_assert_uint_eq(b->wakes, 2);
	ck_assert(mailbox_is_off(&b->boxes, 0));
	bench_free(b);
}
END_TEST

Suite *mailbox_units(void)
{
	Suite *suite = suite_create("mailbox");
	TCase *alone = tcase_create("mailbox");

	tcase_add_test(alone, a_new_scanout_is_black);
	tcase_add_test(alone, what_is_shown_is_taken);
	tcase_add_test(alone, damage_adds_up);
	tcase_add_test(alone, the_latest_wins);
	tcase_add_test(alone, a_picture_is_a_copy);
	tcase_add_test(alone, off_is_not_lost);
	tcase_add_test(alone, on_and_off_with_other_sizes);
	tcase_add_test(alone, what_does_not_fit_is_not_shown);
	tcase_add_test(alone, without_memory_it_stays_off);
	tcase_add_test(alone, who_takes_has_no_memory);
	tcase_add_test(alone, an_open_mailbox_can_be_left_as_it_was);
	tcase_add_test(alone, everything_can_be_had_again);
	tcase_add_test(alone, it_wakes_where_nothing_was);
	tcase_add_test(alone, it_wakes_when_the_scanout_goes_off);
	suite_add_tcase(suite, alone);
	return suite;
}
