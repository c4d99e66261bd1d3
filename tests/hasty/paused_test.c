/*
 * A user who goes on while the guest is paused: behind the pause the guest is told
 * how things are, and not what has been.
 */
#include "hasty.h"
#include "sequence.h"
#include "suite.h"

START_TEST(a_key_is_let_go_in_a_pause)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	hasty_do(in, "down %u", KEY_A);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
	input_pause(in);
	hasty_do(in, "up %u", KEY_A);
	hasty_await(in);
	input_resume(in);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 0 });
	input_expect_nothing(in);
}
END_TEST

START_TEST(a_key_is_held_over_a_pause)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	hasty_do(in, "down %u", KEY_A);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
	input_pause(in);
	hasty_do(in, "down %u", KEY_S);
	hasty_do(in, "down %u", KEY_D);
	hasty_do(in, "up %u", KEY_D);
	hasty_await(in);
	input_resume(in);
	/* Of what came and went meanwhile nothing is told. */
	EXPECT_FRAME(in, { EV_KEY, KEY_S, 1 });
	input_expect_nothing(in);
	hasty_do(in, "up %u", KEY_A);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 0 });
}
END_TEST

START_TEST(a_release_in_a_pause_comes_first)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	hasty_do(in, "down %u", KEY_LEFTCTRL);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 1 });
	input_pause(in);
	hasty_do(in, "up %u", KEY_LEFTCTRL);
	hasty_do(in, "down %u", KEY_W);
	hasty_await(in);
	input_resume(in);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 0 });
	EXPECT_FRAME(in, { EV_KEY, KEY_W, 1 });
}
END_TEST

/* Steps in a pause lead nowhere, places do. */
START_TEST(a_pointer_moves_in_a_pause)
{
	struct inputdriver *tablet = input_start(_axes, TABLET);
	struct inputdriver *mouse = input_start(_axes, MOUSE);

	input_pause(tablet);
	input_pause(mouse);
	hasty_do(tablet, "place 4 5");
	hasty_do(tablet, "place 6 7");
	hasty_do(tablet, "wheel %u 120", REL_WHEEL);
	hasty_do(mouse, "motion 4 5");
	hasty_await(tablet);
	hasty_await(mouse);
	input_resume(tablet);
	input_resume(mouse);
	EXPECT_FRAME(tablet, { EV_ABS, ABS_X, 6 }, { EV_ABS, ABS_Y, 7 });
	input_expect_nothing(tablet);
	input_expect_nothing(mouse);
}
END_TEST

/* Nor does a wheel: what was turned meanwhile is no part of the next notch. */
START_TEST(a_wheel_turns_in_a_pause)
{
	struct inputdriver *in = input_start(_axes, MOUSE);

	hasty_do(in, "wheel %u 50", REL_WHEEL);
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, 50 });
	input_pause(in);
	hasty_do(in, "wheel %u 60", REL_WHEEL);
	hasty_await(in);
	input_resume(in);
	input_expect_nothing(in);
	hasty_do(in, "wheel %u 60", REL_WHEEL);
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, 60 });
	hasty_do(in, "wheel %u 10", REL_WHEEL);
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, 10 },
		     { EV_REL, REL_WHEEL, 1 });
}
END_TEST

/* What waited for buffers comes first, then how things are. */
START_TEST(a_pause_in_the_middle)
{
	struct inputdriver *in = hasty_start(_axes, KEYBOARD);

	input_post(in, 1);
	hasty_do(in, "down %u", KEY_A);
	hasty_do(in, "down %u", KEY_S);
	ck_assert_uint_eq(hasty_await(in), 2);
	input_pause(in);
	hasty_do(in, "up %u", KEY_A);
	hasty_await(in);
	input_resume(in);
	input_expect_nothing(in);
	in->lazy = false;
	input_fill(in);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_S, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 0 });
}
END_TEST

START_TEST(a_reset_follows_the_pause)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	hasty_do(in, "down %u", KEY_A);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
	frontend_stop(in->d->fe);
	hasty_do(in, "down %u", KEY_S);
	hasty_await(in);
	/* Stops again, which changes nothing, then tells of it. */
	input_reset(in);
	hasty_do(in, "up %u", KEY_A);
	hasty_do(in, "up %u", KEY_S);
	hasty_await(in);
	input_expect_nothing(in);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("over", a_key_is_let_go_in_a_pause, "L10 A35"),
	ON_ALL_AXES("over", a_key_is_held_over_a_pause, "L10 A34 A35"),
	ON_ALL_AXES("over", a_release_in_a_pause_comes_first, "L10"),
	ON_ALL_AXES("over", a_pointer_moves_in_a_pause, "L10 A34 A35"),
	ON_ALL_AXES("over", a_wheel_turns_in_a_pause, "L10 A34 A35"),
	ON_ALL_AXES("over", a_pause_in_the_middle, "L14 A35"),
	ON_ALL_AXES("over", a_reset_follows_the_pause, "L13 B13"),
	{ 0 }
};

Suite *paused_suite(void)
{
	return suite_new("paused", tests);
}
