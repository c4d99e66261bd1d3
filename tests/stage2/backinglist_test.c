/*
 * The list in a RESOURCE_ATTACH_BACKING: it is cut like all of a request, is as
 * long as it says, and may change while it is read.
 *
 * virtio 1.3, sections 2.6.4 and 5.7.6.8.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "draws.h"
#include "suites.h"

enum { WIDTH = 64, HEIGHT = 48, SIZE = WIDTH * HEIGHT * 4 };

typedef struct virtio_gpu_mem_entry entry;

/* Resource 7, shown, without a backing. */
static struct driver *driver_with_picture(void)
{
	struct driver *d = driver_start_2d(_axes);

	create_2d(d, 7, BGRX, WIDTH, HEIGHT);
	set_scanout(d, 0, 7, RECT(0, 0, WIDTH, HEIGHT));
	return d;
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

static struct reply send_cut(struct driver *d, const struct pages *p,
			     const uint32_t *cuts)
{
	struct virtio_gpu_resource_attach_backing cmd = {
		.hdr = driver_header(VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, 1),
		.resource_id = 7,
		.nr_entries = p->count,
	};
	uint32_t len = (uint32_t)(sizeof(cmd) + p->count * sizeof(entry));
	uint8_t *bytes = malloc(len);
	struct reply r;

	memcpy(bytes, &cmd, sizeof(cmd));
	memcpy(bytes + sizeof(cmd), p->entries, p->count * sizeof(entry));
	r = try_2d(d,
		   &(struct request){ bytes, len, .room = 24, .cuts = cuts });
	free(bytes);
	return r;
}

/* A list is part of the request, and that is cut as the driver likes. */
START_TEST(the_request_may_be_cut_anywhere)
{
	struct driver *d = driver_with_picture();
	struct pages *p = pages_new(d->ram, SIZE, 3000, 4000);
	uint32_t len = 32 + p->count * 16;

	for (uint32_t cut = 1; cut < len; cut += 1 + draw_below(5)) {
		EXPECT_DONE(send_cut(d, p, CUTS(cut)));
		if (cut % 4 == 0)
			expect_shown(d);
		detach_backing(d, 7);
	}
	EXPECT_DONE(send_cut(d, p, NULL));
	expect_shown(d);
}
END_TEST

/* In pieces of 5 bytes: no entry is in one of them. */
START_TEST(the_request_may_be_in_shreds)
{
	struct driver *d = driver_with_picture();
	struct pages *p = pages_new(d->ram, SIZE, 800, 1000);
	uint32_t n = (32 + p->count * 16 - 1) / 5;
	uint32_t *cuts = calloc(n + 1, sizeof(*cuts));

	while (n && !ring_has_room(d->control, n + 2, SHAPE_AXES))
		n--;
	for (uint32_t i = 0; i < n; i++)
		cuts[i] = 5 * (i + 1);
	EXPECT_DONE(send_cut(d, p, cuts));
	expect_shown(d);
	free(cuts);
}
END_TEST

START_TEST(what_lies_behind_the_list_is_passed_over)
{
	struct driver *d = driver_with_picture();
	struct pages *p = pages_new(d->ram, SIZE, SIZE / 2, SIZE / 2);
	entry e[4] = { p->entries[0], p->entries[1] };

	memset(e + 2, 0xff, 2 * sizeof(*e));
	EXPECT_DONE(try_attach(d, 7, 2, e, 4));
	expect_shown(d);
}
END_TEST

START_TEST(the_list_is_as_long_as_it_says)
{
	static const uint32_t counts[] = { 3,	       4,	   1000,
					   262144,     0x0fffffff, 0x10000000,
					   0x10000001, 0x10000002, 0x80000000,
					   0x80000002, 0xffffffff };
	struct driver *d = driver_with_picture();
	struct pages *p = pages_new(d->ram, SIZE, SIZE / 2, SIZE / 2);

	for (unsigned i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		EXPECT_REFUSED(try_attach(d, 7, counts[i], p->entries, 2),
			       INVALID_PARAMETER);
		expect_not_attached(d);
	}
	EXPECT_REFUSED(try_attach(d, 7, 1, NULL, 0), INVALID_PARAMETER);
	expect_not_attached(d);
}
END_TEST

/* A list that ends within its last entry. */
START_TEST(the_last_entry_is_whole)
{
	struct driver *d = driver_with_picture();
	struct pages *p = pages_new(d->ram, SIZE, SIZE / 2, SIZE / 2);
	struct {
		struct virtio_gpu_resource_attach_backing cmd;
		entry e[2];
	} cut = { { .hdr = driver_header(VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING,
					 0),
		    .resource_id = 7,
		    .nr_entries = 2 },
		  { p->entries[0], p->entries[1] } };

	for (uint32_t len = 48; len < 64; len++) {
		EXPECT_REFUSED(try_2d(d, &(struct request){ &cut, len,
							    .room = 24 }),
			       INVALID_PARAMETER);
		expect_not_attached(d);
	}
	EXPECT_DONE(try_2d(d, &(struct request){ &cut, 64, .room = 24 }));
	expect_shown(d);
}
END_TEST

/* ---- what changes meanwhile ---- */

/* A list, and one word of it that goes to and fro. */
struct flipping {
	void *at;
	uint32_t values[2];
	bool stop;
};

static void *flip(void *arg)
{
	struct flipping *f = arg;

	for (unsigned i = 0; !__atomic_load_n(&f->stop, __ATOMIC_RELAXED); i++)
		__atomic_store_n((uint32_t *)f->at, f->values[i % 2],
				 __ATOMIC_RELAXED);
	return NULL;
}

enum { ENTRIES = 48 };

struct list {
	struct virtio_gpu_resource_attach_backing cmd;
	struct virtio_gpu_mem_entry entries[ENTRIES];
};

static struct driver *driver_in_one_region(void)
{
	static struct axes axes;

	axes = *_axes;
	axes.layout = LAYOUT_ONE;
	return driver_start_2d(&axes);
}

/* Attaches, from a request whose word changes; returns the answer's type. */
static uint32_t attach_flipping(struct driver *d, uint64_t request,
				uint64_t response, struct flipping *f)
{
	struct virtio_gpu_ctrl_hdr hdr;
	const struct piece pieces[] = {
		{ request, sizeof(struct list), false },
		{ response, sizeof(hdr), true },
	};
	pthread_t thread;

	f->stop = false;
	pthread_create(&thread, NULL, flip, f);
	ring_add(d->control, pieces, 2, SHAPE_AXES);
	ring_publish(d->control);
	ring_kick(d->control);
	ring_wait(d->control);
	__atomic_store_n(&f->stop, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	ram_read(d->ram, response, &hdr, sizeof(hdr));
	return hdr.type;
}

/* Attached or not: there is all of a backing, or none. */
static void expect_all_or_nothing(struct driver *d, uint32_t type)
{
	if (type == VIRTIO_GPU_RESP_OK_NODATA) {
		transfer_to_host(d, 7, RECT(0, 0, 1, 1), 0);
		detach_backing(d, 7);
		return;
	}
	if (!reply_is_error(type))
		FAIL("attach: got %s", reply_name(type));
	EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, 1, 1), 0), UNSPEC);
}

/* What was checked is what is used: the list is read once. */
START_TEST(the_list_may_change_while_it_is_read)
{
	/* nr_entries; the last entry's address, low and high; its length. */
	static const struct {
		uint32_t offset, to;
	} words[] = {
		{ 28, 0xffffffff },
		{ 28, 1 },
		{ sizeof(struct list) - 16, 0xfffff000 },
		{ sizeof(struct list) - 12, 0xffffffff },
		{ sizeof(struct list) - 8, 0 },
		{ sizeof(struct list) - 8, 0xffffffff },
	};
	struct driver *d = driver_in_one_region();
	struct pages *p = pages_whole(d->ram, ENTRIES * 256);
	uint64_t request = ram_alloc(d->ram, sizeof(struct list), 16, "list");
	uint64_t response = ram_alloc(d->ram, 24, 8, "response");
	struct list l = { { .hdr = driver_header(
				    VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, 0),
			    .resource_id = 7,
			    .nr_entries = ENTRIES },
			  { { 0 } } };

	program_take_two_processors(d->program);
	create_2d(d, 7, BGRX, WIDTH, HEIGHT);
	for (uint32_t i = 0; i < ENTRIES; i++)
		l.entries[i] = (struct virtio_gpu_mem_entry){
			.addr = p->block + i * 256, .length = 256
		};
	ram_write(d->ram, request, &l, sizeof(l));
	d->twin = NULL;
	d->guarded = false;
	trail_quiet(true);
	for (unsigned i = 0; i < 6 * 40; i++) {
		uint32_t offset = words[i % 6].offset;
		struct flipping f = {
			ram_at(d->ram, request + offset, 4),
			{ *(uint32_t *)(void *)((char *)&l + offset),
			  words[i % 6].to },
			false,
		};

		expect_all_or_nothing(d, attach_flipping(d, request, response,
							 &f));
		ram_write(d->ram, request, &l, sizeof(l));
	}
	driver_expect_alive(d);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("request", the_request_may_be_cut_anywhere, "H60"),
	ON_ALL_AXES("request", the_request_may_be_in_shreds, "H60"),
	ONCE("request", what_lies_behind_the_list_is_passed_over, "H70"),
	ONCE("request", the_list_is_as_long_as_it_says, "H63"),
	ONCE("request", the_last_entry_is_whole, "H63"),
	ONCE("changes", the_list_may_change_while_it_is_read, "H71",
	     .seconds = 60),
	{ 0 }
};

Suite *backinglist_suite(void)
{
	return suite_new("backinglist", tests);
}
