/*
 * Answers that come late: in any order but for fences, never while the queue is
 * stopped, to the driver that asked or to nobody. The device is late_device.c.
 *
 * virtio 1.3, 2.7.8 and 5.7.6.7; vhost-user.rst, "Ring states".
 */
#include <signal.h>

#include "late.h"
#include "load.h"
#include "pump.h"
#include "ring_split.h"
#include "sequence.h"
#include "suite.h"

enum { MOST = 4 };

struct held {
	struct posted *posted[MOST];
	uint16_t ids[MOST];
	unsigned count;
};

static struct posted *post(struct driver *d, uint32_t type, uint64_t fence)
{
	struct virtio_gpu_ctrl_hdr cmd = driver_header(type, fence);

	return driver_post(d, &(struct request){ REQUEST(cmd), .room = 24 });
}

/* As many as fit beside one more request, fences counted from `fence` on. */
static struct held hold(struct driver *d, uint32_t type, uint64_t fence)
{
	struct held h = { .count = 0 };

	while (h.count < MOST && ring_has_room(d->control, 4, SHAPE_AXES)) {
		struct posted *p = post(d, type, fence ? fence + h.count : 0);

		h.ids[h.count] = posted_id(p);
		h.posted[h.count++] = p;
	}
	if (!h.count)
		h.posted[h.count++] = post(d, type, fence);
	return h;
}

/* What was there for it to see it has seen before it can answer twice. */
static void settle(struct driver *d)
{
	frontend_expect_silence(d->fe);
	frontend_expect_silence(d->fe);
}

static void let_go(struct driver *d)
{
	trail_step("SIGUSR1: all may go");
	settle(d);
	kill(d->program->pid, SIGUSR1);
	settle(d);
}

static void collect(struct driver *d, const struct held *h)
{
	for (unsigned i = 0; i < h->count; i++) {
		struct reply r = driver_collect(d, h->posted[i]);

		EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_NODATA, 24);
	}
}

/* Nothing was used but what was collected: a request behind it shows that. */
static void expect_held(struct driver *d)
{
	struct used u;

	driver_expect_alive(d);
	ck_assert(!ring_poll(d->control, &u));
}

/* ---- order ---- */

START_TEST(requests_come_back_when_they_are_done)
{
	struct driver *d = driver_start(_axes);
	struct held h = hold(d, LATE_CMD_HOLD, 0);

	if (ring_has_room(d->control, 2, SHAPE_AXES))
		expect_held(d);
	let_go(d);
	for (unsigned i = h.count; h.count > 1 && i-- > 0;)
		ck_assert_uint_eq(ring_wait(d->control).id, h.ids[i]);
	driver_give_up(d);
}
END_TEST

/* Linux takes a fence for all before it, so the last one done has to wait. */
START_TEST(fences_come_back_in_order)
{
	struct driver *d = driver_start(_axes);
	struct held h = hold(d, LATE_CMD_HOLD, 1);

	let_go(d);
	for (unsigned i = 0; h.count > 1 && i < h.count; i++)
		ck_assert_uint_eq(ring_wait(d->control).id, h.ids[i]);
	driver_give_up(d);
}
END_TEST

START_TEST(a_fence_waits_for_those_before_it)
{
	struct driver *d = driver_start(_axes);
	struct posted *first, *second;
	struct reply r;

	if (!ring_has_room(d->control, 6, SHAPE_AXES))
		suite_skip("the ring has no room for three requests");
	first = post(d, LATE_CMD_HOLD, 7);
	second = post(d, 0xff, 8);
	expect_held(d);
	let_go(d);
	r = driver_collect(d, first);
	EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_NODATA, 24);
	ck_assert_uint_eq(r.hdr.fence_id, 7);
	r = driver_collect(d, second);
	EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_UNSPEC);
	ck_assert_uint_eq(r.hdr.fence_id, 8);
}
END_TEST

/* The gate holds what is done, and only if somebody waits for its fence. */
START_TEST(the_gate_holds_fences)
{
	struct driver *d = driver_start(_axes);
	struct posted *p = post(d, LATE_CMD_GATED, 0);
	struct reply r = driver_collect(d, p);

	EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_NODATA, 24);
	p = post(d, LATE_CMD_GATED, 3);
	if (ring_has_room(d->control, 2, SHAPE_AXES))
		expect_held(d);
	let_go(d);
	r = driver_collect(d, p);
	EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_NODATA, 24);
	ck_assert_uint_eq(r.hdr.fence_id, 3);
}
END_TEST

/* Some held and some not, in rings of any size, for many laps. */
START_TEST(slots_are_never_mixed_up)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 40; i++) {
		struct held h = hold(d, i % 2 ? LATE_CMD_HOLD : LATE_CMD_GATED,
				     i % 3 ? 1 : 0);

		if (ring_has_room(d->control, 2, SHAPE_AXES))
			driver_expect_alive(d);
		let_go(d);
		collect(d, &h);
	}
}
END_TEST

/* ---- stopped ---- */

START_TEST(what_is_done_in_a_pause_comes_after_it)
{
	struct driver *d = driver_start(_axes);
	struct held h = hold(d, LATE_CMD_HOLD, 0);

	driver_pause(d);
	rest_begin(d);
	let_go(d);
	rest_expect(d);
	driver_resume(d);
	collect(d, &h);
	driver_expect_alive(d);
}
END_TEST

START_TEST(fences_stay_in_order_over_a_pause)
{
	struct driver *d = driver_start(_axes);
	struct held h = hold(d, LATE_CMD_HOLD, 1);

	driver_pause(d);
	let_go(d);
	driver_resume(d);
	for (unsigned i = 0; h.count > 1 && i < h.count; i++)
		ck_assert_uint_eq(ring_wait(d->control).id, h.ids[i]);
	driver_give_up(d);
}
END_TEST

START_TEST(what_is_not_done_in_a_pause_goes_on_after_it)
{
	struct driver *d = driver_start(_axes);
	struct held h = hold(d, LATE_CMD_HOLD, 1);

	for (unsigned i = 0; i < 3; i++) {
		driver_pause(d);
		driver_resume(d);
	}
	let_go(d);
	collect(d, &h);
	driver_expect_alive(d);
}
END_TEST

/* Disabled is not stopped, and is left alone all the same. */
START_TEST(a_disabled_ring_gets_no_answers)
{
	struct driver *d = driver_start(_axes);
	struct held h = hold(d, LATE_CMD_HOLD, 0);

	for (unsigned i = 0; i < 2; i++)
		frontend_enable(d->fe, i, false);
	rest_begin(d);
	let_go(d);
	rest_expect(d);
	for (unsigned i = 0; i < 2; i++)
		frontend_enable(d->fe, i, true);
	collect(d, &h);
}
END_TEST

/* ---- reset ---- */

/* The device keeps no request of a driver that is gone, done or not. */
static void expect_forgotten(struct driver *d)
{
	struct used u;

	let_go(d);
	driver_expect_alive(d);
	ck_assert(!ring_poll(d->control, &u));
	driver_check_ram(d);
}

START_TEST(nothing_is_answered_after_a_reset)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 6; i++) {
		hold(d, i % 2 ? LATE_CMD_HOLD : LATE_CMD_GATED, i % 3);
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
		hold(d, LATE_CMD_HOLD, i % 2);
		driver_pause(d);
		let_go(d);
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

	hold(d, LATE_CMD_HOLD, 1);
	driver_pause(d);
	let_go(d);
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
	struct held h = hold(d, LATE_CMD_HOLD, 1);
	uint8_t config[16];

	driver_pause(d);
	ck_assert(frontend_get_config(d->fe, 0, config, sizeof(config)));
	let_go(d);
	driver_resume(d);
	collect(d, &h);
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
	hold(d, LATE_CMD_HOLD, 1);
	driver_pause(d);
	frontend_tell_state(d->fe, VU_SET_VRING_NUM, CONTROLQ, num / 4);
	frontend_tell_state(d->fe, VU_SET_VRING_NUM, CONTROLQ, num);
	let_go(d);
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
		hold(d, LATE_CMD_HOLD, i % 2);
		driver_end(d);
		d = driver_start_with(&(struct driver_options){ .axes = _axes,
								.program = p });
		expect_forgotten(d);
		driver_expect_no_more(d, before);
	}
}
END_TEST

/* ---- memory ---- */

/* The answer goes where the guest's memory is by then. */
START_TEST(memory_may_move_under_a_request)
{
	struct driver *d = driver_start(_axes);
	struct held h = hold(d, LATE_CMD_HOLD, 1);

	settle(d);
	driver_check_ram(d);
	ram_move(d->ram);
	frontend_send_memory(d->fe);
	let_go(d);
	collect(d, &h);
	driver_expect_alive(d);
}
END_TEST

/* ---- too many ---- */

/* One descriptor that is a request and has no room for an answer. */
static void split_hold(struct driver *d, uint32_t i)
{
	struct virtio_gpu_ctrl_hdr cmd = driver_header(LATE_CMD_HOLD, 0);
	struct ring *r = d->control;
	uint16_t head = (uint16_t)(i % r->num);
	uint64_t at = ram_alloc(d->ram, sizeof(cmd), 8, "request");

	ram_write(d->ram, at, &cmd, sizeof(cmd));
	split_set_desc(r, head, (struct vring_desc){ at, sizeof(cmd), 0, 0 });
	split_offer(r, head);
	ring_kick_now(r);
}

/* A driver that offers a chain twice would have more in flight than slots. */
START_TEST(no_more_are_taken_than_the_ring_has)
{
	struct driver *d = driver_start(_axes);
	struct ring *r = d->control;

	if (d->axes.packed)
		suite_skip("split rings only: packed slots say whose they are");
	d->guarded = false;
	for (uint32_t i = 0; i < r->num; i++)
		split_hold(d, i);
	settle(d);
	ck_assert_uint_eq(ring_errors(r), 0);
	split_hold(d, 0);
	pump_until_readable(r->err, PATIENCE_MS);
	ck_assert_uint_gt(ring_errors(r), 0);
	driver_expect_answer(d, CURSORQ);
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("order", requests_come_back_when_they_are_done, "C34 C36"),
	ON_ALL_AXES("order", fences_come_back_in_order, "G19 D08"),
	ON_ALL_AXES("order", a_fence_waits_for_those_before_it,
		    "F03 G13 G19 G21"),
	ON_ALL_AXES("order", the_gate_holds_fences, "G13"),
	ON_ALL_AXES("order", slots_are_never_mixed_up, "C35 C36 D08 D09"),
	ON_ALL_AXES("stopped", what_is_done_in_a_pause_comes_after_it,
		    "A34 A35 G21"),
	ON_ALL_AXES("stopped", fences_stay_in_order_over_a_pause, "A35 G19"),
	ON_ALL_AXES("stopped", what_is_not_done_in_a_pause_goes_on_after_it,
		    "A35"),
	ON_ALL_AXES("stopped", a_disabled_ring_gets_no_answers, "A30"),
	ON_ALL_AXES("reset", nothing_is_answered_after_a_reset,
		    "A43 B12 B13 B14 G21"),
	ON_ALL_AXES("reset", what_was_kept_in_a_pause_goes_with_a_reset,
		    "A35 A43 B12 B13"),
	ON_ALL_AXES("reset", a_new_drivers_probe_is_a_reset, "A35 B13 B14"),
	ON_ALL_AXES("reset", a_look_at_config_space_is_no_reset, "A35"),
	ON_ALL_AXES("reset", a_ring_of_another_size_is_a_reset, "A24 B13"),
	ON_ALL_AXES("reset", a_front_end_goes_with_its_requests, "A48 B14"),
	ON_ALL_AXES("memory", memory_may_move_under_a_request, "A17"),
	ON_ALL_AXES("full", no_more_are_taken_than_the_ring_has, "A33 C27 G22"),
	{ 0 }
};

Suite *late_suite(void);
Suite *late_suite(void)
{
	return suite_new("late", tests);
}
