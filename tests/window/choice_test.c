/*
 * A window or none: --display=auto, and what is missing.
 */
#include <stdlib.h>

#include "windowed.h"

static const char no_server[] = ":4242";

START_TEST(auto_takes_a_window)
{
	struct xserver *x = xserver_start();
	struct driver *d = driver_start_2d_with(
		&(struct driver_options){ .options = "--display=auto" });

	show_new(d, 0, 7, BGRX, 200, 150);
	expect_scanout(x, xserver_window(x, "Virtual-1 200x150"), d, 0);
}
END_TEST

static void expect_none(const char *why)
{
	struct driver *d = driver_start_2d_with(
		&(struct driver_options){ .options = "--display=auto" });

	show_new(d, 0, 7, BGRX, 200, 150);
	expect_line(d, "no window: ");
	expect_line(d, why);
	expect_line(d, "--display=png:DIR");
	ck_assert_uint_eq(program_said(d->program, "\n"), 1);
}

static void expect_refusal(const char *why)
{
	struct program *p = program_start("--display=sdl");

	p->may_end = true;
	program_expect_status(p, 1);
	ck_assert_uint_eq(program_said(p, "--display=sdl: "), 1);
	ck_assert_uint_eq(program_said(p, why), 1);
	ck_assert_uint_eq(program_said(p, "\n"), 1);
}

START_TEST(without_a_server_there_is_none)
{
	unsetenv("DISPLAY");
	unsetenv("WAYLAND_DISPLAY");
	unsetenv("SDL_VIDEODRIVER");
	expect_none("neither DISPLAY");
	expect_refusal("neither DISPLAY");
}
END_TEST

START_TEST(nor_with_one_that_is_gone)
{
	setenv("DISPLAY", no_server, 1);
	unsetenv("WAYLAND_DISPLAY");
	unsetenv("SDL_VIDEODRIVER");
	expect_none("reached");
	expect_refusal("reached");
}
END_TEST

/* SDL has drivers that show nothing, and one that takes the console. */
START_TEST(auto_takes_no_other_driver)
{
	unsetenv("DISPLAY");
	unsetenv("WAYLAND_DISPLAY");
	setenv("SDL_VIDEODRIVER", "dummy", 1);
	expect_none("SDL_VIDEODRIVER");
}
END_TEST

static const struct test tests[] = {
	ONCE("auto", auto_takes_a_window, NULL),
	ONCE("auto", without_a_server_there_is_none, NULL),
	ONCE("auto", nor_with_one_that_is_gone, NULL),
	ONCE("auto", auto_takes_no_other_driver, NULL),
	{ 0 }
};

Suite *choice_suite(void)
{
	return suite_new("choice", tests);
}
