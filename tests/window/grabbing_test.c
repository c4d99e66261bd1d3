/*
 * A mouse that is grabbed, and what titles say of that and of LEDs.
 */
#include <stdlib.h>

#include "cursorcommands.h"
#include "user.h"

static void expect_title(struct user *u, const char *text)
{
	xserver_window(u->x, text);
}

static void grab(struct user *u)
{
	xserver_press(u->x, u->w, 'g');
	expect_title(u, "Ctrl+Alt+G frees the mouse");
}

static void let_go(struct user *u)
{
	xserver_press(u->x, u->w, 'g');
	expect_title(u, "Ctrl+Alt+G grabs the mouse");
}

static void push(struct user *u, int dx, int dy)
{
	xserver_push(u->x, dx, dy);
	EXPECT_FRAME(u->in[MOUSE], { EV_REL, REL_X, (uint32_t)dx },
		     { EV_REL, REL_Y, (uint32_t)dy });
}

/* ---- the mouse ---- */

/* Nothing but what the user moved it: not that it was put anywhere by SDL. */
START_TEST(a_grabbed_mouse_moves)
{
	struct user *u = user_start(DESK_ALL, "");

	for (unsigned i = 0; i < 3; i++) {
		grab(u);
		push(u, 5, -3);
		push(u, -1000, 0);
		push(u, 0, 2000);
		push(u, 1, 1);
		input_expect_nothing(u->in[TABLET]);
		let_go(u);
		user_points(u, 20, 30);
		await_place(u, 20, 30, WINDOW_WIDTH, WINDOW_HEIGHT);
		input_expect_nothing(u->in[MOUSE]);
	}
}
END_TEST

/*
 * Where X has no raw motion, SDL puts the pointer back all the time. The first
 * step of all is lost, in some of its versions; none is made up.
 */
START_TEST(it_moves_where_the_pointer_is_warped)
{
	struct inputframe frame;
	struct user *u;

	setenv("SDL_MOUSE_RELATIVE_MODE_WARP", "1", 1);
	u = user_start(DESK_ALL, "");
	grab(u);
	xserver_push(u->x, 9, 9);
	xserver_push(u->x, 1, -1);
	frame = input_frame(u->in[MOUSE]);
	if (frame.events[0].value == 9)
		frame = input_frame(u->in[MOUSE]);
	ck_assert_str_eq(inputframe_text(&frame), "REL 0=1, REL 1=-1");
	for (int i = 2; i < 10; i++)
		push(u, i, -i);
	input_expect_nothing(u->in[TABLET]);
	let_go(u);
	input_expect_nothing(u->in[MOUSE]);
}
END_TEST

START_TEST(its_buttons_are_the_mouses)
{
	struct user *u = user_start(DESK_ALL, "");
	struct inputdriver *mouse = u->in[MOUSE];

	grab(u);
	push(u, 5, -3);
	xserver_button(u->x, 3, true);
	EXPECT_FRAME(mouse, { EV_KEY, BTN_RIGHT, 1 });
	xserver_button(u->x, 3, false);
	EXPECT_FRAME(mouse, { EV_KEY, BTN_RIGHT, 0 });
	xserver_button(u->x, 4, true);
	EXPECT_FRAME(mouse, { EV_REL, REL_WHEEL_HI_RES, 120 },
		     { EV_REL, REL_WHEEL, 1 });
	input_expect_nothing(u->in[TABLET]);
}
END_TEST

/*
 * Only where there is no tablet, and no pointer to click with. What was pressed
 * before it was freed is let go afterwards.
 */
START_TEST(a_mouse_alone_has_to_be_grabbed)
{
	struct user *u = user_start(DESK_KEYBOARD | DESK_MOUSE, "");

	user_points(u, 10, 10);
	xserver_button(u->x, 1, true);
	xserver_button(u->x, 1, false);
	xserver_button(u->x, 4, true);
	xserver_button(u->x, 4, false);
	grab(u);
	push(u, 3, 4);
	xserver_button(u->x, 1, true);
	EXPECT_FRAME(u->in[MOUSE], { EV_KEY, BTN_LEFT, 1 });
	let_go(u);
	xserver_button(u->x, 1, false);
	EXPECT_FRAME(u->in[MOUSE], { EV_KEY, BTN_LEFT, 0 });
	input_expect_nothing(u->in[MOUSE]);
}
END_TEST

START_TEST(the_hosts_pointer_is_back_afterwards)
{
	struct user *u = user_start(DESK_ALL, "");

	user_points(u, 50, 50);
	xserver_wait_pointer(u->x, true);
	grab(u);
	xserver_wait_pointer(u->x, false);
	let_go(u);
	xserver_wait_pointer(u->x, true);
}
END_TEST

static void expect_shortcut(struct user *u)
{
	struct inputdriver *in = u->in[KEYBOARD];

	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTALT, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTALT, 0 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 0 });
}

/* What a desktop would do with alt+tab, the guest does. */
START_TEST(the_keyboard_is_grabbed_as_well)
{
	struct user *u = user_start(DESK_ALL, "");

	for (unsigned i = 0; i < 2; i++) {
		grab(u);
		expect_shortcut(u);
		ck_assert(xserver_keys_are_grabbed(u->x));
		user_types(u, KEY_G);
		let_go(u);
		expect_shortcut(u);
		ck_assert(!xserver_keys_are_grabbed(u->x));
		user_types(u, KEY_G);
	}
	input_expect_nothing(u->in[KEYBOARD]);
}
END_TEST

/* Where the guest shows one, the host's own stays hidden. */
START_TEST(the_guests_pointer_is_enough)
{
	struct user *u = user_start(DESK_ALL, "");

	cursor_paint(u->d, 5, cursor_new(u->d, 5, BGRX));
	update_cursor(u->d, 0, 5, 20, 30);
	xserver_wait_pointer(u->x, false);
	grab(u);
	let_go(u);
	xserver_wait_pointer(u->x, false);
	grab(u);
	hide_cursor(u->d, 0);
	let_go(u);
	xserver_wait_pointer(u->x, true);
}
END_TEST

START_TEST(closed_it_is_freed)
{
	struct user *u = user_start(DESK_ALL, "");

	grab(u);
	push(u, 1, 1);
	xserver_wait_pointer(u->x, false);
	xserver_press(u->x, u->w, 'q');
	xserver_wait_pointer(u->x, true);
	xserver_push(u->x, 1, 1);
	input_expect_nothing(u->in[MOUSE]);
	u->d->program->may_end = true;
}
END_TEST

START_TEST(who_looks_away_frees_it)
{
	struct user *u = user_start(DESK_ALL, "");

	grab(u);
	push(u, 1, 1);
	xserver_button(u->x, 1, true);
	EXPECT_FRAME(u->in[MOUSE], { EV_KEY, BTN_LEFT, 1 });
	xserver_focus(u->x, None);
	expect_title(u, "Ctrl+Alt+G grabs the mouse");
	EXPECT_FRAME(u->in[MOUSE], { EV_KEY, BTN_LEFT, 0 });
	xserver_wait_pointer(u->x, true);
	xserver_push(u->x, 1, 1);
	input_expect_nothing(u->in[MOUSE]);
}
END_TEST

START_TEST(without_a_mouse_there_is_nothing_to_grab)
{
	struct user *u = user_start(DESK_KEYBOARD | DESK_TABLET, "");

	xserver_press(u->x, u->w, 'g');
	expect_line(u->d, "there is no mouse to grab");
	xserver_wait_gone(u->x, "Ctrl+Alt+G");
}
END_TEST

/* ---- LEDs ---- */

static void light(struct user *u, uint16_t led, bool on)
{
	input_status(u->in[KEYBOARD], EV_LED, led, on);
}

START_TEST(leds_are_in_the_title)
{
	struct user *u = user_start(DESK_KEYBOARD, "");

	light(u, LED_CAPSL, true);
	expect_title(u, "200x150 Caps");
	light(u, LED_SCROLLL, true);
	light(u, LED_NUML, true);
	expect_title(u, "200x150 Num Caps Scroll");
	light(u, LED_CAPSL, false);
	light(u, LED_SCROLLL, false);
	expect_title(u, "200x150 Num");
	xserver_wait_gone(u->x, "Scroll");
	input_reset(u->in[KEYBOARD]);
	xserver_wait_gone(u->x, "Num");
	light(u, LED_CAPSL, true);
	expect_title(u, "200x150 Caps");
	input_end(u->in[KEYBOARD]);
	xserver_wait_gone(u->x, "Caps");
}
END_TEST

static const struct test tests[] = {
	ONCE("mouse", a_grabbed_mouse_moves, NULL),
	ONCE("mouse", it_moves_where_the_pointer_is_warped, NULL),
	ONCE("mouse", its_buttons_are_the_mouses, NULL),
	ONCE("mouse", a_mouse_alone_has_to_be_grabbed, NULL),
	ONCE("mouse", the_hosts_pointer_is_back_afterwards, NULL),
	ONCE("mouse", the_keyboard_is_grabbed_as_well, NULL),
	ONCE("mouse", the_guests_pointer_is_enough, NULL),
	ONCE("mouse", closed_it_is_freed, NULL),
	ONCE("mouse", who_looks_away_frees_it, NULL),
	ONCE("mouse", without_a_mouse_there_is_nothing_to_grab, NULL),
	ONCE("led", leds_are_in_the_title, NULL),
	{ 0 }
};

Suite *grabbing_suite(void)
{
	return suite_new("grabbing", tests);
}
