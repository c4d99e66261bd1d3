/*
 * A window shows what its scanout does, to the pixel.
 */
#include <stdlib.h>

#include "windowed.h"

/* ---- as it is ---- */

static void show_as_it_is(void)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "");
	struct pages *p = show_new(d, 0, 7, BGRX, 640, 480);
	Window w = xserver_window(x, "Virtual-1 640x480");

	expect_scanout(x, w, d, 0);
	for (unsigned i = 0; i < 10; i++) {
		struct virtio_gpu_rect r = RECT(61 * i, 13 * i, 1 + 7 * i,
						1 + 31 * i);

		pages_scribble(p);
		transfer_to_host(d, 7, r, offset_of(&r, 640));
		flush(d, 7, r);
		if (i % 3 == 0)
			expect_scanout(x, w, d, 0);
	}
	expect_scanout(x, w, d, 0);
}

START_TEST(a_picture_is_shown_as_it_is)
{
	show_as_it_is();
}
END_TEST

/* No machine is without this renderer of SDL's. */
START_TEST(no_gpu_is_needed)
{
	setenv("SDL_RENDER_DRIVER", "software", 1);
	show_as_it_is();
}
END_TEST

/* Nor are extensions of the X server. */
START_TEST(nor_is_shared_memory)
{
	setenv("SDL_RENDER_DRIVER", "software", 1);
	setenv("SDL_FRAMEBUFFER_ACCELERATION", "0", 1);
	setenv("XLIB_SKIP_ARGB_VISUALS", "1", 1);
	show_as_it_is();
}
END_TEST

/* Each flush ends in a place of its own; the last one of each is seen. */
START_TEST(many_flushes_end_in_the_last_picture)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "");
	struct pages *p = show_new(d, 0, 7, BGRX, 640, 480);
	Window w = xserver_window(x, "Virtual-1 640x480");

	trail_quiet(true);
	for (unsigned i = 0; i < 2000; i++) {
		struct virtio_gpu_rect r = RECT(i % 600, i % 450, 40, 30);

		if (i % 100 == 0)
			pages_scribble(p);
		transfer_to_host(d, 7, r, offset_of(&r, 640));
		flush(d, 7, r);
	}
	trail_quiet(false);
	expect_scanout(x, w, d, 0);
	program_expect_rest(d->program);
}
END_TEST

/* ---- a scanout's life ---- */

START_TEST(a_window_is_there_before_the_guest)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x,
					  "--resolution=320x240 --outputs=3");
	Window w = xserver_window(x, "Virtual-1 off");

	expect_black(x, w, 320, 240);
	driver_expect_alive(d);
	ck_assert_uint_eq(xserver_count(x), 1);
}
END_TEST

START_TEST(off_is_black_and_on_is_the_picture_again)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--resolution=320x240");
	Window w;

	show_new(d, 0, 7, BGRX, 320, 240);
	w = xserver_window(x, "Virtual-1 320x240");
	expect_scanout(x, w, d, 0);
	scanout_off(d, 0);
	expect_black(x, w, 320, 240);
	xserver_window(x, "Virtual-1 off");
	set_scanout(d, 0, 7, RECT(0, 0, 320, 240));
	flush(d, 7, RECT(0, 0, 320, 240));
	expect_scanout(x, w, d, 0);
	unref(d, 7);
	expect_black(x, w, 320, 240);
	driver_reset(d);
	show_new(d, 0, 7, BGRX, 320, 240);
	expect_scanout(x, w, d, 0);
}
END_TEST

START_TEST(the_picture_goes_with_its_front_end)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--resolution=320x240");
	struct program *p = d->program;
	Window w;

	show_new(d, 0, 7, BGRX, 320, 240);
	w = xserver_window(x, "Virtual-1 320x240");
	expect_scanout(x, w, d, 0);
	driver_end(d);
	expect_black(x, w, 320, 240);
	d = driver_start_2d_with(&(struct driver_options){ .program = p });
	show_new(d, 0, 7, BGRX, 320, 240);
	expect_scanout(x, w, d, 0);
}
END_TEST

START_TEST(each_scanout_has_a_window)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--outputs=3");
	Window first, third;

	show_new(d, 0, 7, BGRX, 640, 480);
	first = xserver_window(x, "Virtual-1 640x480");
	show_new(d, 2, 8, BGRX, 320, 240);
	third = xserver_window(x, "Virtual-3 320x240");
	ck_assert_uint_eq(xserver_count(x), 2);
	xserver_move(x, first, 0, 0);
	xserver_move(x, third, 700, 500);
	expect_scanout(x, first, d, 0);
	expect_scanout(x, third, d, 2);
	scanout_off(d, 2);
	expect_black(x, third, 320, 240);
	xserver_window(x, "Virtual-3 off");
	expect_scanout(x, first, d, 0);
}
END_TEST

static const struct test tests[] = {
	ONCE("picture", a_picture_is_shown_as_it_is, NULL),
	ONCE("picture", no_gpu_is_needed, NULL),
	ONCE("picture", nor_is_shared_memory, NULL),
	ONCE("picture", many_flushes_end_in_the_last_picture, NULL),
	ONCE("life", a_window_is_there_before_the_guest, NULL),
	ONCE("life", off_is_black_and_on_is_the_picture_again, NULL),
	ONCE("life", the_picture_goes_with_its_front_end, NULL),
	ONCE("life", each_scanout_has_a_window, NULL),
	{ 0 }
};

Suite *shown_suite(void)
{
	return suite_new("shown", tests);
}
