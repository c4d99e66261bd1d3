/*
 * Kicks: how the device says which it wants, that none is lost that way, and
 * that those nobody wanted do no harm.
 *
 * virtio 1.3, sections 2.7.10, 2.8.10 and 2.8.14.
 */
#include <linux/virtio_ring.h>
#include <sched.h>

#include "draws.h"
#include "load.h"
#include "pump.h"
#include "ring_packed.h"
#include "ring_split.h"
#include "sequence.h"
#include "stream.h"
#include "suites.h"

/* ---- what the device says ---- */

static void sample_split(struct ring *r)
{
	uint16_t flags = split_used_flags(r);

	ck_assert_uint_eq(flags & ~VRING_USED_F_NO_NOTIFY, 0);
	if (r->event_idx)
		ck_assert_uint_eq(flags, 0);
}

/* The flags are read first: where they say DESC the offset is there already. */
static void sample_packed(struct ring *r)
{
	struct vring_packed_desc_event e = packed_device_event(r);
	uint16_t most = r->event_idx ? VRING_PACKED_EVENT_FLAG_DESC
				     : VRING_PACKED_EVENT_FLAG_DISABLE;

	ck_assert_uint_le(e.flags, most);
	if (e.flags == VRING_PACKED_EVENT_FLAG_DESC)
		ck_assert_uint_lt(e.off_wrap & 0x7fff, r->num);
}

static void sample(struct ring *r)
{
	if (r->ops == &ring_packed)
		sample_packed(r);
	else
		sample_split(r);
}

/* Looked at while the device works, again and again. */
START_TEST(what_it_says_is_always_valid)
{
	struct driver *d = driver_start(_axes);
	struct stream *s = stream_open(d, CONTROLQ, 16);

	ring_set_calls(d->control, CALLS_UNWANTED);
	while (s->taken < 400) {
		for (unsigned n = draw_below(4); n; n--)
			stream_add(s, 2, SHAPE_AXES);
		stream_publish(s);
		for (unsigned i = 0; i < 100; i++)
			sample(d->control);
		stream_take(s);
		pump_once();
		sched_yield();
	}
	stream_drain(s);
	stream_close(s);
}
END_TEST

/* With nothing to do it wants to be told of what comes, in either lap. */
START_TEST(a_device_at_rest_wants_a_kick)
{
	struct driver *d = driver_start(_axes);
	struct stream *s[] = { stream_open(d, CONTROLQ, 1),
			       stream_open(d, CURSORQ, 1) };

	for (unsigned i = 0; i < 6 * _axes->num && i < 100; i++) {
		struct stream *one = s[i % 2];

		frontend_expect_silence(d->fe);
		stream_add(one, 2, SHAPE_AXES);
		ring_publish(one->ring);
		if (!ring_kick(one->ring))
			FAIL("nobody would tell it of request %u", i);
		stream_drain(one);
	}
	stream_close(s[0]);
	stream_close(s[1]);
}
END_TEST

/* ---- no work is lost ---- */

/* A moment in which the device gets somewhere, sometimes to its sleep. */
static void dither(void)
{
	for (volatile unsigned n = draw_below(300); n; n--)
		;
	if (!draw_below(8))
		sched_yield();
}

static void add_some(struct stream *s)
{
	unsigned n = draw_below(3);

	while (n-- && stream_add(s, 2, SHAPE_AXES))
		;
	stream_publish(s);
}

/*
 * This driver looks by itself and posts the moment it sees a reply: just when
 * the device goes to sleep, and asks for kicks again.
 */
static void look_and_post(struct driver *d, struct stream *s, uint64_t requests)
{
	ring_set_calls(s->ring, CALLS_UNWANTED);
	while (s->taken < requests) {
		if (!s->ring->in_flight) {
			stream_add(s, 2, SHAPE_AXES);
			stream_publish(s);
		}
		ring_await_all(s->ring);
		stream_take(s);
		dither();
		if (draw_below(2))
			add_some(s);
	}
	stream_drain(s);
	ring_set_calls(s->ring, CALLS_WANTED);
	driver_check_ram(d);
}

/* This one sleeps until it is called, with as much in flight as it likes. */
static void sleep_and_post(struct stream *s, uint64_t requests)
{
	while (s->taken < requests) {
		add_some(s);
		dither();
		if (s->ring->in_flight)
			stream_wait(s);
	}
	stream_drain(s);
}

/* Kicks as told, and never once more: one lost, and it would wait for ever. */
START_TEST(no_wake_up_is_lost)
{
	for (unsigned i = 0; i < 4; i++) {
		struct axes axes = axes_default;
		struct driver *d;
		struct stream *s;

		axes.packed = i / 2;
		axes.event_idx = i % 2;
		axes.num = axes.packed ? 5 : 4;
		d = driver_start(&axes);
		d->guarded = false;
		s = stream_open(d, CONTROLQ, axes.num);
		look_and_post(d, s, 50000);
		sleep_and_post(s, 100000);
		stream_close(s);
		driver_end(d);
	}
}
END_TEST

/* Chains that are there, but nobody has said so. */
static void add_unsaid(struct stream *s, unsigned n)
{
	while (n-- && stream_add(s, 2, SHAPE_AXES))
		;
	ring_publish(s->ring);
}

START_TEST(a_kick_serves_its_own_queue)
{
	struct driver *d = driver_start(_axes);
	struct stream *s[] = { stream_open(d, CONTROLQ, 4),
			       stream_open(d, CURSORQ, 4) };

	for (unsigned i = 0; i < 10; i++) {
		struct stream *now = s[i % 2], *later = s[!(i % 2)];

		add_unsaid(later, 3);
		add_unsaid(now, 3);
		ring_kick_now(now->ring);
		stream_drain(now);
		ring_kick_now(later->ring);
		stream_drain(later);
	}
	stream_close(s[0]);
	stream_close(s[1]);
}
END_TEST

/* On both queues at random; what is there when the kick comes is served. */
START_TEST(kicks_on_both_queues_mix)
{
	struct driver *d = driver_start(_axes);
	struct stream *s[] = { stream_open(d, CONTROLQ, 16),
			       stream_open(d, CURSORQ, 16) };

	while (s[0]->taken < 200 || s[1]->taken < 200) {
		struct stream *one = s[draw_below(2)];

		add_some(one);
		if (!draw_below(4))
			ring_kick_now(s[draw_below(2)]->ring);
		if (!draw_below(3) && one->ring->in_flight)
			stream_wait(one);
	}
	stream_drain(s[0]);
	stream_drain(s[1]);
	stream_close(s[0]);
	stream_close(s[1]);
}
END_TEST

/*
 * A ring of 32768 whose entries are all the same chain, but for two, half a lap
 * apart, that have a response of their own. Where one of those is written the
 * device finds half a lap more, behind the half that it has still before it.
 */
struct treadmill {
	struct ring *r;
	uint64_t marks[2]; /* guest addresses of those responses */
	unsigned passed;   /* so often one was written */
	uint16_t avail;
};

enum { LAP = 32768, UNTOUCHED = 0 };

static void put_chain(struct ring *r, uint16_t head, uint64_t request,
		      uint64_t response)
{
	split_set_desc(r, head,
		       (struct vring_desc){ request, 24, VRING_DESC_F_NEXT,
					    head + 1 });
	split_set_desc(r, head + 1,
		       (struct vring_desc){ response, 24, VRING_DESC_F_WRITE,
					    0 });
}

static struct treadmill treadmill_start(struct driver *d)
{
	struct virtio_gpu_ctrl_hdr cmd = driver_header(0xff, 0);
	struct treadmill t = { .r = d->control, .avail = LAP / 2 + 1 };
	uint64_t request = ram_alloc(d->ram, 24, 8, "request");

	ram_write(d->ram, request, &cmd, sizeof(cmd));
	put_chain(t.r, 4, request, ram_alloc(d->ram, 24, 8, "response"));
	for (uint32_t slot = 0; slot < LAP; slot++)
		split_set_avail(t.r, (uint16_t)slot, 4);
	for (unsigned i = 0; i < 2; i++) {
		t.marks[i] = ram_alloc(d->ram, 24, 8, "response, marked");
		ram_fill(d->ram, t.marks[i], UNTOUCHED, 24);
		put_chain(t.r, (uint16_t)(2 * i), request, t.marks[i]);
		split_set_avail(t.r, (uint16_t)(i * LAP / 2),
				(uint16_t)(2 * i));
	}
	split_set_avail_idx(t.r, t.avail);
	ring_kick_now(t.r);
	return t;
}

static void treadmill_step(struct treadmill *t)
{
	uint64_t mark = t->marks[t->passed % 2];

	if (ram_load16(t->r->ram, mark) == UNTOUCHED)
		return;
	ram_store16(t->r->ram, mark, UNTOUCHED);
	t->passed++;
	t->avail += LAP / 2;
	split_set_avail_idx(t->r, t->avail);
	ring_kick_now(t->r);
}

static void treadmill_run(struct treadmill *t, unsigned halves)
{
	uint64_t end = pump_now() + PATIENCE_MS;

	for (unsigned from = t->passed; t->passed < from + halves;) {
		treadmill_step(t);
		if (pump_now() > end)
			FAIL("the busy queue does not go on");
	}
}

/* In one go the device does a lap at most; the kick is there at its end. */
enum { ENOUGH = 32 };

static void expect_turn(struct treadmill *t, struct stream *s)
{
	unsigned from = t->passed;

	stream_add(s, 2, SHAPE_AXES);
	stream_publish(s);
	while (!s->ring->ops->ready(s->ring)) {
		treadmill_step(t);
		if (t->passed - from > ENOUGH)
			FAIL("%u half laps, and the other queue had no turn",
			     ENOUGH);
	}
	stream_drain(s);
}

START_TEST(a_queue_that_never_empties_leaves_the_other_its_turn)
{
	struct axes axes = axes_default;
	struct driver *d;
	struct treadmill t;
	struct stream *s;

	axes.num = LAP;
	axes.event_idx = false;
	d = driver_start_with(&(struct driver_options){
		.axes = &axes, .cursor_num = 4, .ram = 24 << 20 });
	d->guarded = false;
	ring_set_calls(d->control, CALLS_UNWANTED);
	s = stream_open(d, CURSORQ, 1);
	t = treadmill_start(d);
	for (unsigned i = 0; i < 10; i++) {
		treadmill_run(&t, 8);
		expect_turn(&t, s);
	}
	stream_close(s);
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

/* ---- kicks for nothing ---- */

START_TEST(more_kicks_than_needed_do_no_harm)
{
	struct driver *d = driver_start(_axes);
	struct stream *s[] = { stream_open(d, CONTROLQ, 8),
			       stream_open(d, CURSORQ, 8) };

	for (unsigned i = 0; i < 30; i++) {
		ring_kick_now(d->control);
		ring_kick_now(d->cursor);
		add_unsaid(s[i % 2], 8);
		for (unsigned n = 2 + draw_below(20); n; n--)
			ring_kick_now(s[n % 2]->ring);
		stream_drain(s[i % 2]);
	}
	stream_close(s[0]);
	stream_close(s[1]);
}
END_TEST

/* Nobody is called for them, and the device goes back to its sleep. */
START_TEST(a_storm_of_kicks_passes)
{
	struct driver *d = driver_start(_axes);
	struct ring *rings[] = { d->control, d->cursor };

	driver_expect_alive(d);
	rest_begin(d);
	for (unsigned i = 0; i < 50000; i++)
		ring_kick_now(rings[i % 2]);
	program_expect_rest(d->program);
	rest_expect(d);
	driver_expect_alive(d);
	driver_pause(d);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("said", what_it_says_is_always_valid, "C45 C47 D27"),
	ON_ALL_AXES("said", a_device_at_rest_wants_a_kick, "C48 D27 D28"),
	ONCE("lost", no_wake_up_is_lost, "C46 C48 D28", .seconds = 300),
	ON_ALL_AXES("lost", a_kick_serves_its_own_queue, "C53"),
	ON_ALL_AXES("lost", kicks_on_both_queues_mix, "C53"),
	ONCE("lost", a_queue_that_never_empties_leaves_the_other_its_turn,
	     "C53"),
	ON_ALL_AXES("needless", more_kicks_than_needed_do_no_harm, "C49"),
	ON_ALL_AXES("needless", a_storm_of_kicks_passes, "C49"),
	{ 0 }
};

Suite *kicks_suite(void)
{
	return suite_new("kicks", tests);
}
