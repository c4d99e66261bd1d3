/*
 * An input device's life: driver, pause, reset, the next driver. QEMU never tells
 * input devices of a reset (RESET_DEVICE); that config space is read while the
 * rings are stopped is the sign.
 */
#include "load.h"
#include "sequence.h"
#include "sitting.h"
#include "suites.h"

static struct inputdriver *start_lazy(enum desk_device device)
{
	return input_start_with(device, &(struct input_options){
						.axes = _axes, .lazy = true });
}

/* ---- before there is a driver ---- */

static void expect_only_what_is_new(struct inputdriver *in)
{
	input_expect_nothing(in);
	/* It was pressed before: nothing was told, so nothing is let go. */
	let_go(in);
	input_expect_nothing(in);
	expect_press(in);
	expect_let_go(in);
}

START_TEST(what_was_before_the_driver_is_forgotten)
{
	for (unsigned device = 0; device < DESK_DEVICES; device++) {
		struct inputdriver *in =
			input_probe(device,
				    &(struct input_options){ .axes = _axes });

		press(in);
		desk_do(in->desk, "motion 5 5");
		desk_do(in->desk, "wheel 5");
		desk_await_read(in->desk);
		frontend_settle(in->d->fe);
		input_go(in);
		expect_only_what_is_new(in);
	}
}
END_TEST

/* What was turned for nobody is no part of the next notch. */
START_TEST(no_part_of_a_notch_was_before_the_driver)
{
	struct inputdriver *in =
		input_probe(MOUSE, &(struct input_options){ .axes = _axes });

	desk_do(in->desk, "wheel 0.75");
	desk_await_read(in->desk);
	frontend_settle(in->d->fe);
	input_go(in);
	desk_do(in->desk, "wheel 0.5");
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, 60 });
}
END_TEST

START_TEST(what_was_before_the_front_end_is_forgotten)
{
	struct desk *desk = desk_start(DESK_KEYBOARD | DESK_MOUSE, NULL);
	struct inputdriver *in;

	desk_do(desk, "down a");
	desk_do(desk, "down left");
	desk_await_read(desk);
	for (unsigned device = KEYBOARD; device <= MOUSE; device += MOUSE) {
		in = input_start_with(device,
				      &(struct input_options){ .axes = _axes,
							       .desk = desk });
		expect_only_what_is_new(in);
	}
}
END_TEST

/* ---- reset ---- */

/* It waited for buffers when the driver went. */
START_TEST(no_frame_outlives_a_reset)
{
	struct inputdriver *in = start_lazy(MOUSE);

	for (unsigned had = 0; had < 3; had++) {
		if (had)
			input_post(in, had);
		desk_do(in->desk, "motion 1 1");
		input_expect_nothing(in);
		input_reset(in);
		input_post(in, 4);
		input_expect_nothing(in);
		desk_do(in->desk, "motion 2 2");
		EXPECT_FRAME(in, { EV_REL, REL_X, 2 }, { EV_REL, REL_Y, 2 });
		input_reset(in);
	}
}
END_TEST

/* The next driver's keyboard begins with all keys up. */
START_TEST(no_key_outlives_a_reset)
{
	for (unsigned device = 0; device < DESK_DEVICES; device++) {
		struct inputdriver *in = input_start(_axes, device);

		expect_press(in);
		input_reset(in);
		expect_only_what_is_new(in);
	}
}
END_TEST

/* Less than a notch of a wheel is nothing either. */
START_TEST(no_part_of_a_notch_outlives_a_reset)
{
	struct inputdriver *in = input_start(_axes, MOUSE);

	desk_do(in->desk, "wheel 0.75");
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, 90 });
	input_reset(in);
	desk_do(in->desk, "wheel 0.5");
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, 60 });
}
END_TEST

/* Offered as well, and QEMU might send it one day. */
START_TEST(reset_device_is_a_reset)
{
	struct inputdriver *in = start_lazy(KEYBOARD);
	struct message m = message(VU_RESET_DEVICE);

	input_post(in, 1);
	desk_do(in->desk, "down a");
	input_expect_nothing(in);
	ck_assert_int_eq(frontend_try(in->d->fe, &m), ACCEPTED);
	input_reset(in);
	input_post(in, 4);
	input_expect_nothing(in);
	expect_only_what_is_new(in);
}
END_TEST

START_TEST(resets_by_the_hundred)
{
	struct inputdriver *in = start_lazy(KEYBOARD);
	struct vitals before;
	bool quiet;

	for (unsigned i = 0; i < 300; i++) {
		if (i == 20)
			before = driver_vitals(in->d);
		quiet = trail_quiet(true);
		input_post(in, 1 + i % 3);
		desk_do(in->desk, "key a");
		desk_await_read(in->desk);
		input_reset(in);
		trail_quiet(quiet);
	}
	driver_expect_no_more(in->d, before);
	program_expect_no_growth(in->d->program, before, 256);
	input_post(in, 4);
	input_expect_nothing(in);
	expect_press(in);
}
END_TEST

/* The driver goes without a word, in the middle of anything. */
START_TEST(the_next_front_end_starts_anew)
{
	struct inputdriver *in = start_lazy(KEYBOARD);
	struct desk *desk = in->desk;

	for (unsigned i = 0; i < 4; i++) {
		input_post(in, 1 + i);
		desk_do(desk, "down a");
		desk_await_read(desk);
		frontend_settle(in->d->fe);
		input_end(in);
		in = input_start_with(KEYBOARD,
				      &(struct input_options){ .axes = _axes,
							       .desk = desk,
							       .lazy = true });
		input_post(in, 4);
		expect_only_what_is_new(in);
	}
}
END_TEST

/* ---- one queue ---- */

static void restart(struct inputdriver *in, struct ring *r)
{
	frontend_enable(in->d->fe, r->index, false);
	frontend_get_base(in->d->fe, r->index);
	if (r == in->d->control)
		driver_give_up(in->d);
	ring_restart(r, ring_base_zero(r));
	frontend_set_ring(in->d->fe, r);
	frontend_enable(in->d->fe, r->index, true);
}

/*
 * The driver resets its event queue alone. What waits comes on the new one, whole:
 * the buffers that were taken from the old one are no more.
 */
START_TEST(the_event_queue_alone)
{
	struct inputdriver *in = start_lazy(MOUSE);

	for (unsigned had = 0; had < 3; had++) {
		if (had)
			input_post(in, had);
		desk_do(in->desk, "motion 1 %u", had);
		input_expect_nothing(in);
		restart(in, in->d->control);
		input_status(in, EV_LED, LED_CAPSL, 1);
		input_post(in, 4);
		EXPECT_FRAME(in, { EV_REL, REL_X, 1 }, { EV_REL, REL_Y, had });
		desk_do(in->desk, "motion 2 2");
		input_expect_nothing(in);
		input_post(in, 2);
		EXPECT_FRAME(in, { EV_REL, REL_X, 2 }, { EV_REL, REL_Y, 2 });
	}
}
END_TEST

START_TEST(the_status_queue_alone)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	for (unsigned i = 0; i < 3; i++) {
		input_status(in, EV_LED, LED_CAPSL, 1);
		restart(in, in->d->cursor);
		expect_press(in);
		expect_let_go(in);
		input_status(in, EV_LED, LED_CAPSL, 0);
	}
}
END_TEST

/* ---- pause ---- */

/* What waits for buffers waits through it. */
START_TEST(frames_outlive_a_pause)
{
	struct inputdriver *in = start_lazy(MOUSE);

	for (unsigned had = 0; had < 3; had++) {
		if (had)
			input_post(in, had);
		desk_do(in->desk, "motion 1 %u", had);
		input_expect_nothing(in);
		input_pause(in);
		input_resume(in);
		input_expect_nothing(in);
		input_post(in, 3 - had);
		EXPECT_FRAME(in, { EV_REL, REL_X, 1 }, { EV_REL, REL_Y, had });
	}
}
END_TEST

/* A script waits for a driver that is paused. */
START_TEST(nothing_happens_in_a_pause)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	expect_press(in);
	input_pause(in);
	rest_begin(in->d);
	desk_do(in->desk, "up a");
	desk_await_read(in->desk);
	rest_expect(in->d);
	input_resume(in);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 0 });
	input_expect_nothing(in);
}
END_TEST

/* A ring that is stopped or not enabled is not the device's to touch. */
START_TEST(frames_wait_for_a_disabled_queue)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	frontend_enable(in->d->fe, EVENTQ, false);
	press(in);
	input_expect_nothing(in);
	input_status(in, EV_LED, LED_CAPSL, 1);
	frontend_enable(in->d->fe, EVENTQ, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
}
END_TEST

static const struct test tests[] = {
	ONCE("before", what_was_before_the_driver_is_forgotten, "L12 B20"),
	ONCE("before", no_part_of_a_notch_was_before_the_driver, "L12"),
	ONCE("before", what_was_before_the_front_end_is_forgotten, "L12"),
	ON_ALL_AXES("reset", no_frame_outlives_a_reset, "L13 B12 B13"),
	ON_ALL_AXES("reset", no_key_outlives_a_reset, "L12 B13"),
	ONCE("reset", no_part_of_a_notch_outlives_a_reset, "L13 B13"),
	ONCE("reset", reset_device_is_a_reset, "A43 L13"),
	ONCE("reset", resets_by_the_hundred, "B09 L13", .seconds = 60),
	ON_ALL_AXES("reset", the_next_front_end_starts_anew, "A48 L13"),
	ON_ALL_AXES("queues", the_event_queue_alone, "E05 E06 E08"),
	ON_ALL_AXES("queues", the_status_queue_alone, "E05 E06 E08"),
	ON_ALL_AXES("pause", frames_outlive_a_pause, "A35"),
	ON_ALL_AXES("pause", nothing_happens_in_a_pause, "A34"),
	ON_ALL_AXES("pause", frames_wait_for_a_disabled_queue, "A30"),
	{ 0 }
};

Suite *inputlife_suite(void)
{
	return suite_new("inputlife", tests);
}
