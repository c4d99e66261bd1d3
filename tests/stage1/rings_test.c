/*
 * The harness' rings against a model device in this process: chains of all
 * shapes, used in any order, for several laps. No device is started here.
 */
#include <stdlib.h>

#include "draws.h"
#include "guard.h"
#include "model.h"
#include "suites.h"
#include "trail.h"

enum { ROUNDS = 200, PIECES = 12, MOST = 64 };

/* One chain in flight, and the bytes it should come back with. */
struct echo {
	bool busy;
	unsigned count;
	struct piece pieces[PIECES];
	uint8_t bytes[PIECES * 40];
	uint32_t out, in; /* bytes readable, writable */
};

static struct echo echoes[1024];

static struct ring *new_ring(struct ram *ram)
{
	const struct axes *a = _axes;
	struct ring *r = ring_new(ram, 0, a->num, a->packed);

	r->event_idx = a->event_idx;
	r->indirect = a->indirect;
	ring_restart(r,
		     a->near_wrap ? ring_base_near_wrap(r) : ring_base_zero(r));
	return r;
}

static void draw_pieces(struct ram *ram, struct echo *e)
{
	unsigned readable = 1 + draw_below(PIECES / 2), at = 0;
	unsigned count = readable + draw_below(PIECES / 2);

	*e = (struct echo){ .busy = true, .count = count };
	for (unsigned i = 0; i < count; i++) {
		uint32_t len = 1 + draw_below(40);

		e->pieces[i] = (struct piece){ ram_alloc(ram, len, 1, "piece"),
					       len, i >= readable };
		if (i >= readable) {
			e->in += len;
			continue;
		}
		draw_bytes(e->bytes + at, len);
		ram_write(ram, e->pieces[i].gpa, e->bytes + at, len);
		at += len;
	}
	e->out = at;
}

/* False if the ring is full. */
static bool add(struct ring *r)
{
	static const enum shape shapes[] = { SHAPE_AXES, SHAPE_DIRECT,
					     SHAPE_DIRECT_THEN_INDIRECT };
	struct echo e;
	enum shape shape = shapes[r->indirect ? draw_below(3) : 0];
	bool fits;

	if (r->ops == &ring_packed && shape == SHAPE_DIRECT_THEN_INDIRECT)
		shape = SHAPE_AXES;
	draw_pieces(r->ram, &e);
	fits = ring_has_room(r, e.count, shape);
	if (fits)
		echoes[ring_add(r, e.pieces, e.count, shape)] = e;
	for (unsigned i = 0; !fits && i < e.count; i++)
		ram_release(r->ram, e.pieces[i].gpa);
	return fits;
}

static void check(struct ring *r, struct used u)
{
	struct echo *e = &echoes[u.id];
	uint32_t len = e->in < e->out ? e->in : e->out, at = 0;

	ck_assert(e->busy);
	ck_assert_uint_eq(u.len, len);
	ck_assert_int_eq(u.written, len > 0);
	for (unsigned i = 0; i < e->count; i++) {
		struct piece *p = &e->pieces[i];
		uint8_t got[40];

		ram_read(r->ram, p->gpa, got, p->len);
		for (uint32_t j = 0; p->writable && j < p->len; j++, at++)
			if (at < len)
				ck_assert_uint_eq(got[j], e->bytes[at]);
		ram_release(r->ram, p->gpa);
	}
	e->busy = false;
}

/* Some of what is pending, in any order; all of it at the end. */
static unsigned use_some(struct model *m, struct model_chain *pending,
			 unsigned n, bool all)
{
	unsigned keep = all ? 0 : draw_below(n + 1);

	while (n > keep) {
		unsigned i = draw_below(n);

		model_use(m, &pending[i]);
		pending[i] = pending[--n];
	}
	return n;
}

static void rounds(struct ring *r, struct model *m)
{
	static struct model_chain pending[MOST];
	unsigned n = 0, expected;

	for (int i = 0; i < ROUNDS; i++) {
		for (unsigned j = draw_below(8); j && r->in_flight < 40; j--)
			if (!add(r))
				break;
		ring_publish(r);
		while (n < MOST && model_pop(m, &pending[n]))
			n++;
		ck_assert_uint_eq(n, r->in_flight);
		expected = r->in_flight;
		n = use_some(m, pending, n, i == ROUNDS - 1);
		for (expected -= n; expected; expected--)
			check(r, ring_wait(r));
		ring_allow(r);
		guard_check(r->ram);
	}
}

START_TEST(driver_and_model_agree)
{
	struct ram *ram = ram_new(_axes->layout, 1 << 20);
	struct ring *r = new_ring(ram);
	struct model m = model_start(r);
	struct used u;

	rounds(r, &m);
	ck_assert_uint_eq(r->free, r->num);
	ck_assert(!ring_poll(r, &u));
	ck_assert_uint_eq(model_base(&m), r->ops->position(r));
	ring_free(r);
	ram_free(ram);
}
END_TEST

START_TEST(unwanted_calls_are_not_asked_for)
{
	struct ram *ram = ram_new(_axes->layout, 1 << 20);
	struct ring *r = new_ring(ram);
	struct model m = model_start(r);
	struct model_chain c;

	ring_set_calls(r, CALLS_UNWANTED);
	for (int i = 0; i < 200; i++) {
		if (!add(r))
			continue;
		ring_publish(r);
		ck_assert(model_pop(&m, &c));
		model_use(&m, &c);
		check(r, ring_wait(r));
		ck_assert_uint_eq(ring_calls(r), 0);
	}
	ring_free(r);
	ram_free(ram);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("model", driver_and_model_agree, NULL),
	ON_ALL_AXES("model", unwanted_calls_are_not_asked_for, NULL),
	{ 0 }
};

Suite *rings_suite(void)
{
	return suite_new("rings", tests);
}
