/*
 * Requests that are answered late, and whose driver is gone by then. What tells
 * that it is gone, and what only looks like it. The device is late_device.c.
 *
 * Which messages QEMU sends at a reset, and at a pause, is in sequence.h.
 */
#include "late.h"
#include "late_driver.h"
#include "sequence.h"

/* The device keeps no request of a driver that is gone, done or not. */
static void expect_forgotten(struct driver *d)
{
	struct used u;

	late_let_go(d);
	driver_expect_alive(d);
	ck_assert(!ring_poll(d->control, &u));
	driver_check_ram(d);
}

START_TEST(nothing_is_answered_after_a_reset)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 6; i++) {
		late_hold(d, i % 2 ? LATE_CMD_HOLD : LATE_CMD_GATED, i % 3);
		driver_reset(d);
		if (i % 4 == 3)
			continue;
		expect_forgotten(d);
	}
	expect_forgotten(d);
}
END_TEST

START_TEST(what_was_kept_in_a_pause_goes_with_a_reset)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 4; i++) {
		late_hold(d, LATE_CMD_HOLD, i % 2);
		driver_pause(d);
		late_let_go(d);
		driver_reset(d);
		expect_forgotten(d);
	}
}
END_TEST

/* QEMU 7.2 sends no RESET_DEVICE: only its new driver's probe tells. */
START_TEST(a_new_drivers_probe_is_a_reset)
{
	struct driver *d = driver_start_with(&(struct driver_options){
		.axes = _axes, .dialect = &qemu_7_2 });

	late_hold(d, LATE_CMD_HOLD, 1);
	driver_pause(d);
	late_let_go(d);
	driver_reset(d);
	expect_forgotten(d);
}
END_TEST

/*
 * QEMU's monitor and debuggers read what they like of a paused machine. A front
 * end that tells resets by themselves has told of none.
 */
START_TEST(a_look_at_config_space_is_no_reset)
{
	struct driver *d = driver_start(_axes);
	struct held h = late_hold(d, LATE_CMD_HOLD, 1);
	uint8_t config[16];

	driver_pause(d);
	ck_assert(frontend_get_config(d->fe, 0, config, sizeof(config)));
	late_let_go(d);
	driver_resume(d);
	late_collect(d, &h);
	driver_expect_alive(d);
}
END_TEST

/* A ring of another size is not gone on with, wherever it begins. */
START_TEST(a_ring_of_another_size_is_a_reset)
{
	struct driver *d = driver_start(_axes);
	uint32_t num = d->control->num;

	if (num < 8)
		suite_skip("the ring can't be made smaller");
	late_hold(d, LATE_CMD_HOLD, 1);
	driver_pause(d);
	frontend_tell_state(d->fe, VU_SET_VRING_NUM, CONTROLQ, num / 4);
	frontend_tell_state(d->fe, VU_SET_VRING_NUM, CONTROLQ, num);
	late_let_go(d);
	driver_give_up(d);
	ring_restart(d->control, d->control->base);
	ring_restart(d->cursor, d->cursor->base);
	driver_resume(d);
	expect_forgotten(d);
}
END_TEST

START_TEST(a_front_end_goes_with_its_requests)
{
	struct driver *d = driver_start(_axes);
	struct program *p = d->program;
	struct vitals before = driver_vitals(d);

	for (unsigned i = 0; i < 20; i++) {
		late_hold(d, LATE_CMD_HOLD, i % 2);
		driver_end(d);
		d = driver_start_with(&(struct driver_options){ .axes = _axes,
								.program = p });
		expect_forgotten(d);
		driver_expect_no_more(d, before);
	}
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("reset", nothing_is_answered_after_a_reset,
		    "A43 B12 B13 B14 G21"),
	ON_ALL_AXES("reset", what_was_kept_in_a_pause_goes_with_a_reset,
		    "A35 A43 B12 B13"),
	ON_ALL_AXES("reset", a_new_drivers_probe_is_a_reset, "A35 B13 B14"),
	ON_ALL_AXES("reset", a_look_at_config_space_is_no_reset, "A35"),
	ON_ALL_AXES("reset", a_ring_of_another_size_is_a_reset, "A24 B13"),
	ON_ALL_AXES("reset", a_front_end_goes_with_its_requests, "A48 B14"),
	{ 0 }
};

Suite *forgotten_suite(void);
Suite *forgotten_suite(void)
{
	return suite_new("forgotten", tests);
}
