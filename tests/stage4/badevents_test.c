/*
 * Rings of input devices that no driver would make: the device lives on, wastes no
 * time, and a reset makes it as good as new.
 *
 * The event queue is looked at when there is something to tell, so each begins
 * with a key.
 */
#include <poll.h>

#include "draws.h"
#include "pump.h"
#include "ring_packed.h"
#include "ring_split.h"
#include "safe.h"
#include "sitting.h"
#include "suites.h"

enum {
	NEXT = VRING_DESC_F_NEXT,
	WRITE = VRING_DESC_F_WRITE,
	INDIRECT = VRING_DESC_F_INDIRECT,
};
enum { CPU_US = 500000, SCRATCH = 4096 };

static struct inputdriver *start(void)
{
	return input_start_with(KEYBOARD,
				&(struct input_options){ .axes = _axes,
							 .lazy = true });
}

static uint64_t scratch(struct inputdriver *in)
{
	return ram_alloc(in->d->ram, SCRATCH, 16, "scratch");
}

static bool stopped(const struct ring *r)
{
	struct pollfd err = { r->err, POLLIN, 0 };

	return poll(&err, 1, 0) > 0;
}

/* A chain came back, empty, or the queue stopped and its err eventfd says so. */
static void await_end(struct ring *r)
{
	uint64_t end = pump_now() + PATIENCE_MS;
	struct used u;

	while (!r->ops->ready(r) && !stopped(r)) {
		if (pump_now() > end)
			FAIL("neither did a chain come back nor the queue "
			     "stop");
		pump_until_readable(-1, 1);
	}
	/* One: a packed ring's books don't know how many slots it took. */
	if (r->ops->take(r, &u) && u.len)
		FAIL("a bad chain came back with %u bytes", u.len);
}

/* The next driver's event queue is one like any other. */
static void expect_recovery(struct inputdriver *in)
{
	input_reset(in);
	ring_errors(in->d->control);
	let_go(in);
	input_post(in, 4);
	input_expect_nothing(in);
	expect_press(in);
	expect_let_go(in);
	input_reset(in);
}

/* What was put into the ring of events by hand is of no use. */
static void expect_survival(struct inputdriver *in)
{
	struct vitals before = program_vitals(in->d->program);

	ring_kick_now(in->d->control);
	press(in);
	await_end(in->d->control);
	input_status(in, EV_LED, LED_CAPSL, 1);
	frontend_settle(in->d->fe);
	if (program_vitals(in->d->program).cpu_us - before.cpu_us > CPU_US)
		FAIL("it took too much time");
	if (in->d->guarded)
		driver_check_ram(in->d);
	expect_recovery(in);
}

/* ---- split rings ---- */

static void offer(struct inputdriver *in, struct vring_desc desc)
{
	split_set_desc(in->d->control, 0, desc);
	split_offer(in->d->control, 0);
	expect_survival(in);
}

START_TEST(chains_that_loop)
{
	struct inputdriver *in = start();
	uint64_t at = scratch(in);

	offer(in, (struct vring_desc){ at, 8, WRITE | NEXT, 0 });
	split_set_desc(in->d->control, 1,
		       (struct vring_desc){ at, 8, WRITE | NEXT, 0 });
	offer(in, (struct vring_desc){ at, 1, WRITE | NEXT, 1 });
}
END_TEST

START_TEST(chains_that_leave_the_ring)
{
	struct inputdriver *in = start();
	uint16_t num = (uint16_t)in->d->control->num;

	offer(in, (struct vring_desc){ scratch(in), 4, WRITE | NEXT, num });
	offer(in, (struct vring_desc){ scratch(in), 4, WRITE | NEXT, 0xffff });
}
END_TEST

START_TEST(tables_that_are_none)
{
	struct inputdriver *in = start();
	uint64_t at = scratch(in);

	/* Outside of memory, of an odd size, empty, of tables. */
	offer(in, (struct vring_desc){ ram_end(in->d->ram), 16, INDIRECT, 0 });
	offer(in, (struct vring_desc){ at, 17, INDIRECT, 0 });
	offer(in, (struct vring_desc){ at, 0, INDIRECT, 0 });
	split_set_table(in->d->control, at, 0,
			(struct vring_desc){ at, 16, INDIRECT, 0 });
	offer(in, (struct vring_desc){ at, 16, INDIRECT, 0 });
	/* Going round in circles. */
	split_set_table(in->d->control, at, 0,
			(struct vring_desc){ at + 64, 8, WRITE | NEXT, 0 });
	offer(in, (struct vring_desc){ at, 16, INDIRECT, 0 });
}
END_TEST

START_TEST(readable_behind_writable)
{
	struct inputdriver *in = start();
	uint64_t at = scratch(in);

	split_set_desc(in->d->control, 1, (struct vring_desc){ at, 8, 0, 0 });
	offer(in, (struct vring_desc){ at + 8, 8, WRITE | NEXT, 1 });
}
END_TEST

START_TEST(heads_and_indices_that_are_none)
{
	struct inputdriver *in = start();
	struct ring *r = in->d->control;

	split_offer(r, (uint16_t)r->num);
	expect_survival(in);
	split_set_avail_idx(r, (uint16_t)(r->num + 1));
	expect_survival(in);
	split_set_avail_idx(r, 0x8000);
	expect_survival(in);
}
END_TEST

/* One buffer, again and again: more in flight than there are entries. */
START_TEST(the_same_buffer_all_the_time)
{
	struct inputdriver *in = start();
	struct ring *r = in->d->control;

	split_set_desc(r, 0, (struct vring_desc){ scratch(in), 4, WRITE, 0 });
	for (unsigned i = 0; i < r->num; i++)
		split_offer(r, 0);
	expect_survival(in);
}
END_TEST

/* ---- packed rings ---- */

static void offer_slot(struct inputdriver *in, uint64_t addr, uint32_t len,
		       uint16_t flags)
{
	struct ring *r = in->d->control;

	packed_set_desc(r, r->packed.next,
			(struct vring_packed_desc){
				addr, len, 0,
				packed_avail_flags(r->packed.wrap) | flags });
	expect_survival(in);
}

START_TEST(lists_without_an_end)
{
	struct inputdriver *in = start();

	offer_slot(in, scratch(in), 8, WRITE | NEXT);
}
END_TEST

START_TEST(packed_tables_that_are_none)
{
	struct inputdriver *in = start();
	uint64_t at = scratch(in);

	offer_slot(in, ram_end(in->d->ram), 16, INDIRECT);
	offer_slot(in, at, 15, INDIRECT);
	offer_slot(in, at, 0, INDIRECT);
	packed_set_table(in->d->control, at, 0,
			 (struct vring_packed_desc){ at, 16, 0, INDIRECT });
	offer_slot(in, at, 16, INDIRECT);
}
END_TEST

/* ---- either ---- */

/* Half of the rubbish makes no sense, the rest is taken for buffers. */
static void write_rubbish(struct inputdriver *in, uint64_t at)
{
	struct ring *r = in->d->control;

	for (uint32_t i = 0; i < r->num; i++) {
		uint64_t addr = draw_below(8) ? at + draw_below(SCRATCH - 64)
					      : ram_end(in->d->ram);
		uint32_t len = draw_below(24);
		uint16_t flags = draw_below(8);

		if (in->d->axes.packed)
			packed_set_desc(
				r, i,
				(struct vring_packed_desc){
					addr, len, draw_below(r->num + 2),
					flags | packed_avail_flags(
							draw_below(4)) });
		else
			split_set_desc(r, i,
				       (struct vring_desc){
					       addr, len, flags,
					       draw_below(r->num + 1) });
	}
	for (uint32_t i = 0; i < r->num && !in->d->axes.packed; i++)
		split_offer(r, draw_below(r->num));
}

START_TEST(rubbish)
{
	struct inputdriver *in = start();
	uint64_t at = scratch(in);
	bool quiet = trail_quiet(true);

	in->d->guarded = false;
	for (unsigned i = 0; i < 50; i++) {
		write_rubbish(in, at);
		ring_kick_now(in->d->control);
		press(in);
		desk_await_read(in->desk);
		input_status(in, EV_LED, LED_CAPSL, i % 2);
		expect_recovery(in);
	}
	trail_quiet(quiet);
}
END_TEST

/* The status queue is served at once, as any other. */
START_TEST(status_chains_that_loop)
{
	struct inputdriver *in = start();
	struct safe s = safe_begin(in->d, STATUSQ);

	split_set_desc(s.ring, 0, (struct vring_desc){ s.request, 8, NEXT, 0 });
	split_offer(s.ring, 0);
	ring_kick_now(s.ring);
	safe_finish(&s, SAFE_EMPTY | SAFE_STOPPED);
	s = safe_begin(in->d, STATUSQ);
	split_set_desc(s.ring, 0,
		       (struct vring_desc){ ram_end(in->d->ram), 16, INDIRECT,
					    0 });
	split_offer(s.ring, 0);
	ring_kick_now(s.ring);
	safe_finish(&s, SAFE_EMPTY | SAFE_STOPPED);
}
END_TEST

/* Wishes that lie in no memory. */
START_TEST(status_outside_memory)
{
	struct inputdriver *in = start();
	struct safe s = safe_begin(in->d, STATUSQ);

	safe_post(&s, &(struct piece){ ram_end(in->d->ram), 8, false }, 1);
	safe_finish(&s, SAFE_EMPTY | SAFE_STOPPED);
}
END_TEST

static const struct test tests[] = {
	ON_AXES_WITH(SPLIT_RINGS, "split", chains_that_loop, "L02"),
	ON_AXES_WITH(SPLIT_RINGS, "split", chains_that_leave_the_ring, "L02"),
	ON_AXES_WITH(SPLIT_RINGS | WITH_INDIRECT, "split", tables_that_are_none,
		     "L02"),
	ON_AXES_WITH(SPLIT_RINGS, "split", readable_behind_writable, "L02"),
	ON_AXES_WITH(SPLIT_RINGS, "split", heads_and_indices_that_are_none,
		     "L02"),
	ON_AXES_WITH(SPLIT_RINGS, "split", the_same_buffer_all_the_time, "L02"),
	ON_AXES_WITH(PACKED_RINGS, "packed", lists_without_an_end, "L02"),
	ON_AXES_WITH(PACKED_RINGS | WITH_INDIRECT, "packed",
		     packed_tables_that_are_none, "L02"),
	ON_ALL_AXES("either", rubbish, "L02", .seconds = 60),
	ON_AXES_WITH(SPLIT_RINGS | WITH_INDIRECT, "status",
		     status_chains_that_loop, "L18"),
	ON_ALL_AXES("status", status_outside_memory, "L18"),
	{ 0 }
};

Suite *badevents_suite(void)
{
	return suite_new("badevents", tests);
}
