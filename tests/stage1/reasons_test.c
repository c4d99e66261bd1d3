/*
 * A bad chain is the guest's fault, and whoever started the device gets to
 * read what it was: one line, with the queue's name and the reason.
 */
#include <stdio.h>
#include <string.h>

#include "pump.h"
#include "ring_packed.h"
#include "ring_split.h"
#include "safe.h"
#include "suites.h"

enum {
	NEXT = VRING_DESC_F_NEXT,
	WRITE = VRING_DESC_F_WRITE,
	INDIRECT = VRING_DESC_F_INDIRECT,
};

/* What was made, and words of the line about it. */
struct fault {
	void (*make)(struct safe *s);
	unsigned end;
	const char *words;
};

static void no_order(struct safe *s)
{
	const struct piece p[] = { s->legal[1], s->legal[0] };

	safe_post(s, p, 2);
}

static void no_request(struct safe *s)
{
	safe_post(s, s->legal + 1, 1);
}

static void request_across_the_end(struct safe *s)
{
	s->legal[0].gpa = ram_end(s->d->ram) - 10;
	safe_post(s, s->legal, 2);
}

static void response_across_the_end(struct safe *s)
{
	s->legal[1].gpa = ram_end(s->d->ram) - 10;
	safe_post(s, s->legal, 2);
}

static void indirect(struct safe *s, uint64_t table, uint32_t len)
{
	safe_post_descs(s, &(struct ring_desc){ table, len, INDIRECT }, 1);
}

static void table_of_no_length(struct safe *s)
{
	indirect(s, s->request, 0);
}

static void table_across_the_end(struct safe *s)
{
	indirect(s, ram_end(s->d->ram) - 10, 16);
}

static void table_in_a_list(struct safe *s)
{
	const struct ring_desc p[] = { { s->request, 16, INDIRECT },
				       { s->response, 408, WRITE } };

	safe_post_descs(s, p, 2);
}

static const struct fault common[] = {
	{ no_order, SAFE_EMPTY, "readable descriptor after a writable one" },
	{ no_request, SAFE_ERROR, "shorter than" },
	{ request_across_the_end, SAFE_ERROR, "outside guest memory" },
	{ response_across_the_end, SAFE_EMPTY, "no memory under" },
	{ table_of_no_length, SAFE_EMPTY, "indirect table of" },
	{ table_across_the_end, SAFE_EMPTY, "table outside guest memory" },
	{ table_in_a_list, SAFE_EMPTY, "INDIRECT" },
	{ .make = NULL }
};

static void offer(struct safe *s, struct vring_desc desc)
{
	split_set_desc(s->ring, 0, desc);
	split_offer(s->ring, 0);
	ring_kick_now(s->ring);
}

/* The table's only entry lies where the request did. */
static void offer_table(struct safe *s, struct vring_desc entry)
{
	split_set_table(s->ring, s->request, 0, entry);
	offer(s, (struct vring_desc){ s->request, 16, INDIRECT, 0 });
}

static void out_of_the_ring(struct safe *s)
{
	offer(s, (struct vring_desc){ s->request, 24, NEXT, 0x7fff });
}

static void circle(struct safe *s)
{
	offer(s, (struct vring_desc){ s->request, 24, NEXT, 0 });
}

static void out_of_the_table(struct safe *s)
{
	offer_table(s, (struct vring_desc){ s->request, 24, NEXT, 1 });
}

static void circle_in_a_table(struct safe *s)
{
	offer_table(s, (struct vring_desc){ s->request, 24, NEXT, 0 });
}

static void table_in_a_table(struct safe *s)
{
	offer_table(s, (struct vring_desc){ s->request, 16, INDIRECT, 0 });
}

static const struct fault in_split_rings[] = {
	{ out_of_the_ring, SAFE_EMPTY, "points out of the ring" },
	{ circle, SAFE_EMPTY, "chain loops" },
	{ out_of_the_table, SAFE_EMPTY, "points out of itself" },
	{ circle_in_a_table, SAFE_EMPTY, "table loops" },
	{ table_in_a_table, SAFE_EMPTY, "indirect table in an" },
	{ .make = NULL }
};

static void unfinished_list(struct safe *s)
{
	uint16_t flags = packed_avail_flags(s->ring->packed.wrap);

	packed_set_desc(s->ring, s->ring->packed.next,
			(struct vring_packed_desc){ s->request, 24, 0,
						    flags | NEXT });
	ring_kick_now(s->ring);
}

static const struct fault in_packed_rings[] = {
	{ unfinished_list, SAFE_STOPPED, "controlq stops: descriptor list" },
	{ .make = NULL }
};

/* In a device of its own: it prints ten such lines a second and no more. */
static void expect_reason(const struct fault *f, const struct axes *axes)
{
	struct driver *d = driver_start(axes);
	struct safe s = safe_begin(d, CONTROLQ);
	const char *eol;

	f->make(&s);
	safe_finish(&s, f->end);
	eol = strchr(s.printed, '\n');
	if (!eol || eol[1])
		FAIL("expected one line, got \"%s\"", s.printed);
	if (!strstr(s.printed, "controlq") || !strstr(s.printed, f->words))
		FAIL("expected \"%s\" of controlq, got \"%s\"", f->words,
		     s.printed);
	driver_end(d);
}

static void expect_reasons(const struct fault *list)
{
	if (suite_portable())
		suite_skip("what a device says is its own affair");
	for (; list->make; list++)
		expect_reason(list, _axes);
}

START_TEST(what_is_wrong_in_any_ring)
{
	expect_reasons(common);
}
END_TEST

START_TEST(what_is_wrong_in_a_split_ring)
{
	expect_reasons(in_split_rings);
}
END_TEST

START_TEST(what_is_wrong_in_a_packed_ring)
{
	expect_reasons(in_packed_rings);
}
END_TEST

START_TEST(what_was_not_negotiated)
{
	static const struct fault not_negotiated[] = {
		{ table_across_the_end, SAFE_EMPTY, "not negotiated" },
		{ .make = NULL }
	};
	struct axes axes = *_axes;

	if (suite_portable())
		suite_skip("what a device says is its own affair");
	axes.indirect = false;
	expect_reason(not_negotiated, &axes);
}
END_TEST

static unsigned lines_printed(const struct program *p)
{
	unsigned n = 0;

	for (const char *c = program_output(p); *c; c++)
		n += *c == '\n';
	return n;
}

/* Ten lines a second, the last with a count of those before. */
START_TEST(a_flood_of_faults_is_a_few_lines)
{
	struct driver *d = driver_start(_axes);
	uint64_t began = pump_now();
	uint64_t most;

	if (suite_portable())
		suite_skip("what a device says is its own affair");
	for (unsigned i = 0; i < 500; i++) {
		struct ring_desc bad = { 0, 8, INDIRECT };

		ring_add_descs(d->control, &bad, 1);
		ring_publish(d->control);
		ring_kick(d->control);
		ring_wait(d->control);
	}
	most = 11 * ((pump_now() - began) / 1000 + 2);
	if (lines_printed(d->program) > most)
		FAIL("%u lines, expected at most %llu",
		     lines_printed(d->program), (unsigned long long)most);
}
END_TEST

static const struct test tests[] = {
	ON_AXES_WITH(WITH_INDIRECT, "one", what_is_wrong_in_any_ring, NULL),
	ON_AXES_WITH(SPLIT_RINGS | WITH_INDIRECT, "one",
		     what_is_wrong_in_a_split_ring, NULL),
	ON_AXES_WITH(PACKED_RINGS, "one", what_is_wrong_in_a_packed_ring, NULL),
	ON_ALL_AXES("one", what_was_not_negotiated, NULL),
	ON_ALL_AXES("many", a_flood_of_faults_is_a_few_lines, NULL),
	{ 0 }
};

Suite *reasons_suite(void)
{
	return suite_new("reasons", tests);
}
