/*
 * The status queue: what the guest wants of the device.
 */
#include <linux/input-event-codes.h>
#include <stdio.h>
#include <string.h>

#include "draws.h"
#include "inputdriver.h"
#include "suites.h"

/* A buffer on the status queue; it has to come back with used length 0. */
static void send(struct inputdriver *in, const struct request *r)
{
	struct request to_status = *r;
	struct reply reply;

	to_status.queue = STATUSQ;
	reply = driver_send(in->d, &to_status);
	if (reply.used)
		FAIL("a status buffer came back with used length %u",
		     reply.used);
}

START_TEST(buffers_come_back_empty)
{
	for (unsigned device = 0; device < DESK_DEVICES; device++) {
		struct inputdriver *in = input_start(_axes, device);

		input_status(in, EV_LED, LED_CAPSL, 1);
		input_status(in, EV_LED, LED_CAPSL, 0);
		input_status(in, EV_SND, SND_BELL, 1);
		input_status(in, EV_REP, REP_DELAY, 500);
		input_status(in, EV_SYN, SYN_REPORT, 0);
		/* Nothing of it is an event. */
		input_expect_nothing(in);
	}
}
END_TEST

START_TEST(many_at_a_time)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);
	struct virtio_input_event led = { EV_LED, LED_NUML, 1 };
	struct posted *posted[64];
	unsigned n = 0;

	while (n < 64 && ring_has_room(in->d->cursor, 1, SHAPE_AXES))
		posted[n++] = driver_add(in->d,
					 &(struct request){ REQUEST(led),
							    .queue = STATUSQ });
	driver_publish(in->d, STATUSQ);
	for (unsigned i = 0; i < n; i++)
		ck_assert_uint_eq(driver_collect(in->d, posted[i]).used, 0);
}
END_TEST

/* What is shorter than an event is none; what is longer has one at its start. */
START_TEST(buffers_of_any_size)
{
	struct desk *desk = desk_start(DESK_KEYBOARD, "--trace");
	struct inputdriver *in =
		input_start_with(KEYBOARD,
				 &(struct input_options){ .axes = _axes,
							  .desk = desk });
	uint8_t bytes[64] = { EV_LED, 0, LED_CAPSL, 0, 1 };
	const uint32_t event = sizeof(struct virtio_input_event);

	/* Later ones would start with the first's event. */
	memset(bytes + event, 0xff, sizeof(bytes) - event);
	for (uint32_t len = 1; len <= sizeof(bytes); len++) {
		send(in, &(struct request){ .bytes = bytes, .len = len });
		frontend_settle(in->d->fe);
		ck_assert_uint_eq(program_said(desk->program, "17 1=1"),
				  len < event ? 0 : len - event + 1);
	}
	ck_assert_uint_eq(program_said(desk->program, "keyboard status"),
			  sizeof(bytes) - event + 1);
	input_expect_nothing(in);
}
END_TEST

START_TEST(buffers_cut_anywhere)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);
	struct virtio_input_event led = { EV_LED, LED_CAPSL, 1 };

	if (!ring_has_room(in->d->cursor, 8, SHAPE_AXES))
		suite_skip("the ring has no room for it");
	send(in, &(struct request){ REQUEST(led),
				    .cuts = CUTS(1, 2, 3, 4, 5, 6, 7) });
	send(in, &(struct request){ REQUEST(led), .cuts = CUTS(3) });
}
END_TEST

/* The driver asks nothing, so what could be written there stays as it is. */
START_TEST(nothing_is_written)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);
	struct virtio_input_event led = { EV_LED, LED_CAPSL, 1 };

	send(in, &(struct request){ REQUEST(led), .room = 8 });
	send(in, &(struct request){ .room = 8 });
	send(in, &(struct request){ .room = 1 });
	input_expect_nothing(in);
}
END_TEST

START_TEST(any_wish_will_do)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);
	bool quiet = trail_quiet(true);

	in->d->guarded = false;
	for (unsigned i = 0; i < 20000; i++) {
		uint8_t bytes[16];

		draw_bytes(bytes, sizeof(bytes));
		/* Half of them of types there are. */
		if (i % 2)
			bytes[0] &= 0x1f, bytes[1] = 0;
		send(in, &(struct request){
				 .bytes = bytes,
				 .len = i % 16 ? 8 : 1 + draw_below(16) });
	}
	trail_quiet(quiet);
	input_expect_nothing(in);
	driver_check_ram(in->d);
}
END_TEST

/* ---- the other queue ---- */

START_TEST(it_works_while_events_wait)
{
	struct inputdriver *in =
		input_start_with(KEYBOARD,
				 &(struct input_options){ .axes = _axes,
							  .lazy = true });

	input_post(in, 1);
	desk_do(in->desk, "down a");
	input_expect_nothing(in);
	for (unsigned i = 0; i < 10; i++)
		input_status(in, EV_LED, LED_CAPSL, i % 2);
	input_expect_nothing(in);
	input_post(in, 1);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
}
END_TEST

/* Buffers nobody takes back keep the status queue full, and events come. */
START_TEST(events_come_while_it_is_full)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);
	struct virtio_input_event led = { EV_LED, LED_NUML, 1 };
	struct posted *last = NULL;

	while (ring_has_room(in->d->cursor, 1, SHAPE_AXES))
		last = driver_post(in->d,
				   &(struct request){ REQUEST(led),
						      .queue = STATUSQ });
	desk_do(in->desk, "key a");
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 0 });
	driver_collect(in->d, last);
}
END_TEST

/* ---- what the device makes of it ---- */

START_TEST(leds_are_told_in_the_trace)
{
	struct desk *desk = desk_start(DESK_KEYBOARD, "--trace");
	struct inputdriver *in =
		input_start_with(KEYBOARD,
				 &(struct input_options){ .axes = _axes,
							  .desk = desk });
	char line[64];

	input_status(in, EV_LED, LED_SCROLLL, 1);
	input_status(in, EV_SND, SND_BELL, 1);
	snprintf(line, sizeof(line), "%u %u=1", EV_LED, LED_SCROLLL);
	ck_assert_uint_eq(program_said(desk->program, line), 1);
	ck_assert_uint_eq(program_said(desk->program, "ignored"), 1);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("buffers", buffers_come_back_empty, "L17 L20"),
	ON_ALL_AXES("buffers", many_at_a_time, "L17"),
	ON_ALL_AXES("buffers", buffers_of_any_size, "L18"),
	ON_ALL_AXES("buffers", buffers_cut_anywhere, "L18"),
	ON_ALL_AXES("buffers", nothing_is_written, "L18"),
	ONCE("buffers", any_wish_will_do, "L19 L20", .seconds = 120),
	ON_ALL_AXES("beside", it_works_while_events_wait, "L21"),
	ON_ALL_AXES("beside", events_come_while_it_is_full, "L21"),
	ONCE("wishes", leds_are_told_in_the_trace, "L22"),
	{ 0 }
};

Suite *statusq_suite(void)
{
	return suite_new("statusq", tests);
}
