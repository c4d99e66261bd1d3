/*
 * What only a split ring has: descriptors that name the next one, in the ring
 * and in indirect tables. A `next` can point anywhere, and round in circles.
 *
 * virtio 1.3, sections 2.7.5 and 2.7.5.3.
 */
#include <pthread.h>

#include "ring_split.h"
#include "safe.h"
#include "suites.h"

enum {
	NEXT = VRING_DESC_F_NEXT,
	WRITE = VRING_DESC_F_WRITE,
	INDIRECT = VRING_DESC_F_INDIRECT,
	UNKNOWN = 0xfff8,
};

static struct vring_desc request(const struct safe *s, uint16_t flags,
				 uint16_t next)
{
	return (struct vring_desc){ s->request, SAFE_REQUEST, flags, next };
}

static struct vring_desc response(const struct safe *s, uint16_t flags,
				  uint16_t next)
{
	return (struct vring_desc){ s->response, SAFE_RESPONSE, WRITE | flags,
				    next };
}

static void offer(struct safe *s, uint16_t head)
{
	split_offer(s->ring, head);
	ring_kick_now(s->ring);
}

/* Descriptor 0 is the head, and points to a table. */
static void offer_table(struct safe *s, uint64_t table, uint32_t entries)
{
	split_set_desc(s->ring, 0,
		       (struct vring_desc){ table, 16 * entries, INDIRECT, 0 });
	offer(s, 0);
}

/* ---- legal ---- */

START_TEST(next_counts_only_with_its_flag)
{
	struct driver *d = driver_start(_axes);
	const uint16_t next[] = { 0xffff, 0, (uint16_t)_axes->num };

	for (unsigned i = 0; i < 3; i++) {
		struct safe s = safe_begin(d, CONTROLQ);

		split_set_desc(s.ring, 0, request(&s, NEXT, 3));
		split_set_desc(s.ring, 3, response(&s, 0, next[i]));
		offer(&s, 0);
		safe_finish_served(&s);
	}
}
END_TEST

/* Of later versions, perhaps; this driver has not negotiated any. */
START_TEST(unknown_flags_are_passed_over)
{
	struct driver *d = driver_start(_axes);
	struct safe s = safe_begin(d, CONTROLQ);

	split_set_desc(s.ring, 2, request(&s, UNKNOWN | NEXT, 1));
	split_set_desc(s.ring, 1, response(&s, UNKNOWN, 0));
	offer(&s, 2);
	safe_finish_or_reply(&s, SAFE_REPLIED);
}
END_TEST

/* 2.7.5.3.2. As far as the ring has room; QEMU's own devices don't know it. */
START_TEST(ordinary_descriptors_may_come_before_a_table)
{
	static const uint32_t cuts[] = { 5, 8, 12, 19, 20, 21, 0 };
	struct driver *d = driver_start(_axes);
	struct virtio_gpu_ctrl_hdr cmd =
		driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO,
			      0xfedcba9876543210);

	for (unsigned i = 0; i < 7; i++) {
		struct request r = { REQUEST(cmd), .room = 408,
				     .cuts = cuts + i,
				     .room_cuts = CUTS(7, 24, 400),
				     .shape = SHAPE_DIRECT_THEN_INDIRECT };
		struct reply got;

		if (!ring_has_room(d->control, 11 - i, r.shape))
			continue;
		got = driver_send(d, &r);
		EXPECT_REPLY(got, VIRTIO_GPU_RESP_OK_DISPLAY_INFO, 408);
		ck_assert_uint_eq(got.hdr.fence_id, cmd.fence_id);
	}
}
END_TEST

/* 0, 5, 2, 7; what lies between would hurt. */
START_TEST(a_table_is_followed_and_not_read_through)
{
	struct driver *d = driver_start(_axes);
	struct safe s = safe_begin(d, CONTROLQ);
	uint64_t table = ram_alloc(d->ram, 8 * 16, 16, "table");
	struct vring_desc half = request(&s, NEXT, 5);

	for (unsigned i = 0; i < 8; i++)
		split_set_table(s.ring, table, i,
				(struct vring_desc){ i, 100,
						     WRITE | INDIRECT | NEXT,
						     0xffff });
	half.len = 10;
	split_set_table(s.ring, table, 0, half);
	half = (struct vring_desc){ s.request + 10, 14, NEXT, 2 };
	split_set_table(s.ring, table, 5, half);
	half = (struct vring_desc){ s.response, 100, WRITE | NEXT, 7 };
	split_set_table(s.ring, table, 2, half);
	half = (struct vring_desc){ s.response + 100, 308, WRITE, 0xffff };
	split_set_table(s.ring, table, 7, half);
	offer_table(&s, table, 8);
	safe_finish_served(&s);
}
END_TEST

/* ---- a next that points nowhere ---- */

/* Right behind its end all would be well, unless memory ends there, too. */
START_TEST(next_points_out_of_the_ring)
{
	struct driver *d = driver_start(_axes);
	const uint16_t next[] = { (uint16_t)_axes->num, 0x7fff, 0xffff };

	for (unsigned i = 0; i < 6; i++) {
		struct safe s = safe_begin(d, CONTROLQ);

		split_set_desc(s.ring, 0, request(&s, NEXT, next[i / 2]));
		split_set_desc(s.ring, 1, response(&s, NEXT, next[i / 2]));
		if (_axes->layout != LAYOUT_EDGE)
			split_set_desc(s.ring, _axes->num, response(&s, 0, 0));
		offer(&s, i % 2);
		safe_finish(&s, SAFE_EMPTY);
	}
}
END_TEST

START_TEST(next_points_out_of_its_table)
{
	static const uint16_t next[] = { 2, 3, 0x7fff, 0xffff };
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 4; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		uint64_t table = ram_alloc(d->ram, 4 * 16, 16, "table");

		/* Behind the table's end all would be well. */
		split_set_table(s.ring, table, 0, request(&s, NEXT, next[i]));
		split_set_table(s.ring, table, 1, response(&s, NEXT, next[i]));
		split_set_table(s.ring, table, 2, response(&s, 0, 0));
		split_set_table(s.ring, table, 3, response(&s, 0, 0));
		offer_table(&s, table, 2);
		safe_finish(&s, SAFE_EMPTY);
		ram_release(d->ram, table);
	}
}
END_TEST

/* ---- in circles ---- */

enum circle { ITSELF, PAIR, ALL, TAIL, CIRCLES };

static uint16_t next_in(enum circle kind, unsigned i, unsigned n)
{
	switch (kind) {
	case ITSELF:
		return (uint16_t)i;
	case PAIR:
		return (uint16_t)(i ^ 1);
	case ALL:
		return (uint16_t)((i + 1) % n);
	default: /* in at 0, then round and round from 1 */
		return (uint16_t)(i + 1 < n ? i + 1 : 1);
	}
}

/* Pieces of one byte, of none, or to be written: `flavour`. */
static void fill_circle(struct safe *s, uint64_t table, unsigned n,
			enum circle kind, unsigned flavour)
{
	for (unsigned i = 0; i < n; i++)
		split_set_table(s->ring, table, i,
				(struct vring_desc){
					s->request, flavour != 1,
					NEXT | (flavour == 2 ? WRITE : 0),
					next_in(kind, i, n) });
}

START_TEST(a_chain_that_goes_in_circles)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 3 * CIRCLES; i++) {
		struct safe s = safe_begin(d, CONTROLQ);

		fill_circle(&s, s.ring->desc, _axes->num, i / 3, i % 3);
		offer(&s, 0);
		safe_finish(&s, SAFE_EMPTY);
	}
}
END_TEST

START_TEST(a_table_that_goes_in_circles)
{
	static const unsigned entries[] = { 1, 2, 100, 65536 };
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 4 * CIRCLES; i++) {
		unsigned n = entries[i / CIRCLES];
		struct safe s = safe_begin(d, CONTROLQ);
		uint64_t table = ram_alloc(d->ram, n * 16, 16, "table");

		fill_circle(&s, table, n, i % CIRCLES, i % 3);
		offer_table(&s, table, n);
		safe_finish(&s, SAFE_EMPTY);
		ram_release(d->ram, table);
	}
}
END_TEST

/* ---- nested ---- */

/* Itself, a table that is fine, a table that isn't there. */
START_TEST(a_table_in_a_table)
{
	struct driver *d = driver_start(_axes);
	static const uint16_t flags[] = { INDIRECT, INDIRECT | NEXT,
					  INDIRECT | WRITE };

	for (unsigned i = 0; i < 9; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		uint64_t table = ram_alloc(d->ram, 4 * 16, 16, "tables");
		const uint64_t inner[] = { table, table + 32, 0 };

		split_set_table(s.ring, table, 0, request(&s, NEXT, 1));
		split_set_table(s.ring, table, i % 2,
				(struct vring_desc){ inner[i / 3], 32,
						     flags[i % 3], 1 });
		split_set_table(s.ring, table, 2, request(&s, NEXT, 1));
		split_set_table(s.ring, table, 3, response(&s, 0, 0));
		offer_table(&s, table, 2);
		safe_finish(&s, SAFE_EMPTY);
		ram_release(d->ram, table);
	}
}
END_TEST

/* ---- without end ---- */

struct flood {
	struct ring *ring;
	bool over;
};

/* As fast as the device uses them up: it leaves a trace in the used ring. */
static void *keep_offering(void *arg)
{
	struct flood *f = arg;
	uint16_t seen = (uint16_t)f->ring->base;
	volatile uint32_t *elems = ram_at(f->ring->ram, f->ring->device + 4,
					  8 * f->ring->num);
	uint16_t *idx = ram_at(f->ring->ram, f->ring->driver + 2, 2);

	while (!__atomic_load_n(&f->over, __ATOMIC_RELAXED)) {
		if (elems[2 * (seen % f->ring->num)] == 0xffffffff)
			continue;
		elems[2 * (seen++ % f->ring->num)] = 0xffffffff;
		__atomic_store_n(idx, (uint16_t)(seen + f->ring->num),
				 __ATOMIC_RELEASE);
		ring_kick_now(f->ring);
	}
	return NULL;
}

/* Each takes its time, and the next one is always there: others get in. */
START_TEST(bad_chains_without_end_starve_nobody)
{
	struct driver *d = driver_start(_axes);
	struct safe s = safe_begin(d, CONTROLQ);
	uint64_t table = ram_alloc(d->ram, 65536 * 16, 16, "table");
	struct flood f = { .ring = d->control };
	pthread_t thread;

	d->guarded = false;
	fill_circle(&s, table, 65536, ALL, 0);
	for (unsigned i = 0; i < _axes->num; i++) {
		split_set_desc(s.ring, i,
			       (struct vring_desc){ table, 65536 * 16, INDIRECT,
						    0 });
		split_set_avail(s.ring, (uint16_t)i, (uint16_t)i);
	}
	ram_fill(d->ram, s.ring->device + 4, 0xff, 8 * _axes->num);
	split_set_avail_idx(s.ring, (uint16_t)(s.ring->base + _axes->num));
	ck_assert_int_eq(pthread_create(&thread, NULL, keep_offering, &f), 0);
	ring_kick_now(s.ring);
	for (unsigned i = 0; i < 20; i++) {
		frontend_expect_silence(d->fe);
		driver_expect_answer(d, CURSORQ);
	}
	frontend_get_base(d->fe, CONTROLQ);
	__atomic_store_n(&f.over, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

static const struct test tests[] = {
	ON_AXES_WITH(SPLIT_RINGS, "legal", next_counts_only_with_its_flag,
		     "C11"),
	ON_AXES_WITH(SPLIT_RINGS, "legal", unknown_flags_are_passed_over,
		     "C11"),
	ON_AXES_WITH(SPLIT_RINGS | WITH_INDIRECT, "legal",
		     ordinary_descriptors_may_come_before_a_table, "C16"),
	ON_AXES_WITH(SPLIT_RINGS | WITH_INDIRECT, "legal",
		     a_table_is_followed_and_not_read_through, "C17"),
	ON_AXES_WITH(SPLIT_RINGS, "next", next_points_out_of_the_ring, "C09"),
	ON_AXES_WITH(SPLIT_RINGS | WITH_INDIRECT, "next",
		     next_points_out_of_its_table, "C19"),
	ON_AXES_WITH(SPLIT_RINGS, "circles", a_chain_that_goes_in_circles,
		     "C10"),
	ON_AXES_WITH(SPLIT_RINGS | WITH_INDIRECT, "circles",
		     a_table_that_goes_in_circles, "C19"),
	ON_AXES_WITH(SPLIT_RINGS | WITH_INDIRECT, "nested", a_table_in_a_table,
		     "C20"),
	ON_AXES_WITH(SPLIT_RINGS | WITH_INDIRECT, "flood",
		     bad_chains_without_end_starve_nobody, "C19"),
	{ 0 }
};

Suite *splitchains_suite(void)
{
	return suite_new("splitchains", tests);
}
