/*
 * What only a packed ring has: lists of slots one behind the other, with the
 * id in the last; tables whose flags say nothing.
 *
 * virtio 1.3, sections 2.8.6, 2.8.7, 2.8.17 and 2.8.19.
 */
#include "draws.h"
#include "ring_packed.h"
#include "safe.h"
#include "suites.h"

enum {
	NEXT = VRING_DESC_F_NEXT,
	WRITE = VRING_DESC_F_WRITE,
	INDIRECT = VRING_DESC_F_INDIRECT,
	AVAIL = 1 << VRING_PACKED_DESC_F_AVAIL,
	USED = 1 << VRING_PACKED_DESC_F_USED,
};

static struct vring_packed_desc slot(const struct piece *p, uint16_t id,
				     uint16_t flags)
{
	if (p->writable)
		flags |= WRITE;
	return (struct vring_packed_desc){ p->gpa, p->len, id, flags };
}

/* The n-th slot from where the driver is, available in its lap. */
static void set_slot(struct ring *r, uint32_t n, struct vring_packed_desc desc)
{
	uint32_t at = r->packed.next + n;
	bool wrap = at < r->num ? r->packed.wrap : !r->packed.wrap;

	desc.flags |= packed_avail_flags(wrap);
	packed_set_desc(r, at % r->num, desc);
}

/* A list of three: the first slot last, as it shows the others. */
static void post_three(struct safe *s, const uint16_t *ids)
{
	struct piece half = { s->request, SAFE_REQUEST / 2, false };

	set_slot(s->ring, 2, slot(&s->legal[1], ids[2], 0));
	half.gpa += half.len;
	set_slot(s->ring, 1, slot(&half, ids[1], NEXT));
	half.gpa -= half.len;
	set_slot(s->ring, 0, slot(&half, ids[0], NEXT));
	ring_kick_now(s->ring);
}

/* An id is the driver's business: it need not be the number of anything. */
START_TEST(the_id_is_that_of_the_last_descriptor)
{
	struct driver *d = driver_start(_axes);
	const uint16_t last[] = { 0,	  (uint16_t)_axes->num, 0x7fff, 0x8000,
				  0xffff, (uint16_t)draw() };

	for (unsigned i = 0; i < 6; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		const uint16_t ids[] = { (uint16_t)~last[i],
					 (uint16_t)(last[i] + 1), last[i] };

		post_three(&s, ids);
		safe_finish_served(&s);
		ck_assert_uint_eq(s.id, last[i]);
	}
}
END_TEST

/* 2.8.7: of an entry's flags only WRITE counts, and its id not at all. */
START_TEST(flags_in_a_table_mean_nothing)
{
	static const uint16_t flags[] = {
		NEXT, INDIRECT,	    NEXT | INDIRECT, AVAIL,
		USED, AVAIL | USED, 0xffff & ~WRITE
	};
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 7; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		uint64_t table = ram_alloc(d->ram, 32, 16, "table");

		for (unsigned j = 0; j < 2; j++)
			packed_set_table(s.ring, table, j,
					 slot(&s.legal[j], (uint16_t)draw(),
					      flags[i]));
		safe_post_descs(&s, &(struct ring_desc){ table, 32, INDIRECT },
				1);
		safe_finish_served(&s);
		ram_release(d->ram, table);
	}
}
END_TEST

/* ---- lists without end ---- */

/* Every slot there is says that it goes on. */
START_TEST(a_list_longer_than_the_ring)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 3; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		struct piece p = { s.request, 1, i == 1 };

		p.len = i < 2;
		for (uint32_t n = _axes->num; n-- > 0;)
			set_slot(s.ring, n, slot(&p, (uint16_t)n, NEXT));
		ring_kick_now(s.ring);
		safe_finish(&s, SAFE_STOPPED);
	}
}
END_TEST

/*
 * The driver shows a list with its first slot, so the others have to be there:
 * what lies in the next one is of the lap before, or was never written.
 */
START_TEST(a_list_that_is_not_finished)
{
	struct driver *d = driver_start(_axes);

	for (uint32_t n = 1; n < 4; n++) {
		struct safe s = safe_begin(d, CONTROLQ);

		for (uint32_t i = n; i-- > 0;)
			set_slot(s.ring, i, slot(&s.legal[0], 0, NEXT));
		ring_kick_now(s.ring);
		safe_finish(&s, SAFE_STOPPED);
	}
}
END_TEST

/* Nor does it wait for the rest, as if that could come later. */
START_TEST(the_rest_of_a_list_comes_too_late)
{
	struct driver *d = driver_start(_axes);
	struct safe s = safe_begin(d, CONTROLQ);

	set_slot(s.ring, 0, slot(&s.legal[0], 0, NEXT));
	ring_kick_now(s.ring);
	driver_expect_answer(d, CURSORQ);
	driver_expect_answer(d, CURSORQ);
	set_slot(s.ring, 1, slot(&s.legal[1], 0, 0));
	ring_kick_now(s.ring);
	safe_finish(&s, SAFE_STOPPED);
}
END_TEST

static const struct test tests[] = {
	ON_AXES_WITH(PACKED_RINGS, "lists",
		     the_id_is_that_of_the_last_descriptor, "D10"),
	ON_AXES_WITH(PACKED_RINGS | WITH_INDIRECT, "tables",
		     flags_in_a_table_mean_nothing, "D19"),
	ON_AXES_WITH(PACKED_RINGS, "endless", a_list_longer_than_the_ring,
		     "D16"),
	ON_AXES_WITH(PACKED_RINGS, "endless", a_list_that_is_not_finished,
		     "D17"),
	ON_AXES_WITH(PACKED_RINGS, "endless", the_rest_of_a_list_comes_too_late,
		     "D17"),
	{ 0 }
};

Suite *packedchains_suite(void)
{
	return suite_new("packedchains", tests);
}
