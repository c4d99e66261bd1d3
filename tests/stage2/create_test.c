/*
 * RESOURCE_CREATE_2D: which ids, formats and sizes there may be, and what is
 * in a new resource. What the host has left for it is in budget_test.c.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#include <string.h>

#include "commands.h"
#include "suites.h"

enum { EDGE = 48 };

/* ---- formats ---- */

/* A byte in the wrong place shows, whatever the format is called. */
START_TEST(each_format_has_its_order_of_bytes)
{
	struct driver *d = driver_start_2d(_axes);

	for (uint32_t i = 0; i < FORMATS; i++) {
		struct pages *p = show_new(d, 0, i + 1, all_formats[i], EDGE,
					   EDGE);

		expect_screen(d);
		unref(d, i + 1);
		pages_free(p);
	}
}
END_TEST

START_TEST(there_are_eight_formats)
{
	static const uint32_t others[] = {
		0,   5,	  66,  69,	   120,	       135,	   122,
		133, 258, 259, 0x34325258, 0x80000002, 0x10000001, 0xffffffff,
	};
	struct driver *d = driver_start_2d(_axes);

	for (unsigned i = 0; i < sizeof(others) / sizeof(*others); i++)
		EXPECT_REFUSED(try_create(d, 1, others[i], EDGE, EDGE),
			       INVALID_PARAMETER);
	EXPECT_REFUSED(try_unref(d, 1), INVALID_RESOURCE);
}
END_TEST

/* ---- ids ---- */

START_TEST(ids_can_be_any_number_but_0)
{
	static const uint32_t ids[] = { 1,	    1024,	1025,
					0x7fffffff, 0x80000000, 0xffffffff };
	struct driver *d = driver_start_2d(_axes);

	for (unsigned i = 0; i < 6; i++)
		show_new(d, 0, ids[i], BGRX, EDGE, 8 + i);
	for (unsigned i = 0; i < 6; i++) {
		set_scanout(d, 0, ids[i], RECT(0, 0, EDGE, 8 + i));
		flush(d, ids[i], RECT(0, 0, EDGE, 8 + i));
		expect_screen(d);
	}
	EXPECT_REFUSED(try_create(d, 0, BGRX, EDGE, EDGE), INVALID_RESOURCE);
}
END_TEST

/* With another size, or with the same: the old one stays as it is. */
START_TEST(an_id_is_used_once)
{
	struct driver *d = driver_start_2d(_axes);

	show_new(d, 0, 7, BGRX, EDGE, EDGE);
	EXPECT_REFUSED(try_create(d, 7, BGRX, EDGE, EDGE), INVALID_RESOURCE);
	EXPECT_REFUSED(try_create(d, 7, BGRA, 1, 1), INVALID_RESOURCE);
	flush(d, 7, RECT(0, 0, EDGE, EDGE));
	expect_screen(d);
	show(d, 7, EDGE, EDGE);
	expect_screen(d);
}
END_TEST

START_TEST(an_id_can_be_used_again)
{
	struct driver *d = driver_start_2d(_axes);

	for (uint32_t i = 0; i < 20; i++) {
		uint32_t format = i % 2 ? BGRX : BGRA;
		struct pages *p = show_new(d, 0, 7, format, EDGE - i, EDGE + i);

		expect_screen(d);
		unref(d, 7);
		pages_free(p);
	}
}
END_TEST

START_TEST(there_can_be_thousands)
{
	enum { MANY = 5000 };
	struct driver *d = driver_start_2d(_axes);

	trail_quiet(true);
	d->guarded = false;
	for (uint32_t id = 1; id <= MANY; id++)
		create_2d(d, id * 1024, BGRX, 1 + id % 7, 1 + id % 5);
	for (uint32_t id = 1; id <= MANY; id += 2)
		unref(d, id * 1024);
	for (uint32_t id = 2; id <= MANY; id += 2) {
		flush(d, id * 1024, RECT(0, 0, 1 + id % 7, 1 + id % 5));
		EXPECT_REFUSED(try_unref(d, (id - 1) * 1024), INVALID_RESOURCE);
	}
	driver_check_ram(d);
}
END_TEST

/* ---- what is in it ---- */

/* What was there before was another picture, with somebody's secrets in it. */
START_TEST(a_new_one_is_black)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = pages_whole(d->ram, 256 * 256 * 4);

	for (uint32_t id = 1; id <= 4; id++) {
		create_2d(d, id, BGRX, 256, 256);
		attach_backing(d, id, p);
		transfer_to_host(d, id, RECT(0, 0, 256, 256), 0);
	}
	for (uint32_t id = 1; id <= 4; id++)
		unref(d, id);
	for (uint32_t id = 1; id <= 4; id++) {
		create_2d(d, id, BGRX, 256, 256);
		set_scanout(d, 0, id, RECT(0, 0, 256, 256));
		flush(d, id, RECT(0, 0, 256, 256));
		expect_screen(d);
	}
}
END_TEST

/* ---- sizes ---- */

START_TEST(an_empty_one_is_refused)
{
	struct driver *d = driver_start_2d(_axes);

	EXPECT_REFUSED(try_create(d, 1, BGRX, 0, EDGE), INVALID_PARAMETER);
	EXPECT_REFUSED(try_create(d, 1, BGRX, EDGE, 0), INVALID_PARAMETER);
	EXPECT_REFUSED(try_create(d, 1, BGRX, 0, 0), INVALID_PARAMETER);
	EXPECT_REFUSED(try_create(d, 1, BGRX, 0, 0xffffffff),
		       INVALID_PARAMETER);
	create_2d(d, 1, BGRX, 1, 1);
}
END_TEST

/* Others have no limit of their own, or another one. */
START_TEST(the_longest_edge_is_16384)
{
	struct driver *d = driver_start_2d(_axes);

	show_new(d, 0, 1, BGRX, 16384, 3);
	expect_screen(d);
	show_new(d, 0, 2, BGRX, 3, 16384);
	expect_screen(d);
	if (suite_portable())
		return;
	EXPECT_REFUSED(try_create(d, 3, BGRX, 16385, 1), INVALID_PARAMETER);
	EXPECT_REFUSED(try_create(d, 3, BGRX, 1, 16385), INVALID_PARAMETER);
}
END_TEST

/* In 32 bits each of these products is small, or 0. */
static const struct {
	uint32_t width, height;
} vast[] = {
	{ 0xffffffff, 0xffffffff }, { 0x40000001, 1 },
	{ 1, 0x40000001 },	    { 0x10000, 0x10000 },
	{ 0x8000, 0x8000 },	    { 0x4000, 0x10001 },
	{ 0x80000000, 2 },	    { 0x20000001, 8 },
	{ 0x3fffffff, 4 },	    { 0x15555556, 0xc },
	{ 0x00010001, 0xffff },	    { 0x7fffffff, 0x7fffffff },
};

enum { VASTS = sizeof(vast) / sizeof(*vast) };

START_TEST(sizes_do_not_wrap)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = pages_whole(d->ram, 65536);
	struct vitals before = driver_vitals(d);

	for (unsigned i = 0; i < VASTS; i++) {
		uint32_t w = vast[i].width, h = vast[i].height;

		EXPECT_REFUSED(try_create(d, 1, BGRX, w, h), INVALID_PARAMETER);
		EXPECT_REFUSED(try_attach(d, 1, 1, p->entries, 1),
			       INVALID_RESOURCE);
		EXPECT_REFUSED(try_transfer(d, 1, RECT(0, 0, 64, 64), 0),
			       INVALID_RESOURCE);
		EXPECT_REFUSED(try_flush(d, 1, RECT(0, 0, w, h)),
			       INVALID_RESOURCE);
	}
	program_expect_no_growth(d->program, before, 4096);
}
END_TEST

/* ---- what fails leaves nothing behind ---- */

START_TEST(failures_take_no_memory)
{
	struct driver *d = driver_start_2d(_axes);
	struct vitals before = driver_vitals(d);

	trail_quiet(true);
	d->guarded = false;
	create_2d(d, 7, BGRX, 256, 256);
	for (unsigned i = 0; i < 10000; i += 4) {
		if (i == 400)
			before = driver_vitals(d);
		EXPECT_REFUSED(try_create(d, 7, BGRX, 256, 256),
			       INVALID_RESOURCE);
		EXPECT_REFUSED(try_create(d, 0, BGRX, 256, 256),
			       INVALID_RESOURCE);
		EXPECT_REFUSED(try_create(d, 8, 999, 256, 256),
			       INVALID_PARAMETER);
		EXPECT_REFUSED(try_create(d, 8, BGRX, 256, 0),
			       INVALID_PARAMETER);
	}
	driver_expect_no_more(d, before);
	program_expect_no_growth(d->program, before, 1024);
}
END_TEST

/* ---- the request ---- */

/* What is in the header is for 3D, and what lies behind for later versions. */
START_TEST(only_its_own_fields_count)
{
	struct driver *d = driver_start_2d(_axes);
	struct {
		struct virtio_gpu_resource_create_2d cmd;
		uint8_t more[64];
	} longer = { .cmd = { .resource_id = 1, .format = BGRX } };

	memset(&longer.cmd.hdr, 0xff, sizeof(longer.cmd.hdr));
	memset(longer.more, 0xff, sizeof(longer.more));
	longer.cmd.hdr.type = VIRTIO_GPU_CMD_RESOURCE_CREATE_2D;
	longer.cmd.hdr.flags = VIRTIO_GPU_FLAG_FENCE | 0xfffffffc;
	longer.cmd.width = longer.cmd.height = EDGE;
	EXPECT_DONE(
		try_2d(d, &(struct request){ REQUEST(longer), .room = 24 }));
	set_scanout(d, 0, 1, RECT(0, 0, EDGE, EDGE));
	attach_backing(d, 1, pages_whole(d->ram, EDGE * EDGE * 4));
	show(d, 1, EDGE, EDGE);
	expect_screen(d);
}
END_TEST

static const struct test tests[] = {
	ONCE("formats", each_format_has_its_order_of_bytes, "H10"),
	ONCE("formats", there_are_eight_formats, "H14"),
	ONCE("ids", ids_can_be_any_number_but_0, "G26 H10 H12"),
	ONCE("ids", an_id_is_used_once, "G25 H13"),
	ONCE("ids", an_id_can_be_used_again, "H19"),
	ONCE("ids", there_can_be_thousands, "G26 H10 H20"),
	ONCE("content", a_new_one_is_black, "H11"),
	ONCE("sizes", an_empty_one_is_refused, "H15"),
	ONCE("sizes", the_longest_edge_is_16384, "H17"),
	ONCE("sizes", sizes_do_not_wrap, "H16"),
	ONCE("failures", failures_take_no_memory, "G25 H12 H13 H14"),
	ON_ALL_AXES("request", only_its_own_fields_count, "G07 G09 G10 H10"),
	{ 0 }
};

Suite *create_suite(void)
{
	return suite_new("create", tests);
}
