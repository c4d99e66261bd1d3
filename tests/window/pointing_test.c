/*
 * What is pointed at, clicked and turned in a window.
 *
 * virtio 1.3, 5.8; the kernel's Documentation/input/event-codes.rst, EV_REL.
 */
#include <stdlib.h>

#include "user.h"

/* ---- where ---- */

struct spot {
	int x, y;	/* points of the window */
	uint32_t at[2]; /* the pixel */
};

static void expect_spots(struct user *u, const struct spot *spots, unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		user_points(u, spots[i].x, spots[i].y);
		expect_place(u, spots[i].at[0], spots[i].at[1], WINDOW_WIDTH,
			     WINDOW_HEIGHT);
	}
}

#define EXPECT_SPOTS(u, ...) \
	expect_spots(u, (const struct spot[]){ __VA_ARGS__ }, \
		     sizeof((const struct spot[]){ __VA_ARGS__ }) / \
			     sizeof(struct spot))

/* The window is as it is to be once its picture is. */
static void resize(struct user *u, uint32_t factor, uint32_t width,
		   uint32_t height)
{
	struct picture *p = placed(u->d->twin->scanout[0].shown, factor, width,
				   height);

	xserver_resize(u->x, u->w, width, height);
	expect_window(u->x, u->w, p);
	picture_free(p);
}

START_TEST(it_is_at_the_pixel_under_it)
{
	struct user *u = user_start(DESK_TABLET, "");

	EXPECT_SPOTS(u, { 0, 0, { 0, 0 } }, { 199, 149, { 199, 149 } },
		     { 0, 149, { 0, 149 } }, { 100, 75, { 100, 75 } },
		     { 101, 75, { 101, 75 } });
}
END_TEST

/* A point of each pixel is as good as another. */
START_TEST(it_is_in_a_larger_window)
{
	struct user *u = user_start(DESK_TABLET, "");

	resize(u, 2, 400, 300);
	EXPECT_SPOTS(u, { 399, 299, { 199, 149 } }, { 0, 0, { 0, 0 } },
		     { 200, 100, { 100, 50 } }, { 203, 105, { 101, 52 } });
}
END_TEST

/* Beside the picture it is the nearest one. */
START_TEST(it_is_beside_the_picture)
{
	struct user *u = user_start(DESK_TABLET, "");

	resize(u, 2, 500, 300);
	EXPECT_SPOTS(u, { 50, 0, { 0, 0 } }, { 449, 299, { 199, 149 } },
		     { 49, 100, { 0, 50 } }, { 450, 102, { 199, 51 } },
		     { 250, 0, { 100, 0 } });
	resize(u, 2, 401, 400);
	EXPECT_SPOTS(u, { 200, 50, { 100, 0 } }, { 200, 20, { 100, 0 } },
		     { 202, 350, { 101, 149 } }, { 204, 399, { 102, 149 } });
}
END_TEST

/* Dragged out of the window, it stays at its edge until the button is let go. */
START_TEST(a_drag_ends_at_the_edge)
{
	struct user *u = user_start(DESK_TABLET, "");

	user_points(u, 100, 75);
	expect_place(u, 100, 75, WINDOW_WIDTH, WINDOW_HEIGHT);
	xserver_button(u->x, 1, true);
	expect_place(u, 100, 75, WINDOW_WIDTH, WINDOW_HEIGHT);
	EXPECT_FRAME(u->in[TABLET], { EV_KEY, BTN_LEFT, 1 });
	EXPECT_SPOTS(u, { 300, 80, { 199, 80 } }, { -200, -10, { 0, 0 } },
		     { 60, 170, { 60, 149 } });
	xserver_button(u->x, 1, false);
	EXPECT_FRAME(u->in[TABLET], { EV_KEY, BTN_LEFT, 0 });
}
END_TEST

START_TEST(a_scanout_that_is_off_has_no_pixels)
{
	struct user *u = user_start(DESK_TABLET, "");

	scanout_off(u->d, 0);
	xserver_window(u->x, "Virtual-1 off");
	expect_black(u->x, u->w, WINDOW_WIDTH, WINDOW_HEIGHT);
	user_points(u, 50, 50);
	set_scanout(u->d, 0, 7, RECT(0, 0, WINDOW_WIDTH, WINDOW_HEIGHT));
	flush(u->d, 7, RECT(0, 0, WINDOW_WIDTH, WINDOW_HEIGHT));
	expect_scanout(u->x, u->w, u->d, 0);
	EXPECT_SPOTS(u, { 60, 70, { 60, 70 } });
}
END_TEST

/* The second screen stands to the right of the first. */
START_TEST(each_window_is_a_screen)
{
	struct user *u = user_start(DESK_TABLET, "--outputs=2");
	Window second;

	show_new(u->d, 1, 8, BGRX, 160, 120);
	second = xserver_window(u->x, "Virtual-2 160x120");
	xserver_move(u->x, second, 900, 700);
	expect_scanout(u->x, second, u->d, 1);
	xserver_point(u->x, 1059, 819);
	await_place(u, 359, 119, 360, 150);
	xserver_point(u->x, 900, 700);
	expect_place(u, 200, 0, 360, 150);
	user_points(u, 199, 149);
	await_place(u, 199, 149, 360, 150);
	user_points(u, 0, 20);
	expect_place(u, 0, 20, 360, 150);
}
END_TEST

/* ---- buttons ---- */

START_TEST(five_buttons_are_clicked)
{
	static const struct {
		unsigned x;
		uint16_t code;
	} buttons[] = {
		{ 1, BTN_LEFT }, { 2, BTN_MIDDLE }, { 3, BTN_RIGHT },
		{ 8, BTN_SIDE }, { 9, BTN_EXTRA },
	};
	struct user *u = user_start(DESK_TABLET, "");

	for (unsigned i = 0; i < 5; i++) {
		xserver_button(u->x, buttons[i].x, true);
		expect_place(u, 1, 1, WINDOW_WIDTH, WINDOW_HEIGHT);
		EXPECT_FRAME(u->in[TABLET], { EV_KEY, buttons[i].code, 1 });
		xserver_button(u->x, buttons[i].x, false);
		EXPECT_FRAME(u->in[TABLET], { EV_KEY, buttons[i].code, 0 });
	}
	input_expect_nothing(u->in[TABLET]);
}
END_TEST

/* The picture has changed its size below the pointer. */
START_TEST(a_click_is_where_the_pointer_is)
{
	struct user *u = user_start(DESK_TABLET, "");

	user_points(u, 100, 50);
	expect_place(u, 100, 50, WINDOW_WIDTH, WINDOW_HEIGHT);
	resize(u, 2, 400, 300);
	xserver_button(u->x, 1, true);
	expect_place(u, 50, 25, WINDOW_WIDTH, WINDOW_HEIGHT);
	EXPECT_FRAME(u->in[TABLET], { EV_KEY, BTN_LEFT, 1 });
}
END_TEST

/* To click on a window is how one looks at it: that click counts as well. */
START_TEST(the_first_click_counts)
{
	struct user *u = user_start(DESK_TABLET, "");

	for (unsigned i = 0; i < 3; i++) {
		xserver_focus(u->x, None);
		xserver_focus(u->x, u->w);
		xserver_button(u->x, 1, true);
		expect_place(u, 1, 1, WINDOW_WIDTH, WINDOW_HEIGHT);
		EXPECT_FRAME(u->in[TABLET], { EV_KEY, BTN_LEFT, 1 });
		xserver_button(u->x, 1, false);
		EXPECT_FRAME(u->in[TABLET], { EV_KEY, BTN_LEFT, 0 });
	}
}
END_TEST

/* ---- wheels ---- */

static void turn(struct user *u, unsigned button)
{
	xserver_button(u->x, button, true);
	xserver_button(u->x, button, false);
}

/* To programs that know of the fine steps, and to those that don't. */
START_TEST(wheels_turn_both_ways)
{
	struct user *u = user_start(DESK_TABLET, "");
	struct inputdriver *in = u->in[TABLET];

	turn(u, 4);
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, 120 },
		     { EV_REL, REL_WHEEL, 1 });
	turn(u, 5);
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, (uint32_t)-120 },
		     { EV_REL, REL_WHEEL, (uint32_t)-1 });
	turn(u, 6);
	EXPECT_FRAME(in, { EV_REL, REL_HWHEEL_HI_RES, (uint32_t)-120 },
		     { EV_REL, REL_HWHEEL, (uint32_t)-1 });
	turn(u, 7);
	EXPECT_FRAME(in, { EV_REL, REL_HWHEEL_HI_RES, 120 },
		     { EV_REL, REL_HWHEEL, 1 });
	input_expect_nothing(in);
}
END_TEST

static const struct test tests[] = {
	ONCE("where", it_is_at_the_pixel_under_it, NULL),
	ONCE("where", it_is_in_a_larger_window, NULL),
	ONCE("where", it_is_beside_the_picture, NULL),
	ONCE("where", a_drag_ends_at_the_edge, NULL),
	ONCE("where", a_scanout_that_is_off_has_no_pixels, NULL),
	ONCE("where", each_window_is_a_screen, NULL),
	ONCE("button", five_buttons_are_clicked, NULL),
	ONCE("button", a_click_is_where_the_pointer_is, NULL),
	ONCE("button", the_first_click_counts, NULL),
	ONCE("wheel", wheels_turn_both_ways, NULL),
	{ 0 }
};

Suite *pointing_suite(void)
{
	return suite_new("pointing", tests);
}
