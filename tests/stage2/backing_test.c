/*
 * RESOURCE_ATTACH_BACKING: lists of guest pages, long and short, and lists that
 * no driver would make. All of a list is attached, or nothing. How it comes with
 * its request is in backinglist_test.c.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "draws.h"
#include "suites.h"

enum { WIDTH = 64, HEIGHT = 48, SIZE = WIDTH * HEIGHT * 4 };

typedef struct virtio_gpu_mem_entry entry;

/* Resource 7, shown, without a backing. */
static struct driver *driver_with_picture(uint64_t ram)
{
	struct driver *d = driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .ram = ram });

	create_2d(d, 7, BGRX, WIDTH, HEIGHT);
	set_scanout(d, 0, 7, RECT(0, 0, WIDTH, HEIGHT));
	return d;
}

static struct reply attach(struct driver *d, const struct pages *p)
{
	return try_attach(d, 7, p->count, p->entries, p->count);
}

static void expect_shown(struct driver *d)
{
	show(d, 7, WIDTH, HEIGHT);
	expect_screen(d);
}

static void expect_not_attached(struct driver *d)
{
	EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, 1, 1), 0), UNSPEC);
	EXPECT_REFUSED(try_detach(d, 7), UNSPEC);
}

/* ---- long and short ---- */

START_TEST(lists_may_be_long)
{
	/* In pieces of that many bytes. */
	static const uint32_t pieces[] = { SIZE, 6144, 124, 16, 5, 1 };
	struct driver *d = driver_with_picture(0);

	for (unsigned i = 0; i < 6; i++) {
		struct pages *p = pages_new(d->ram, SIZE, pieces[i], pieces[i]);

		attach_backing(d, 7, p);
		expect_shown(d);
		detach_backing(d, 7);
		pages_free(p);
	}
}
END_TEST

/* Single bytes, 12288 of them, and then empty ones up to that many. */
static void attach_many(struct driver *d, const struct pages *p, uint32_t n)
{
	entry *e = calloc(n, sizeof(*e));

	memcpy(e, p->entries, p->count * sizeof(*e));
	for (uint32_t i = p->count; i < n; i++)
		e[i] = (entry){ .addr = p->entries[0].addr, .length = 1 };
	EXPECT_DONE(try_attach(d, 7, n, e, n));
	expect_shown(d);
	detach_backing(d, 7);
	free(e);
}

/* QEMU takes as many: what a guest gets from one it gets from the other. */
START_TEST(lists_may_have_16384_entries)
{
	struct driver *d = driver_with_picture(0);

	attach_many(d, pages_new(d->ram, SIZE, 1, 1), 16384);
}
END_TEST

START_TEST(lists_may_have_262144_entries)
{
	enum { MOST = 262144 };
	struct driver *d;
	struct pages *p;
	entry *e;

	if (suite_portable())
		suite_skip("others take fewer");
	d = driver_with_picture(32 << 20);
	p = pages_new(d->ram, SIZE, 1, 1);
	attach_many(d, p, MOST);
	e = calloc(MOST + 1, sizeof(*e));
	for (uint32_t i = 0; i <= MOST; i++)
		e[i] = p->entries[0];
	EXPECT_REFUSED(try_attach(d, 7, MOST + 1, e, MOST + 1),
		       INVALID_PARAMETER);
	expect_not_attached(d);
	free(e);
}
END_TEST

/* Whatever else the list says: pages are in whole, a picture isn't. */
START_TEST(lists_may_be_longer_than_the_picture)
{
	struct driver *d = driver_with_picture(0);
	struct pages *p = pages_new(d->ram, SIZE + 4096, 4096, 4096);

	attach_backing(d, 7, p);
	expect_shown(d);
	transfer_to_host(d, 7, RECT(0, 0, WIDTH, HEIGHT), 4096);
	flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	expect_screen(d);
}
END_TEST

START_TEST(a_page_may_be_there_twice)
{
	struct driver *d = driver_with_picture(0);
	struct pages *p = pages_whole(d->ram, 1024);
	entry e[SIZE / 1024];

	for (unsigned i = 0; i < SIZE / 1024; i++)
		e[i] = p->entries[0];
	EXPECT_DONE(try_attach(d, 7, SIZE / 1024, e, SIZE / 1024));
	expect_shown(d);
}
END_TEST

/* And several resources may have the same pages. */
START_TEST(pages_may_be_shared)
{
	struct driver *d = driver_with_picture(0);
	struct pages *p = pages_new(d->ram, SIZE, 100, 1000);

	attach_backing(d, 7, p);
	create_2d(d, 8, BGRX, WIDTH / 2, 2 * HEIGHT);
	attach_backing(d, 8, p);
	expect_shown(d);
	set_scanout(d, 0, 8, RECT(0, 0, WIDTH / 2, 2 * HEIGHT));
	show(d, 8, WIDTH / 2, 2 * HEIGHT);
	expect_screen(d);
	unref(d, 8);
	set_scanout(d, 0, 7, RECT(0, 0, WIDTH, HEIGHT));
	pages_scribble(p);
	expect_shown(d);
}
END_TEST

/* ---- when ---- */

START_TEST(there_is_one_at_a_time)
{
	struct driver *d = driver_with_picture(0);
	struct pages *p = pages_new(d->ram, SIZE, 100, 1000);
	struct pages *other = pages_new(d->ram, SIZE, 100, 1000);

	attach_backing(d, 7, p);
	EXPECT_REFUSED(attach(d, other), UNSPEC);
	EXPECT_REFUSED(attach(d, p), UNSPEC);
	expect_shown(d);
	detach_backing(d, 7);
	attach_backing(d, 7, other);
	expect_shown(d);
}
END_TEST

START_TEST(there_is_a_resource_for_it)
{
	struct driver *d = driver_with_picture(0);
	struct pages *p = pages_new(d->ram, SIZE, 100, 1000);

	EXPECT_REFUSED(try_attach(d, 0, p->count, p->entries, p->count),
		       INVALID_RESOURCE);
	EXPECT_REFUSED(try_attach(d, 999, p->count, p->entries, p->count),
		       INVALID_RESOURCE);
	expect_not_attached(d);
}
END_TEST

/* ---- entries ---- */

START_TEST(a_list_is_not_empty)
{
	struct driver *d = driver_with_picture(0);
	struct pages *p = pages_new(d->ram, SIZE, 100, 1000);
	entry nothing[3] = { { .addr = p->entries[0].addr },
			     { .addr = p->entries[1].addr },
			     { .addr = 0 } };

	EXPECT_REFUSED(try_attach(d, 7, 0, NULL, 0), INVALID_PARAMETER);
	expect_not_attached(d);
	EXPECT_REFUSED(try_attach(d, 7, 0, p->entries, p->count),
		       INVALID_PARAMETER);
	expect_not_attached(d);
	EXPECT_REFUSED(try_attach(d, 7, 3, nothing, 3), INVALID_PARAMETER);
	expect_not_attached(d);
}
END_TEST

/* First, last, in between, and wherever they say that they are. */
START_TEST(empty_entries_are_skipped)
{
	struct driver *d = driver_with_picture(0);
	struct pages *p = pages_new(d->ram, SIZE, 2000, 2000);
	entry *e = calloc(3 * p->count + 1, sizeof(*e));
	uint32_t n = 0;

	for (uint32_t i = 0; i < p->count; i++) {
		e[n++].addr = i % 2 ? ~0ull : p->entries[i].addr;
		e[n++] = p->entries[i];
		e[n++].addr = 0;
	}
	EXPECT_DONE(try_attach(d, 7, n, e, n));
	expect_shown(d);
	free(e);
}
END_TEST

/* One of many, at any place: then there is none of the others either. */
START_TEST(all_entries_are_in_memory)
{
	struct driver *d = driver_with_picture(0);
	struct pages *p = pages_new(d->ram, SIZE, 124, 124);
	uint64_t end = ram_end(d->ram), begin = d->ram->regions[0].vu.gpa;
	const entry outside[] = {
		{ .addr = 0, .length = 1 },
		{ .addr = begin - 1, .length = 1 },
		{ .addr = begin - 1, .length = 2 },
		{ .addr = end, .length = 1 },
		{ .addr = end - 1, .length = 2 },
		{ .addr = end - 64, .length = 4096 },
		{ .addr = begin, .length = 0xffffffff },
		{ .addr = ~0ull, .length = 1 },
		{ .addr = ~0ull, .length = 0xffffffff },
		{ .addr = -4096ull, .length = 8192 },
		{ .addr = begin - 0xffff, .length = 0xffffffff },
		{ .addr = 1ull << 63, .length = 4096 },
		/* Front-end addresses are another kind. */
		{ .addr = d->ram->regions[0].vu.ua, .length = 4096 },
	};

	for (unsigned i = 0; i < sizeof(outside) / sizeof(*outside); i++) {
		uint32_t at = i % 3 == 0   ? 0
			      : i % 3 == 1 ? p->count - 1
					   : draw_below(p->count);
		entry right = p->entries[at];

		p->entries[at] = outside[i];
		EXPECT_REFUSED(attach(d, p), INVALID_PARAMETER);
		p->entries[at] = right;
		expect_not_attached(d);
	}
	attach_backing(d, 7, p);
	expect_shown(d);
}
END_TEST

/* What was attached in vain is as if it had never been. */
START_TEST(failures_take_no_memory)
{
	struct driver *d = driver_with_picture(0);
	struct pages *p = pages_new(d->ram, SIZE, 124, 124);
	entry *e = malloc(p->count * sizeof(*e));
	struct vitals before = driver_vitals(d);

	memcpy(e, p->entries, p->count * sizeof(*e));
	e[p->count - 1].addr = ram_end(d->ram);
	trail_quiet(true);
	d->guarded = false;
	for (unsigned i = 0; i < 3000; i++) {
		if (i == 100)
			before = driver_vitals(d);
		EXPECT_REFUSED(try_attach(d, 7, p->count, e, p->count),
			       INVALID_PARAMETER);
		EXPECT_REFUSED(try_attach(d, 7, p->count + 1, e, p->count),
			       INVALID_PARAMETER);
		attach_backing(d, 7, p);
		EXPECT_REFUSED(attach(d, p), UNSPEC);
		detach_backing(d, 7);
	}
	driver_expect_no_more(d, before);
	program_expect_no_growth(d->program, before, 2048);
	free(e);
}
END_TEST

static const struct test tests[] = {
	ONCE("lists", lists_may_be_long, "H60"),
	ON_AXES_WITH(WITH_INDIRECT, "lists", lists_may_have_16384_entries,
		     "H60 H64"),
	ONCE("lists", lists_may_have_262144_entries, "H60 H64"),
	ONCE("lists", lists_may_be_longer_than_the_picture, "H68"),
	ONCE("lists", a_page_may_be_there_twice, "H69"),
	ONCE("lists", pages_may_be_shared, "H60 H69"),
	ONCE("when", there_is_one_at_a_time, "H61 H77"),
	ONCE("when", there_is_a_resource_for_it, "H62"),
	ONCE("entries", a_list_is_not_empty, "H65 H66"),
	ONCE("entries", empty_entries_are_skipped, "H66"),
	ON_ALL_AXES("entries", all_entries_are_in_memory, "H67"),
	ONCE("memory", failures_take_no_memory, "H61 H63 H67"),
	{ 0 }
};

Suite *backing_suite(void)
{
	return suite_new("backing", tests);
}
