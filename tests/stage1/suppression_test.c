/*
 * Calls, and how a driver says which it wants: avail.flags and used_event of a
 * split ring, the driver's event structure of a packed one.
 *
 * virtio 1.3, sections 2.7.7, 2.8.10 and 2.8.14.
 */
#include <linux/virtio_ring.h>

#include "draws.h"
#include "pump.h"
#include "ring_packed.h"
#include "ring_split.h"
#include "sequence.h"
#include "stream.h"
#include "suites.h"

/* A driver that has nobody wait for calls: the test says what is wanted. */
static struct driver *start(const struct axes *axes, bool event_idx)
{
	struct axes own = *axes;
	struct driver *d;

	own.event_idx = event_idx;
	d = driver_start(&own);
	/* The first one of all may be called for in any case. */
	driver_expect_answer(d, CONTROLQ);
	ring_set_calls(d->control, CALLS_UNWANTED);
	trail_quiet(true);
	return d;
}

static void begin_at(struct driver *d, uint32_t base)
{
	driver_pause(d);
	ring_restart(d->control, base);
	driver_resume(d);
}

/* `n` chains, used at once as far as the device likes; the calls that made. */
static uint64_t calls_for(struct driver *d, unsigned n, unsigned pieces)
{
	struct ring *r = d->control;
	struct stream *s = stream_open(d, CONTROLQ, n);
	uint64_t calls;

	/* What comes late, and what comes of the start, is none of it. */
	frontend_expect_silence(d->fe);
	pump_once();
	ring_calls(r);
	while (stream_add(s, pieces, SHAPE_DIRECT))
		;
	stream_publish(s);
	ring_await_all(r);
	frontend_expect_silence(d->fe);
	calls = ring_calls(r);
	stream_drain(s);
	stream_close(s);
	return calls;
}

/* ---- split, without EVENT_IDX ---- */

START_TEST(each_batch_is_called_for)
{
	struct driver *d = start(_axes, false);

	split_set_avail_flags(d->control, 0);
	for (unsigned i = 0; i < 50; i++) {
		unsigned n = 1 + draw_below(4);

		/* Taking a chain sets the flag again: nobody wants calls. */
		split_set_avail_flags(d->control, 0);
		ck_assert_uint_ge(calls_for(d, n, 1), 1);
	}
}
END_TEST

START_TEST(the_flag_keeps_calls_away)
{
	struct driver *d = start(_axes, false);

	for (unsigned i = 0; i < 100; i++)
		ck_assert_uint_eq(calls_for(d, 1 + draw_below(4), 1), 0);
	/* And they are back with the flag gone; its other bits say nothing. */
	split_set_avail_flags(d->control, 0xfffe);
	ck_assert_uint_ge(calls_for(d, 1, 1), 1);
}
END_TEST

/* Where used_event would be lies something else. */
START_TEST(without_event_idx_used_event_means_nothing)
{
	struct driver *d = start(_axes, false);

	for (unsigned i = 0; i < 64; i++) {
		bool wanted = i % 2;
		uint16_t near = (uint16_t)(d->control->split.seen + i / 2 - 8);

		split_set_avail_flags(d->control, !wanted);
		split_set_used_event(d->control,
				     i < 32 ? near : (uint16_t)draw());
		ck_assert_int_eq(calls_for(d, 1, 1) > 0, wanted);
	}
}
END_TEST

START_TEST(without_event_idx_avail_event_is_left_alone)
{
	struct driver *d = start(_axes, false);
	uint64_t at = d->control->device + 4 + 8ull * d->control->num;

	/* The guard knows that this word is nobody's. */
	for (unsigned i = 0; i < 20; i++) {
		ram_store16(d->ram, at, (uint16_t)draw());
		calls_for(d, 1 + draw_below(4), 1);
		ring_kick_now(d->control);
		frontend_expect_silence(d->fe);
		driver_check_ram(d);
	}
}
END_TEST

/* ---- split, with EVENT_IDX ---- */

/* From `base`, `n` at once, with each event that is near, and some far. */
static void try_used_events(struct driver *d, uint16_t base, unsigned n)
{
	static const int away[] = { -2, -1, 0,	    1,	    2,	   3,
				    4,	5,  0x7fff, 0x8000, -0x100 };

	for (unsigned i = 0; i < 11; i++) {
		uint16_t event = (uint16_t)(base + away[i]);
		bool due = vring_need_event(event, (uint16_t)(base + n), base);
		bool called;

		begin_at(d, base);
		split_set_used_event(d->control, event);
		called = calls_for(d, n, 1) > 0;
		/* One too many behind a restart is what others may do. */
		if (called != due && !(suite_portable() && called))
			FAIL("used.idx went from %u to %u, used_event is %u: "
			     "%s",
			     base, (uint16_t)(base + n), event,
			     due ? "no call" : "a call");
	}
}

START_TEST(used_event_says_when_to_call)
{
	struct driver *d = start(_axes, true);
	const uint16_t bases[] = { 0, (uint16_t)(d->axes.num - 1), 0x7ffe,
				   0xfffd, 0xffff };

	for (unsigned i = 0; i < 5; i++)
		for (unsigned n = 1; n <= 4; n += 1 + n / 2)
			try_used_events(d, bases[i], n);
}
END_TEST

/* One call for the one index that was named, as used.idx passes by it. */
START_TEST(used_event_is_called_for_once)
{
	struct driver *d = start(_axes, true);

	for (unsigned round = 0; round < 4; round++) {
		uint16_t from = d->control->split.seen;
		uint64_t calls = 0;

		for (uint16_t i = 0; i < 40; i++) {
			split_set_used_event(d->control, (uint16_t)(from + 20));
			calls += calls_for(d, 1, 1);
			ck_assert_uint_eq(calls, i >= 20);
		}
	}
}
END_TEST

START_TEST(with_event_idx_the_flag_means_nothing)
{
	struct driver *d = start(_axes, true);

	for (unsigned i = 0; i < 32; i++) {
		bool wanted = i % 2;
		uint16_t at = d->control->split.seen;

		split_set_avail_flags(d->control, i / 2 % 2);
		split_set_used_event(d->control, (uint16_t)(at - !wanted));
		ck_assert_int_eq(calls_for(d, 1, 1) > 0, wanted);
	}
}
END_TEST

/* ---- packed ---- */

/* Always, and never. DESC, where nobody negotiated it, is not "never". */
START_TEST(event_flags_turn_calls_on_and_off)
{
	for (unsigned event_idx = 0; event_idx < 2; event_idx++) {
		struct driver *d = start(_axes, event_idx);

		for (unsigned i = 0; i < 60; i++) {
			uint16_t flags = (uint16_t)(i % (event_idx ? 2 : 3));

			packed_set_event(d->control, (uint16_t)draw(), flags);
			ck_assert_int_eq(
				calls_for(d, 1 + draw_below(4), 1) > 0,
				flags != VRING_PACKED_EVENT_FLAG_DISABLE);
		}
		driver_end(d);
	}
}
END_TEST

START_TEST(reserved_event_flags_do_no_harm)
{
	struct driver *d = start(_axes, _axes->event_idx);

	for (unsigned i = 0; i < 40; i++) {
		packed_set_event(d->control, (uint16_t)draw(),
				 i < 20 ? 3 : (uint16_t)draw() | 4);
		calls_for(d, 1 + draw_below(4), 1);
	}
	ring_set_calls(d->control, CALLS_WANTED);
	driver_expect_alive(d);
}
END_TEST

/* One number for slot and lap: how many slots since the first lap began. */
static uint32_t linear(uint16_t off_wrap, uint32_t num)
{
	return (off_wrap & 0x7fff) + (off_wrap >> 15 ? 0 : num);
}

/* Is `event` one of the `slots` slots from `from` on? Two laps go round. */
static bool is_among(uint16_t event, uint16_t from, uint32_t slots,
		     uint32_t num)
{
	uint32_t ahead = linear(event, num) + 2 * num - linear(from, num);

	return ahead % (2 * num) < slots;
}

static void try_desc_events(struct driver *d, uint16_t from, unsigned n,
			    unsigned pieces)
{
	uint32_t num = d->axes.num;

	for (uint32_t i = 0; i < 2 * num; i++) {
		uint16_t event = (uint16_t)(i % num | (i < num ? 0x8000 : 0));
		bool due = is_among(event, from, n * pieces, num);

		begin_at(d, from | (uint32_t)from << 16);
		packed_set_event(d->control, event,
				 VRING_PACKED_EVENT_FLAG_DESC);
		if ((calls_for(d, n, pieces) > 0) != due)
			FAIL("%u lists of %u were used from %#x on, the event "
			     "is %#x: %s",
			     n, pieces, from, event,
			     due ? "no call" : "a call");
	}
}

/*
 * From each slot of either lap, as many as there are, with each event. One that
 * names a slot within a list counts too: it has been passed by.
 */
START_TEST(a_slot_and_a_lap_say_when_to_call)
{
	struct axes axes = axes_default;
	struct driver *d;

	axes.packed = true;
	axes.num = 5;
	d = start(&axes, true);
	for (uint32_t i = 0; i < 2 * axes.num; i++) {
		uint16_t from = (uint16_t)(i % 5 | (i < 5 ? 0x8000 : 0));

		for (unsigned n = 1; n <= 5; n++)
			try_desc_events(d, from, n, 1);
		try_desc_events(d, from, 1, 2);
		try_desc_events(d, from, 2, 2);
		try_desc_events(d, from, 1, 5);
	}
}
END_TEST

/* It is named when it has been used already, and nobody called for it. */
START_TEST(a_slot_that_was_passed_is_not_called_for)
{
	struct driver *d = start(_axes, true);
	const struct packed_driver *p = &d->control->packed;

	for (unsigned i = 0; i < 30; i++) {
		uint16_t slot = (uint16_t)(p->used | p->used_wrap << 15);

		packed_set_event(d->control, 0,
				 VRING_PACKED_EVENT_FLAG_DISABLE);
		ck_assert_uint_eq(calls_for(d, 1, 1), 0);
		packed_set_event(d->control, slot,
				 VRING_PACKED_EVENT_FLAG_DESC);
		ck_assert_uint_eq(calls_for(d, 1, 1), 0);
	}
}
END_TEST

/* There is no such slot: a call comes, or none. */
START_TEST(an_event_may_be_beyond_the_ring)
{
	struct driver *d = start(_axes, true);

	for (unsigned i = 0; i < 60; i++) {
		uint16_t off = (uint16_t)(i < 10 ? d->axes.num + i
						 : 0x7fff - i);

		packed_set_event(d->control, off | (i % 2 ? 0x8000 : 0),
				 VRING_PACKED_EVENT_FLAG_DESC);
		calls_for(d, 1 + draw_below(4), 1);
	}
	ring_set_calls(d->control, CALLS_WANTED);
	driver_expect_alive(d);
}
END_TEST

/* ---- both ---- */

/* Wherever the next driver begins, and wherever the last one ended. */
START_TEST(the_first_call_after_a_restart_comes)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 24; i++) {
		struct ring *r = d->control;
		unsigned done = draw_below(6);

		for (unsigned n = 0; n < done; n++)
			driver_expect_answer(d, CONTROLQ);
		driver_pause(d);
		/* Where one more is as far as the last one was. */
		if (r->ops == &ring_split)
			ring_restart(r, (uint16_t)(r->base - i % 3));
		else
			ring_restart(r, i % 2 ? ring_base_zero(r)
					      : ring_base_near_wrap(r));
		ring_calls(r);
		driver_resume(d);
		frontend_expect_silence(d->fe);
		pump_once();
		/* libvhost-user calls whenever it gets a call fd. */
		if (!suite_portable())
			ck_assert_uint_eq(ring_calls(r), 0);
		/* FAILs without a call. */
		driver_expect_answer(d, CONTROLQ);
	}
}
END_TEST

static const struct test tests[] = {
	ON_AXES_WITH(SPLIT_RINGS, "flags", each_batch_is_called_for, "C39"),
	ON_AXES_WITH(SPLIT_RINGS, "flags", the_flag_keeps_calls_away, "C40"),
	ON_AXES_WITH(SPLIT_RINGS, "flags",
		     without_event_idx_used_event_means_nothing, "C38 C39 C40"),
	ON_AXES_WITH(SPLIT_RINGS, "flags",
		     without_event_idx_avail_event_is_left_alone, "C50"),
	ON_AXES_WITH(SPLIT_RINGS, "event", used_event_says_when_to_call,
		     "C41 C42"),
	ON_AXES_WITH(SPLIT_RINGS, "event", used_event_is_called_for_once,
		     "C41 C42"),
	ON_AXES_WITH(SPLIT_RINGS, "event",
		     with_event_idx_the_flag_means_nothing, "C43"),
	ON_AXES_WITH(PACKED_RINGS, "packed", event_flags_turn_calls_on_and_off,
		     "D24"),
	ON_AXES_WITH(PACKED_RINGS, "packed", reserved_event_flags_do_no_harm,
		     "D24"),
	ONCE("packed", a_slot_and_a_lap_say_when_to_call, "D25"),
	ON_AXES_WITH(PACKED_RINGS, "packed",
		     a_slot_that_was_passed_is_not_called_for, "D25"),
	ON_AXES_WITH(PACKED_RINGS, "packed", an_event_may_be_beyond_the_ring,
		     "D26"),
	ON_ALL_AXES("restart", the_first_call_after_a_restart_comes, "C42 C44"),
	{ 0 }
};

Suite *suppression_suite(void)
{
	return suite_new("suppression", tests);
}
