/*
 * One queue is taken away from the driver and set up anew while the other goes
 * on. vhost-user has no message for a queue's reset: it is a stop and another
 * start, with a ring that knows nothing of the one before.
 *
 * virtio 1.3, section 2.6.1.
 */
#include "driver.h"
#include "load.h"
#include "sequence.h"
#include "suites.h"

/* In another place, of another size; as its driver finds it, at the start. */
static struct ring *replace_ring(struct driver *d, unsigned queue, uint32_t num)
{
	struct ring *r = ring_new(d->ram, queue, num, d->axes.packed);

	r->event_idx = d->axes.event_idx;
	r->indirect = d->axes.indirect;
	ring_restart(r, ring_base_zero(r));
	d->fe->rings[queue] = r;
	if (queue == CURSORQ)
		d->cursor = r;
	else
		d->control = r;
	return r;
}

/* As at a start: its fds, then the ring. */
static void start_ring(struct driver *d, struct ring *r)
{
	struct message call = message_vring_fd(VU_SET_VRING_CALL, r->index,
					       r->call);
	struct message err = message_vring_fd(VU_SET_VRING_ERR, r->index,
					      r->err);

	frontend_tell(d->fe, &err);
	frontend_tell(d->fe, &call);
	frontend_set_ring(d->fe, r);
	frontend_tell(d->fe, &call);
	frontend_enable(d->fe, r->index, true);
}

static void stop_ring(struct driver *d, unsigned queue)
{
	frontend_enable(d->fe, queue, false);
	frontend_get_base(d->fe, queue);
	/* What the device wrote to it up to now was right. */
	driver_check_ram(d);
}

/* What was in the old ring is nobody's any more. */
START_TEST(what_was_in_it_is_forgotten)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 6; i++) {
		unsigned queue = i % 2, other = !queue;
		struct ring *old;

		driver_expect_alive(d);
		load_post(d, queue, 8);
		stop_ring(d, queue);
		load_post(d, queue, 8);
		old = queue == CURSORQ ? d->cursor : d->control;
		ring_calls(old);
		driver_give_up(d);
		start_ring(d, replace_ring(d, queue, old->num));
		driver_expect_answer(d, queue);
		driver_expect_answer(d, other);
		driver_expect_alive(d);
		ck_assert_uint_eq(ring_calls(old), 0);
		ring_free(old);
	}
}
END_TEST

/* Firmware's ring is small; sizes and places need not be the same. */
START_TEST(it_may_come_back_elsewhere_and_of_another_size)
{
	static const uint32_t sizes[] = { 64, 16, 64, 1024, 4 };
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 10; i++) {
		unsigned queue = i % 2;
		struct ring *old = queue == CURSORQ ? d->cursor : d->control;
		struct load load;

		driver_expect_alive(d);
		stop_ring(d, queue);
		start_ring(d, replace_ring(d, queue, sizes[i / 2]));
		load = load_post(d, queue, sizes[i / 2]);
		load_collect(d, &load);
		driver_expect_alive(d);
		ring_free(old);
	}
}
END_TEST

/* Not even its requests in flight: they wait for nothing. */
START_TEST(the_other_one_notices_nothing)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 6; i++) {
		unsigned queue = i % 2, other = !queue;
		struct ring *r = queue == CURSORQ ? d->cursor : d->control;
		struct load load = load_post(d, other, 8);

		stop_ring(d, queue);
		load_collect(d, &load);
		load = load_post(d, other, 8);
		ring_restart(r, ring_base_zero(r));
		start_ring(d, r);
		load_collect(d, &load);
		driver_expect_alive(d);
	}
	driver_pause(d);
}
END_TEST

/* QEMU's versions differ in them, and the two queues do too. */
START_TEST(each_has_a_size_of_its_own)
{
	static const uint32_t sizes[][2] = {
		{ 64, 16 },  { 256, 256 }, { 1024, 1024 },
		{ 1024, 4 }, { 4, 1024 },  { 256, 16 },
	};

	for (unsigned i = 0; i < 6; i++) {
		struct axes axes = *_axes;
		struct load control, cursor;
		struct driver *d;

		axes.num = sizes[i][0];
		d = driver_start_with(&(struct driver_options){
			.axes = &axes, .cursor_num = sizes[i][1] });
		for (unsigned lap = 0; lap < 3; lap++) {
			control = load_post(d, CONTROLQ, LOAD_MAX);
			cursor = load_post(d, CURSORQ, LOAD_MAX);
			load_collect(d, &cursor);
			load_collect(d, &control);
		}
		driver_expect_alive(d);
		driver_pause(d);
		driver_end(d);
	}
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("alone", what_was_in_it_is_forgotten, "E05 E06 E08"),
	ON_ALL_AXES("alone", it_may_come_back_elsewhere_and_of_another_size,
		    "E06 E07"),
	ON_ALL_AXES("alone", the_other_one_notices_nothing, "E06 E08"),
	ON_ALL_AXES("sizes", each_has_a_size_of_its_own, "E12"),
	{ 0 }
};

Suite *queuereset_suite(void)
{
	return suite_new("queuereset", tests);
}
