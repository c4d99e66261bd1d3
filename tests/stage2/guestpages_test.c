/*
 * The pages of a backing are memory like any other: in several regions, moved
 * and unplugged, or part of the rings.
 *
 * QEMU's docs/interop/vhost-user.rst, "VHOST_USER_SET_MEM_TABLE".
 */
#include <stdlib.h>

#include "commands.h"
#include "sequence.h"
#include "suites.h"

enum { WIDTH = 64, HEIGHT = 48, SIZE = WIDTH * HEIGHT * 4 };

/* Resource 7, to be shown, with that backing. */
static void prepare(struct driver *d, const struct pages *p)
{
	create_2d(d, 7, BGRX, WIDTH, HEIGHT);
	attach_backing(d, 7, p);
	set_scanout(d, 0, 7, RECT(0, 0, WIDTH, HEIGHT));
}

static void begin(struct driver *d, const struct pages *p)
{
	prepare(d, p);
	show(d, 7, WIDTH, HEIGHT);
	expect_screen(d);
}

static struct driver *driver_in(enum layout layout)
{
	static struct axes axes;

	axes = *_axes;
	axes.layout = layout;
	return driver_start_2d(&axes);
}

/* ---- regions ---- */

/* Where regions adjoin, an entry knows nothing of it; nor does a pixel. */
START_TEST(an_entry_may_lie_in_several_regions)
{
	struct driver *d = driver_in(LAYOUT_SEAM);

	for (uint64_t into = 0; into < 5; into++) {
		uint64_t gpa = d->ram->regions[5].vu.gpa - SIZE / 2 + into;
		struct pages *p = pages_at(d->ram, gpa, SIZE);

		pages_scribble(p);
		begin(d, p);
		unref(d, 7);
		pages_free(p);
	}
}
END_TEST

/* All that there is, in one entry. */
START_TEST(an_entry_may_be_all_of_memory)
{
	struct driver *d = driver_in(LAYOUT_SEAM);
	uint64_t first = d->ram->regions[0].vu.gpa;
	uint32_t size = (uint32_t)(ram_end(d->ram) - first);
	struct pages *p = pages_at(d->ram, first, size);
	struct pages *last = pages_at(d->ram, ram_end(d->ram) - SIZE, SIZE);

	pages_scribble(last);
	prepare(d, p);
	transfer_to_host(d, 7, RECT(0, 0, WIDTH, HEIGHT), size - SIZE);
	flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	expect_screen(d);
	EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, WIDTH, HEIGHT),
				    size - SIZE + 1),
		       INVALID_PARAMETER);
}
END_TEST

/* To the last byte of a region behind which there is nothing. */
START_TEST(an_entry_may_end_with_memory)
{
	struct driver *d = driver_in(LAYOUT_EDGE);

	for (unsigned i = 0; i < 2; i++) {
		struct pages *p = pages_whole(d->ram, SIZE);
		struct virtio_gpu_mem_entry more = p->entries[0];

		begin(d, p);
		EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, WIDTH, HEIGHT), 1),
			       INVALID_PARAMETER);
		detach_backing(d, 7);
		more.length++;
		EXPECT_REFUSED(try_attach(d, 7, 1, &more, 1),
			       INVALID_PARAMETER);
		unref(d, 7);
	}
}
END_TEST

/* ---- another memory table ---- */

/* The addresses are the same, what lies there is elsewhere in the host. */
START_TEST(memory_may_move_under_a_backing)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = pages_new(d->ram, SIZE, 64, 1024);

	begin(d, p);
	for (unsigned i = 0; i < 4; i++) {
		driver_expect_alive(d);
		/* It may still ask for kicks after its last reply. */
		frontend_expect_silence(d->fe);
		ram_move(d->ram);
		frontend_send_memory(d->fe);
		pages_scribble(p);
		show(d, 7, WIDTH, HEIGHT);
		expect_screen(d);
	}
}
END_TEST

/* As it does in a pause, where all of it comes anew. */
START_TEST(memory_may_move_in_a_pause)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = pages_new(d->ram, SIZE, 64, 1024);

	begin(d, p);
	driver_pause(d);
	ram_move(d->ram);
	driver_resume(d);
	pages_scribble(p);
	show(d, 7, WIDTH, HEIGHT);
	expect_screen(d);
}
END_TEST

/*
 * A region less: the table without the last one, and a memory in which the twin
 * doesn't find it either.
 */
static void unplug_last(struct driver *d)
{
	struct message table;

	trail_step("the last region goes away");
	d->ram->count--;
	table = ram_table(d->ram);
	frontend_tell(d->fe, &table);
}

static void plug_last(struct driver *d)
{
	trail_step("the last region comes back");
	d->ram->count++;
	frontend_send_memory(d->fe);
}

/* Half of the pages are in it, the others are where they were. */
START_TEST(memory_may_go_away_under_a_backing)
{
	struct driver *d = driver_in(LAYOUT_SEAM);
	uint64_t last = d->ram->regions[d->ram->count - 1].vu.gpa;
	struct pages *p = pages_at(d->ram, last - SIZE / 2, SIZE);

	pages_scribble(p);
	begin(d, p);
	for (unsigned i = 0; i < 3; i++) {
		struct twin *twin = d->twin;

		unplug_last(d);
		d->twin = NULL;
		EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, WIDTH, HEIGHT), 0),
			       INVALID_PARAMETER);
		EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, 1, 1), SIZE - 4),
			       INVALID_PARAMETER);
		d->twin = twin;
		/* The picture is the host's, and is there as it was. */
		flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
		expect_screen(d);
		create_2d(d, 8, BGRX, WIDTH, HEIGHT);
		EXPECT_REFUSED(try_attach(d, 8, 1, p->entries, 1),
			       INVALID_PARAMETER);
		unref(d, 8);
		plug_last(d);
		pages_scribble(p);
		show(d, 7, WIDTH, HEIGHT);
		expect_screen(d);
	}
	unplug_last(d);
	detach_backing(d, 7);
	driver_expect_alive(d);
	if (program_takes_options()) {
		ck_assert(program_said(d->program, "not in guest memory"));
		ck_assert(!program_said(d->program, "backing ends before"));
	}
}
END_TEST

/* The same memory, its only region cut in two where the entries lie. */
static void cut_region(struct driver *d, uint64_t gpa)
{
	struct message table = ram_table(d->ram);
	struct vu_region *r = table.table.regions;
	uint64_t size = gpa - r[0].gpa;

	trail_step("one region becomes two");
	r[1] = (struct vu_region){ .gpa = gpa,
				   .size = r[0].size - size,
				   .ua = r[0].ua + size,
				   .mmap_offset = r[0].mmap_offset + size };
	r[0].size = size;
	table.table.count = 2;
	table.header.size += sizeof(*r);
	table.fds[table.nfds++] = table.fds[0];
	frontend_tell(d->fe, &table);
}

/*
 * What was cut into as many pieces as there were entries comes in twice as many,
 * for which there is no budget. It is back when they are fewer.
 */
START_TEST(another_table_is_paid_for)
{
	enum { ENTRIES = 16384 };
	struct virtio_gpu_mem_entry *e = calloc(ENTRIES, sizeof(*e));
	struct axes axes = *_axes;
	struct driver *d;
	uint64_t middle;

	program_need_options();
	axes.layout = LAYOUT_ONE;
	d = driver_start_with(&(struct driver_options){
		.axes = &axes, .options = "--max-hostmem=1" });
	middle = d->ram->regions[0].vu.gpa + d->ram->regions[0].vu.size / 2;
	for (unsigned i = 0; i < ENTRIES; i++)
		e[i] = (struct virtio_gpu_mem_entry){ .addr = middle - 64,
						      .length = 128 };
	create_2d(d, 7, BGRX, 1, 1);
	for (unsigned i = 0; i < 3; i++) {
		EXPECT_DONE(try_attach(d, 7, ENTRIES, e, ENTRIES));
		transfer_to_host(d, 7, RECT(0, 0, 1, 1), 0);
		cut_region(d, middle);
		EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, 1, 1), 0),
			       OUT_OF_MEMORY);
		frontend_send_memory(d->fe);
		transfer_to_host(d, 7, RECT(0, 0, 1, 1), 0);
		detach_backing(d, 7);
	}
	free(e);
}
END_TEST

/* ---- parts of the rings ---- */

/* What the driver has written there is a picture as good as any. */
START_TEST(the_descriptors_may_be_pixels)
{
	struct driver *d = driver_start_2d(_axes);
	uint32_t size = (uint32_t)d->control->ops->desc_size(d->control->num);
	struct pages *p = pages_at(d->ram, d->control->desc, size);

	if (d->axes.packed)
		suite_skip("used descriptors are written there");
	create_2d(d, 7, BGRX, 4, size / 16);
	attach_backing(d, 7, p);
	set_scanout(d, 0, 7, RECT(0, 0, 4, size / 16));
	for (unsigned i = 0; i < 5; i++) {
		show(d, 7, 4, size / 16);
		expect_screen(d);
	}
}
END_TEST

/* All of it: rings, the request itself, the place for its answer. */
START_TEST(everything_may_be_pixels)
{
	struct driver *d = driver_start_2d(_axes);
	const struct vu_region *r = &d->ram->regions[0].vu;
	struct pages *p = pages_at(d->ram, r->gpa, (uint32_t)r->size);
	uint32_t rows = (uint32_t)(r->size / 4 / 1024);

	create_2d(d, 7, BGRX, 1024, rows);
	attach_backing(d, 7, p);
	d->twin->scanouts = 0;
	for (unsigned i = 0; i < 5; i++) {
		transfer_to_host(d, 7, RECT(0, 0, 1024, rows), 0);
		driver_expect_alive(d);
	}
}
END_TEST

static const struct test tests[] = {
	ONCE("regions", an_entry_may_lie_in_several_regions, "A20 H51 H60"),
	ONCE("regions", an_entry_may_be_all_of_memory, "A20 H60"),
	ONCE("regions", an_entry_may_end_with_memory, "H54 H67"),
	ON_ALL_AXES("table", memory_may_move_under_a_backing, "A17 A23"),
	ONCE("table", memory_may_move_in_a_pause, "A17 A23"),
	ONCE("table", memory_may_go_away_under_a_backing, "A17 A22 A23"),
	ONCE("table", another_table_is_paid_for, "A23 H18"),
	ON_AXES_WITH(SPLIT_RINGS, "rings", the_descriptors_may_be_pixels,
		     "H58"),
	ON_ALL_AXES("rings", everything_may_be_pixels, "H58"),
	{ 0 }
};

Suite *guestpages_suite(void)
{
	return suite_new("guestpages", tests);
}
