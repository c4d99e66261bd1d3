/*
 * A split ring's progress: entries that go round, indices that run on for ever,
 * what stands in the used ring, and an avail ring that makes no sense.
 *
 * virtio 1.3, sections 2.7.5, 2.7.6 and 2.7.8.
 */
#include <linux/virtio_ring.h>
#include <string.h>

#include "draws.h"
#include "guard.h"
#include "pump.h"
#include "ring_split.h"
#include "safe.h"
#include "sequence.h"
#include "stream.h"
#include "suites.h"

/* ---- going round ---- */

/* As many as the ring takes, all at once, and again. */
static void fill_and_drain(struct driver *d, unsigned times)
{
	unsigned pieces = d->control->num > 1 ? 2 : 1;
	struct stream *s = stream_open(d, CONTROLQ, d->control->num);

	while (times--) {
		while (stream_add(s, pieces, SHAPE_DIRECT))
			;
		stream_publish(s);
		stream_drain(s);
	}
	stream_close(s);
}

/* Each of its parts ends with a region's last byte. */
START_TEST(every_size_goes_round)
{
	for (unsigned i = 0; i < 32; i++) {
		struct program *p = program_start(NULL);
		struct axes axes = axes_default;
		struct driver *d;

		axes.layout = LAYOUT_EDGE;
		axes.num = 1u << i / 2;
		axes.event_idx = i % 2;
		d = driver_start_with(
			&(struct driver_options){ .axes = &axes,
						  .program = p,
						  .cursor_num = 4,
						  .ram = 24 << 20 });
		fill_and_drain(d, 5);
		driver_end(d);
		program_stop(p);
	}
}
END_TEST

/* N chains of one descriptor: avail.idx is ahead as far as it may be. */
START_TEST(the_whole_ring_may_be_available_at_once)
{
	struct driver *d = driver_start(_axes);
	struct stream *s = stream_open(d, CURSORQ, d->cursor->num);

	for (unsigned i = 0; i < 5; i++) {
		while (stream_add(s, 1, SHAPE_DIRECT))
			;
		ck_assert_uint_eq(s->ring->in_flight, s->ring->num);
		stream_publish(s);
		stream_drain(s);
	}
	stream_close(s);
}
END_TEST

/* Past 65535 and on; each chain comes back once. */
START_TEST(indices_run_on)
{
	for (unsigned i = 0; i < 2; i++) {
		struct axes axes = axes_default;
		struct driver *d;
		struct stream *s;

		axes.num = 4;
		axes.event_idx = i;
		d = driver_probe(&(struct driver_options){ .axes = &axes });
		ring_restart(d->control, 65530);
		driver_go(d);
		s = stream_open(d, CONTROLQ, 4);
		while (s->taken < 70000) {
			for (unsigned n = 1 + draw_below(4); n; n--)
				stream_add(s, 1 + draw_below(3), SHAPE_AXES);
			stream_publish(s);
			stream_wait(s);
		}
		stream_drain(s);
		stream_close(s);
		driver_pause(d);
		driver_end(d);
	}
}
END_TEST

/* ---- used elements ---- */

static uint32_t info_used(uint32_t room)
{
	if (room >= sizeof(struct virtio_gpu_resp_display_info))
		return sizeof(struct virtio_gpu_resp_display_info);
	return room < 24 ? 0 : 24;
}

/* However it is cut; what is readable never counts. */
START_TEST(used_length_is_what_was_written)
{
	static const uint32_t rooms[] = { 0, 4096, 408, 23, 24, 407, 409, 1 };
	struct virtio_gpu_ctrl_hdr cmd =
		driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 0);
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 8; i++) {
		struct reply r = driver_send(
			d,
			&(struct request){
				REQUEST(cmd), .room = rooms[i],
				.cuts = CUTS(i % 2 ? 1 + draw_below(22) : 0) });

		ck_assert_uint_le(r.used, rooms[i]);
		if (!suite_portable())
			ck_assert_uint_eq(r.used, info_used(rooms[i]));
	}
}
END_TEST

/* Linux' cursor requests have no room for a response. */
START_TEST(nothing_written_is_length_zero)
{
	struct virtio_gpu_update_cursor move = {
		.hdr = driver_header(VIRTIO_GPU_CMD_MOVE_CURSOR, 0),
	};
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 20; i++) {
		struct reply r =
			driver_send(d, &(struct request){ REQUEST(move),
							  .queue = CURSORQ });

		ck_assert_uint_eq(r.used, 0);
	}
}
END_TEST

/* All 32 bits, of each of a batch; heads come in random order. */
START_TEST(used_elements_name_the_heads)
{
	struct driver *d = driver_start(_axes);
	struct ring *r = d->control;
	struct stream *s = stream_open(d, CONTROLQ, 64);

	for (unsigned round = 0; round < 20; round++) {
		uint16_t first = r->split.seen;

		while (stream_add(s, 2, SHAPE_AXES))
			;
		stream_publish(s);
		ring_await_all(r);
		for (uint16_t i = 0; i < r->in_flight; i++) {
			struct vring_used_elem e =
				split_used_elem(r, (uint16_t)(first + i));

			ck_assert_uint_lt(e.id, r->num);
			ck_assert(r->chains[e.id].busy);
			ck_assert_uint_eq(e.len, 24);
		}
		stream_drain(s);
	}
	stream_close(s);
}
END_TEST

/* ---- an avail ring that can't be ---- */

/* A GET_DISPLAY_INFO of two descriptors. */
static void put_chain(struct safe *s, uint16_t head)
{
	uint16_t next = (uint16_t)(head + 1);

	split_set_desc(s->ring, head,
		       (struct vring_desc){ s->request, SAFE_REQUEST,
					    VRING_DESC_F_NEXT, next });
	split_set_desc(s->ring, next,
		       (struct vring_desc){ s->response, SAFE_RESPONSE,
					    VRING_DESC_F_WRITE, 0 });
}

START_TEST(a_head_beyond_the_ring_stops_the_queue)
{
	struct driver *d = driver_start(_axes);
	const uint16_t heads[] = { (uint16_t)d->control->num, 0x7fff, 0x8000,
				   0xffff };

	for (unsigned i = 0; i < 8; i++) {
		struct safe s = safe_begin(d, i % 2 ? CURSORQ : CONTROLQ);

		trail_step("head %u", heads[i / 2]);
		split_offer(s.ring, heads[i / 2]);
		ring_kick_now(s.ring);
		safe_finish(&s, SAFE_STOPPED);
	}
}
END_TEST

static void await_error(struct ring *r)
{
	if (!pump_until_readable(r->err, PATIENCE_MS))
		FAIL("the queue did not stop");
}

/*
 * What came before it is served, what is behind it never. There is no such
 * command, so that it is answered at once whatever a device does first for some.
 */
START_TEST(entries_before_a_bad_head_are_served)
{
	struct driver *d = driver_start(_axes);
	struct virtio_gpu_ctrl_hdr cmd = driver_header(0, 0);
	struct safe s = safe_begin(d, CONTROLQ);
	uint16_t first = d->control->split.seen;

	ram_write(d->ram, s.request, &cmd, sizeof(cmd));
	put_chain(&s, 0);
	put_chain(&s, 2);
	frontend_enable(d->fe, CONTROLQ, false);
	split_offer(s.ring, 0);
	split_offer(s.ring, (uint16_t)s.ring->num);
	split_offer(s.ring, 2);
	frontend_enable(d->fe, CONTROLQ, true);
	ring_kick_now(s.ring);
	if (suite_portable())
		suite_skip("that it stops there is this project's choice");
	await_error(s.ring);
	ring_kick_now(s.ring);
	frontend_expect_silence(d->fe);
	ck_assert_uint_eq((uint16_t)(split_used_idx(s.ring) - first), 1);
	ck_assert_uint_eq(split_used_elem(s.ring, first).id, 0);
	ck_assert_uint_eq(split_used_elem(s.ring, first).len, sizeof(cmd));
	d->guarded = false;
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

/* More than the ring holds, up to what looks like a step back. */
START_TEST(avail_idx_may_not_jump)
{
	struct driver *d = driver_start(_axes);
	const uint32_t jumps[] = { d->control->num + 1,
				   2 * d->control->num,
				   0x7fff,
				   0x8000,
				   0xff00,
				   0xffff };

	for (unsigned i = 0; i < 6; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		uint16_t from = s.ring->split.avail;

		trail_step("avail.idx goes from %u on by %u", from, jumps[i]);
		put_chain(&s, 0);
		for (uint32_t slot = 0; slot < s.ring->num; slot++)
			split_set_avail(s.ring, (uint16_t)slot, 0);
		split_set_avail_idx(s.ring, (uint16_t)(from + jumps[i]));
		ring_kick_now(s.ring);
		safe_finish(&s, SAFE_STOPPED);
	}
}
END_TEST

START_TEST(avail_idx_may_not_go_back)
{
	struct driver *d = driver_start(_axes);

	for (uint16_t back = 1; back <= 4; back++) {
		struct safe s;

		for (unsigned i = 0; i < 5; i++)
			driver_expect_answer(d, CONTROLQ);
		s = safe_begin(d, CONTROLQ);
		split_set_avail_idx(s.ring,
				    (uint16_t)(s.ring->split.avail - back));
		ring_kick_now(s.ring);
		safe_finish(&s, SAFE_STOPPED);
	}
}
END_TEST

/* As often as it was offered, and not once more. */
START_TEST(a_head_offered_twice_is_served_twice)
{
	struct driver *d = driver_start(_axes);
	struct safe s = safe_begin(d, CONTROLQ);
	struct ring *r = s.ring;
	uint16_t first = r->split.seen;
	struct used u;

	put_chain(&s, 0);
	for (uint32_t i = 0; i < r->num; i++)
		split_offer(r, 0);
	ring_kick_now(r);
	while (r->ops->count(r) < r->num && !pump_until_readable(r->err, 0))
		frontend_expect_silence(d->fe);
	frontend_expect_silence(d->fe);
	ck_assert_uint_le((uint16_t)(split_used_idx(r) - first), r->num);
	if (!suite_portable())
		ck_assert_uint_eq((uint16_t)(split_used_idx(r) - first),
				  r->num);
	while (r->ops->take(r, &u)) {
		ck_assert_uint_eq(u.id, 0);
		guard_allow(d->ram, s.response, u.len);
	}
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

/* ---- the reason ---- */

static void bad_head(struct ring *r)
{
	split_offer(r, 0xffff);
}

static void jump(struct ring *r)
{
	split_set_avail_idx(r, (uint16_t)(r->split.avail + r->num + 1));
}

static void step_back(struct ring *r)
{
	split_set_avail_idx(r, (uint16_t)(r->split.avail - 1));
}

/* Once, with nothing behind it, however often it is kicked. */
START_TEST(a_queue_that_stops_says_why_in_one_line)
{
	static void (*const ways[])(struct ring * r) = { bad_head, jump,
							 step_back };

	if (suite_portable())
		suite_skip("what is said is each device's own affair");
	for (unsigned i = 0; i < 3; i++) {
		struct driver *d = driver_start(_axes);
		struct safe s = safe_begin(d, CONTROLQ);

		ways[i](s.ring);
		ring_kick_now(s.ring);
		await_error(s.ring);
		for (unsigned kicks = 0; kicks < 20; kicks++) {
			ring_kick_now(s.ring);
			frontend_expect_silence(d->fe);
		}
		ck_assert_uint_eq(ring_errors(s.ring), 1);
		ck_assert_uint_eq(program_said(d->program, "controlq stops: "),
				  1);
		ck_assert_uint_eq(program_said(d->program, "\n"), 1);
		driver_check_ram(d);
		driver_end(d);
	}
}
END_TEST

static const struct test tests[] = {
	ONCE("round", every_size_goes_round, "C01 C28", .seconds = 120),
	ON_AXES_WITH(SPLIT_RINGS, "round",
		     the_whole_ring_may_be_available_at_once, "C25 C28"),
	ONCE("round", indices_run_on, "C28 C35", .seconds = 120),
	ON_AXES_WITH(SPLIT_RINGS, "used", used_length_is_what_was_written,
		     "C31 C32 C33"),
	ON_AXES_WITH(SPLIT_RINGS, "used", nothing_written_is_length_zero,
		     "C33"),
	ON_AXES_WITH(SPLIT_RINGS, "used", used_elements_name_the_heads,
		     "C31 C34 C35 C37"),
	ON_AXES_WITH(SPLIT_RINGS, "senseless",
		     a_head_beyond_the_ring_stops_the_queue, "C24"),
	ON_AXES_WITH(SPLIT_RINGS, "senseless",
		     entries_before_a_bad_head_are_served, "C24"),
	ON_AXES_WITH(SPLIT_RINGS, "senseless", avail_idx_may_not_jump, "C25"),
	ON_AXES_WITH(SPLIT_RINGS, "senseless", avail_idx_may_not_go_back,
		     "C26"),
	ON_AXES_WITH(SPLIT_RINGS, "senseless",
		     a_head_offered_twice_is_served_twice, "C27"),
	ON_AXES_WITH(SPLIT_RINGS, "senseless",
		     a_queue_that_stops_says_why_in_one_line, "C24 C25 C26"),
	{ 0 }
};

Suite *splitring_suite(void)
{
	return suite_new("splitring", tests);
}
