/*
 * What a user does, and the frames that come of it.
 */
#include <stdio.h>

#include "sitting.h"
#include "suites.h"

/* ---- frames ---- */

START_TEST(a_key_is_a_frame)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	desk_do(in->desk, "down a");
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
	desk_do(in->desk, "up a");
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 0 });
	input_expect_nothing(in);
}
END_TEST

START_TEST(a_chord_is_let_go_in_reverse)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	desk_do(in->desk, "key leftctrl+leftalt+t");
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTALT, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_T, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_T, 0 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTALT, 0 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 0 });
	input_expect_nothing(in);
}
END_TEST

START_TEST(a_place_is_a_frame)
{
	struct sitting s = sit_down(_axes, DESK_TABLET);
	struct inputdriver *in = s.in[TABLET];

	desk_do(s.desk, "move 100 200");
	EXPECT_FRAME(in, { EV_ABS, ABS_X, place_of(100, SCREEN_WIDTH) },
		     { EV_ABS, ABS_Y, place_of(200, SCREEN_HEIGHT) });
	desk_do(s.desk, "down right");
	EXPECT_FRAME(in, { EV_KEY, BTN_RIGHT, 1 });
	desk_do(s.desk, "up right");
	EXPECT_FRAME(in, { EV_KEY, BTN_RIGHT, 0 });
	input_expect_nothing(in);
}
END_TEST

START_TEST(a_step_is_a_frame)
{
	struct inputdriver *in = input_start(_axes, MOUSE);

	desk_do(in->desk, "motion 5 -7");
	EXPECT_FRAME(in, { EV_REL, REL_X, 5 }, { EV_REL, REL_Y, (uint32_t)-7 });
	desk_do(in->desk, "click middle");
	EXPECT_FRAME(in, { EV_KEY, BTN_MIDDLE, 1 });
	EXPECT_FRAME(in, { EV_KEY, BTN_MIDDLE, 0 });
	input_expect_nothing(in);
}
END_TEST

/* Fine steps always; whole notches where they come together. */
static void expect_wheels(struct inputdriver *in)
{
	desk_do(in->desk, "wheel 1");
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, 120 },
		     { EV_REL, REL_WHEEL, 1 });
	desk_do(in->desk, "wheel -2");
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, (uint32_t)-240 },
		     { EV_REL, REL_WHEEL, (uint32_t)-2 });
	desk_do(in->desk, "hwheel 0.25");
	EXPECT_FRAME(in, { EV_REL, REL_HWHEEL_HI_RES, 30 });
	desk_do(in->desk, "hwheel 0.75");
	EXPECT_FRAME(in, { EV_REL, REL_HWHEEL_HI_RES, 90 },
		     { EV_REL, REL_HWHEEL, 1 });
	/* The two have nothing to do with each other. */
	desk_do(in->desk, "hwheel 0.5");
	EXPECT_FRAME(in, { EV_REL, REL_HWHEEL_HI_RES, 60 });
	desk_do(in->desk, "wheel 0.5");
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, 60 });
	input_expect_nothing(in);
}

START_TEST(wheels_have_fine_steps)
{
	struct desk *desk = desk_start(DESK_TABLET, NULL);

	expect_wheels(input_start_with(TABLET,
				       &(struct input_options){
					       .axes = _axes, .desk = desk }));
	expect_wheels(input_start(_axes, MOUSE));
}
END_TEST

START_TEST(the_trace_has_frames)
{
	struct desk *desk = desk_start(DESK_MOUSE, "--trace");
	struct inputdriver *in = input_start_with(
		MOUSE, &(struct input_options){ .axes = _axes, .desk = desk });

	desk_do(desk, "motion 3 -4");
	input_frame(in);
	desk_do(desk, "down left");
	input_frame(in);
	frontend_settle(in->d->fe);
	ck_assert_uint_eq(program_said(desk->program, "REL 0=3 REL 1=-4"), 1);
	ck_assert_uint_eq(program_said(desk->program, "KEY 272=1"), 1);
	ck_assert_uint_eq(program_said(desk->program, "delivered"), 2);
}
END_TEST

/* ---- places on screens ---- */

struct screens {
	uint32_t width[2], height[2];
};

static void expect_spread(const struct screens *s)
{
	struct desk *desk = desk_new(DESK_TABLET);
	const uint32_t width = s->width[0] + s->width[1];
	const uint32_t height = s->height[0] > s->height[1] ? s->height[0]
							    : s->height[1];
	char options[800];
	struct driver *gpu;
	struct inputdriver *in;

	snprintf(options, sizeof(options), "%s --outputs=2",
		 desk_options(desk));
	gpu = driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .options = options });
	desk_is_at(desk, gpu->program);
	in = input_start_with(TABLET, &(struct input_options){ .axes = _axes,
							       .desk = desk });
	light_up(gpu, 0, 1, s->width[0], s->height[0]);
	light_up(gpu, 1, 2, s->width[1], s->height[1]);
	desk_do(desk, "move 10 20 1");
	EXPECT_FRAME(in, { EV_ABS, ABS_X, place_of(s->width[0] + 10, width) },
		     { EV_ABS, ABS_Y, place_of(20, height) });
	desk_do(desk, "move 10 20");
	EXPECT_FRAME(in, { EV_ABS, ABS_X, place_of(10, width) },
		     { EV_ABS, ABS_Y, place_of(20, height) });
}

/*
 * The guest spreads the tablet's range over its screens, from left to right, and
 * from the top to the bottom of the tallest.
 */
START_TEST(places_reach_all_screens)
{
	expect_spread(&(struct screens){ { 640, 800 }, { 480, 600 } });
	expect_spread(&(struct screens){ { 800, 640 }, { 600, 480 } });
}
END_TEST

START_TEST(corners_are_within_the_range)
{
	struct sitting s = sit_down(_axes, DESK_TABLET);
	struct inputdriver *in = s.in[TABLET];
	struct virtio_input_config x = input_ask(in, VIRTIO_INPUT_CFG_ABS_INFO,
						 ABS_X);
	static const char *const corners[] = { "0 0", "639 479" };

	for (unsigned i = 0; i < 2; i++) {
		struct inputframe f;

		desk_do(s.desk, "move %s", corners[i]);
		f = input_frame(in);
		ck_assert_uint_eq(f.count, 2);
		for (unsigned e = 0; e < f.count; e++)
			ck_assert(f.events[e].value >= x.u.abs.min &&
				  f.events[e].value <= x.u.abs.max);
	}
}
END_TEST

/* ---- who gets it ---- */

/* Buttons and wheels are the tablet's or the mouse's: whichever moved last. */
START_TEST(buttons_are_the_last_ones_that_moved)
{
	struct sitting s = sit_down(_axes, DESK_TABLET | DESK_MOUSE);

	desk_do(s.desk, "motion 1 1");
	input_frame(s.in[MOUSE]);
	expect_press(s.in[MOUSE]);
	desk_do(s.desk, "move 1 1");
	input_frame(s.in[TABLET]);
	/* It is let go where it was pressed. */
	expect_let_go(s.in[MOUSE]);
	expect_press(s.in[TABLET]);
	expect_let_go(s.in[TABLET]);
	for (unsigned i = TABLET; i <= MOUSE; i++)
		input_expect_nothing(s.in[i]);
}
END_TEST

/* A screen that is off has no place for it, so the mouse still moved last. */
START_TEST(no_screen_takes_no_buttons)
{
	struct sitting s = sit_down(_axes, DESK_TABLET | DESK_MOUSE);

	desk_do(s.desk, "motion 1 1");
	input_frame(s.in[MOUSE]);
	desk_do(s.desk, "move 5 5 3");
	expect_press(s.in[MOUSE]);
	expect_let_go(s.in[MOUSE]);
	input_expect_nothing(s.in[TABLET]);
}
END_TEST

START_TEST(a_key_is_told_once)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	expect_press(in);
	press(in);
	input_expect_nothing(in);
	expect_let_go(in);
	let_go(in);
	input_expect_nothing(in);
}
END_TEST

/* ---- calls ---- */

/* The driver is called once for a frame, not for each of its events. */
START_TEST(a_frame_is_one_call)
{
	struct inputdriver *in = input_start(_axes, MOUSE);
	struct ring *r = in->d->control;

	for (unsigned i = 0; i < 20; i++) {
		desk_do(in->desk, "motion 1 1");
		input_await_used(in, 3);
		frontend_settle(in->d->fe);
		ck_assert_uint_eq(ring_calls(r), 1);
		/* It came, so none is due any more. */
		r->armed = false;
		input_frame(in);
	}
}
END_TEST

/* Who looks by itself is not called at all. */
START_TEST(calls_can_be_unwanted)
{
	struct inputdriver *in = input_start(_axes, MOUSE);

	ring_set_calls(in->d->control, CALLS_UNWANTED);
	input_expect_nothing(in);
	ring_calls(in->d->control);
	for (unsigned i = 0; i < 20; i++) {
		desk_do(in->desk, "motion 1 1");
		input_frame(in);
	}
	frontend_settle(in->d->fe);
	ck_assert_uint_eq(ring_calls(in->d->control), 0);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("frames", a_key_is_a_frame, "L01 L04 L14 L15"),
	ONCE("frames", a_chord_is_let_go_in_reverse, "L04"),
	ON_ALL_AXES("frames", a_place_is_a_frame, "L01 L04 L14 L15"),
	ON_ALL_AXES("frames", a_step_is_a_frame, "L01 L04 L14 L15"),
	ONCE("frames", wheels_have_fine_steps, "L04"),
	ONCE("frames", the_trace_has_frames, NULL),
	ONCE("places", places_reach_all_screens, NULL),
	ONCE("places", corners_are_within_the_range, "K21"),
	ONCE("receivers", buttons_are_the_last_ones_that_moved, NULL),
	ONCE("receivers", no_screen_takes_no_buttons, NULL),
	ONCE("receivers", a_key_is_told_once, NULL),
	ON_ALL_AXES("calls", a_frame_is_one_call, "L14"),
	ON_ALL_AXES("calls", calls_can_be_unwanted, "L14"),
	{ 0 }
};

Suite *inputevents_suite(void)
{
	return suite_new("inputevents", tests);
}
