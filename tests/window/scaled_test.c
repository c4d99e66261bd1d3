/*
 * What a window shows that isn't as large as its scanout's picture.
 */
#include <stdio.h>
#include <stdlib.h>

#include "windowed.h"

/* A picture in a window that the user has made that large. */
static Window resized(struct xserver *x, struct driver *d, uint32_t width,
		      uint32_t height)
{
	Window w;

	show_new(d, 0, 7, BGRX, 200, 150);
	w = xserver_window(x, "Virtual-1 200x150");
	xserver_resize(x, w, width, height);
	return w;
}

static void expect_placed(struct xserver *x, struct driver *d, Window w,
			  uint32_t factor, uint32_t width, uint32_t height)
{
	struct picture *p = placed(d->twin->scanout[0].shown, factor, width,
				   height);

	expect_window(x, w, p);
	picture_free(p);
}

static void show_whole_factors(void)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--resolution=200x150");
	Window w = resized(x, d, 400, 300);

	expect_placed(x, d, w, 2, 400, 300);
	xserver_window(x, "200x150 (200 %)");
	xserver_resize(x, w, 1000, 750);
	expect_placed(x, d, w, 5, 1000, 750);
	xserver_resize(x, w, 200, 150);
	expect_placed(x, d, w, 1, 200, 150);
	xserver_window(x, ": Virtual-1 200x150");
}

START_TEST(whole_factors_are_sharp)
{
	show_whole_factors();
}
END_TEST

START_TEST(whole_factors_are_sharp_without_a_gpu)
{
	setenv("SDL_RENDER_DRIVER", "software", 1);
	show_whole_factors();
}
END_TEST

START_TEST(the_aspect_is_kept)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--resolution=200x150");
	Window w = resized(x, d, 700, 300);

	expect_placed(x, d, w, 2, 700, 300);
	xserver_resize(x, w, 401, 777);
	expect_placed(x, d, w, 2, 401, 777);
	xserver_resize(x, w, 613, 451);
	expect_placed(x, d, w, 3, 613, 451);
}
END_TEST

/* What is drawn behind the scaling lands where it belongs. */
START_TEST(changes_are_scaled_as_well)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--resolution=200x150");
	struct pages *p = show_new(d, 0, 7, BGRX, 200, 150);
	struct virtio_gpu_rect r = RECT(31, 17, 90, 101);
	Window w = xserver_window(x, "Virtual-1 200x150");

	xserver_resize(x, w, 640, 450);
	expect_placed(x, d, w, 3, 640, 450);
	pages_scribble(p);
	transfer_to_host(d, 7, r, offset_of(&r, 200));
	flush(d, 7, r);
	expect_placed(x, d, w, 3, 640, 450);
}
END_TEST

/* ---- factors between ---- */

enum { LEFT = 0xff0000, RIGHT = 0x0000ff };

/* Left half red, right half blue. */
static void show_halves(struct driver *d, uint32_t width, uint32_t height)
{
	struct pages *p = pages_whole(d->ram, (uint64_t)width * height * 4);

	for (uint32_t i = 0; i < width * height; i++) {
		uint32_t colour = i % width < width / 2 ? LEFT : RIGHT;

		pages_write(p, (uint64_t)i * 4, &colour, sizeof(colour));
	}
	create_2d(d, 7, BGRX, width, height);
	attach_backing(d, 7, p);
	set_scanout(d, 0, 7, RECT(0, 0, width, height));
	show(d, 7, width, height);
}

/* Blurred where the colours meet, and for a pixel at the picture's edge. */
static struct picture *halves(uint32_t width, uint32_t height,
			      struct virtio_gpu_rect r)
{
	struct picture *p = picture_new(width, height);

	for (uint32_t y = 0; y < height; y++)
		for (uint32_t x = 0; x < width; x++) {
			uint32_t *pixel = &p->pixels[(size_t)y * width + x];
			uint32_t far_x = x + 2 - r.x, far_y = y + 2 - r.y;
			uint32_t middle = r.x + r.width / 2;

			if (far_x < r.width + 3 && far_y < r.height + 3)
				*pixel = x < middle ? LEFT : RIGHT;
			if (far_x < 4 || far_x - r.width < 4 || far_y < 4 ||
			    far_y - r.height < 4 || x + 4 - middle < 8)
				*pixel |= PICTURE_ANY;
		}
	return p;
}

static void show_fractions(void)
{
	static const struct {
		uint32_t width, height;
		struct virtio_gpu_rect r;
	} cases[] = {
		{ 300, 225, { 0, 0, 300, 225 } },
		{ 500, 210, { 110, 0, 280, 210 } },
		{ 100, 100, { 0, 12, 100, 75 } },
	};
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--resolution=200x150");
	Window w;

	show_halves(d, 200, 150);
	w = xserver_window(x, "Virtual-1 200x150");
	for (unsigned i = 0; i < 3; i++) {
		struct picture *p = halves(cases[i].width, cases[i].height,
					   cases[i].r);

		xserver_resize(x, w, cases[i].width, cases[i].height);
		expect_window(x, w, p);
		picture_free(p);
	}
	xserver_window(x, "(50 %)");
}

START_TEST(other_factors_fill_the_window)
{
	show_fractions();
}
END_TEST

START_TEST(other_factors_fill_the_window_without_a_gpu)
{
	setenv("SDL_RENDER_DRIVER", "software", 1);
	show_fractions();
}
END_TEST

/* ---- whose size it is ---- */

START_TEST(the_window_follows_the_guests_mode)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "");
	Window w = xserver_window(x, "Virtual-1");

	for (unsigned i = 0; i < 3; i++) {
		show_new(d, 0, 7, BGRX, 300 + 100 * i, 500 - 100 * i);
		expect_scanout(x, w, d, 0);
		unref(d, 7);
	}
}
END_TEST

START_TEST(not_if_the_user_chose_another_size)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--resolution=200x150");
	Window w = resized(x, d, 600, 450);

	expect_placed(x, d, w, 3, 600, 450);
	unref(d, 7);
	show_new(d, 0, 7, BGRX, 300, 200);
	expect_placed(x, d, w, 2, 600, 450);
	unref(d, 7);
	show_new(d, 0, 7, BGRX, 600, 450);
	expect_scanout(x, w, d, 0);
}
END_TEST

START_TEST(what_is_larger_than_the_desktop_is_shown_smaller)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--resolution=3200x100");
	Window w = xserver_window(x, "Virtual-1 off");

	expect_black(x, w, 1600, 50);
	show_halves(d, 3200, 100);
	xserver_window(x, "3200x100 (50 %)");
	expect_window(x, w, halves(1600, 50, RECT(0, 0, 1600, 50)));
}
END_TEST

START_TEST(any_size_will_do)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--resolution=200x150");
	static const uint32_t sizes[][2] = {
		{ 1, 1 }, { 1, 1200 }, { 1600, 1 }, { 16384, 1 }, { 33, 31 },
	};
	Window w = xserver_window(x, "Virtual-1");

	for (unsigned i = 0; i < 5; i++) {
		char title[32];

		show_new(d, 0, 7, BGRX, sizes[i][0], sizes[i][1]);
		snprintf(title, sizeof(title), "%ux%u", sizes[i][0],
			 sizes[i][1]);
		xserver_window(x, title);
		xserver_resize(x, w, 1, 1);
		xserver_resize(x, w, 200, 150);
		driver_expect_alive(d);
		unref(d, 7);
	}
	show_new(d, 0, 7, BGRX, 200, 150);
	expect_scanout(x, w, d, 0);
}
END_TEST

static const struct test tests[] = {
	ONCE("factor", whole_factors_are_sharp, NULL),
	ONCE("factor", whole_factors_are_sharp_without_a_gpu, NULL),
	ONCE("factor", the_aspect_is_kept, NULL),
	ONCE("factor", changes_are_scaled_as_well, NULL),
	ONCE("factor", other_factors_fill_the_window, NULL),
	ONCE("factor", other_factors_fill_the_window_without_a_gpu, NULL),
	ONCE("size", the_window_follows_the_guests_mode, NULL),
	ONCE("size", not_if_the_user_chose_another_size, NULL),
	ONCE("size", what_is_larger_than_the_desktop_is_shown_smaller, NULL),
	ONCE("size", any_size_will_do, NULL),
	{ 0 }
};

Suite *scaled_suite(void)
{
	return suite_new("scaled", tests);
}
