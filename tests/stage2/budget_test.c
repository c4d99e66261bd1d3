/*
 * What a guest may take of the host's memory: --max-hostmem for pictures, the
 * screen's copies of them and lists of pages, all in one; and no more than
 * there is.
 */
#include <stdio.h>
#include <stdlib.h>

#include "commands.h"
#include "suites.h"

enum { EDGE = 48 };

/* 1 MiB each, behind the twin's back; returns how many there was room for. */
static uint32_t create_until_refused(struct driver *d, uint32_t first)
{
	struct twin *twin = d->twin;

	d->twin = NULL;
	for (uint32_t n = 0; n < 64; n++) {
		struct reply r = try_create(d, first + n, BGRX, 512, 512);

		if (r.hdr.type == VIRTIO_GPU_RESP_OK_NODATA)
			continue;
		EXPECT_ERROR(r, OUT_OF_MEMORY);
		d->twin = twin;
		return n;
	}
	FAIL("--max-hostmem is no limit");
}

/* What was given back can be had again, all of it and time after time. */
START_TEST(there_is_a_budget)
{
	struct driver *d;
	uint32_t n;

	program_need_options();
	d = driver_start_with(&(struct driver_options){
		.axes = _axes, .options = "--max-hostmem=16" });
	n = create_until_refused(d, 1);
	ck_assert_uint_ge(n, 14);
	ck_assert_uint_le(n, 16);
	for (unsigned round = 0; round < 5; round++) {
		for (uint32_t id = n; id; id--)
			unref(d, id);
		ck_assert_uint_eq(create_until_refused(d, 1), n);
	}
	driver_reset(d);
	ck_assert_uint_eq(create_until_refused(d, 1), n);
}
END_TEST

/* Lists of pages are kept as well: those of a hostile guest never end. */
START_TEST(lists_of_pages_are_paid_for)
{
	enum { ENTRIES = 8192 };
	struct virtio_gpu_mem_entry *e = calloc(ENTRIES, sizeof(*e));
	struct driver *d;
	struct pages *p;
	uint32_t id = 0;
	struct reply r;

	program_need_options();
	d = driver_start_with(&(struct driver_options){
		.axes = _axes, .options = "--max-hostmem=1" });
	p = pages_whole(d->ram, 4096);
	/* No two of them are neighbours. */
	for (unsigned i = 0; i < ENTRIES; i++)
		e[i] = (struct virtio_gpu_mem_entry){
			.addr = p->entries[0].addr + i % 2 * 64, .length = 1
		};
	do {
		create_2d(d, ++id, BGRX, 1, 1);
		r = try_attach(d, id, ENTRIES, e, ENTRIES);
	} while (r.hdr.type == VIRTIO_GPU_RESP_OK_NODATA && id < 64);
	EXPECT_ERROR(r, OUT_OF_MEMORY);
	/* Nothing is attached by halves, and what was freed will do. */
	EXPECT_REFUSED(try_detach(d, id), UNSPEC);
	unref(d, 1);
	EXPECT_DONE(try_attach(d, id, ENTRIES, e, ENTRIES));
	free(e);
}
END_TEST

/* Whatever was wrong with it, a thousand times. */
START_TEST(what_fails_costs_nothing)
{
	struct virtio_gpu_mem_entry outside[2];
	struct driver *d;
	struct pages *p;

	program_need_options();
	d = driver_start_2d_with(&(struct driver_options){
		.axes = _axes, .options = "--max-hostmem=16" });
	p = show_new(d, 0, 1, BGRX, 512, 512);
	outside[0] = p->entries[0];
	outside[1] = (struct virtio_gpu_mem_entry){ .addr = 0, .length = 1 };
	create_2d(d, 2, BGRX, 512, 512);
	trail_quiet(true);
	d->guarded = false;
	for (unsigned i = 0; i < 1000; i++) {
		EXPECT_REFUSED(try_create(d, 1, BGRX, 512, 512),
			       INVALID_RESOURCE);
		EXPECT_REFUSED(try_create(d, 3, 999, 512, 512),
			       INVALID_PARAMETER);
		EXPECT_REFUSED(try_attach(d, 2, 2, outside, 2),
			       INVALID_PARAMETER);
		EXPECT_REFUSED(try_attach(d, 1, p->count, p->entries, p->count),
			       UNSPEC);
		EXPECT_REFUSED(try_scanout(d, 0, 1, RECT(1, 1, 512, 512)),
			       INVALID_PARAMETER);
	}
	ck_assert_uint_ge(create_until_refused(d, 1000), 10);
}
END_TEST

/*
 * A scanout's picture is a copy, too. One that isn't on any more is given back;
 * one there is no room for is not begun with.
 */
START_TEST(pictures_on_a_screen_are_paid_for)
{
	struct driver *d;
	uint32_t n;

	program_need_options();
	d = driver_start_2d_with(&(struct driver_options){
		.axes = _axes, .options = "--max-hostmem=16 --outputs=2" });
	show_new(d, 0, 1, BGRX, 512, 512);
	create_until_refused(d, 1000);
	d->twin->hostmem_gone = true;
	EXPECT_REFUSED(try_scanout(d, 1, 1, RECT(0, 0, 512, 512)),
		       OUT_OF_MEMORY);
	flush(d, 1, RECT(0, 0, 512, 512));
	expect_screen(d);
	scanout_off(d, 0);
	n = create_until_refused(d, 2000);
	ck_assert_uint_ge(n, 1);
	EXPECT_REFUSED(try_scanout(d, 0, 1, RECT(0, 0, 512, 512)),
		       OUT_OF_MEMORY);
	expect_screen(d);
}
END_TEST

/* Whatever the budget says: an error, and no end of the process. */
START_TEST(the_host_may_have_less_than_the_budget)
{
	struct driver *d;

	program_need_options();
	d = driver_start_2d_with(&(struct driver_options){
		.axes = _axes, .options = "--max-hostmem=65536" });
	show_new(d, 0, 1, BGRX, EDGE, EDGE);
	program_starve(d->program, 65536);
	d->twin->hostmem_gone = true;
	for (uint32_t id = 2; id < 5; id++)
		EXPECT_REFUSED(try_create(d, id, BGRX, 16384, 16384),
			       OUT_OF_MEMORY);
	d->twin->hostmem_gone = false;
	create_2d(d, 2, BGRX, EDGE, EDGE);
	show(d, 1, EDGE, EDGE);
	expect_screen(d);
}
END_TEST

/*
 * The list is there, and there is nothing to keep it with: that is said, and not
 * that something were wrong with the guest's memory.
 */
START_TEST(the_host_may_have_less_than_a_list_takes)
{
	enum { ENTRIES = 262144, KB = ENTRIES * 16 / 1024 };
	struct virtio_gpu_mem_entry *e = calloc(ENTRIES, sizeof(*e));
	struct driver *d;
	struct pages *p;

	program_need_options();
	d = driver_start_with(
		&(struct driver_options){ .axes = _axes, .ram = 32 << 20 });
	p = pages_whole(d->ram, 4096);
	for (unsigned i = 0; i < ENTRIES; i++)
		e[i] = (struct virtio_gpu_mem_entry){
			.addr = p->entries[0].addr + i % 2 * 64, .length = 1
		};
	create_2d(d, 1, BGRX, 1, 1);
	program_starve(d->program, KB / 2);
	EXPECT_REFUSED(try_attach(d, 1, ENTRIES, e, ENTRIES), OUT_OF_MEMORY);
	program_feed(d->program);
	program_starve(d->program, KB + KB / 2);
	EXPECT_REFUSED(try_attach(d, 1, ENTRIES, e, ENTRIES), OUT_OF_MEMORY);
	ck_assert_uint_eq(program_said(d->program, "no memory for the list"),
			  2);
	program_feed(d->program);
	EXPECT_DONE(try_attach(d, 1, ENTRIES, e, ENTRIES));
	free(e);
}
END_TEST

/* One line that names the option and what it takes. */
START_TEST(it_is_a_number_of_mebibytes)
{
	static const char *const wrong[] = {
		"0", "-1", "1048577", "99999999999999999999", "1G", "x", "''",
	};

	program_need_options();
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		char options[64];
		struct program *p;

		snprintf(options, sizeof(options), "--max-hostmem=%s",
			 wrong[i]);
		p = program_run(options);
		program_expect_status(p, 2);
		ck_assert_uint_eq(program_said(p, "--max-hostmem"), 1);
		ck_assert_uint_eq(program_said(p, "MiB"), 1);
		ck_assert_uint_eq(program_said(p, "\n"), 1);
	}
}
END_TEST

static const struct test tests[] = {
	ONCE("host", there_is_a_budget, "G27 H18"),
	ONCE("host", what_fails_costs_nothing, "G25 G27"),
	ONCE("host", lists_of_pages_are_paid_for, "G27 H18"),
	ONCE("host", pictures_on_a_screen_are_paid_for, "G27 H18"),
	ONCE("host", the_host_may_have_less_than_the_budget, "H18"),
	ONCE("host", the_host_may_have_less_than_a_list_takes, "H18"),
	ONCE("option", it_is_a_number_of_mebibytes, NULL),
	{ 0 }
};

Suite *budget_suite(void)
{
	return suite_new("budget", tests);
}
