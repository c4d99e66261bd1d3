/*
 * Where a cursor is, whether it is seen at all, and on which scanout.
 *
 * virtio 1.3, section 5.7.6.10.
 */
#include <limits.h>

#include "cursorcommands.h"
#include "draws.h"
#include "suites.h"

static struct driver *start(void)
{
	struct driver *d = driver_start_2d(_axes);

	cursor_new(d, 5, BGRX);
	update_cursor(d, 0, 5, 10, 20);
	return d;
}

static struct driver *start_with_heads(const char *outputs)
{
	program_need_options();
	return driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .options = outputs });
}

/* What the screen was told, whatever the twin thinks of it. */
static void expect_place(struct driver *d, int32_t x, int32_t y)
{
	const struct pointer *p = &d->fe->screen->pointers[0];

	expect_screen(d);
	ck_assert(p->visible);
	ck_assert_int_eq(p->x, x);
	ck_assert_int_eq(p->y, y);
}

/* ---- position ---- */

/* Of the image's top left: Linux has taken the hot spot off already. */
START_TEST(the_hot_spot_has_no_part_in_it)
{
	struct driver *d = start();
	const struct pointer *p = &d->fe->screen->pointers[0];

	update_cursor_hot(d, 0, 5, 100, 100, 10, 20);
	expect_place(d, 100, 100);
	ck_assert_uint_eq(p->hot_x, 10);
	ck_assert_uint_eq(p->hot_y, 20);
	move_cursor(d, 0, 5, 50, 60);
	expect_place(d, 50, 60);
	ck_assert_uint_eq(p->hot_x, 10);
	ck_assert_uint_eq(p->hot_y, 20);
}
END_TEST

/* That of the image, not of a move. */
START_TEST(a_move_has_no_hot_spot)
{
	struct driver *d = start();
	struct virtio_gpu_update_cursor cmd =
		cursor_command(VIRTIO_GPU_CMD_MOVE_CURSOR, 0, 5, 7, 8);

	update_cursor_hot(d, 0, 5, 100, 100, 10, 20);
	cmd.hot_x = 30;
	cmd.hot_y = 0xffffffff;
	try_cursor(d, &cmd);
	expect_screen(d);
}
END_TEST

START_TEST(a_hot_spot_lies_inside)
{
	static const uint32_t hot[][2] = {
		{ 63, 63 },	   { 0, 63 },
		{ 64, 0 },	   { 0, 64 },
		{ 64, 64 },	   { 65, 1000 },
		{ 0x80000000, 1 }, { 1, 0x80000000 },
		{ 0xffffffff, 2 }, { 0xffffffff, 0xffffffff },
	};
	struct driver *d = start();

	for (unsigned i = 0; i < sizeof(hot) / sizeof(*hot); i++) {
		update_cursor_hot(d, 0, 5, 1, 1, hot[i][0], hot[i][1]);
		expect_screen(d);
	}
}
END_TEST

START_TEST(it_may_be_anywhere)
{
	static const int32_t places[][2] = {
		{ 0, 0 },
		{ -1, -1 },
		{ -10, 5 },
		{ 5, -10 },
		{ -63, -63 },
		{ -64, -64 },
		{ -65, 0 },
		{ 1279, 799 },
		{ 1280, 800 },
		{ 100000, -100000 },
		{ INT_MAX, 0 },
		{ 0, INT_MAX },
		{ INT_MIN, 0 },
		{ 0, INT_MIN },
		{ INT_MIN, INT_MIN },
		{ INT_MAX, INT_MAX },
		{ INT_MAX, INT_MIN },
	};
	struct driver *d = start();

	for (unsigned i = 0; i < sizeof(places) / sizeof(*places); i++) {
		move_cursor(d, 0, 5, places[i][0], places[i][1]);
		expect_place(d, places[i][0], places[i][1]);
		update_cursor(d, 0, 5, places[i][1], places[i][0]);
		expect_place(d, places[i][1], places[i][0]);
	}
}
END_TEST

START_TEST(a_move_leaves_the_image)
{
	struct driver *d = start();

	cursor_new(d, 6, BGRX);
	for (int32_t i = 0; i < 100; i++) {
		/* The resource it names has no say in it either. */
		move_cursor(d, 0, i % 3 ? 5 : i % 2 ? 6 : 999, -i, 2 * i);
		if (i % 10 == 0)
			expect_screen(d);
	}
	expect_screen(d);
}
END_TEST

/* ---- visibility ---- */

START_TEST(resource_0_hides_it)
{
	struct driver *d = start();

	for (int32_t i = 0; i < 3; i++) {
		expect_place(d, 10 + i, 20);
		hide_cursor(d, 0);
		expect_screen(d);
		hide_cursor(d, 0);
		expect_screen(d);
		update_cursor(d, 0, 5, 11 + i, 20);
	}
}
END_TEST

/*
 * As QEMU has it, where the text has all but the position ignored: with resource
 * 0 it is hidden, with another one it is shown. Linux, which repeats the last
 * UPDATE_CURSOR's, can't tell.
 */
START_TEST(a_move_hides_and_shows)
{
	struct driver *d = start();

	for (int32_t i = 0; i < 3; i++) {
		move_cursor(d, 0, 0, 40, 50);
		expect_screen(d);
		ck_assert(!d->fe->screen->pointers[0].visible);
		move_cursor(d, 0, 5, 30 + i, 31);
		expect_place(d, 30 + i, 31);
	}
}
END_TEST

START_TEST(a_move_shows_what_was_hidden)
{
	struct driver *d = start();

	for (int32_t i = 0; i < 3; i++) {
		hide_cursor(d, 0);
		move_cursor(d, 0, 0, i, i);
		expect_screen(d);
		move_cursor(d, 0, 5, i, 7);
		expect_place(d, i, 7);
	}
}
END_TEST

/* ---- scanouts ---- */

START_TEST(each_scanout_has_its_own)
{
	struct driver *d = start_with_heads("--outputs=16");

	for (uint32_t i = 0; i < 16; i++) {
		cursor_new(d, 5 + i, BGRX);
		update_cursor_hot(d, i, 5 + i, (int32_t)i, 3, i, 1);
	}
	expect_screen(d);
	for (unsigned n = 0; n < 50; n++) {
		uint32_t i = draw_below(16);

		if (n % 5 == 1)
			hide_cursor(d, i);
		else if (n % 5 == 2)
			update_cursor(d, i, 5 + draw_below(16), 1, 2);
		else
			move_cursor(d, i, 5 + draw_below(16),
				    (int32_t)draw_below(1000), -(int32_t)n);
		if (n % 10 == 0)
			expect_screen(d);
	}
	expect_screen(d);
}
END_TEST

START_TEST(two_heads_do_not_mix)
{
	struct driver *d = start_with_heads("--outputs=2");

	cursor_new(d, 5, BGRX);
	cursor_new(d, 6, BGRX);
	update_cursor(d, 0, 5, 10, 20);
	expect_screen(d);
	update_cursor(d, 1, 6, 30, 40);
	expect_screen(d);
	hide_cursor(d, 0);
	expect_screen(d);
	move_cursor(d, 1, 6, 31, 41);
	expect_screen(d);
	move_cursor(d, 0, 5, 11, 21);
	expect_screen(d);
	ck_assert(d->fe->screen->pointers[0].visible);
	ck_assert(d->fe->screen->pointers[1].visible);
}
END_TEST

static void expect_no_scanout(struct driver *d, uint32_t scanout)
{
	struct virtio_gpu_update_cursor cmd =
		cursor_command(VIRTIO_GPU_CMD_UPDATE_CURSOR, scanout, 5, 1, 2);

	refuse_cursor(d, &cmd, INVALID_SCANOUT);
	cmd.resource_id = 0;
	refuse_cursor(d, &cmd, INVALID_SCANOUT);
	cmd.resource_id = 5;
	cmd.hdr.type = VIRTIO_GPU_CMD_MOVE_CURSOR;
	refuse_cursor(d, &cmd, INVALID_SCANOUT);
}

START_TEST(there_are_as_many_as_config_space_says)
{
	static const uint32_t more[] = { 16,	     17,	 32,
					 0x10000,    0x7fffffff, 0x80000000,
					 0xfffffff0, 0xffffffff };
	struct driver *d = start();

	for (uint32_t i = d->scanouts; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		expect_no_scanout(d, i);
	for (unsigned i = 0; i < sizeof(more) / sizeof(*more); i++)
		expect_no_scanout(d, more[i]);
	expect_screen(d);
}
END_TEST

/* ---- what happens around it ---- */

START_TEST(a_new_mode_leaves_it)
{
	struct driver *d = start();

	expect_screen(d);
	for (uint32_t i = 1; i < 5; i++) {
		show_new(d, 0, 10 + i, BGRX, 100 * i, 80);
		expect_place(d, 10, 20);
	}
	scanout_off(d, 0);
	expect_screen(d);
	show_new(d, 0, 20, BGRX, 200, 100);
	move_cursor(d, 0, 5, 11, 21);
	expect_place(d, 11, 21);
}
END_TEST

/* Nothing of it is left for the next driver. */
START_TEST(a_reset_hides_it)
{
	struct driver *d = start();

	for (unsigned i = 0; i < 3; i++) {
		expect_place(d, 10, 20);
		driver_reset(d);
		expect_screen(d);
		ck_assert(!d->fe->screen->pointers[0].visible);
		move_cursor(d, 0, 5, 1, 2);
		expect_screen(d);
		ck_assert(!d->fe->screen->pointers[0].visible);
		cursor_new(d, 5, BGRX);
		update_cursor(d, 0, 5, 10, 20);
	}
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("position", the_hot_spot_has_no_part_in_it, "J01 J03"),
	ONCE("position", a_move_has_no_hot_spot, "J03"),
	ONCE("position", a_hot_spot_lies_inside, "J11"),
	ONCE("position", it_may_be_anywhere, "J10"),
	ONCE("position", a_move_leaves_the_image, "J03"),
	ONCE("seen", resource_0_hides_it, "J04"),
	ONCE("seen", a_move_hides_and_shows, "J18"),
	ONCE("seen", a_move_shows_what_was_hidden, "J04 J18"),
	ONCE("scanouts", each_scanout_has_its_own, "J13"),
	ONCE("scanouts", two_heads_do_not_mix, "J13"),
	ONCE("scanouts", there_are_as_many_as_config_space_says, "J09"),
	ONCE("around", a_new_mode_leaves_it, "J17"),
	ONCE("around", a_reset_hides_it, "J17"),
	{ 0 }
};

Suite *cursorplace_suite(void)
{
	return suite_new("cursorplace", tests);
}
