/*
 * A script waits: for a time, for drivers that are to come, and for those that
 * are slow, or paused.
 */
#include <signal.h>
#include <string.h>

#include "inputdriver.h"
#include "pump.h"
#include "sequence.h"
#include "suites.h"
#include "trail.h"

static void expect_key(struct inputdriver *in, uint16_t code, bool down)
{
	EXPECT_FRAME(in, { EV_KEY, code, down });
}

static void expect_tap(struct inputdriver *in, uint16_t code)
{
	expect_key(in, code, true);
	expect_key(in, code, false);
}

/* In its own time. */
static void expect_said(struct program *p, const char *text)
{
	uint64_t began = pump_now();

	while (!program_said(p, text)) {
		if (pump_now() - began > 4ul * PATIENCE_MS)
			FAIL("the device did not say '%s'", text);
		pump_until_readable(-1, 10);
	}
}

START_TEST(a_wait_takes_its_time)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);
	uint64_t began = pump_now();

	desk_do_lines(in->desk, "wait 0.3\nkey a\nwait 0\nkey b\n"
				"wait 0.000001\nkey c\n");
	expect_tap(in, KEY_A);
	ck_assert_uint_ge(pump_now() - began, 300);
	expect_tap(in, KEY_B);
	expect_tap(in, KEY_C);
	input_expect_nothing(in);
}
END_TEST

/* Faster than anybody types, and yet no faster than a busy guest can take. */
START_TEST(typing_takes_its_time)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);
	uint64_t began = pump_now();

	desk_do(in->desk, "type %s",
		"asdfghjklasdfghjklasdfghjklasdfghjklasdf");
	for (unsigned i = 0; i < 40; i++)
		expect_tap(in, (uint16_t)(KEY_A + i % 9));
	ck_assert_uint_ge(pump_now() - began, 500);
	input_expect_nothing(in);
}
END_TEST

START_TEST(ready_is_when_all_have_a_driver)
{
	struct desk *desk = desk_start(DESK_KEYBOARD | DESK_MOUSE, NULL);
	struct input_options o = { .axes = _axes, .desk = desk };
	struct inputdriver *in;

	desk_do_lines(desk, "key b\nwait ready\nkey a\n");
	in = input_start_with(KEYBOARD, &o);
	input_expect_nothing(in);
	program_expect_rest(desk->program);
	input_start_with(MOUSE, &o);
	expect_tap(in, KEY_A);
	desk_do_lines(desk, "wait ready\nkey c\n");
	expect_tap(in, KEY_C);
}
END_TEST

/* Its lines go nowhere while the guest reboots, but those behind the wait. */
START_TEST(ready_is_when_they_are_back)
{
	struct desk *desk = desk_start(DESK_KEYBOARD, NULL);
	struct input_options o = { .axes = _axes, .desk = desk };
	struct inputdriver *in = input_start_with(KEYBOARD, &o);

	input_end(in);
	program_expect_rest(desk->program);
	desk_do_lines(desk, "key b\nwait ready\nkey a\n");
	in = input_start_with(KEYBOARD, &o);
	expect_tap(in, KEY_A);
	input_pause(in);
	desk_do_lines(desk, "wait ready\nkey c\n");
	input_resume(in);
	expect_tap(in, KEY_C);
	input_expect_nothing(in);
}
END_TEST

/* Each key is pressed, though there is room for a frame or two at a time. */
START_TEST(a_slow_driver_misses_nothing)
{
	struct inputdriver *in =
		input_start_with(KEYBOARD,
				 &(struct input_options){ .axes = _axes,
							  .lazy = true });

	for (unsigned i = 0; i < 300; i++) /* from KEY_A on, side by side */
		desk_do(in->desk, "key %c", "asdfghjkl"[i % 9]);
	for (unsigned i = 0; i < 300; i++) {
		input_post(in, 1);
		input_post(in, 3);
		expect_tap(in, (uint16_t)(KEY_A + i % 9));
	}
	input_expect_nothing(in);
}
END_TEST

/* No step is lost, and none added to another. */
START_TEST(a_slow_driver_gets_each_step)
{
	struct inputdriver *in = input_start_with(
		MOUSE, &(struct input_options){ .axes = _axes, .lazy = true });

	for (unsigned i = 1; i <= 400; i++)
		desk_do(in->desk, "motion %u 0", i);
	for (unsigned i = 1; i <= 400; i++) {
		input_post(in, 3);
		EXPECT_FRAME(in, { EV_REL, REL_X, i }, { EV_REL, REL_Y, 0 });
	}
	input_expect_nothing(in);
}
END_TEST

START_TEST(a_pause_pauses_it)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	desk_do(in->desk, "down a");
	expect_key(in, KEY_A, true);
	input_pause(in);
	desk_do_lines(in->desk, "up a\nkey b\nkey c\n");
	frontend_settle(in->d->fe);
	program_expect_rest(in->d->program);
	input_resume(in);
	expect_key(in, KEY_A, false);
	expect_tap(in, KEY_B);
	expect_tap(in, KEY_C);
	input_expect_nothing(in);
}
END_TEST

/* An unbound driver looks like a paused one. It holds up what is for its device
 * alone, and that is said in the end. */
START_TEST(a_pause_holds_up_its_own)
{
	struct desk *desk = desk_start(DESK_KEYBOARD | DESK_MOUSE, NULL);
	struct input_options o = { .axes = _axes, .desk = desk };
	struct inputdriver *keyboard = input_start_with(KEYBOARD, &o);
	struct inputdriver *mouse = input_start_with(MOUSE, &o);

	input_pause(mouse);
	desk_do_lines(desk, "key a\ndown b\nmotion 1 2\nkey c\n");
	expect_tap(keyboard, KEY_A);
	expect_key(keyboard, KEY_B, true);
	input_expect_nothing(keyboard);
	expect_said(desk->program, "waits for a driver");
	ck_assert_uint_eq(program_said(desk->program, "waits for a driver"), 1);
	input_resume(mouse);
	EXPECT_FRAME(mouse, { EV_REL, REL_X, 1 }, { EV_REL, REL_Y, 2 });
	expect_tap(keyboard, KEY_C);
}
END_TEST

START_TEST(that_nobody_is_there_is_said_once)
{
	struct desk *desk = desk_start(DESK_KEYBOARD, NULL);

	desk_do_lines(desk, "wait 0\nkey a\nkey b\nmove 1 1\n");
	desk_await_read(desk);
	program_expect_rest(desk->program);
	ck_assert_uint_eq(program_said(desk->program, ":2: no driver is there"),
			  1);
	ck_assert_uint_eq(program_said(desk->program, "no driver is there"), 1);
}
END_TEST

/* Whoever starts the program ends it, whatever the script waits for. */
START_TEST(it_ends_while_it_waits)
{
	static const char *const waits[] = { "wait 1000\n", "wait ready\n" };

	for (unsigned i = 0; i < 2; i++) {
		struct desk *desk = desk_start(DESK_KEYBOARD, NULL);

		desk_do_lines(desk, waits[i]);
		desk_do_lines(desk, "key a\n");
		desk_await_read(desk);
		program_stop(desk->program);
	}
}
END_TEST

START_TEST(it_ends_while_a_driver_is_slow)
{
	struct inputdriver *in =
		input_start_with(KEYBOARD,
				 &(struct input_options){ .axes = _axes,
							  .lazy = true });

	desk_do_lines(in->desk, "key a+w+y\nkey a\n");
	desk_await_read(in->desk);
	frontend_settle(in->d->fe);
	program_expect_rest(in->d->program);
	in->d->program->may_end = true;
	kill(in->d->program->pid, SIGTERM);
	program_expect_status(in->d->program, 0);
}
END_TEST

/* A driver that goes takes with it what waits for it; the script goes on. */
START_TEST(it_outlives_a_driver)
{
	struct desk *desk = desk_start(DESK_KEYBOARD, NULL);
	struct input_options o = { .axes = _axes, .desk = desk, .lazy = true };
	struct inputdriver *in = input_start_with(KEYBOARD, &o);

	desk_do_lines(desk, "key a+w+y\nwait ready\nkey a\n");
	input_post(in, 2);
	expect_key(in, KEY_A, true);
	input_end(in);
	o.lazy = false;
	in = input_start_with(KEYBOARD, &o);
	expect_tap(in, KEY_A);
	input_expect_nothing(in);
}
END_TEST

/* Nor does one that is gone, or paused, hold up what others are told. */
START_TEST(it_does_not_wait_for_those_who_are_gone)
{
	enum { HANGS_UP, GOES, PAUSES, WAYS };

	for (unsigned way = 0; way < WAYS; way++) {
		struct desk *desk = desk_start(DESK_KEYBOARD | DESK_MOUSE,
					       NULL);
		struct input_options o = { .axes = _axes, .desk = desk };
		struct inputdriver *mouse = input_start_with(MOUSE, &o);
		struct inputdriver *slow;

		o.lazy = true;
		slow = input_start_with(KEYBOARD, &o);
		desk_do_lines(desk, "down a\nmotion 1 2\n");
		frontend_settle(slow->d->fe);
		input_expect_nothing(mouse);
		if (way == HANGS_UP)
			input_end(slow);
		else
			frontend_stop(slow->d->fe);
		if (way == GOES) /* and no start behind it */
			input_ask(slow, VIRTIO_INPUT_CFG_ID_NAME, 0);
		EXPECT_FRAME(mouse, { EV_REL, REL_X, 1 }, { EV_REL, REL_Y, 2 });
	}
}
END_TEST

static const struct test tests[] = {
	ONCE("time", a_wait_takes_its_time, NULL),
	ONCE("time", typing_takes_its_time, NULL),
	ONCE("drivers", ready_is_when_all_have_a_driver, NULL),
	ONCE("drivers", ready_is_when_they_are_back, NULL),
	ON_ALL_AXES("waiting", a_slow_driver_misses_nothing, "L11 L16"),
	ON_ALL_AXES("waiting", a_slow_driver_gets_each_step, "L16"),
	ONCE("waiting", a_pause_pauses_it, NULL),
	ONCE("waiting", a_pause_holds_up_its_own, NULL),
	ONCE("drivers", that_nobody_is_there_is_said_once, NULL),
	ONCE("waiting", it_ends_while_it_waits, NULL),
	ONCE("waiting", it_ends_while_a_driver_is_slow, NULL),
	ONCE("waiting", it_outlives_a_driver, "L13"),
	ONCE("waiting", it_does_not_wait_for_those_who_are_gone, "L13"),
	{ 0 }
};

Suite *scriptwaits_suite(void)
{
	return suite_new("scriptwaits", tests);
}
