/*
 * Answers that come late: in any order but for fences, never while the queue is
 * stopped, to the driver that asked or to nobody. The device is late_device.c.
 *
 * virtio 1.3, 2.7.8 and 5.7.6.7; vhost-user.rst, "Ring states".
 */
#include "late.h"
#include "late_driver.h"
#include "load.h"
#include "pump.h"
#include "ring_split.h"
#include "sequence.h"
#include "suite.h"

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
	struct held h = late_hold(d, LATE_CMD_HOLD, 0);

	if (ring_has_room(d->control, 2, SHAPE_AXES))
		expect_held(d);
	late_let_go(d);
	for (unsigned i = h.count; h.count > 1 && i-- > 0;)
		ck_assert_uint_eq(ring_wait(d->control).id, h.ids[i]);
	driver_give_up(d);
}
END_TEST

/* Linux takes a fence for all before it, so the last one done has to wait. */
START_TEST(fences_come_back_in_order)
{
	struct driver *d = driver_start(_axes);
	struct held h = late_hold(d, LATE_CMD_HOLD, 1);

	late_let_go(d);
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
	first = late_post(d, LATE_CMD_HOLD, 7);
	second = late_post(d, 0xff, 8);
	expect_held(d);
	late_let_go(d);
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
	struct posted *p = late_post(d, LATE_CMD_GATED, 0);
	struct reply r = driver_collect(d, p);

	EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_NODATA, 24);
	p = late_post(d, LATE_CMD_GATED, 3);
	if (ring_has_room(d->control, 2, SHAPE_AXES))
		expect_held(d);
	late_let_go(d);
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
		struct held h =
			late_hold(d, i % 2 ? LATE_CMD_HOLD : LATE_CMD_GATED,
				  i % 3 ? 1 : 0);

		if (ring_has_room(d->control, 2, SHAPE_AXES))
			driver_expect_alive(d);
		late_let_go(d);
		late_collect(d, &h);
	}
}
END_TEST

/* ---- stopped ---- */

START_TEST(what_is_done_in_a_pause_comes_after_it)
{
	struct driver *d = driver_start(_axes);
	struct held h = late_hold(d, LATE_CMD_HOLD, 0);

	driver_pause(d);
	rest_begin(d);
	late_let_go(d);
	rest_expect(d);
	driver_resume(d);
	late_collect(d, &h);
	driver_expect_alive(d);
}
END_TEST

START_TEST(fences_stay_in_order_over_a_pause)
{
	struct driver *d = driver_start(_axes);
	struct held h = late_hold(d, LATE_CMD_HOLD, 1);

	driver_pause(d);
	late_let_go(d);
	driver_resume(d);
	for (unsigned i = 0; h.count > 1 && i < h.count; i++)
		ck_assert_uint_eq(ring_wait(d->control).id, h.ids[i]);
	driver_give_up(d);
}
END_TEST

START_TEST(what_is_not_done_in_a_pause_goes_on_after_it)
{
	struct driver *d = driver_start(_axes);
	struct held h = late_hold(d, LATE_CMD_HOLD, 1);

	for (unsigned i = 0; i < 3; i++) {
		driver_pause(d);
		driver_resume(d);
	}
	late_let_go(d);
	late_collect(d, &h);
	driver_expect_alive(d);
}
END_TEST

/* Disabled is not stopped, and is left alone all the same. */
START_TEST(a_disabled_ring_gets_no_answers)
{
	struct driver *d = driver_start(_axes);
	struct held h = late_hold(d, LATE_CMD_HOLD, 0);

	for (unsigned i = 0; i < 2; i++)
		frontend_enable(d->fe, i, false);
	rest_begin(d);
	late_let_go(d);
	rest_expect(d);
	for (unsigned i = 0; i < 2; i++)
		frontend_enable(d->fe, i, true);
	late_collect(d, &h);
}
END_TEST

/* ---- memory ---- */

/* The answer goes where the guest's memory is by then. */
START_TEST(memory_may_move_under_a_request)
{
	struct driver *d = driver_start(_axes);
	struct held h = late_hold(d, LATE_CMD_HOLD, 1);

	frontend_settle(d->fe);
	driver_check_ram(d);
	ram_move(d->ram);
	frontend_send_memory(d->fe);
	late_let_go(d);
	late_collect(d, &h);
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
	frontend_settle(d->fe);
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
	ON_ALL_AXES("memory", memory_may_move_under_a_request, "A17"),
	ON_ALL_AXES("full", no_more_are_taken_than_the_ring_has, "A33 C27 G22"),
	{ 0 }
};

Suite *late_suite(void);
Suite *late_suite(void)
{
	return suite_new("late", tests);
}
