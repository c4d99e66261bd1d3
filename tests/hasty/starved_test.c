/*
 * A driver that posts no buffers while its user goes on: what waits for it, and
 * what is dropped.
 */
#include <stdio.h>
#include <string.h>

#include "hasty.h"
#include "suite.h"

enum { WAIT = 256 }; /* frames, at most */

/* ---- what waits ---- */

START_TEST(frames_wait_in_order)
{
	struct inputdriver *in = hasty_start(_axes, KEYBOARD);

	for (unsigned i = 0; i < 40; i++)
		hasty_do(in, "%s %u", i % 2 ? "up" : "down", KEY_1 + i / 2 % 9);
	ck_assert_uint_eq(hasty_await(in), 40);
	input_expect_nothing(in);
	for (unsigned i = 0; i < 40; i++) {
		input_post(in, 2);
		EXPECT_FRAME(in, { EV_KEY, KEY_1 + i / 2 % 9, i % 2 == 0 });
	}
	ck_assert_uint_eq(hasty_await(in), 0);
}
END_TEST

/* Two buffers at a time, and a motion of three events among keys of two. */
START_TEST(no_frame_overtakes)
{
	struct inputdriver *in = hasty_start(_axes, MOUSE);

	hasty_do(in, "motion 1 1");
	hasty_do(in, "down %u", BTN_LEFT);
	hasty_do(in, "motion 2 2");
	ck_assert_uint_eq(hasty_await(in), 3);
	/* Enough for the button, but it is not its turn. */
	input_post(in, 2);
	input_expect_nothing(in);
	input_post(in, 2);
	EXPECT_FRAME(in, { EV_REL, REL_X, 1 }, { EV_REL, REL_Y, 1 });
	input_expect_nothing(in);
	input_post(in, 1);
	EXPECT_FRAME(in, { EV_KEY, BTN_LEFT, 1 });
	input_post(in, 3);
	EXPECT_FRAME(in, { EV_REL, REL_X, 2 }, { EV_REL, REL_Y, 2 });
}
END_TEST

START_TEST(steps_add_up)
{
	struct inputdriver *in = hasty_start(_axes, MOUSE);

	for (int i = 1; i <= 100; i++)
		hasty_do(in, "motion %d %d", i, -2 * i);
	ck_assert_uint_eq(hasty_await(in), 1);
	input_post(in, 4);
	EXPECT_FRAME(in, { EV_REL, REL_X, 5050 },
		     { EV_REL, REL_Y, (uint32_t)-10100 });
	ck_assert_uint_eq(hasty_await(in), 0);
}
END_TEST

/* As far as a number goes. */
START_TEST(steps_do_not_wrap)
{
	struct inputdriver *in = hasty_start(_axes, MOUSE);

	for (unsigned i = 0; i < 3; i++)
		hasty_do(in, "motion %d %d", INT32_MAX, INT32_MIN);
	hasty_await(in);
	input_post(in, 4);
	EXPECT_FRAME(in, { EV_REL, REL_X, INT32_MAX },
		     { EV_REL, REL_Y, (uint32_t)INT32_MIN });
}
END_TEST

START_TEST(the_latest_place_counts)
{
	struct inputdriver *in = hasty_start(_axes, TABLET);

	for (unsigned i = 0; i < 100; i++)
		hasty_do(in, "place %u %u", i, 100 + i);
	ck_assert_uint_eq(hasty_await(in), 1);
	input_post(in, 4);
	EXPECT_FRAME(in, { EV_ABS, ABS_X, 99 }, { EV_ABS, ABS_Y, 199 });
}
END_TEST

/* A click happens where it happened: what moves behind it is no part of it. */
START_TEST(motion_does_not_pass_a_button)
{
	struct inputdriver *in = hasty_start(_axes, TABLET);

	hasty_do(in, "place 1 1");
	hasty_do(in, "down %u", BTN_LEFT);
	hasty_do(in, "place 2 2");
	hasty_do(in, "place 3 3");
	hasty_do(in, "up %u", BTN_LEFT);
	ck_assert_uint_eq(hasty_await(in), 4);
	in->lazy = false;
	input_fill(in);
	EXPECT_FRAME(in, { EV_ABS, ABS_X, 1 }, { EV_ABS, ABS_Y, 1 });
	EXPECT_FRAME(in, { EV_KEY, BTN_LEFT, 1 });
	EXPECT_FRAME(in, { EV_ABS, ABS_X, 3 }, { EV_ABS, ABS_Y, 3 });
	EXPECT_FRAME(in, { EV_KEY, BTN_LEFT, 0 });
}
END_TEST

/* Wheels add up like steps, each for itself. */
START_TEST(wheels_add_up)
{
	struct inputdriver *in = hasty_start(_axes, MOUSE);
	struct belief b = { .frames = 0 };

	for (unsigned i = 0; i < 50; i++) {
		hasty_do(in, "wheel %u 30", REL_WHEEL);
		hasty_do(in, "wheel %u -120", REL_HWHEEL);
	}
	hasty_await(in);
	hasty_catch_up(in, &b);
	ck_assert_int_eq(b.wheel, 50 * 30);
	ck_assert_int_eq(b.hwheel, 50 * -120);
}
END_TEST

/* Nobody turns a wheel that far, but a number may be that large. */
START_TEST(wheels_turn_far)
{
	struct inputdriver *in = hasty_start(_axes, MOUSE);

	input_post(in, 4);
	hasty_do(in, "wheel %u 119", REL_WHEEL);
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, 119 });
	input_post(in, 2);
	hasty_do(in, "wheel %u %d", REL_WHEEL, INT32_MAX);
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, INT32_MAX },
		     { EV_REL, REL_WHEEL, INT32_MAX / 120 + 1 });
}
END_TEST

/* ---- what is dropped ---- */

static void toggle(struct inputdriver *in, unsigned times)
{
	bool quiet = trail_quiet(true);

	for (unsigned i = 0; i < times; i++)
		hasty_do(in, "%s %u", i % 2 ? "up" : "down", KEY_1 + i / 2 % 9);
	trail_quiet(quiet);
}

/* Two wheels in turn, so that none is added to the one before. */
static void turn_wheels(struct inputdriver *in, unsigned times)
{
	bool quiet = trail_quiet(true);

	for (unsigned i = 0; i < times; i++)
		hasty_do(in, "wheel %u 120", i % 2 ? REL_WHEEL : REL_HWHEEL);
	trail_quiet(quiet);
}

/*
 * So many wait and no more; it is said when it begins, and how many there were. Of
 * the hundred half are added to the last one that waits.
 */
START_TEST(too_many_are_dropped_and_counted)
{
	struct inputdriver *in = hasty_start(_axes, MOUSE);
	struct belief b = { .frames = 0 };

	turn_wheels(in, WAIT + 100);
	ck_assert_uint_eq(hasty_await(in), WAIT);
	ck_assert_uint_eq(program_said(in->d->program, "too slow"), 1);
	hasty_catch_up(in, &b);
	ck_assert_uint_eq(b.frames, WAIT);
	ck_assert_uint_eq(program_said(in->d->program, "50 frames"), 1);
	ck_assert_uint_eq(hasty_await(in), 0);
	/* And then it is as if nothing had been. */
	turn_wheels(in, WAIT);
	ck_assert_uint_gt(hasty_await(in), 0);
	hasty_catch_up(in, &b);
	ck_assert_uint_eq(b.frames, 2 * WAIT);
	ck_assert_uint_eq(program_said(in->d->program, "too slow"), 1);
}
END_TEST

START_TEST(what_waits_takes_no_more_memory)
{
	struct inputdriver *in = hasty_start(_axes, MOUSE);
	struct vitals before;
	bool quiet = trail_quiet(true);

	for (unsigned i = 0; i < 150000; i++) {
		if (i == 5000) {
			hasty_await(in);
			before = program_vitals(in->d->program);
		}
		desk_do_lines(in->desk, i % 3 ? "mouse motion 1 1\n"
					      : (i % 2 ? "mouse down 272\n"
						       : "mouse up 272\n"));
	}
	trail_quiet(quiet);
	ck_assert_uint_le(hasty_await(in), WAIT);
	program_expect_no_growth(in->d->program, before, 128);
	/* The log has not grown with each of them either. */
	ck_assert_uint_le(program_said(in->d->program, "slow"), 2);
}
END_TEST

/* ---- what is kept for nobody ---- */

START_TEST(nothing_outlives_a_reset)
{
	struct inputdriver *in = hasty_start(_axes, KEYBOARD);

	toggle(in, WAIT + 11);
	hasty_do(in, "down %u", KEY_LEFTSHIFT);
	ck_assert_uint_eq(hasty_await(in), WAIT);
	input_reset(in);
	ck_assert_uint_eq(hasty_await(in), 0);
	input_post(in, 4);
	input_expect_nothing(in);
	hasty_do(in, "up %u", KEY_LEFTSHIFT);
	hasty_await(in);
	input_expect_nothing(in);
	hasty_do(in, "down %u", KEY_LEFTSHIFT);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTSHIFT, 1 });
}
END_TEST

START_TEST(leds_are_off_after_a_reset)
{
	struct inputdriver *in = hasty_start(_axes, KEYBOARD);

	input_status(in, EV_LED, LED_CAPSL, 1);
	hasty_await(in);
	ck_assert_uint_eq(program_said(in->d->program, "LEDs 2"), 1);
	input_status(in, EV_LED, LED_NUML, 1);
	hasty_await(in);
	ck_assert_uint_eq(program_said(in->d->program, "LEDs 3"), 1);
	input_reset(in);
	hasty_await(in);
	ck_assert_uint_eq(program_said(in->d->program, "LEDs 0"), 1);
	/* What it does not have it does not light. */
	input_status(in, EV_LED, LED_MISC, 1);
	input_status(in, EV_LED, 31, 1);
	hasty_await(in);
	ck_assert_uint_eq(program_said(in->d->program, "LEDs"), 3);
}
END_TEST

/* It can't be told of what it has no room for, and is told of the rest. */
START_TEST(a_slow_driver_with_status)
{
	struct inputdriver *in = hasty_start(_axes, KEYBOARD);

	toggle(in, WAIT + 10);
	hasty_await(in);
	for (unsigned i = 0; i < 20; i++)
		input_status(in, EV_LED, LED_CAPSL, i % 2);
	ck_assert_uint_eq(hasty_await(in), WAIT);
	program_expect_rest(in->d->program);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("waits", frames_wait_in_order, "L07 L14 L16"),
	ON_ALL_AXES("waits", no_frame_overtakes, "L08 L14 L16"),
	ON_ALL_AXES("waits", steps_add_up, "L11"),
	ONCE("waits", steps_do_not_wrap, "L11"),
	ON_ALL_AXES("waits", the_latest_place_counts, "L11"),
	ON_ALL_AXES("waits", motion_does_not_pass_a_button, "L11 L14"),
	ONCE("waits", wheels_add_up, "L11"),
	ONCE("waits", wheels_turn_far, NULL),
	ON_ALL_AXES("dropped", too_many_are_dropped_and_counted,
		    "L05 L06 L07 L11"),
	ONCE("dropped", what_waits_takes_no_more_memory, "L11", .seconds = 120),
	ON_ALL_AXES("nobody", nothing_outlives_a_reset, "L13 B13"),
	ONCE("nobody", leds_are_off_after_a_reset, "L22 B13"),
	ONCE("nobody", a_slow_driver_with_status, "L21"),
	{ 0 }
};

Suite *starved_suite(void)
{
	return suite_new("starved", tests);
}
