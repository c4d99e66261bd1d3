/*
 * Two processors on one ring: what the driver sees of the device's writes while
 * they are being done, and what the device sees of the driver's. The device is a
 * process of its own, so the test only has to look at the same time.
 *
 * virtio 1.3, sections 2.7.8.2 and 2.8.15.
 */
#define _GNU_SOURCE
#include <linux/virtio_ring.h>
#include <sched.h>
#include <string.h>

#include "draws.h"
#include "pump.h"
#include "ring_packed.h"
#include "ring_split.h"
#include "stream.h"
#include "suites.h"

enum { REQUESTS = 40000, POISON = 0xa5a5a5a5 };

/* A driver that looks for itself, without a break. */
static struct driver *start(bool packed, bool event_idx)
{
	struct axes axes = axes_default;
	struct driver *d;

	axes.packed = packed;
	axes.event_idx = event_idx;
	d = driver_start(&axes);
	program_take_two_processors(d->program);
	d->guarded = false;
	ring_set_calls(d->control, CALLS_UNWANTED);
	return d;
}

static void spin_until_used(struct ring *r)
{
	uint64_t end = pump_now() + PATIENCE_MS;

	for (unsigned n = 1; !r->ops->ready(r); n++) {
		if (n % 4096)
			continue;
		if (pump_now() > end)
			FAIL("nothing was used in time");
		pump_once();
		sched_yield();
	}
}

static void add_some(struct stream *s)
{
	for (unsigned n = 1 + draw_below(6); n; n--)
		stream_add(s, 2, SHAPE_AXES);
}

static void poison_used(struct ring *r)
{
	uint16_t first = r->split.seen;

	for (uint32_t i = 0; i < r->in_flight; i++)
		ram_fill(r->ram,
			 r->device + 4 +
				 8ull * ((uint16_t)(first + i) % r->num),
			 POISON & 0xff, 8);
}

/* The moment the index moves: element and response are there already. */
START_TEST(used_entries_are_there_before_the_index)
{
	for (unsigned i = 0; i < 2; i++) {
		struct driver *d = start(false, i);
		struct ring *r = d->control;
		struct stream *s = stream_open(d, CONTROLQ, 64);

		while (s->taken < REQUESTS) {
			add_some(s);
			poison_used(r);
			stream_publish(s);
			spin_until_used(r);
			/* Checks id, length, and all of the response. */
			while (r->in_flight)
				if (!stream_take_one(s))
					spin_until_used(r);
		}
		stream_close(s);
		driver_end(d);
	}
}
END_TEST

enum { LOOKS = 50, SLEEPS = 4000 };

/* From the moment its flags say "used": the driver's, and left alone. */
static void look_at_used(struct ring *r)
{
	uint32_t slot = r->packed.used;
	struct vring_packed_desc first = packed_desc(r, slot);

	for (unsigned i = 0; i < LOOKS; i++) {
		struct vring_packed_desc now = packed_desc(r, slot);

		if (memcmp(&first, &now, sizeof(now)))
			FAIL("slot %u changed after it was used: id %u, len "
			     "%u, flags %#x became id %u, len %u, flags %#x",
			     slot, first.id, first.len, first.flags, now.id,
			     now.len, now.flags);
	}
}

START_TEST(a_used_descriptor_is_left_alone)
{
	for (unsigned i = 0; i < 2; i++) {
		struct driver *d = start(true, i);
		struct ring *r = d->control;
		struct stream *s = stream_open(d, CONTROLQ, 64);

		while (s->taken < REQUESTS) {
			add_some(s);
			stream_publish(s);
			while (r->in_flight) {
				spin_until_used(r);
				look_at_used(r);
				stream_take_one(s);
			}
		}
		stream_close(s);
		driver_end(d);
	}
}
END_TEST

/*
 * This driver makes up its mind to sleep while the device is at work on its
 * request. Either it finds the request used, or it is called: one that looks for
 * who wants a call before it shows what it has used may do neither.
 */
static void sleep_late(struct stream *s)
{
	ring_set_calls(s->ring, CALLS_UNWANTED);
	stream_add(s, 2, SHAPE_AXES);
	stream_publish(s);
	for (volatile unsigned n = draw_below(40000); n; n--)
		;
	ring_set_calls(s->ring, CALLS_WANTED);
	stream_wait(s);
}

START_TEST(no_call_is_lost)
{
	for (unsigned i = 0; i < 4; i++) {
		struct driver *d = start(i / 2, i % 2);
		struct stream *s = stream_open(d, CONTROLQ, 1);

		while (s->taken < SLEEPS)
			sleep_late(s);
		stream_close(s);
		driver_end(d);
	}
}
END_TEST

static const struct test tests[] = {
	ONCE("driver", used_entries_are_there_before_the_index, "C30 C31 C37",
	     .seconds = 120),
	ONCE("driver", a_used_descriptor_is_left_alone, "D05 D12",
	     .seconds = 120),
	ONCE("driver", no_call_is_lost, "C39 C41 D24", .seconds = 120),
	{ 0 }
};

Suite *ordering_suite(void)
{
	return suite_new("ordering", tests);
}
