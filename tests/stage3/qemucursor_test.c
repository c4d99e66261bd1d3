/*
 * --display=qemu: which messages QEMU gets of a cursor, again on each new socket,
 * and how many of them if it doesn't read.
 *
 * QEMU's docs/interop/vhost-user-gpu.rst.
 */
#include <stdlib.h>
#include <string.h>

#include "cursorcommands.h"
#include "picture.h"
#include "sequence.h"
#include "suites.h"

static struct driver *start_with(const char *options)
{
	program_need_options();
	return driver_start_2d_with(&(struct driver_options){
		.axes = _axes, .options = options, .ram = 16 << 20 });
}

/* With a cursor, of which the screen knows. */
static struct driver *start(void)
{
	struct driver *d = start_with(NULL);

	cursor_new(d, 5, BGRX);
	update_cursor_hot(d, 0, 5, 10, 20, 3, 4);
	expect_screen(d);
	return d;
}

static void expect_quiet(struct driver *d)
{
	frontend_settle(d->fe);
	screen_expect_quiet(d->fe->screen);
}

/* The next message is that one, of that size. */
static void expect_message(struct driver *d, uint32_t request, uint32_t size,
			   uint32_t scanout, int32_t x, int32_t y)
{
	struct screen_message *m = screen_await(d->fe->screen, request);

	ck_assert_uint_eq(m->size, size);
	ck_assert_uint_eq(m->cursor.scanout, scanout);
	ck_assert_int_eq((int32_t)m->cursor.x, x);
	ck_assert_int_eq((int32_t)m->cursor.y, y);
	free(m);
}

/* How many there have been since it was last asked. */
struct count {
	unsigned images, places, updates;
};

static struct count count(struct driver *d)
{
	static struct count before;
	const struct screen *s = d->fe->screen;
	struct count now, since;

	expect_screen(d);
	now = (struct count){ s->cursor_images, s->cursor_places, s->updates };
	since = (struct count){ now.images - before.images,
				now.places - before.places,
				now.updates - before.updates };
	before = now;
	return since;
}

/* ---- messages ---- */

enum { PLACE = 12, IMAGE = 20 + POINTER_PIXELS * 4 };

START_TEST(each_command_is_one_message)
{
	struct driver *d = start();

	update_cursor_hot(d, 0, 5, -7, 8, 1, 2);
	expect_message(d, SCREEN_CURSOR_UPDATE, IMAGE, 0, -7, 8);
	move_cursor(d, 0, 5, 30, -40);
	expect_message(d, SCREEN_CURSOR_POS, PLACE, 0, 30, -40);
	hide_cursor(d, 0);
	expect_message(d, SCREEN_CURSOR_POS_HIDE, PLACE, 0, 0, 0);
	move_cursor(d, 0, 5, 31, 41);
	expect_message(d, SCREEN_CURSOR_POS, PLACE, 0, 31, 41);
	move_cursor(d, 0, 0, 31, 41);
	expect_message(d, SCREEN_CURSOR_POS_HIDE, PLACE, 0, 31, 41);
	expect_quiet(d);
}
END_TEST

/* Not an image again, and nothing at all of the picture. */
START_TEST(a_move_costs_no_redraw)
{
	struct driver *d = start();
	struct count n;

	show_new(d, 0, 7, BGRX, 640, 480);
	count(d);
	for (int32_t i = 0; i < 50; i++) {
		move_cursor(d, 0, 5, i, 2 * i);
		frontend_settle(d->fe);
	}
	n = count(d);
	ck_assert_uint_eq(n.images, 0);
	ck_assert_uint_eq(n.updates, 0);
	ck_assert_uint_ge(n.places, 1);
	ck_assert_uint_le(n.places, 50);
	for (int32_t i = 0; i < 10; i++)
		update_cursor(d, 0, 5, i, 2 * i);
	hide_cursor(d, 0);
	ck_assert_uint_eq(count(d).updates, 0);
}
END_TEST

/* And no picture costs a cursor. */
START_TEST(a_flush_says_nothing_of_it)
{
	struct driver *d = start();
	struct count n;

	show_new(d, 0, 7, BGRX, 640, 480);
	count(d);
	for (unsigned i = 0; i < 5; i++)
		show(d, 7, 640, 480);
	show_new(d, 0, 8, BGRX, 320, 200);
	scanout_off(d, 0);
	n = count(d);
	ck_assert_uint_eq(n.images, 0);
	ck_assert_uint_eq(n.places, 0);
}
END_TEST

START_TEST(what_is_refused_is_not_told)
{
	struct driver *d = start();
	struct virtio_gpu_update_cursor cmd =
		cursor_command(VIRTIO_GPU_CMD_UPDATE_CURSOR, 0, 999, 1, 2);

	create_2d(d, 6, BGRX, 32, 32);
	refuse_cursor(d, &cmd, INVALID_RESOURCE);
	cmd.resource_id = 6;
	refuse_cursor(d, &cmd, INVALID_PARAMETER);
	cmd.pos.scanout_id = d->scanouts;
	refuse_cursor(d, &cmd, INVALID_SCANOUT);
	expect_quiet(d);
}
END_TEST

/* ---- new sockets ---- */

/* Each new socket's QEMU has forgotten, or never knew. */
START_TEST(a_resume_sends_everything_again)
{
	struct driver *d = start_with("--outputs=3");

	cursor_new(d, 5, BGRX);
	cursor_new(d, 6, BGRA);
	update_cursor_hot(d, 0, 5, 10, 20, 3, 4);
	update_cursor(d, 2, 6, -5, 7);
	move_cursor(d, 2, 6, -6, 8);
	for (int32_t i = 0; i < 5; i++) {
		expect_screen(d);
		driver_pause(d);
		driver_resume(d);
		expect_screen(d);
		ck_assert(d->fe->screen->pointers[0].visible);
		ck_assert(d->fe->screen->pointers[2].visible);
		move_cursor(d, 0, 5, i, i);
	}
	frontend_new_screen(d->fe);
	expect_screen(d);
}
END_TEST

/* What is hidden may be shown by a move, on the new socket as on the old. */
START_TEST(what_is_hidden_is_not_forgotten)
{
	struct driver *d = start();

	for (int32_t i = 0; i < 3; i++) {
		hide_cursor(d, 0);
		expect_screen(d);
		driver_pause(d);
		driver_resume(d);
		expect_screen(d);
		ck_assert(!d->fe->screen->pointers[0].visible);
		move_cursor(d, 0, 5, i, 9);
		expect_screen(d);
		ck_assert(d->fe->screen->pointers[0].visible);
	}
}
END_TEST

/* Told in the middle of a message, or of a picture's. */
START_TEST(what_the_last_socket_swallowed_is_sent_again)
{
	struct driver *d = start();

	show_new(d, 0, 7, BGRX, 640, 480);
	for (int32_t i = 0; i < 5; i++) {
		expect_screen(d);
		screen_hold(d->fe->screen);
		if (i % 2)
			show(d, 7, 640, 480);
		for (int32_t n = 0; n < 30; n++)
			update_cursor(d, 0, 5, n, i);
		screen_sip(d->fe->screen, 10000);
		driver_pause(d);
		driver_resume(d);
		expect_screen(d);
	}
}
END_TEST

START_TEST(a_reset_is_told)
{
	struct driver *d = start();
	struct screen *s = d->fe->screen;

	driver_reset(d);
	frontend_settle(d->fe);
	/* To the socket that is there then. */
	ck_assert_ptr_ne(d->fe->screen, s);
	expect_message(d, SCREEN_CURSOR_POS_HIDE, PLACE, 0, 0, 0);
	expect_quiet(d);
}
END_TEST

/* ---- a screen that doesn't read ---- */

/* More than a socket holds: from then on nothing gets into it. */
static void fill(struct driver *d)
{
	expect_screen(d);
	screen_hold(d->fe->screen);
	for (int32_t i = 0; i < 40; i++)
		update_cursor(d, 0, 5, i, i);
	frontend_settle(d->fe);
}

START_TEST(the_latest_wins)
{
	struct driver *d = start();
	struct pages *p = cursor_new(d, 6, BGRX);
	struct count n;

	for (int32_t i = 0; i < 5; i++) {
		count(d);
		fill(d);
		pages_scribble(p);
		cursor_draw(d, 6);
		for (int32_t m = 0; m < 100; m++)
			update_cursor(d, 0, m % 2 ? 6 : 5, m, i);
		for (int32_t m = 0; m < 100; m++)
			move_cursor(d, 0, 6, m, -i);
		screen_go_on(d->fe->screen);
		n = count(d);
		/* What the socket holds, what is on its way, and the latest. */
		ck_assert_uint_le(n.images, 16);
		ck_assert_uint_le(n.places, 2);
	}
}
END_TEST

START_TEST(that_it_is_hidden_is_not_missed)
{
	struct driver *d = start();

	for (int32_t i = 0; i < 5; i++) {
		fill(d);
		hide_cursor(d, 0);
		if (i % 2) {
			move_cursor(d, 0, 5, 1, i);
			hide_cursor(d, 0);
		}
		screen_go_on(d->fe->screen);
		expect_screen(d);
		ck_assert(!d->fe->screen->pointers[0].visible);
		fill(d);
		hide_cursor(d, 0);
		move_cursor(d, 0, 5, 2, i);
		screen_go_on(d->fe->screen);
		expect_screen(d);
		ck_assert(d->fe->screen->pointers[0].visible);
	}
}
END_TEST

/* New while it was hidden, and shown by a move. */
START_TEST(an_image_that_waits_is_not_missed)
{
	struct driver *d = start();

	for (uint32_t i = 0; i < 5; i++) {
		fill(d);
		cursor_new(d, 10 + i, BGRX);
		update_cursor_hot(d, 0, 10 + i, 1, 2, 7 + i, 8);
		hide_cursor(d, 0);
		screen_go_on(d->fe->screen);
		expect_screen(d);
		move_cursor(d, 0, 10 + i, 3, 4);
		expect_screen(d);
	}
}
END_TEST

START_TEST(no_memory_is_piled_up)
{
	struct driver *d = start();
	struct vitals before;

	fill(d);
	before = driver_vitals(d);
	trail_quiet(true);
	for (int32_t i = 0; i < 2000; i++)
		update_cursor(d, 0, 5, i, -i);
	trail_quiet(false);
	program_expect_rest(d->program);
	driver_expect_no_more(d, before);
	program_expect_no_growth(d->program, before, 1024);
	screen_go_on(d->fe->screen);
	expect_screen(d);
}
END_TEST

/* Those of other scanouts, and pictures, get there as well. */
START_TEST(scanouts_wait_for_themselves)
{
	struct driver *d = start_with("--outputs=3");

	show_new(d, 1, 7, BGRX, 640, 480);
	cursor_new(d, 5, BGRX);
	for (int32_t i = 0; i < 3; i++) {
		fill(d);
		for (uint32_t n = 0; n < 9; n++)
			update_cursor(d, n % 3, 5, (int32_t)n, i);
		hide_cursor(d, 1);
		show(d, 7, 640, 480);
		screen_go_on(d->fe->screen);
		expect_screen(d);
	}
}
END_TEST

/* A few bytes at a time, between pictures. */
START_TEST(it_may_read_in_sips)
{
	static const size_t sips[] = { 1, 12, 13, 4096, 16404, 50000 };
	struct driver *d = start();

	show_new(d, 0, 7, BGRX, 320, 240);
	for (unsigned i = 0; i < 6; i++) {
		expect_screen(d);
		screen_hold(d->fe->screen);
		for (int32_t n = 0; n < 60; n++) {
			if (n % 20 == 0)
				show(d, 7, 320, 240);
			update_cursor(d, 0, n % 7 ? 5 : 0, n, (int32_t)i);
			screen_sip(d->fe->screen, sips[i]);
		}
		screen_go_on(d->fe->screen);
		expect_screen(d);
	}
}
END_TEST

static const struct test tests[] = {
	ONCE("messages", each_command_is_one_message, "J01 J03 J04 J18"),
	ONCE("messages", a_move_costs_no_redraw, "J03"),
	ONCE("messages", a_flush_says_nothing_of_it, "J17"),
	ONCE("messages", what_is_refused_is_not_told, "J05 J08 J09"),
	ONCE("sockets", a_resume_sends_everything_again, "A54"),
	ONCE("sockets", what_is_hidden_is_not_forgotten, "A54"),
	ONCE("sockets", what_the_last_socket_swallowed_is_sent_again, "A54"),
	ONCE("sockets", a_reset_is_told, "J17"),
	ONCE("slow", the_latest_wins, "A55"),
	ONCE("slow", that_it_is_hidden_is_not_missed, "A55 J04"),
	ONCE("slow", an_image_that_waits_is_not_missed, "A55"),
	ONCE("slow", no_memory_is_piled_up, "A55"),
	ONCE("slow", scanouts_wait_for_themselves, "A55 J13"),
	ONCE("slow", it_may_read_in_sips, "A55"),
	{ 0 }
};

Suite *qemucursor_suite(void)
{
	return suite_new("qemucursor", tests);
}
