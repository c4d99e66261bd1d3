/*
 * Chains that are forbidden in both ring layouts: parts in the wrong order,
 * addresses where nothing is, indirect descriptors that can't be.
 *
 * Our device gives them back unused and goes on; what else is fine is said in
 * safe.h.
 */
#include <linux/virtio_ring.h>
#include <string.h>

#include "safe.h"
#include "suites.h"

/* ---- order ---- */

/* virtio 1.3, 2.7.4.2 and 2.8.17: readable ones first. */
START_TEST(a_readable_piece_behind_a_writable_one)
{
	static const char *const orders[] = { "WR", "RWR", "WRW", "RWRW" };
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 4; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		struct piece p[4];
		unsigned n = (unsigned)strlen(orders[i]);

		for (unsigned j = 0; j < n; j++)
			p[j] = s.legal[orders[i][j] == 'W'];
		safe_post(&s, p, n);
		safe_finish(&s, SAFE_EMPTY);
	}
}
END_TEST

/* ---- addresses ---- */

enum { BAD_ADDRESSES = 7 };

/* Where `len` bytes are not there, or not all of them. */
static uint64_t bad_address(const struct ram *ram, unsigned i, uint32_t len)
{
	const uint64_t list[BAD_ADDRESSES] = {
		0,
		ram->regions[0].vu.gpa - 1,
		ram_end(ram),
		ram_end(ram) - 1,
		ram_end(ram) - len + 1,
		0xfffffffffffff000,
		0xffffffffffffffff,
	};

	return list[i];
}

START_TEST(a_request_outside_of_memory)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < BAD_ADDRESSES; i++) {
		struct safe s = safe_begin(d, CONTROLQ);

		s.legal[0].gpa = bad_address(d->ram, i, SAFE_REQUEST);
		safe_post(&s, s.legal, 2);
		safe_finish(&s, SAFE_ERROR);
	}
}
END_TEST

START_TEST(a_response_outside_of_memory)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < BAD_ADDRESSES; i++) {
		struct safe s = safe_begin(d, CONTROLQ);

		s.legal[1].gpa = bad_address(d->ram, i, SAFE_RESPONSE);
		safe_post(&s, s.legal, 2);
		safe_finish(&s, SAFE_EMPTY);
	}
}
END_TEST

/* The piece before it is there. */
START_TEST(half_a_part_outside_of_memory)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 2 * BAD_ADDRESSES; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		uint64_t bad = bad_address(d->ram, i / 2, 12);
		struct piece pieces[][3] = {
			{ { s.request, 12, false },
			  { bad, 12, false },
			  s.legal[1] },
			{ s.legal[0],
			  { s.response, 396, true },
			  { bad, 12, true } },
		};

		safe_post(&s, pieces[i % 2], 3);
		safe_finish(&s, i % 2 ? SAFE_EMPTY : SAFE_ERROR);
	}
}
END_TEST

/* Behind the request and the response nobody looks, or it is told. */
START_TEST(what_nobody_needs_outside_of_memory)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < BAD_ADDRESSES; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		uint64_t bad = bad_address(d->ram, i, 100);
		struct piece p[] = { s.legal[0],
				     { bad, 100, false },
				     s.legal[1],
				     { bad, 100, true } };

		safe_post(&s, p, 4);
		safe_finish_or_reply(&s, SAFE_EMPTY | SAFE_ERROR);
	}
}
END_TEST

/* ---- indirect descriptors ---- */

/* A table that would be legal, somewhere. */
static uint64_t new_table(struct safe *s)
{
	uint64_t table = ram_alloc(s->d->ram, 32, 16, "table");

	s->ring->ops->table(s->ring, table, s->legal, 2);
	return table;
}

static struct ring_desc indirect(uint64_t table, uint32_t len)
{
	return (struct ring_desc){ table, len, VRING_DESC_F_INDIRECT };
}

static struct ring_desc direct(const struct piece *p)
{
	return (struct ring_desc){ p->gpa, p->len,
				   p->writable ? VRING_DESC_F_WRITE : 0 };
}

START_TEST(an_indirect_descriptor_not_negotiated)
{
	struct axes axes = *_axes;
	struct driver *d;

	axes.indirect = false;
	d = driver_start(&axes);
	for (unsigned i = 0; i < 2; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		uint64_t table = new_table(&s);
		struct ring_desc p[] = { direct(&s.legal[0]),
					 indirect(table, 32) };

		safe_post_descs(&s, p + i, 2 - i);
		safe_finish(&s, SAFE_EMPTY);
		ram_release(d->ram, table);
	}
}
END_TEST

/* The entries that could be read are fine. */
START_TEST(tables_of_impossible_lengths)
{
	static const uint32_t lens[] = { 0,	     1,		 15,
					 17,	     31,	 33,
					 65537 * 16, 0xfffffff0, 0xffffffff };
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 9; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		uint64_t table = new_table(&s);
		struct ring_desc p = indirect(table, lens[i]);

		trail_note("a table of %u bytes", lens[i]);
		safe_post_descs(&s, &p, 1);
		safe_finish(&s, SAFE_EMPTY);
		ram_release(d->ram, table);
	}
}
END_TEST

/* In the fifth the first entry is there, and the second isn't. */
START_TEST(tables_outside_of_memory)
{
	struct driver *d = driver_start(_axes);
	const uint64_t end = ram_end(d->ram);
	const uint64_t at[] = { 0,
				d->ram->regions[0].vu.gpa - 8,
				end,
				end - 8,
				end - 16,
				end - 24,
				0xfffffffffffffff0,
				0xfffffffffffffff8 };

	for (unsigned i = 0; i < 8; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		uint64_t table = new_table(&s);
		struct ring_desc p = indirect(at[i], 32);
		uint8_t bytes[24];

		ram_read(d->ram, table, bytes, sizeof(bytes));
		if (at[i] < end && at[i] >= end - 24)
			ram_write(d->ram, at[i], bytes, end - at[i]);
		safe_post_descs(&s, &p, 1);
		safe_finish(&s, SAFE_EMPTY);
		ram_release(d->ram, table);
	}
}
END_TEST

/* 2.7.5.3.1, 2.8.19. In a split ring it may end with a table, but not go on. */
START_TEST(a_list_that_goes_on_behind_a_table)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 2; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		uint64_t table = new_table(&s);
		struct ring_desc p[] = { direct(&s.legal[0]),
					 indirect(table, 32),
					 direct(&s.legal[1]) };

		safe_post_descs(&s, p + i, 3 - i);
		/* Others may not even look whether it goes on. */
		if (suite_portable())
			safe_finish_or_reply(&s, SAFE_ANY);
		else
			safe_finish(&s, SAFE_EMPTY);
		ram_release(d->ram, table);
	}
}
END_TEST

/* ---- in company ---- */

/* Shown together: each of the others is served. */
START_TEST(bad_chains_among_good_ones)
{
	struct driver *d = driver_start(_axes);
	struct virtio_gpu_ctrl_hdr cmd = driver_header(0xff, 0);
	struct piece p[] = {
		{ ram_alloc(d->ram, 24, 1, "request"), 24, false },
		{ ram_alloc(d->ram, 24, 1, "response"), 24, true },
	};
	struct ring_desc bad = indirect(p[0].gpa, 8);
	static bool is_bad[1024];

	ram_write(d->ram, p[0].gpa, &cmd, sizeof(cmd));
	for (unsigned i = 0; ring_has_room(d->control, 2, SHAPE_DIRECT); i++) {
		uint16_t id = i % 2 ? ring_add(d->control, p, 2, SHAPE_AXES)
				    : ring_add_descs(d->control, &bad, 1);

		is_bad[id] = i % 2 == 0;
	}
	ring_publish(d->control);
	ring_kick(d->control);
	while (d->control->in_flight) {
		struct used u = ring_wait(d->control);

		ck_assert_uint_eq(u.len, is_bad[u.id] ? 0 : 24);
	}
	driver_check_ram(d);
	driver_expect_alive(d);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("order", a_readable_piece_behind_a_writable_one, "C04 D18"),
	ON_ALL_AXES("addresses", a_request_outside_of_memory, "C12"),
	ON_ALL_AXES("addresses", a_response_outside_of_memory, "C12"),
	ON_ALL_AXES("addresses", half_a_part_outside_of_memory, "C12"),
	ON_ALL_AXES("addresses", what_nobody_needs_outside_of_memory, "C12"),
	ON_ALL_AXES("indirect", an_indirect_descriptor_not_negotiated,
		    "C22 D22"),
	ON_AXES_WITH(WITH_INDIRECT, "indirect", tables_of_impossible_lengths,
		     "C18 D21"),
	ON_AXES_WITH(WITH_INDIRECT, "indirect", tables_outside_of_memory,
		     "C18 D21"),
	ON_AXES_WITH(WITH_INDIRECT, "indirect",
		     a_list_that_goes_on_behind_a_table, "C21 D20"),
	ON_ALL_AXES("company", bad_chains_among_good_ones, "C18 C22 D21 D22"),
	{ 0 }
};

Suite *badchains_suite(void)
{
	return suite_new("badchains", tests);
}
