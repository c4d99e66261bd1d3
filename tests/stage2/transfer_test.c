/*
 * TRANSFER_TO_HOST_2D: which bytes of the backing become which pixels.
 *
 * The specification has neither a stride nor a sensible meaning of `offset`.
 * The rule that all drivers and devices follow: row i of the rectangle lies at
 * byte offset + i * stride of the backing, stride being the resource's width
 * times 4.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#include "commands.h"
#include "draws.h"
#include "suites.h"

/* Odd, so that a stride that was rounded to anything is another one. */
enum { WIDTH = 97, HEIGHT = 61, SIZE = WIDTH * HEIGHT * 4 };

static struct virtio_gpu_rect draw_part(void)
{
	uint32_t x = draw_below(WIDTH), y = draw_below(HEIGHT);

	return RECT(x, y, 1 + draw_below(WIDTH - x),
		    1 + draw_below(HEIGHT - y));
}

static void flush_all(struct driver *d, uint32_t id)
{
	flush(d, id, RECT(0, 0, WIDTH, HEIGHT));
}

/* 7, shown on scanout 0, filled from that backing. */
static struct driver *driver_with_picture(struct pages **p, uint64_t size,
					  uint32_t least, uint32_t most)
{
	struct driver *d = driver_start_2d(_axes);

	*p = pages_new(d->ram, size, least, most);
	create_2d(d, 7, BGRX, WIDTH, HEIGHT);
	attach_backing(d, 7, *p);
	set_scanout(d, 0, 7, RECT(0, 0, WIDTH, HEIGHT));
	transfer_to_host(d, 7, RECT(0, 0, WIDTH, HEIGHT), 0);
	return d;
}

/* ---- the rule ---- */

START_TEST(all_of_it_in_one_go)
{
	struct pages *p;
	struct driver *d = driver_with_picture(&p, SIZE, 1024, 4096);

	show(d, 7, WIDTH, HEIGHT);
	expect_screen(d);
}
END_TEST

static const struct virtio_gpu_rect parts[] = {
	{ 0, 0, 1, 1 },
	{ WIDTH - 1, HEIGHT - 1, 1, 1 },
	{ 0, 0, WIDTH, 1 },
	{ 0, HEIGHT - 1, WIDTH, 1 },
	{ 0, 0, 1, HEIGHT },
	{ WIDTH - 1, 0, 1, HEIGHT },
	{ 0, 7, WIDTH, 20 },
	{ 13, 7, 20, 30 },
	{ 1, 0, WIDTH - 1, HEIGHT },
	{ 0, 0, WIDTH - 1, HEIGHT },
};

enum { PARTS = sizeof(parts) / sizeof(*parts) };

/* As Linux sends it: the pixels lie where they belong. */
START_TEST(a_part_from_its_own_place)
{
	struct pages *p;
	struct driver *d = driver_with_picture(&p, SIZE, 1024, 4096);

	for (unsigned i = 0; i < PARTS + 20; i++) {
		struct virtio_gpu_rect r = i < PARTS ? parts[i] : draw_part();

		pages_scribble(p);
		transfer_to_host(d, 7, r, offset_of(&r, WIDTH));
		flush_all(d, 7);
		expect_screen(d);
	}
}
END_TEST

/* Old kernels never said anything else. */
START_TEST(a_part_from_the_beginning)
{
	struct pages *p;
	struct driver *d = driver_with_picture(&p, SIZE, 1024, 4096);

	for (unsigned i = 0; i < PARTS + 20; i++) {
		pages_scribble(p);
		transfer_to_host(d, 7, i < PARTS ? parts[i] : draw_part(), 0);
		flush_all(d, 7);
		expect_screen(d);
	}
}
END_TEST

/* Rows that are full width as well: they, too, have an offset. */
START_TEST(a_part_from_anywhere)
{
	struct pages *p;
	struct driver *d = driver_with_picture(&p, 2 * SIZE, 1024, 4096);

	for (unsigned i = 0; i < PARTS + 20; i++) {
		pages_scribble(p);
		transfer_to_host(d, 7, i < PARTS ? parts[i] : draw_part(),
				 draw_below(SIZE));
		flush_all(d, 7);
		expect_screen(d);
	}
}
END_TEST

/* What lies outside keeps its pixels, flushed with the rest or not. */
START_TEST(nothing_else_changes)
{
	struct pages *p;
	struct driver *d = driver_with_picture(&p, SIZE, 1024, 4096);

	for (unsigned i = 0; i < 20; i++) {
		struct virtio_gpu_rect r = draw_part();

		pages_scribble(p);
		transfer_to_host(d, 7, r, offset_of(&r, WIDTH));
		if (i % 4 == 3) {
			flush_all(d, 7);
			expect_screen(d);
		}
	}
}
END_TEST

/* ---- pieces ---- */

/* How the backing is cut is nobody's business: a pixel may be in four pieces. */
START_TEST(pieces_may_be_of_any_length)
{
	static const uint32_t cuts[][2] = {
		{ 1, 1 },	{ 1, 3 },	{ 3, 3 },     { 1, 9 },
		{ 7, 4095 },	{ 4095, 4096 }, { 388, 388 }, { 387, 389 },
		{ 4096, 4096 }, { SIZE, SIZE },
	};
	struct driver *d = driver_start_2d(_axes);

	for (uint32_t i = 0; i < sizeof(cuts) / sizeof(*cuts); i++) {
		uint32_t size = cuts[i][1] < 4 ? WIDTH * 40 : SIZE;
		uint32_t height = size / 4 / WIDTH;
		struct pages *p = pages_new(d->ram, size, cuts[i][0],
					    cuts[i][1]);

		create_2d(d, 7, BGRX, WIDTH, height);
		attach_backing(d, 7, p);
		set_scanout(d, 0, 7, RECT(0, 0, WIDTH, height));
		show(d, 7, WIDTH, height);
		expect_screen(d);
		pages_scribble(p);
		transfer_to_host(d, 7, RECT(5, 3, 50, 6), (3 * WIDTH + 5) * 4);
		flush(d, 7, RECT(0, 0, WIDTH, height));
		expect_screen(d);
		unref(d, 7);
		pages_free(p);
	}
}
END_TEST

/* The first byte is anywhere, too. */
START_TEST(pixels_need_no_alignment)
{
	struct pages *p;
	struct driver *d = driver_with_picture(&p, SIZE + 64, 1, 4095);

	for (uint64_t offset = 0; offset < 16; offset++) {
		pages_scribble(p);
		transfer_to_host(d, 7, RECT(0, 0, WIDTH, HEIGHT), offset);
		flush_all(d, 7);
		expect_screen(d);
	}
}
END_TEST

/* ---- when ---- */

/* With its answer it is done: the guest draws its next frame right away. */
START_TEST(what_is_answered_is_copied)
{
	struct pages *p;
	struct driver *d = driver_with_picture(&p, SIZE, 1024, 4096);

	for (uint64_t i = 1; i < 10; i++) {
		struct virtio_gpu_transfer_to_host_2d cmd = {
			.hdr = driver_header(VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D,
					     i),
			.r = RECT(0, 0, WIDTH, HEIGHT),
			.resource_id = 7,
		};

		pages_scribble(p);
		EXPECT_DONE(try_2d(d, &(struct request){ REQUEST(cmd),
							 .room = 24 }));
		pages_scribble(p);
		flush_all(d, 7);
		expect_screen(d);
	}
}
END_TEST

/* ---- what makes no sense ---- */

/* Nothing was copied: the old pixels are there. */
static void expect_nothing_copied(struct driver *d)
{
	flush_all(d, 7);
	expect_screen(d);
}

START_TEST(the_rectangle_lies_inside)
{
	static const struct virtio_gpu_rect outside[] = {
		{ 0, 0, WIDTH + 1, HEIGHT },
		{ 0, 0, WIDTH, HEIGHT + 1 },
		{ 1, 0, WIDTH, 1 },
		{ 0, 1, 1, HEIGHT },
		{ WIDTH, 0, 1, 1 },
		{ 0, HEIGHT, 1, 1 },
		{ WIDTH + 1, 0, 0, 0 },
		/* These sums are small in 32 bits. */
		{ 0xfffffff0, 0, 0x20, 1 },
		{ 0, 0xfffffff0, 1, 0x20 },
		{ 1, 0, 0xffffffff, 1 },
		{ 0, 1, 1, 0xffffffff },
		{ 0x80000000, 0, 0x80000000, 1 },
		{ 0, 0x80000000, 1, 0x80000001 },
		{ 0xffffffff, 0xffffffff, 2, 2 },
		{ 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
		{ 0, 0, 0xffffffff, 0xffffffff },
		{ 0, 0, 0x40000001, 1 },
		{ 0, 0, 1, 0x40000001 },
	};
	struct pages *p;
	struct driver *d = driver_with_picture(&p, 2 * SIZE, 1024, 4096);

	pages_scribble(p);
	for (unsigned i = 0; i < sizeof(outside) / sizeof(*outside); i++) {
		EXPECT_REFUSED(try_transfer(d, 7, outside[i], 0),
			       INVALID_PARAMETER);
		EXPECT_REFUSED(try_transfer(d, 7, outside[i], SIZE),
			       INVALID_PARAMETER);
	}
	expect_nothing_copied(d);
}
END_TEST

START_TEST(an_empty_rectangle_copies_nothing)
{
	static const struct virtio_gpu_rect empty[] = {
		{ 0, 0, 0, 0 },
		{ 0, 0, WIDTH, 0 },
		{ 0, 0, 0, HEIGHT },
		{ WIDTH, HEIGHT, 0, 0 },
	};
	struct pages *p;
	struct driver *d = driver_with_picture(&p, SIZE, 1024, 4096);

	pages_scribble(p);
	for (unsigned i = 0; i < 4; i++) {
		transfer_to_host(d, 7, empty[i], 0);
		transfer_to_host(d, 7, empty[i], ~0ull);
	}
	expect_nothing_copied(d);
}
END_TEST

/* Not even the part that is there: half a picture is no picture. */
START_TEST(all_of_it_is_in_the_backing)
{
	static const uint64_t behind[] = {
		1,	    4,		SIZE - 4,   SIZE,
		SIZE + 1,   1ull << 31, 1ull << 32, (1ull << 32) + 4,
		1ull << 62, 1ull << 63, -4ull,	    -(uint64_t)SIZE,
		~0ull,
	};
	struct pages *p;
	struct driver *d = driver_with_picture(&p, SIZE, 1024, 4096);

	pages_scribble(p);
	for (unsigned i = 0; i < sizeof(behind) / sizeof(*behind); i++)
		EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, WIDTH, HEIGHT),
					    behind[i]),
			       INVALID_PARAMETER);
	EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, 1, 1), SIZE - 3),
		       INVALID_PARAMETER);
	EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, 1, 2), SIZE - 4 * WIDTH),
		       INVALID_PARAMETER);
	expect_nothing_copied(d);
}
END_TEST

/* To the very last byte, and of the last row no more than the rectangle has. */
START_TEST(the_last_row_ends_with_the_rectangle)
{
	struct pages *p;
	struct driver *d = driver_with_picture(&p, SIZE, 1, 4095);
	struct virtio_gpu_rect r;

	for (unsigned i = 0; i < 20; i++) {
		uint64_t needed;

		r = draw_part();
		needed = (uint64_t)(r.height - 1) * WIDTH * 4 + r.width * 4;
		pages_scribble(p);
		EXPECT_REFUSED(try_transfer(d, 7, r, SIZE - needed + 1),
			       INVALID_PARAMETER);
		transfer_to_host(d, 7, r, SIZE - needed);
		flush_all(d, 7);
		expect_screen(d);
	}
}
END_TEST

/* A driver need not have pages for all of a picture that it never fills. */
START_TEST(a_short_backing_will_do)
{
	struct pages *all, *p;
	struct driver *d = driver_with_picture(&all, SIZE, 1024, 4096);

	detach_backing(d, 7);
	p = pages_new(d->ram, WIDTH * 4 * 10, 100, 1000);
	attach_backing(d, 7, p);
	transfer_to_host(d, 7, RECT(0, 0, WIDTH, 10), 0);
	flush_all(d, 7);
	expect_screen(d);
	EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, WIDTH, 11), 0),
		       INVALID_PARAMETER);
	expect_nothing_copied(d);
}
END_TEST

START_TEST(there_is_a_backing)
{
	struct pages *p;
	struct driver *d = driver_with_picture(&p, SIZE, 1024, 4096);

	detach_backing(d, 7);
	pages_scribble(p);
	EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, 1, 1), 0), UNSPEC);
	EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, WIDTH, HEIGHT), 0),
		       UNSPEC);
	expect_nothing_copied(d);
	EXPECT_REFUSED(try_transfer(d, 0, RECT(0, 0, 1, 1), 0),
		       INVALID_RESOURCE);
	EXPECT_REFUSED(try_transfer(d, 999, RECT(0, 0, 1, 1), 0),
		       INVALID_RESOURCE);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("rule", all_of_it_in_one_go, "H47"),
	ONCE("rule", a_part_from_its_own_place, "H47 H48"),
	ONCE("rule", a_part_from_the_beginning, "H49"),
	ONCE("rule", a_part_from_anywhere, "H47 H48"),
	ONCE("rule", nothing_else_changes, "H50"),
	ONCE("pieces", pieces_may_be_of_any_length, "H51 H68"),
	ONCE("pieces", pixels_need_no_alignment, "H51"),
	ONCE("when", what_is_answered_is_copied, "G13 H45"),
	ONCE("wrong", the_rectangle_lies_inside, "H52 G25"),
	ONCE("wrong", an_empty_rectangle_copies_nothing, "H53"),
	ONCE("wrong", all_of_it_is_in_the_backing, "H54 G25"),
	ONCE("wrong", the_last_row_ends_with_the_rectangle, "H54"),
	ONCE("wrong", a_short_backing_will_do, "H54 H68"),
	ONCE("wrong", there_is_a_backing, "H55 H56"),
	{ 0 }
};

Suite *transfer_suite(void)
{
	return suite_new("transfer", tests);
}
