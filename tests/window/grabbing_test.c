/*
 * A mouse that is grabbed, and what titles say of that and of LEDs.
 */
#include <stdlib.h>

#include "cursorcommands.h"
#include "sitting.h"

static void expect_title(struct sitting *s, const char *text)
{
	xserver_window(s->x, text);
}

static void grab(struct sitting *s)
{
	xserver_press(s->x, s->w, 'g');
	expect_title(s, "Ctrl+Alt+G frees the mouse");
}

static void let_go(struct sitting *s)
{
	xserver_press(s->x, s->w, 'g');
	expect_title(s, "Ctrl+Alt+G grabs the mouse");
}

static void push(struct sitting *s, int dx, int dy)
{
	xserver_push(s->x, dx, dy);
	EXPECT_FRAME(s->in[MOUSE], { EV_REL, REL_X, (uint32_t)dx },
		     { EV_REL, REL_Y, (uint32_t)dy });
}

/* ---- the mouse ---- */

/* Nothing but what the user moved it: not that it was put anywhere by SDL. */
START_TEST(a_grabbed_mouse_moves)
{
	struct sitting *s = sit_down(DESK_ALL, "");

	for (unsigned i = 0; i < 3; i++) {
		grab(s);
		push(s, 5, -3);
		push(s, -1000, 0);
		push(s, 0, 2000);
		push(s, 1, 1);
		input_expect_nothing(s->in[TABLET]);
		let_go(s);
		sitting_point(s, 20, 30);
		await_place(s, 20, 30, SITTING_WIDTH, SITTING_HEIGHT);
		input_expect_nothing(s->in[MOUSE]);
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
	struct sitting *s;

	setenv("SDL_MOUSE_RELATIVE_MODE_WARP", "1", 1);
	s = sit_down(DESK_ALL, "");
	grab(s);
	xserver_push(s->x, 9, 9);
	xserver_push(s->x, 1, -1);
	frame = input_frame(s->in[MOUSE]);
	if (frame.events[0].value == 9)
		frame = input_frame(s->in[MOUSE]);
	ck_assert_str_eq(inputframe_text(&frame), "REL 0=1, REL 1=-1");
	for (int i = 2; i < 10; i++)
		push(s, i, -i);
	input_expect_nothing(s->in[TABLET]);
	let_go(s);
	input_expect_nothing(s->in[MOUSE]);
}
END_TEST

START_TEST(its_buttons_are_the_mouses)
{
	struct sitting *s = sit_down(DESK_ALL, "");
	struct inputdriver *mouse = s->in[MOUSE];

	grab(s);
	push(s, 5, -3);
	xserver_button(s->x, 3, true);
	EXPECT_FRAME(mouse, { EV_KEY, BTN_RIGHT, 1 });
	xserver_button(s->x, 3, false);
	EXPECT_FRAME(mouse, { EV_KEY, BTN_RIGHT, 0 });
	xserver_button(s->x, 4, true);
	EXPECT_FRAME(mouse, { EV_REL, REL_WHEEL_HI_RES, 120 },
		     { EV_REL, REL_WHEEL, 1 });
	input_expect_nothing(s->in[TABLET]);
}
END_TEST

/* Only where there is no tablet, and no pointer to click with. */
START_TEST(a_mouse_alone_has_to_be_grabbed)
{
	struct sitting *s = sit_down(DESK_KEYBOARD | DESK_MOUSE, "");

	sitting_point(s, 10, 10);
	xserver_button(s->x, 1, true);
	xserver_button(s->x, 1, false);
	xserver_button(s->x, 4, true);
	xserver_button(s->x, 4, false);
	grab(s);
	push(s, 3, 4);
	xserver_button(s->x, 1, true);
	EXPECT_FRAME(s->in[MOUSE], { EV_KEY, BTN_LEFT, 1 });
	let_go(s);
	xserver_button(s->x, 1, false);
}
END_TEST

START_TEST(the_hosts_pointer_is_back_afterwards)
{
	struct sitting *s = sit_down(DESK_ALL, "");

	sitting_point(s, 50, 50);
	xserver_wait_pointer(s->x, true);
	grab(s);
	xserver_wait_pointer(s->x, false);
	let_go(s);
	xserver_wait_pointer(s->x, true);
}
END_TEST

/* Where the guest shows one, the host's own stays hidden. */
START_TEST(the_guests_pointer_is_enough)
{
	struct sitting *s = sit_down(DESK_ALL, "");

	cursor_paint(s->d, 5, cursor_new(s->d, 5, BGRX));
	update_cursor(s->d, 0, 5, 20, 30);
	xserver_wait_pointer(s->x, false);
	grab(s);
	let_go(s);
	xserver_wait_pointer(s->x, false);
	grab(s);
	hide_cursor(s->d, 0);
	let_go(s);
	xserver_wait_pointer(s->x, true);
}
END_TEST

START_TEST(closed_it_is_freed)
{
	struct sitting *s = sit_down(DESK_ALL, "");

	grab(s);
	push(s, 1, 1);
	xserver_wait_pointer(s->x, false);
	xserver_press(s->x, s->w, 'q');
	xserver_wait_pointer(s->x, true);
	xserver_push(s->x, 1, 1);
	input_expect_nothing(s->in[MOUSE]);
	s->d->program->may_end = true;
}
END_TEST

START_TEST(who_looks_away_frees_it)
{
	struct sitting *s = sit_down(DESK_ALL, "");

	grab(s);
	push(s, 1, 1);
	xserver_button(s->x, 1, true);
	EXPECT_FRAME(s->in[MOUSE], { EV_KEY, BTN_LEFT, 1 });
	xserver_focus(s->x, None);
	expect_title(s, "Ctrl+Alt+G grabs the mouse");
	EXPECT_FRAME(s->in[MOUSE], { EV_KEY, BTN_LEFT, 0 });
	xserver_wait_pointer(s->x, true);
	xserver_push(s->x, 1, 1);
	input_expect_nothing(s->in[MOUSE]);
}
END_TEST

START_TEST(without_a_mouse_there_is_nothing_to_grab)
{
	struct sitting *s = sit_down(DESK_KEYBOARD | DESK_TABLET, "");

	xserver_press(s->x, s->w, 'g');
	expect_line(s->d, "there is no mouse to grab");
	xserver_wait_gone(s->x, "Ctrl+Alt+G");
}
END_TEST

/* ---- LEDs ---- */

static void light(struct sitting *s, uint16_t led, bool on)
{
	input_status(s->in[KEYBOARD], EV_LED, led, on);
}

START_TEST(leds_are_in_the_title)
{
	struct sitting *s = sit_down(DESK_KEYBOARD, "");

	light(s, LED_CAPSL, true);
	expect_title(s, "200x150 Caps");
	light(s, LED_SCROLLL, true);
	light(s, LED_NUML, true);
	expect_title(s, "200x150 Num Caps Scroll");
	light(s, LED_CAPSL, false);
	light(s, LED_SCROLLL, false);
	expect_title(s, "200x150 Num");
	xserver_wait_gone(s->x, "Scroll");
	input_reset(s->in[KEYBOARD]);
	xserver_wait_gone(s->x, "Num");
	light(s, LED_CAPSL, true);
	expect_title(s, "200x150 Caps");
	input_end(s->in[KEYBOARD]);
	xserver_wait_gone(s->x, "Caps");
}
END_TEST

static const struct test tests[] = {
	ONCE("mouse", a_grabbed_mouse_moves, NULL),
	ONCE("mouse", it_moves_where_the_pointer_is_warped, NULL),
	ONCE("mouse", its_buttons_are_the_mouses, NULL),
	ONCE("mouse", a_mouse_alone_has_to_be_grabbed, NULL),
	ONCE("mouse", the_hosts_pointer_is_back_afterwards, NULL),
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
