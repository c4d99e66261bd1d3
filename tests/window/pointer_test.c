/*
 * The guest's cursor in a window: over its picture and scaled with it, to the
 * pixel; and the host's own pointer, which goes where the guest's is.
 */
#include <stdlib.h>

#include "cursorcommands.h"
#include "windowed.h"

enum { WIDTH = 200, HEIGHT = 150 };

/* A cursor with all alpha values, for a picture that is there already. */
static struct driver *start(struct xserver *x, const char *options)
{
	struct virtio_gpu_update_cursor hide =
		cursor_command(VIRTIO_GPU_CMD_UPDATE_CURSOR, 0, 0, 0, 0);
	struct driver *d = windowed_start(x, options);
	struct reply r = driver_send(d, &(struct request){ REQUEST(hide),
							   .room = 24,
							   .queue = CURSORQ });

	if (r.hdr.type == VIRTIO_GPU_RESP_ERR_UNSPEC)
		suite_skip("it has no cursor");
	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	cursor_paint(d, 5, cursor_new(d, 5, BGRX));
	return d;
}

static Window window_of(struct xserver *x)
{
	return xserver_window(x, "Virtual-1 200x150");
}

/* What one has to see there, with the cursor where it is now. */
static void expect_seen(struct xserver *x, Window w, struct driver *d,
			unsigned scanout)
{
	struct picture *seen = pointer_over(&d->twin->pointers[scanout],
					    d->twin->scanout[scanout].shown);

	expect_window(x, w, seen);
	picture_free(seen);
}

static void expect_placed(struct xserver *x, Window w, struct driver *d,
			  uint32_t factor, uint32_t width, uint32_t height)
{
	struct picture *seen = pointer_over(&d->twin->pointers[0],
					    d->twin->scanout[0].shown);
	struct picture *p = placed(seen, factor, width, height);

	expect_window(x, w, p);
	picture_free(p);
	picture_free(seen);
}

/* ---- the guest's ---- */

static const int32_t places[][2] = {
	{ 10, 20 },
	{ 11, 20 },
	{ -1, -1 },
	{ -63, 100 },
	{ 50, -63 },
	{ -64, 3 },
	{ WIDTH - 1, 9 },
	{ 9, HEIGHT - 1 },
	{ WIDTH - 64, HEIGHT - 64 },
	{ WIDTH, 0 },
	{ INT32_MIN, INT32_MAX },
	{ 70, 30 },
};

enum { PLACES = sizeof(places) / sizeof(*places) };

static void show_everywhere(void)
{
	struct xserver *x = xserver_start();
	struct driver *d = start(x, "--resolution=200x150");
	Window w = window_of(x);

	update_cursor_hot(d, 0, 5, 0, 0, 10, 20);
	expect_seen(x, w, d, 0);
	for (unsigned i = 0; i < PLACES; i++) {
		move_cursor(d, 0, 5, places[i][0], places[i][1]);
		expect_seen(x, w, d, 0);
	}
	hide_cursor(d, 0);
	expect_scanout(x, w, d, 0);
	move_cursor(d, 0, 5, 3, 4);
	expect_seen(x, w, d, 0);
}

START_TEST(it_is_blended_to_the_pixel)
{
	show_everywhere();
}
END_TEST

START_TEST(it_is_without_a_gpu)
{
	setenv("SDL_RENDER_DRIVER", "software", 1);
	show_everywhere();
}
END_TEST

START_TEST(all_formats_look_the_same)
{
	struct xserver *x = xserver_start();
	struct driver *d = start(x, "--resolution=200x150");
	Window w = window_of(x);

	for (unsigned i = 0; i < FORMATS; i++) {
		cursor_new(d, 10 + i, all_formats[i]);
		update_cursor(d, 0, 10 + i, 20, 30);
		expect_seen(x, w, d, 0);
	}
}
END_TEST

START_TEST(it_is_scaled_with_the_picture)
{
	struct xserver *x = xserver_start();
	struct driver *d = start(x, "--resolution=200x150");
	Window w = window_of(x);

	update_cursor(d, 0, 5, 0, 0);
	xserver_resize(x, w, 400, 300);
	for (unsigned i = 0; i < PLACES; i++) {
		move_cursor(d, 0, 5, places[i][0], places[i][1]);
		expect_placed(x, w, d, 2, 400, 300);
	}
	xserver_resize(x, w, 613, 451);
	expect_placed(x, w, d, 3, 613, 451);
	move_cursor(d, 0, 5, 1, 2);
	expect_placed(x, w, d, 3, 613, 451);
}
END_TEST

/* Many moves between two paintings, and a picture that changes below. */
START_TEST(it_leaves_no_trail)
{
	struct xserver *x = xserver_start();
	struct driver *d = start(x, "--resolution=200x150");
	struct pages *back = show_new(d, 0, 8, BGRX, WIDTH, HEIGHT);
	Window w = window_of(x);

	update_cursor(d, 0, 5, 0, 0);
	trail_quiet(true);
	for (int32_t i = 0; i < 1000; i++) {
		struct virtio_gpu_rect r = RECT((uint32_t)i % 160, 50, 30, 60);

		move_cursor(d, 0, 5, i * 7 % 300 - 50, i * 3 % 200 - 30);
		if (i % 10 == 0) {
			pages_scribble(back);
			transfer_to_host(d, 8, r, offset_of(&r, WIDTH));
			flush(d, 8, r);
		}
		if (i % 100 == 0)
			expect_seen(x, w, d, 0);
	}
	trail_quiet(false);
	expect_seen(x, w, d, 0);
}
END_TEST

START_TEST(each_window_has_its_own)
{
	struct xserver *x = xserver_start();
	struct driver *d = start(x, "--outputs=2 --resolution=200x150");
	Window first = window_of(x), second;

	show_new(d, 1, 8, BGRX, 160, 120);
	second = xserver_window(x, "Virtual-2 160x120");
	xserver_move(x, first, 0, 0);
	xserver_move(x, second, 700, 500);
	cursor_new(d, 6, BGRX);
	update_cursor(d, 0, 5, 20, 30);
	update_cursor(d, 1, 6, 40, 50);
	expect_seen(x, first, d, 0);
	expect_seen(x, second, d, 1);
	hide_cursor(d, 0);
	move_cursor(d, 1, 6, 41, 51);
	expect_seen(x, first, d, 0);
	expect_seen(x, second, d, 1);
}
END_TEST

START_TEST(a_scanout_that_is_off_shows_none)
{
	struct xserver *x = xserver_start();
	struct driver *d = start(x, "--resolution=200x150");
	Window w = window_of(x);

	update_cursor(d, 0, 5, 20, 30);
	expect_seen(x, w, d, 0);
	scanout_off(d, 0);
	expect_black(x, w, WIDTH, HEIGHT);
	move_cursor(d, 0, 5, 21, 30);
	expect_black(x, w, WIDTH, HEIGHT);
	set_scanout(d, 0, 7, RECT(0, 0, WIDTH, HEIGHT));
	flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	expect_seen(x, w, d, 0);
	driver_reset(d);
	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	expect_scanout(x, w, d, 0);
}
END_TEST

/*
 * What is saved is what one sees of the guest: its picture, unscaled, with its
 * cursor.
 */
START_TEST(a_saved_picture_has_it)
{
	struct xserver *x = xserver_start();
	struct picture *seen;
	struct driver *d;
	Window w;

	go_to_own_folder();
	d = start(x, "--resolution=200x150");
	w = window_of(x);
	update_cursor(d, 0, 5, -3, 20);
	expect_seen(x, w, d, 0);
	xserver_resize(x, w, 320, 225);
	xserver_window(x, "(150 %)");
	xserver_press(x, w, 's');
	expect_line(d, "Virtual-1-001.png");
	seen = pointer_over(&d->twin->pointers[0], d->twin->scanout[0].shown);
	expect_png("Virtual-1-001.png", seen);
	picture_free(seen);
}
END_TEST

/* ---- the host's ---- */

/* It is over the picture only, and nowhere else, that there would be two. */
START_TEST(the_hosts_own_is_hidden_over_it)
{
	struct xserver *x = xserver_start();
	struct driver *d = start(x, "--resolution=200x150");
	Window w = window_of(x);

	xserver_move(x, w, 300, 300);
	expect_scanout(x, w, d, 0);
	xserver_point(x, 350, 350);
	xserver_wait_pointer(x, true);
	update_cursor(d, 0, 5, 20, 30);
	xserver_wait_pointer(x, false);
	xserver_point(x, 10, 10);
	xserver_wait_pointer(x, true);
	xserver_point(x, 360, 360);
	xserver_wait_pointer(x, false);
	move_cursor(d, 0, 5, 21, 30);
	hide_cursor(d, 0);
	xserver_wait_pointer(x, true);
	move_cursor(d, 0, 5, 21, 31);
	xserver_wait_pointer(x, false);
	scanout_off(d, 0);
	xserver_wait_pointer(x, true);
	set_scanout(d, 0, 7, RECT(0, 0, WIDTH, HEIGHT));
	xserver_wait_pointer(x, false);
	driver_reset(d);
	xserver_wait_pointer(x, true);
}
END_TEST

/* Beside the picture, in the black, there is no second one. */
START_TEST(the_hosts_own_is_seen_beside_it)
{
	struct xserver *x = xserver_start();
	struct driver *d = start(x, "--resolution=200x150");
	Window w = window_of(x);

	xserver_move(x, w, 300, 300);
	update_cursor(d, 0, 5, 20, 30);
	xserver_resize(x, w, 400, 400);
	expect_placed(x, w, d, 2, 400, 400);
	xserver_point(x, 350, 400);
	xserver_wait_pointer(x, false);
	xserver_point(x, 350, 345);
	xserver_wait_pointer(x, true);
	xserver_point(x, 350, 351);
	xserver_wait_pointer(x, false);
	xserver_point(x, 350, 652);
	xserver_wait_pointer(x, true);
	xserver_resize(x, w, 400, 300);
	xserver_point(x, 350, 590);
	xserver_wait_pointer(x, false);
}
END_TEST

/* A cursor that lies outside is none that one could look for. */
START_TEST(the_hosts_own_is_seen_without_a_part_of_it)
{
	static const int32_t outside[][2] = {
		{ -64, 3 }, { 3, -64 }, { WIDTH, 3 }, { 3, HEIGHT }
	};
	struct xserver *x = xserver_start();
	struct driver *d = start(x, "--resolution=200x150");
	Window w = window_of(x);

	xserver_move(x, w, 300, 300);
	expect_scanout(x, w, d, 0);
	xserver_point(x, 350, 350);
	update_cursor(d, 0, 5, 20, 30);
	for (unsigned i = 0; i < 4; i++) {
		xserver_wait_pointer(x, false);
		move_cursor(d, 0, 5, outside[i][0], outside[i][1]);
		xserver_wait_pointer(x, true);
		move_cursor(d, 0, 5, -63, HEIGHT - 1);
	}
	xserver_wait_pointer(x, false);
}
END_TEST

/* Of two windows side by side the guest shows one in the second alone. */
START_TEST(the_hosts_own_is_hidden_over_that_window_only)
{
	struct xserver *x = xserver_start();
	struct driver *d = start(x, "--outputs=2 --resolution=200x150");
	Window first = window_of(x), second;

	show_new(d, 1, 8, BGRX, 160, 120);
	second = xserver_window(x, "Virtual-2 160x120");
	xserver_move(x, first, 0, 0);
	xserver_move(x, second, 200, 0);
	expect_scanout(x, first, d, 0);
	update_cursor(d, 1, 5, 40, 50);
	expect_seen(x, second, d, 1);
	for (unsigned i = 0; i < 3; i++) {
		xserver_point(x, 150, 60);
		xserver_wait_pointer(x, true);
		xserver_point(x, 250, 60);
		xserver_wait_pointer(x, false);
	}
	hide_cursor(d, 1);
	update_cursor(d, 0, 5, 40, 50);
	xserver_wait_pointer(x, true);
	xserver_point(x, 150, 60);
	xserver_wait_pointer(x, false);
}
END_TEST

static const struct test tests[] = {
	ONCE("guest", it_is_blended_to_the_pixel, NULL),
	ONCE("guest", it_is_without_a_gpu, NULL),
	ONCE("guest", all_formats_look_the_same, NULL),
	ONCE("guest", it_is_scaled_with_the_picture, NULL),
	ONCE("guest", it_leaves_no_trail, NULL),
	ONCE("guest", each_window_has_its_own, NULL),
	ONCE("guest", a_scanout_that_is_off_shows_none, NULL),
	ONCE("guest", a_saved_picture_has_it, NULL),
	ONCE("host", the_hosts_own_is_hidden_over_it, NULL),
	ONCE("host", the_hosts_own_is_seen_beside_it, NULL),
	ONCE("host", the_hosts_own_is_seen_without_a_part_of_it, NULL),
	ONCE("host", the_hosts_own_is_hidden_over_that_window_only, NULL),
	{ 0 }
};

Suite *pointer_suite(void)
{
	return suite_new("pointer", tests);
}
