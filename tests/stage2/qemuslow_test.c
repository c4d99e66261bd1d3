/*
 * --display=qemu with a QEMU that is busy, paused in a debugger, or gone: nobody
 * waits for it, no memory is piled up for it, and in the end it shows the latest
 * picture.
 *
 * QEMU's docs/interop/vhost-user-gpu.rst.
 */
#include <stdlib.h>

#include "commands.h"
#include "picture.h"
#include "pump.h"
#include "sequence.h"
#include "suites.h"

/* Several times what a socket holds. */
enum { WIDTH = 800, HEIGHT = 600, BYTES = WIDTH * HEIGHT * 4 };
static const struct virtio_gpu_rect all = { 0, 0, WIDTH, HEIGHT };

static struct driver *start_with(const char *options)
{
	program_need_options();
	return driver_start_2d_with(&(struct driver_options){
		.axes = _axes, .options = options, .ram = 32 << 20 });
}

static struct driver *start(void)
{
	return start_with(NULL);
}

/* The screen has all so far, and reads nothing from here on. */
static void hold(struct driver *d)
{
	expect_screen(d);
	screen_hold(d->fe->screen);
}

/*
 * Whatever is in the socket by now, and a message's rest behind it, is older
 * than the pictures to come.
 */
static void fill(struct driver *d)
{
	show(d, 7, WIDTH, HEIGHT);
	frontend_settle(d->fe);
}

static unsigned count_updates(struct driver *d)
{
	unsigned before = d->fe->screen->updates;

	expect_screen(d);
	return d->fe->screen->updates - before;
}

/* ---- the device goes on ---- */

START_TEST(nothing_waits_for_it)
{
	struct driver *d = start();
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	hold(d);
	fill(d);
	for (unsigned i = 0; i < 20; i++) {
		pages_scribble(p);
		show(d, 7, WIDTH, HEIGHT);
		driver_expect_answer(d, CURSORQ);
	}
	program_expect_rest(d->program);
	screen_go_on(d->fe->screen);
	expect_screen(d);
	program_expect_rest(d->program);
}
END_TEST

START_TEST(a_ring_stops_without_it)
{
	struct driver *d = start();

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	for (unsigned i = 0; i < 3; i++) {
		hold(d);
		fill(d);
		frontend_get_base(d->fe, CONTROLQ);
		frontend_get_base(d->fe, CURSORQ);
		program_expect_rest(d->program);
		/* Now it is closed, with a message half read. */
		driver_pause(d);
		driver_resume(d);
	}
	expect_screen(d);
}
END_TEST

/* A picture waits, one is half sent, and the guest draws and draws. */
START_TEST(no_memory_is_piled_up)
{
	struct driver *d = start();
	struct vitals before;
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	hold(d);
	fill(d);
	show(d, 7, WIDTH, HEIGHT);
	before = driver_vitals(d);
	for (unsigned i = 0; i < 50; i++) {
		pages_scribble(p);
		show(d, 7, WIDTH, HEIGHT);
		set_scanout(d, 0, 7, RECT(0, 0, WIDTH - i % 3, HEIGHT));
	}
	driver_expect_no_more(d, before);
	program_expect_no_growth(d->program, before, BYTES / 1024);
	show(d, 7, WIDTH, HEIGHT);
	screen_go_on(d->fe->screen);
	expect_screen(d);
}
END_TEST

/* ---- and so does the screen, where the device is by then ---- */

START_TEST(the_latest_picture_wins)
{
	struct driver *d = start();
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	hold(d);
	fill(d);
	for (unsigned i = 0; i < 10; i++) {
		pages_scribble(p);
		show(d, 7, WIDTH, HEIGHT);
	}
	screen_go_on(d->fe->screen);
	/* What was on its way, and the latest. */
	ck_assert_uint_eq(count_updates(d), 2);
}
END_TEST

/* Small flushes while a message is on its way come as one rectangle. */
START_TEST(what_was_drawn_meanwhile_comes_in_one)
{
	struct driver *d = start();
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	struct virtio_gpu_rect sum = RECT(10, 20, 200, 100);
	const struct picture *shown = d->twin->scanout[0].shown;

	hold(d);
	fill(d);
	pages_scribble(p);
	transfer_to_host(d, 7, all, 0);
	flush(d, 7, RECT(10, 50, 5, 5));
	flush(d, 7, RECT(100, 20, 110, 60));
	flush(d, 7, RECT(20, 100, 7, 20));
	screen_go_on(d->fe->screen);
	free(screen_await(d->fe->screen, SCREEN_UPDATE));
	screen_expect_update(d->fe->screen, 0, sum, shown);
	frontend_settle(d->fe);
	screen_expect_quiet(d->fe->screen);
}
END_TEST

START_TEST(off_and_other_sizes_are_not_missed)
{
	struct driver *d = start();
	struct screen *s;

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	hold(d);
	fill(d);
	s = d->fe->screen;
	scanout_off(d, 0);
	show_new(d, 0, 8, BGRX, 64, 48);
	scanout_off(d, 0);
	screen_go_on(s);
	expect_screen(d);

	set_scanout(d, 0, 7, all);
	show(d, 7, WIDTH, HEIGHT);
	hold(d);
	fill(d);
	scanout_off(d, 0);
	set_scanout(d, 0, 8, RECT(0, 0, 64, 48));
	flush(d, 8, RECT(0, 0, 64, 48));
	screen_go_on(s);
	expect_screen(d);
}
END_TEST

/* Behind one that is off and on again nothing of the old picture is left. */
START_TEST(off_and_on_again_begins_black)
{
	struct driver *d = start();
	struct screen *s = d->fe->screen;
	struct picture *black = picture_new(WIDTH, HEIGHT);

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	hold(d);
	fill(d);
	scanout_off(d, 0);
	set_scanout(d, 0, 7, all);
	screen_go_on(s);
	free(screen_await(s, SCREEN_UPDATE));
	screen_expect_scanout(s, 0, WIDTH, HEIGHT);
	screen_expect_update(s, 0, all, black);
	picture_free(black);
}
END_TEST

/* Each scanout has a message of its own on its way. */
START_TEST(scanouts_wait_for_themselves)
{
	struct driver *d = start_with("--outputs=3");
	struct pages *p[3];

	for (unsigned i = 0; i < 3; i++)
		p[i] = show_new(d, i, 7 + i, BGRX, WIDTH, HEIGHT);
	hold(d);
	for (unsigned i = 0; i < 9; i++) {
		pages_scribble(p[i % 3]);
		show(d, 7 + i % 3, WIDTH, HEIGHT);
	}
	scanout_off(d, 1);
	screen_go_on(d->fe->screen);
	ck_assert_uint_le(count_updates(d), 6);
}
END_TEST

/* What is told of one waits behind the picture of another, and may change. */
START_TEST(off_waits_behind_another_picture)
{
	struct driver *d = start_with("--outputs=2");

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	show_new(d, 1, 8, BGRX, 64, 48);
	hold(d);
	fill(d);
	for (unsigned i = 0; i < 3; i++) {
		scanout_off(d, 1);
		set_scanout(d, 1, 8, RECT(0, 0, 64, 48 - i));
		flush(d, 8, RECT(0, 0, 64, 48));
	}
	screen_go_on(d->fe->screen);
	expect_screen(d);
	hold(d);
	fill(d);
	scanout_off(d, 1);
	screen_go_on(d->fe->screen);
	expect_screen(d);
}
END_TEST

/* A few bytes at a time: messages go on where they had stopped. */
START_TEST(it_may_read_in_sips)
{
	static const size_t sips[] = { 1, 11, 12, 13, 4096, 100001 };
	struct driver *d = start_with("--outputs=2");
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	unsigned turn = 0;

	show_new(d, 1, 8, BGRX, 32, 32);
	for (unsigned i = 0; i < 6; i++) {
		hold(d);
		pages_scribble(p);
		show(d, 7, WIDTH, HEIGHT);
		show(d, 8, 32, 32);
		for (unsigned n = 0; n < 200; n++) {
			screen_sip(d->fe->screen, sips[turn++ % (i + 1)]);
			if (n % 50 == 0)
				frontend_settle(d->fe);
		}
		screen_go_on(d->fe->screen);
		expect_screen(d);
	}
}
END_TEST

/* ---- gone ---- */

/* QEMU closes it first of all, and the stop follows. */
START_TEST(it_may_be_closed_before_the_stop)
{
	struct driver *d = start();
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	for (unsigned i = 0; i < 4; i++) {
		uint64_t before;

		if (i % 2) {
			hold(d);
			fill(d);
		}
		screen_close(d->fe->screen);
		before = driver_vitals(d).cpu_us;
		for (unsigned n = 0; n < 5; n++) {
			pages_scribble(p);
			show(d, 7, WIDTH, HEIGHT);
		}
		program_expect_rest(d->program);
		ck_assert_uint_lt(driver_vitals(d).cpu_us, before + 500000);
		driver_pause(d);
		driver_resume(d);
		expect_screen(d);
	}
}
END_TEST

/* ---- no memory ---- */

/* For the picture there is some, for sending it there is none. */
START_TEST(what_could_not_be_sent_follows)
{
	struct driver *d = start();
	struct pages *p = pages_whole(d->ram, BYTES);

	create_2d(d, 7, BGRX, WIDTH, HEIGHT);
	attach_backing(d, 7, p);
	transfer_to_host(d, 7, all, 0);
	program_starve(d->program, BYTES / 1024 * 3 / 2);
	set_scanout(d, 0, 7, all);
	flush(d, 7, all);
	ck_assert_uint_ge(program_said(d->program, "no memory to show"), 1);
	program_feed(d->program);
	flush(d, 7, RECT(3, 3, 5, 5));
	expect_screen(d);
}
END_TEST

/* However often: it says so a few times. */
START_TEST(want_of_memory_is_said_a_few_times)
{
	enum { TIMES = 1000, LINES_A_SECOND = 11 };
	struct driver *d = start();
	uint64_t began, seconds;
	unsigned lines;

	create_2d(d, 7, BGRX, WIDTH, HEIGHT);
	program_starve(d->program, BYTES / 1024 * 3 / 2);
	set_scanout(d, 0, 7, all);
	began = pump_now();
	d->guarded = false;
	trail_quiet(true);
	for (unsigned i = 0; i < TIMES; i++)
		flush(d, 7, all);
	trail_quiet(false);
	seconds = (pump_now() - began) / 1000 + 2;
	lines = program_said(d->program, "no memory to show");
	ck_assert_uint_ge(lines, 1);
	ck_assert_uint_le(lines, seconds * LINES_A_SECOND);
}
END_TEST

static const struct test tests[] = {
	ONCE("device", nothing_waits_for_it, "A53 A55"),
	ONCE("device", a_ring_stops_without_it, "A53 A55"),
	ONCE("device", no_memory_is_piled_up, "A55"),
	ONCE("screen", the_latest_picture_wins, "A55"),
	ONCE("screen", what_was_drawn_meanwhile_comes_in_one, "A55"),
	ONCE("screen", off_and_other_sizes_are_not_missed, "A54 A55"),
	ONCE("screen", off_and_on_again_begins_black, "A54"),
	ONCE("screen", scanouts_wait_for_themselves, "A55"),
	ONCE("screen", off_waits_behind_another_picture, "A54 A55"),
	ONCE("screen", it_may_read_in_sips, "A55"),
	ONCE("gone", it_may_be_closed_before_the_stop, "A55"),
	ONCE("memory", what_could_not_be_sent_follows, NULL),
	ONCE("memory", want_of_memory_is_said_a_few_times, NULL),
	{ 0 }
};

Suite *qemuslow_suite(void)
{
	return suite_new("qemuslow", tests);
}
