/*
 * The keys that are the window's.
 */
#define _GNU_SOURCE
#include <X11/keysym.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "windowed.h"

/* ---- a picture as a file ---- */

/* Scaled in the window, as it is in the file; no file takes another's place. */
START_TEST(s_saves_the_scanouts_picture)
{
	struct xserver *x = xserver_start();
	struct picture *first;
	struct driver *d;
	Window w;

	go_to_own_folder();
	d = windowed_start(x, "--resolution=200x150");
	show_new(d, 0, 7, BGRX, 200, 150);
	w = xserver_window(x, "Virtual-1 200x150");
	xserver_resize(x, w, 320, 225);
	xserver_window(x, "(150 %)");
	xserver_press(x, w, 's');
	expect_line(d, "Virtual-1-001.png");
	first = d->twin->scanout[0].shown;
	d->twin->scanout[0].shown = NULL;
	set_scanout(d, 0, 7, RECT(10, 20, 100, 90));
	flush(d, 7, RECT(0, 0, 200, 150));
	xserver_window(x, "100x90");
	xserver_press(x, w, 's');
	expect_line(d, "Virtual-1-002.png");
	expect_png("Virtual-1-001.png", first);
	expect_png("Virtual-1-002.png", d->twin->scanout[0].shown);
}
END_TEST

START_TEST(s_saves_nothing_while_it_is_off)
{
	struct xserver *x = xserver_start();
	struct driver *d;

	go_to_own_folder();
	d = windowed_start(x, "");
	xserver_press(x, xserver_window(x, "Virtual-1 off"), 's');
	expect_line(d, "Virtual-1 is off");
	ck_assert_int_ne(access("Virtual-1-001.png", F_OK), 0);
}
END_TEST

START_TEST(s_says_why_it_could_not)
{
	struct xserver *x = xserver_start();
	struct driver *d;

	if (chdir("/proc"))
		FAIL("no /proc");
	d = windowed_start(x, "");
	show_new(d, 0, 7, BGRX, 200, 150);
	xserver_press(x, xserver_window(x, "Virtual-1 200x150"), 's');
	expect_line(d, "Virtual-1-001.png can't be saved: ");
	driver_expect_alive(d);
}
END_TEST

/* Then nothing is left of it. */
START_TEST(s_may_find_the_disk_full)
{
	struct xserver *x = xserver_start();
	struct rlimit full = { 4096, 4096 };
	struct driver *d;

	go_to_own_folder();
	signal(SIGXFSZ, SIG_IGN);
	d = windowed_start(x, "");
	prlimit(d->program->pid, RLIMIT_FSIZE, &full, NULL);
	show_new(d, 0, 7, BGRX, 200, 150);
	xserver_press(x, xserver_window(x, "Virtual-1 200x150"), 's');
	expect_line(d, "Virtual-1-001.png can't be saved: ");
	ck_assert_int_ne(access("Virtual-1-001.png", F_OK), 0);
	driver_expect_alive(d);
}
END_TEST

/* ---- full screen ---- */

START_TEST(f_fills_the_screen_and_back)
{
	struct xserver *x = xserver_start();
	struct picture *full;
	struct driver *d;
	Window w;

	manager_start(x);
	d = windowed_start(x, "--resolution=200x150");
	show_new(d, 0, 7, BGRX, 200, 150);
	w = xserver_window(x, "Virtual-1 200x150");
	expect_scanout(x, w, d, 0);
	full = placed(d->twin->scanout[0].shown, 8, XSERVER_WIDTH,
		      XSERVER_HEIGHT);
	for (unsigned i = 0; i < 2; i++) {
		xserver_press(x, w, 'f');
		expect_window(x, w, full);
		xserver_press(x, w, 'f');
		expect_scanout(x, w, d, 0);
	}
}
END_TEST

/* A mode that the guest sets meanwhile doesn't end it. */
START_TEST(full_stays_full)
{
	struct xserver *x = xserver_start();
	struct driver *d;
	Window w;

	manager_start(x);
	d = windowed_start(x, "--resolution=200x150");
	w = xserver_window(x, "Virtual-1 off");
	xserver_press(x, w, 'f');
	expect_black(x, w, XSERVER_WIDTH, XSERVER_HEIGHT);
	show_new(d, 0, 7, BGRX, 400, 200);
	expect_window(x, w,
		      placed(d->twin->scanout[0].shown, 4, XSERVER_WIDTH,
			     XSERVER_HEIGHT));
}
END_TEST

/* ---- others ---- */

/* What the guest needs of them is not for the window: it still is there. */
START_TEST(other_keys_do_nothing)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--resolution=200x150");
	Window w;

	show_new(d, 0, 7, BGRX, 200, 150);
	w = xserver_window(x, "Virtual-1 200x150");
	for (char letter = 'a'; letter <= 'z'; letter++) {
		if (!strchr("fsq", letter))
			xserver_press(x, w, letter);
		xserver_type(x, w, letter);
		xserver_type_with(x, w, XK_Control_L, letter);
		xserver_type_with(x, w, XK_Alt_L, letter);
	}
	driver_expect_alive(d);
	unref(d, 7);
	show_new(d, 0, 7, BGRX, 200, 150);
	expect_scanout(x, w, d, 0);
	ck_assert_uint_eq(program_said(d->program, "saved"), 0);
	ck_assert_uint_eq(program_said(d->program, "closed"), 0);
}
END_TEST

START_TEST(one_line_says_the_keys)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "");

	xserver_window(x, "Virtual-1");
	expect_line(d, "Ctrl+Alt+F full screen");
	expect_line(d, "Ctrl+Alt+S");
	expect_line(d, "Ctrl+Alt+Q");
	ck_assert_uint_eq(program_said(d->program, "\n"), 1);
}
END_TEST

static const struct test tests[] = {
	ONCE("save", s_saves_the_scanouts_picture, NULL),
	ONCE("save", s_saves_nothing_while_it_is_off, NULL),
	ONCE("save", s_says_why_it_could_not, NULL),
	ONCE("save", s_may_find_the_disk_full, NULL),
	ONCE("full", f_fills_the_screen_and_back, NULL),
	ONCE("full", full_stays_full, NULL),
	ONCE("all", other_keys_do_nothing, NULL),
	ONCE("all", one_line_says_the_keys, NULL),
	{ 0 }
};

Suite *keys_suite(void)
{
	return suite_new("keys", tests);
}
