/*
 * Memory tables that can't be: a front end that sends one is told so, and the
 * table before stays in force.
 *
 * QEMU's docs/interop/vhost-user.rst, "Memory region description".
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include "driver.h"
#include "suites.h"

static void expect_refusal(struct driver *d, const struct message *m,
			   const char *what)
{
	enum outcome o;

	trail_note("%s", what);
	o = frontend_try(d->fe, m);
	if (o == ACCEPTED)
		FAIL("a memory table was accepted: %s", what);
	if (o == HUNG_UP && !suite_portable())
		FAIL("hung up instead of a refusal: %s", what);
	if (o == HUNG_UP)
		suite_skip("it hangs up on this");
	/* The one before stays in force. */
	driver_expect_alive(d);
}

static void count_0(struct message *m)
{
	m->table.count = m->nfds = 0;
	m->header.size = 8;
}

static void count_0_with_fds(struct message *m)
{
	m->table.count = 0;
}

static void count_beyond_payload(struct message *m)
{
	m->table.count++;
}

static void count_enormous(struct message *m)
{
	m->table.count = 0xffffffff;
}

static void more_regions_than_eight(struct message *m)
{
	while (m->table.count < 9) {
		struct vu_region *r = &m->table.regions[m->table.count];

		*r = m->table.regions[0];
		r->gpa += m->table.count * r->size;
		r->ua += m->table.count++ * r->size;
		m->fds[m->nfds++] = m->fds[0];
	}
	m->header.size = 8 + 9 * sizeof(struct vu_region);
}

static void no_fd(struct message *m)
{
	m->nfds = 0;
}

static void fd_too_few(struct message *m)
{
	m->nfds--;
}

static void fd_too_many(struct message *m)
{
	m->fds[m->nfds++] = m->fds[0];
}

static void size_0(struct message *m)
{
	m->table.regions[0].size = 0;
}

static void guest_addresses_wrap(struct message *m)
{
	m->table.regions[0].gpa = -0x1000ull;
}

static void front_end_addresses_wrap(struct message *m)
{
	m->table.regions[0].ua = -0x1000ull;
}

static void offset_wraps(struct message *m)
{
	m->table.regions[0].mmap_offset = -0x1000ull;
}

static void size_enormous(struct message *m)
{
	m->table.regions[0].size = 1ull << 62;
}

static void beyond_the_file(struct message *m)
{
	m->table.regions[0].size += 0x1000;
}

static void a_byte_beyond_the_file(struct message *m)
{
	m->table.regions[0].size++;
}

static void begins_behind_the_file(struct message *m)
{
	m->table.regions[0].mmap_offset = 1ull << 40;
}

static const struct bad_table {
	const char *name;
	void (*spoil)(struct message *m);
} bad_tables[] = {
	{ "no regions", count_0 },
	{ "no regions, but the bytes and fds of one", count_0_with_fds },
	{ "more regions than the payload has", count_beyond_payload },
	{ "4 G regions", count_enormous },
	{ "nine regions", more_regions_than_eight },
	{ "no fd", no_fd },
	{ "an fd missing", fd_too_few },
	{ "an fd too many", fd_too_many },
	{ "size 0", size_0 },
	{ "guest addresses wrap", guest_addresses_wrap },
	{ "front-end addresses wrap", front_end_addresses_wrap },
	{ "offset wraps", offset_wraps },
	{ "size 2^62", size_enormous },
	{ "a page more than its file has", beyond_the_file },
	{ "a byte more than its file has", a_byte_beyond_the_file },
	{ "offset behind the file's end", begins_behind_the_file },
};

START_TEST(impossible_tables_are_refused)
{
	struct driver *d = driver_start(_axes);
	struct vitals before;

	driver_expect_alive(d);
	before = driver_vitals(d);
	for (unsigned i = 0; i < sizeof(bad_tables) / sizeof(*bad_tables);
	     i++) {
		struct message m = ram_table(d->ram);

		bad_tables[i].spoil(&m);
		expect_refusal(d, &m, bad_tables[i].name);
	}
	driver_expect_no_more(d, before);
	ck_assert_uint_eq(driver_vitals(d).maps, before.maps);
}
END_TEST

/* One address, two bytes: which one would it be? */
START_TEST(regions_must_not_overlap)
{
	static const int64_t by[] = { 0, 0x1000, -0x1000 };
	struct axes axes = *_axes;
	struct driver *d;

	axes.layout = LAYOUT_SEAM;
	d = driver_start(&axes);
	for (unsigned i = 0; i < 6; i++) {
		struct message m = ram_table(d->ram);
		struct vu_region *r = m.table.regions;

		if (i < 3)
			r[3].gpa = r[5].gpa + (uint64_t)by[i];
		else
			r[3].ua = r[5].ua + (uint64_t)by[i - 3];
		expect_refusal(d, &m,
			       i < 3 ? "guest addresses overlap"
				     : "front-end addresses overlap");
	}
}
END_TEST

static int read_only(int fd)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path, O_RDONLY | O_CLOEXEC);
}

/* What a descriptor may be instead of memory. */
START_TEST(regions_must_be_memory)
{
	struct driver *d = driver_start(_axes);
	int fds[5] = { -1 };

	ck_assert(!pipe2(fds, O_CLOEXEC));
	fds[2] = eventfd(0, EFD_CLOEXEC);
	fds[3] = read_only(d->ram->regions[0].fd);
	fds[4] = memfd_create("empty", MFD_CLOEXEC);
	for (unsigned i = 0; i < 5; i++) {
		struct message m = ram_table(d->ram);

		m.fds[0] = fds[i];
		expect_refusal(d, &m, "no memory that can be mapped");
		close(fds[i]);
	}
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("tables", impossible_tables_are_refused, "A18"),
	ON_ALL_AXES("tables", regions_must_not_overlap, "A18"),
	ONCE("tables", regions_must_be_memory, "A18"),
	{ 0 }
};

Suite *memtable_suite(void)
{
	return suite_new("memtable", tests);
}
