/*
 * A packed ring's progress: laps and their wrap counter, lists that lie across
 * the ring's end, what a used descriptor says, and flags that make no sense.
 *
 * virtio 1.3, section 2.8.
 */
#include <linux/virtio_ring.h>

#include "draws.h"
#include "guard.h"
#include "ring_packed.h"
#include "safe.h"
#include "sequence.h"
#include "stream.h"
#include "suites.h"

enum {
	AVAIL = 1 << VRING_PACKED_DESC_F_AVAIL,
	USED = 1 << VRING_PACKED_DESC_F_USED,
};

static struct driver *start_sized(struct program *p, uint32_t num,
				  enum layout layout)
{
	struct axes axes = axes_default;

	axes.packed = true;
	axes.num = num;
	axes.layout = layout;
	return driver_start_with(&(struct driver_options){ .axes = &axes,
							   .program = p,
							   .cursor_num = 4,
							   .ram = 24 << 20 });
}

/* ---- laps ---- */

/* Any size will do. Each part of the ring ends with a region's last byte. */
START_TEST(every_size_goes_round)
{
	static const uint32_t sizes[] = {
		1, 2, 3, 5, 7, 100, 4096, 32767, 32768
	};
	struct program *p = program_start(NULL);

	for (unsigned i = 0; i < 9; i++) {
		struct driver *d = start_sized(p, sizes[i], LAYOUT_EDGE);
		unsigned pieces = sizes[i] > 1 ? 2 : 1;
		struct stream *s = stream_open(d, CONTROLQ, sizes[i]);

		for (unsigned round = 0; round < 7; round++) {
			while (stream_add(s, pieces, SHAPE_DIRECT))
				;
			stream_publish(s);
			stream_drain(s);
		}
		stream_close(s);
		driver_pause(d);
		driver_end(d);
	}
}
END_TEST

/* The slot the next used descriptor is due at, once it is there. */
static void check_used_flags(struct ring *r, bool data)
{
	uint16_t lap = r->packed.used_wrap ? AVAIL | USED : 0;
	uint16_t flags = packed_desc(r, r->packed.used).flags;

	ck_assert_uint_eq(flags & (AVAIL | USED), lap);
	ck_assert_uint_eq(flags & VRING_DESC_F_WRITE,
			  data ? VRING_DESC_F_WRITE : 0);
	/* NEXT and INDIRECT mean nothing here (2.8.4): nobody sets them. */
	if (!suite_portable())
		ck_assert_uint_eq(flags & ~(AVAIL | USED | VRING_DESC_F_WRITE),
				  0);
}

static void many_laps(struct driver *d, unsigned requests)
{
	struct ring *r = d->control;
	struct stream *s = stream_open(d, CONTROLQ, r->num);

	while (s->taken < requests) {
		while (stream_add(s, 2 + draw_below(r->num - 1), SHAPE_DIRECT))
			;
		stream_publish(s);
		ring_await_all(r);
		while (r->ops->ready(r)) {
			check_used_flags(r, true);
			stream_take_one(s);
		}
	}
	stream_drain(s);
	stream_close(s);
}

/* Odd sizes: a lap ends within a list, and the parity flips there. */
START_TEST(every_lap_flips_the_wrap_counter)
{
	static const uint32_t sizes[] = { 3, 5, 7 };
	struct program *p = program_start(NULL);

	for (unsigned i = 0; i < 3; i++) {
		struct driver *d = start_sized(p, sizes[i], LAYOUT_ONE);

		many_laps(d, 35000);
		driver_pause(d);
		driver_resume(d);
		driver_expect_alive(d);
		driver_end(d);
	}
}
END_TEST

/* ---- lists ---- */

/* One used descriptor each, then as many slots on as the list had. */
START_TEST(a_list_is_used_at_its_first_slot)
{
	struct driver *d = driver_start(_axes);
	struct ring *r = d->control;
	unsigned longest = r->num < STREAM_PIECES ? r->num : STREAM_PIECES;
	struct stream *s = stream_open(d, CONTROLQ, r->num);

	for (unsigned n = 1; n <= longest; n++) {
		/* Of all lengths, from where the last one ended. */
		for (unsigned i = 0; i < r->num && i < 6; i++) {
			stream_add(s, n, SHAPE_DIRECT);
			stream_add(s, 1 + draw_below(longest), SHAPE_DIRECT);
			stream_publish(s);
			ring_await_all(r);
			check_used_flags(r, n > 1);
			stream_drain(s);
		}
	}
	stream_close(s);
	driver_pause(d);
}
END_TEST

/* From each slot the ring has, in either lap. */
START_TEST(lists_lie_across_the_end)
{
	struct axes axes = *_axes;
	struct driver *d;

	axes.num = 7;
	d = driver_start(&axes);
	for (uint32_t at = 0; at < 14; at++) {
		uint32_t base = at % 7 | (at < 7 ? 0x8000 : 0);
		struct stream *s;

		driver_pause(d);
		ring_restart(d->control, base | base << 16);
		driver_resume(d);
		s = stream_open(d, CONTROLQ, 7);
		for (unsigned n = 2; n <= 7; n++) {
			stream_add(s, n, SHAPE_DIRECT);
			stream_publish(s);
			stream_drain(s);
		}
		stream_close(s);
	}
	driver_expect_alive(d);
}
END_TEST

/* Commands that are answered at once come back in the order they went in. */
START_TEST(work_is_done_in_ring_order)
{
	struct driver *d = driver_start(_axes);
	struct ring *r = d->control;
	struct stream *s = stream_open(d, CONTROLQ, 64);

	if (suite_portable())
		suite_skip("a device may complete in any order");
	for (unsigned round = 0; round < 20; round++) {
		uint16_t ids[64], n = 0;

		while (n < 64 && stream_add(s, 2, SHAPE_AXES))
			ids[n++] = r->packed.free[r->packed.nfree];
		stream_publish(s);
		ring_await_all(r);
		for (uint16_t i = 0; i < n; i++) {
			ck_assert_uint_eq(packed_desc(r, r->packed.used).id,
					  ids[i]);
			stream_take_one(s);
		}
	}
	stream_close(s);
}
END_TEST

/* ---- used descriptors ---- */

START_TEST(used_length_is_what_was_written)
{
	static const uint32_t rooms[] = { 0, 4096, 408, 23, 24, 407, 409, 1 };
	static const uint32_t used[] = { 0, 408, 408, 0, 24, 24, 408, 0 };
	struct virtio_gpu_ctrl_hdr cmd =
		driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 0);
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 8; i++) {
		/* Its WRITE flag says whether there is a length at all. */
		struct reply r =
			driver_send(d, &(struct request){ REQUEST(cmd),
							  .room = rooms[i] });

		ck_assert_uint_le(r.used, rooms[i]);
		if (!suite_portable())
			ck_assert_uint_eq(r.used, used[i]);
	}
}
END_TEST

/* Linux' cursor requests have no room for a response. */
START_TEST(nothing_written_is_no_write_flag)
{
	struct driver *d = driver_start(_axes);
	struct stream *s = stream_open(d, CURSORQ, 64);

	for (unsigned i = 0; i < 20; i++) {
		stream_add(s, 1 + i % 2, SHAPE_AXES);
		stream_publish(s);
		ring_await_all(d->cursor);
		check_used_flags(d->cursor, i % 2);
		stream_drain(s);
	}
	stream_close(s);
}
END_TEST

/* ---- whose a slot is ---- */

/* A GET_DISPLAY_INFO of two descriptors, all but the first one's flags. */
static void put_list(struct safe *s, struct vring_packed_desc *first)
{
	struct ring *r = s->ring;
	uint16_t at = r->packed.next;
	bool last = at + 1u == r->num, wrap = r->packed.wrap != last;

	packed_set_desc(r, last ? 0 : at + 1u,
			(struct vring_packed_desc){
				s->response, SAFE_RESPONSE, 1,
				VRING_DESC_F_WRITE |
					packed_avail_flags(wrap) });
	*first = (struct vring_packed_desc){ s->request, SAFE_REQUEST, 0xffff,
					     VRING_DESC_F_NEXT };
}

/* All of it may stand there, but for the two bits of this lap. */
START_TEST(only_its_flags_make_a_slot_available)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 4; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		struct ring *r = s.ring;
		bool lap = r->packed.wrap;
		/* Used, in this lap and the last, and available in another. */
		const uint16_t others[] = { lap ? AVAIL | USED : 0,
					    lap ? 0 : AVAIL | USED,
					    packed_avail_flags(!lap) };
		struct vring_packed_desc first;
		uint16_t flags;

		put_list(&s, &first);
		flags = first.flags;
		for (unsigned j = 0; j < 3; j++) {
			first.flags = flags | others[j];
			packed_set_desc(r, r->packed.next, first);
			ring_kick_now(r);
			driver_expect_answer(d, CURSORQ);
			driver_check_ram(d);
			ck_assert_uint_eq(ring_calls(r), 0);
		}
		first.flags = flags | packed_avail_flags(lap);
		packed_set_desc(r, r->packed.next, first);
		ring_kick_now(r);
		ck_assert_int_eq(safe_finish_or_reply(&s, 0), SAFE_REPLIED);
		for (unsigned n = draw_below(2 * d->axes.num); n; n--)
			driver_expect_answer(d, CONTROLQ);
	}
}
END_TEST

static uint64_t anywhere(const struct safe *s)
{
	return draw_below(8) ? (draw_below(2) ? s->request : s->response)
			     : draw();
}

/* Any flags in any slot, among them the ones that count. */
static void fuzz_slot(struct safe *s)
{
	uint16_t flags = (uint16_t)draw();

	if (draw_below(2))
		flags &= AVAIL | USED | VRING_DESC_F_WRITE;
	packed_set_desc(s->ring, draw_below(s->ring->num),
			(struct vring_packed_desc){
				anywhere(s), draw_below(SAFE_REQUEST + 1),
				(uint16_t)draw(), flags });
}

/* The device may take any of it for a chain, and write where that says. */
static void fuzz(struct driver *d, struct safe *s)
{
	for (unsigned i = 0; i < 400; i++) {
		fuzz_slot(s);
		if (draw_below(2))
			fuzz_slot(s);
		ring_kick_now(s->ring);
		frontend_expect_silence(d->fe);
		/* Stopped: the rest would be seen by nobody. */
		if (ring_errors(s->ring))
			break;
	}
	guard_allow(d->ram, s->ring->desc, 16ull * s->ring->num);
	guard_allow(d->ram, s->request, SAFE_REQUEST);
	guard_allow(d->ram, s->response, SAFE_RESPONSE);
	driver_check_ram(d);
}

START_TEST(flags_may_be_anything)
{
	struct axes axes = *_axes;
	struct driver *d;

	axes.num = 7;
	d = driver_start(&axes);
	trail_quiet(true);
	for (unsigned round = 0; round < 15; round++) {
		struct safe s = safe_begin(d, CONTROLQ);

		fuzz(d, &s);
		driver_expect_answer(d, CURSORQ);
		program_expect_rest(d->program);
		ram_release(d->ram, s.request);
		ram_release(d->ram, s.response);
		driver_reset(d);
		driver_expect_alive(d);
	}
}
END_TEST

static const struct test tests[] = {
	ONCE("laps", every_size_goes_round, "D01 D02", .seconds = 120),
	ONCE("laps", every_lap_flips_the_wrap_counter, "D02 D03 D09 D13",
	     .seconds = 120),
	ON_AXES_WITH(PACKED_RINGS, "lists", a_list_is_used_at_its_first_slot,
		     "D09 D11 D13"),
	ON_AXES_WITH(PACKED_RINGS, "lists", lists_lie_across_the_end,
		     "D02 D09"),
	ON_AXES_WITH(PACKED_RINGS, "lists", work_is_done_in_ring_order, "D07"),
	ON_AXES_WITH(PACKED_RINGS, "used", used_length_is_what_was_written,
		     "D11 D12"),
	ON_AXES_WITH(PACKED_RINGS, "used", nothing_written_is_no_write_flag,
		     "D11 D12 D13"),
	ON_AXES_WITH(PACKED_RINGS, "whose",
		     only_its_flags_make_a_slot_available, "D04"),
	ON_AXES_WITH(PACKED_RINGS, "whose", flags_may_be_anything, "D31"),
	{ 0 }
};

Suite *packedring_suite(void)
{
	return suite_new("packedring", tests);
}
