/*
 * The cursor in PNG files: over the picture, as one sees it, to the pixel; or not
 * in them at all.
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "cursorcommands.h"
#include "draws.h"
#include "picture.h"
#include "pngread.h"
#include "pump.h"
#include "suites.h"

enum { WIDTH = 160, HEIGHT = 120, PATIENCE = 4 * PATIENCE_MS };

static const char *folder(void)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s", program_own_path("pictures"));
	return path;
}

static const char *file_of(unsigned scanout)
{
	static char path[300];

	snprintf(path, sizeof(path), "%s/scanout%u.png", folder(), scanout);
	return path;
}

static struct driver *start(const char *more)
{
	static char options[400];

	program_need_options();
	snprintf(options, sizeof(options), "--display=png:%s %s", folder(),
		 more);
	return driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .options = options });
}

/* A cursor over a picture, each as various as can be. */
static struct driver *start_with_both(const char *more)
{
	struct driver *d = start(more);
	struct pages *p;

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	p = cursor_new(d, 5, BGRX);
	cursor_paint(d, 5, p);
	return d;
}

/* Until the file is what one would see. */
static void wait_for(struct driver *d, unsigned scanout)
{
	struct picture *seen = pointer_over(&d->twin->pointers[scanout],
					    d->twin->scanout[scanout].shown);

	png_await(file_of(scanout), seen, PATIENCE);
	picture_free(seen);
}

static void wait_for_picture_alone(struct driver *d)
{
	png_await(file_of(0), d->twin->scanout[0].shown, PATIENCE);
}

static void end(struct driver *d)
{
	d->program->may_end = true;
	kill(d->program->pid, SIGTERM);
	program_expect_status(d->program, 0);
}

/* It has ended: what the file is by now it stays. */
static void expect_in_the_end(struct driver *d)
{
	struct picture *seen = pointer_over(&d->twin->pointers[0],
					    d->twin->scanout[0].shown);

	end(d);
	png_await(file_of(0), seen, 0);
	picture_free(seen);
}

/* ---- as one sees it ---- */

/* All alpha values, and at each of them all colours there can be. */
START_TEST(alpha_is_premultiplied)
{
	struct driver *d = start_with_both("");

	update_cursor(d, 0, 5, 30, 20);
	wait_for(d, 0);
}
END_TEST

/* From white over black to black over white; and nothing, over anything. */
START_TEST(the_ends_are_exact)
{
	static const uint32_t colours[] = { 0x00000000, 0xff000000, 0xffffffff,
					    0x80808080, 0x80000000, 0x01010101,
					    0xfe000000, 0x00ffffff };
	struct driver *d = start("");
	struct pages *back = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	struct pages *p = cursor_new(d, 5, BGRX);

	for (uint32_t i = 0; i < WIDTH * HEIGHT; i++) {
		uint32_t grey = i % 256 * 0x010101;

		pages_write(back, (uint64_t)i * 4, &grey, sizeof(grey));
	}
	show(d, 7, WIDTH, HEIGHT);
	for (uint32_t i = 0; i < POINTER_PIXELS; i++)
		pages_write(p, (uint64_t)i * 4, &colours[i / 64 % 8], 4);
	cursor_draw(d, 5);
	update_cursor(d, 0, 5, 1, 2);
	wait_for(d, 0);
}
END_TEST

/* A guest may have colours above its alpha; none wraps. */
START_TEST(colours_end_at_full)
{
	struct driver *d = start("");

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	cursor_new(d, 5, BGRX);
	update_cursor(d, 0, 5, 30, 20);
	wait_for(d, 0);
}
END_TEST

START_TEST(formats_make_no_difference)
{
	struct driver *d = start("");

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	for (unsigned i = 0; i < FORMATS; i++) {
		cursor_new(d, 10 + i, all_formats[i]);
		update_cursor(d, 0, 10 + i, 30, 20);
		wait_for(d, 0);
	}
}
END_TEST

/* ---- where ---- */

START_TEST(what_lies_outside_is_cut_off)
{
	static const int32_t places[][2] = {
		{ -1, -1 },
		{ -63, 0 },
		{ 0, -63 },
		{ -64, 10 },
		{ 10, -64 },
		{ WIDTH - 1, 5 },
		{ 5, HEIGHT - 1 },
		{ WIDTH, 0 },
		{ WIDTH - 64, HEIGHT - 64 },
		{ WIDTH - 63, HEIGHT - 63 },
		{ -20, HEIGHT - 7 },
		{ INT32_MIN, INT32_MIN },
		{ INT32_MAX, INT32_MAX },
		{ INT32_MAX - 63, 3 },
		{ 3, INT32_MIN },
		{ 7, 9 },
	};
	struct driver *d = start_with_both("");

	update_cursor(d, 0, 5, 0, 0);
	wait_for(d, 0);
	for (unsigned i = 0; i < sizeof(places) / sizeof(*places); i++) {
		move_cursor(d, 0, 5, places[i][0], places[i][1]);
		wait_for(d, 0);
	}
}
END_TEST

START_TEST(the_hot_spot_moves_nothing)
{
	struct driver *d = start_with_both("");

	update_cursor_hot(d, 0, 5, 60, 50, 10, 20);
	wait_for(d, 0);
	update_cursor_hot(d, 0, 5, 60, 50, 63, 63);
	move_cursor(d, 0, 5, 61, 50);
	wait_for(d, 0);
}
END_TEST

START_TEST(a_picture_may_be_smaller)
{
	struct driver *d = start("");

	show_new(d, 0, 7, BGRX, 20, 10);
	cursor_new(d, 5, BGRX);
	update_cursor(d, 0, 5, -30, -40);
	wait_for(d, 0);
	show_new(d, 0, 8, BGRX, 1, 1);
	wait_for(d, 0);
	show_new(d, 0, 9, BGRX, WIDTH, HEIGHT);
	wait_for(d, 0);
}
END_TEST

START_TEST(two_heads_have_two)
{
	struct driver *d = start_with_both("--outputs=2");

	show_new(d, 1, 8, BGRX, 90, 70);
	cursor_new(d, 6, BGRX);
	update_cursor(d, 0, 5, 3, 4);
	update_cursor(d, 1, 6, 40, 30);
	wait_for(d, 0);
	wait_for(d, 1);
	hide_cursor(d, 0);
	move_cursor(d, 1, 6, 41, 31);
	wait_for(d, 0);
	wait_for(d, 1);
}
END_TEST

/* ---- when ---- */

/* Each is written by itself: nothing else changes. */
START_TEST(a_move_writes_the_file_again)
{
	struct driver *d = start_with_both("");

	update_cursor(d, 0, 5, 0, 0);
	for (int32_t i = 0; i < 4; i++) {
		move_cursor(d, 0, 5, 10 * i, 7 * i);
		wait_for(d, 0);
	}
	hide_cursor(d, 0);
	wait_for_picture_alone(d);
	move_cursor(d, 0, 5, 1, 1);
	wait_for(d, 0);
	for (int32_t i = 0; i < 1000; i++)
		move_cursor(d, 0, 5, i % 100, i % 70);
	expect_in_the_end(d);
}
END_TEST

/* The picture below changes, also where the cursor is. */
START_TEST(a_picture_changes_below_it)
{
	struct driver *d = start("");
	struct pages *back = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	cursor_new(d, 5, BGRX);
	update_cursor(d, 0, 5, 30, 20);
	for (uint32_t i = 0; i < 5; i++) {
		wait_for(d, 0);
		pages_scribble(back);
		transfer_to_host(d, 7, RECT(0, 0, WIDTH, HEIGHT), 0);
		flush(d, 7, RECT(10 * i, 5 * i, 40, 50));
	}
	expect_in_the_end(d);
}
END_TEST

/* The resource can't be seen through it. */
START_TEST(the_image_is_a_copy)
{
	struct driver *d = start_with_both("");

	update_cursor(d, 0, 5, 30, 20);
	wait_for(d, 0);
	unref(d, 5);
	cursor_new(d, 5, BGRX);
	move_cursor(d, 0, 5, 31, 20);
	wait_for(d, 0);
}
END_TEST

/* Off keeps the file; what moves meanwhile is there with the next picture. */
START_TEST(off_shows_no_cursor_either)
{
	struct driver *d = start_with_both("");
	struct picture *last;

	update_cursor(d, 0, 5, 30, 20);
	wait_for(d, 0);
	last = pointer_over(&d->twin->pointers[0], d->twin->scanout[0].shown);
	scanout_off(d, 0);
	for (int32_t i = 0; i < 10; i++)
		move_cursor(d, 0, 5, 50, i);
	png_await(file_of(0), last, PATIENCE);
	set_scanout(d, 0, 7, RECT(0, 0, WIDTH, HEIGHT));
	flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	wait_for(d, 0);
	move_cursor(d, 0, 5, -9, -9);
	scanout_off(d, 0);
	set_scanout(d, 0, 7, RECT(5, 6, 77, 66));
	flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	expect_in_the_end(d);
	picture_free(last);
}
END_TEST

START_TEST(a_reset_leaves_none)
{
	struct driver *d = start_with_both("");

	update_cursor(d, 0, 5, 30, 20);
	wait_for(d, 0);
	driver_reset(d);
	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	wait_for_picture_alone(d);
}
END_TEST

/* ---- the option ---- */

START_TEST(one_can_do_without)
{
	struct driver *d = start_with_both("--png-cursor=no");

	update_cursor(d, 0, 5, 30, 20);
	wait_for_picture_alone(d);
	move_cursor(d, 0, 5, 31, 20);
	show(d, 7, WIDTH, HEIGHT);
	end(d);
	wait_for_picture_alone(d);
}
END_TEST

START_TEST(yes_is_the_usual)
{
	struct driver *d = start_with_both("--png-cursor=yes");

	update_cursor(d, 0, 5, 30, 20);
	wait_for(d, 0);
}
END_TEST

START_TEST(it_takes_nothing_else)
{
	static const char *const wrong[] = { "--png-cursor=", "--png-cursor",
					     "--png-cursor=maybe" };

	program_need_options();
	for (unsigned i = 0; i < 3; i++) {
		struct program *p = program_run(wrong[i]);

		program_expect_status(p, 2);
		ck_assert(strstr(program_output(p), "png-cursor"));
	}
}
END_TEST

static const struct test tests[] = {
	ONCE("seen", alpha_is_premultiplied, "J06"),
	ONCE("seen", the_ends_are_exact, "J06"),
	ONCE("seen", colours_end_at_full, "J06"),
	ONCE("seen", formats_make_no_difference, "J06"),
	ONCE("where", what_lies_outside_is_cut_off, "J10"),
	ONCE("where", the_hot_spot_moves_nothing, "J01"),
	ONCE("where", a_picture_may_be_smaller, "J10 J17"),
	ONCE("where", two_heads_have_two, "J13"),
	ONCE("when", a_move_writes_the_file_again, "J03"),
	ONCE("when", a_picture_changes_below_it, NULL),
	ONCE("when", the_image_is_a_copy, "J07"),
	ONCE("when", off_shows_no_cursor_either, "J17"),
	ONCE("when", a_reset_leaves_none, "J17"),
	ONCE("option", one_can_do_without, NULL),
	ONCE("option", yes_is_the_usual, NULL),
	ONCE("option", it_takes_nothing_else, NULL),
	{ 0 }
};

Suite *pngcursor_suite(void)
{
	return suite_new("pngcursor", tests);
}
