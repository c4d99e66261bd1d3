/*
 * UPDATE_CURSOR: which image the cursor has. A copy is taken when the command
 * comes, each pixel's fourth byte is alpha in all formats, and what can't be an
 * image leaves the one before.
 *
 * virtio 1.3, sections 5.7.6.6 and 5.7.6.10.
 */
#include <string.h>

#include "cursorcommands.h"
#include "draws.h"
#include "suites.h"

/* ---- formats ---- */

/*
 * Linux makes each dumb buffer a B8G8R8X8, and puts ARGB8888 pixels into those
 * that it uses for cursors: on this plane X means alpha as well.
 */
static void expect_format(uint32_t format)
{
	struct driver *d = driver_start_2d(_axes);

	cursor_new(d, 5, format);
	update_cursor(d, 0, 5, 10, 20);
	expect_screen(d);
}

START_TEST(alpha_is_there_where_the_format_says_x)
{
	expect_format(BGRX);
}
END_TEST

START_TEST(alpha_is_there_where_the_format_says_a)
{
	expect_format(BGRA);
}
END_TEST

START_TEST(each_format_has_its_order_of_bytes)
{
	struct driver *d = driver_start_2d(_axes);

	for (unsigned i = 0; i < FORMATS; i++) {
		cursor_new(d, 1 + i, all_formats[i]);
		update_cursor(d, 0, 1 + i, 10, 20);
		expect_screen(d);
	}
}
END_TEST

static uint32_t at(struct driver *d, uint32_t x, uint32_t y)
{
	return d->fe->screen->pointers[0].pixels[y * POINTER_EDGE + x];
}

/* What the twin has no part in: four bytes, written down here. */
START_TEST(a_pixel_is_one_word)
{
	static const uint8_t bytes[] = { 0x11, 0x22, 0x33, 0x44 };
	static const uint32_t words[FORMATS] = {
		0x44332211, 0x44332211, 0x11223344, 0x11223344,
		0x44112233, 0x11443322, 0x11443322, 0x44112233,
	};
	struct driver *d = driver_start_2d(_axes);

	for (unsigned i = 0; i < FORMATS; i++) {
		struct pages *p = cursor_new(d, 1 + i, all_formats[i]);

		pages_write(p, (3 * POINTER_EDGE + 7) * 4, bytes, 4);
		cursor_draw(d, 1 + i);
		update_cursor(d, 0, 1 + i, 0, 0);
		expect_screen(d);
		if (at(d, 7, 3) != words[i])
			FAIL("format %u: expected %08x, got %08x",
			     all_formats[i], words[i], at(d, 7, 3));
	}
}
END_TEST

/* Premultiplied as they come: from clear to solid, and what can't be. */
START_TEST(no_value_is_changed)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = cursor_new(d, 5, BGRX);

	cursor_paint(d, 5, p);
	update_cursor(d, 0, 5, 0, 0);
	expect_screen(d);
	for (uint32_t i = 0; i < POINTER_PIXELS; i++) {
		uint8_t pixel[4] = { (uint8_t)i, (uint8_t)(255 - i), 128,
				     (uint8_t)(i / 16) };

		pages_write(p, (uint64_t)i * 4, pixel, sizeof(pixel));
	}
	cursor_draw(d, 5);
	update_cursor(d, 0, 5, 0, 0);
	expect_screen(d);
}
END_TEST

/* ---- copies ---- */

START_TEST(the_image_is_a_copy)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = cursor_new(d, 5, BGRX);

	update_cursor(d, 0, 5, 10, 20);
	for (unsigned i = 0; i < 5; i++) {
		pages_scribble(p);
		move_cursor(d, 0, 5, (int32_t)i, 20);
		expect_screen(d);
		cursor_draw(d, 5);
		move_cursor(d, 0, 5, (int32_t)i, 30);
		expect_screen(d);
		flush(d, 5, RECT(0, 0, 64, 64));
		move_cursor(d, 0, 5, (int32_t)i, 40);
		expect_screen(d);
		update_cursor(d, 0, 5, (int32_t)i, 50);
		expect_screen(d);
	}
}
END_TEST

/* Neither its backing nor itself has to stay. */
START_TEST(the_resource_may_go)
{
	struct driver *d = driver_start_2d(_axes);

	for (int32_t i = 0; i < 3; i++) {
		cursor_new(d, 5, BGRX);
		update_cursor(d, 0, 5, i, 0);
		detach_backing(d, 5);
		move_cursor(d, 0, 5, i, 1);
		expect_screen(d);
		unref(d, 5);
		expect_screen(d);
		move_cursor(d, 0, 5, i, 2);
		expect_screen(d);
		/* Another one of that id is another picture. */
		cursor_new(d, 5, BGRX);
		move_cursor(d, 0, 5, i, 3);
		expect_screen(d);
		unref(d, 5);
	}
	hide_cursor(d, 0);
	expect_screen(d);
}
END_TEST

/* What was never transferred is black, and clear. */
START_TEST(an_untouched_resource_is_clear)
{
	struct driver *d = driver_start_2d(_axes);

	cursor_new(d, 5, BGRX);
	update_cursor(d, 0, 5, 1, 2);
	create_2d(d, 6, BGRX, POINTER_EDGE, POINTER_EDGE);
	update_cursor(d, 0, 6, 1, 2);
	expect_screen(d);
}
END_TEST

/* A picture and a cursor at a time, and from several buffers in turns. */
START_TEST(a_resource_may_be_shown_as_well)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p[2];

	for (uint32_t i = 0; i < 2; i++) {
		p[i] = cursor_new(d, 5 + i, BGRX);
		set_scanout(d, 0, 5 + i, RECT(0, 0, 64, 64));
		flush(d, 5 + i, RECT(0, 0, 64, 64));
	}
	for (int32_t i = 0; i < 10; i++) {
		uint32_t id = 5 + (uint32_t)i % 2;

		pages_scribble(p[i % 2]);
		cursor_draw(d, id);
		update_cursor(d, 0, id, i, -i);
		expect_screen(d);
	}
}
END_TEST

/* ---- what is no image ---- */

static void expect_kept(struct driver *d,
			const struct virtio_gpu_update_cursor *cmd,
			uint32_t error)
{
	refuse_cursor(d, cmd, error);
	expect_screen(d);
	/* The position has to be the old one, too, as long as it is shown. */
	move_cursor(d, 0, 5, 33, 44);
	expect_screen(d);
}

START_TEST(other_sizes_leave_the_old_one)
{
	static const uint32_t sizes[][2] = {
		{ 63, 64 },  { 64, 63 },   { 65, 64 },	{ 64, 65 },
		{ 32, 32 },  { 128, 128 }, { 1, 1 },	{ 4096, 1 },
		{ 1, 4096 }, { 32, 128 },  { 128, 32 }, { 256, 256 },
	};
	struct driver *d = driver_start_2d(_axes);

	cursor_new(d, 5, BGRX);
	update_cursor_hot(d, 0, 5, 10, 20, 3, 4);
	for (uint32_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct virtio_gpu_update_cursor cmd =
			cursor_command(VIRTIO_GPU_CMD_UPDATE_CURSOR, 0, 100 + i,
				       50, 60);
		uint32_t bytes = sizes[i][0] * sizes[i][1] * 4;
		struct pages *p = pages_whole(d->ram, bytes);

		create_2d(d, 100 + i, BGRX, sizes[i][0], sizes[i][1]);
		attach_backing(d, 100 + i, p);
		transfer_to_host(d, 100 + i,
				 RECT(0, 0, sizes[i][0], sizes[i][1]), 0);
		cmd.hot_x = cmd.hot_y = 9;
		expect_kept(d, &cmd, INVALID_PARAMETER);
	}
}
END_TEST

START_TEST(an_unknown_resource_leaves_the_old_one)
{
	static const uint32_t ids[] = { 999, 5 + 1024, 5 + 65536, 0xffffffff };
	struct driver *d = driver_start_2d(_axes);

	cursor_new(d, 5, BGRX);
	update_cursor_hot(d, 0, 5, 10, 20, 3, 4);
	cursor_new(d, 6, BGRX);
	unref(d, 6);
	for (uint32_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		struct virtio_gpu_update_cursor cmd =
			cursor_command(VIRTIO_GPU_CMD_UPDATE_CURSOR, 0, ids[i],
				       50, 60);

		cmd.hot_x = cmd.hot_y = 9;
		expect_kept(d, &cmd, INVALID_RESOURCE);
		cmd.resource_id = 6;
		expect_kept(d, &cmd, INVALID_RESOURCE);
	}
}
END_TEST

/* Without a first one there is none. */
START_TEST(nothing_is_shown_for_want_of_an_image)
{
	struct driver *d = driver_start_2d(_axes);
	struct virtio_gpu_update_cursor cmd =
		cursor_command(VIRTIO_GPU_CMD_UPDATE_CURSOR, 0, 999, 50, 60);

	move_cursor(d, 0, 5, 10, 20);
	refuse_cursor(d, &cmd, INVALID_RESOURCE);
	move_cursor(d, 0, 999, 10, 20);
	hide_cursor(d, 0);
	expect_screen(d);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("formats", alpha_is_there_where_the_format_says_x,
		    "J01 J06"),
	ONCE("formats", alpha_is_there_where_the_format_says_a, "J06"),
	ONCE("formats", each_format_has_its_order_of_bytes, "J06"),
	ONCE("formats", a_pixel_is_one_word, "J06"),
	ONCE("formats", no_value_is_changed, "J06"),
	ONCE("copies", the_image_is_a_copy, "J07"),
	ONCE("copies", the_resource_may_go, "H23 J07"),
	ONCE("copies", an_untouched_resource_is_clear, "J07"),
	ONCE("copies", a_resource_may_be_shown_as_well, "J07"),
	ONCE("kept", other_sizes_leave_the_old_one, "J05"),
	ONCE("kept", an_unknown_resource_leaves_the_old_one, "J08"),
	ONCE("kept", nothing_is_shown_for_want_of_an_image, "J08"),
	{ 0 }
};

Suite *cursorimage_suite(void)
{
	return suite_new("cursorimage", tests);
}
