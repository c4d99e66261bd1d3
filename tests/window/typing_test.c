/*
 * What is typed in a window: keys as they are, once, and only the guest's own.
 *
 * virtio 1.3, 5.8; the kernel's Documentation/input/event-codes.rst, EV_KEY.
 */
#include <X11/keysym.h>
#include <stdlib.h>
#include <unistd.h>

#include "user.h"

/* ---- which key ---- */

/* What all of SDL's versions tell apart on X11. */
static const uint16_t ranges[][2] = {
	{ KEY_ESC, KEY_KPDOT },	       { KEY_102ND, KEY_MUHENKAN },
	{ KEY_KPENTER, KEY_RIGHTALT }, { KEY_HOME, KEY_DELETE },
	{ KEY_MUTE, KEY_PAUSE },       { KEY_HANGEUL, KEY_COMPOSE },
};

START_TEST(each_key_is_itself)
{
	struct user *u = user_start(DESK_KEYBOARD, "");

	for (unsigned i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		for (uint16_t c = ranges[i][0]; c <= ranges[i][1]; c++)
			user_types(u, c);
}
END_TEST

START_TEST(shift_is_a_key_like_others)
{
	struct user *u = user_start(DESK_KEYBOARD, "");
	struct inputdriver *in = u->in[KEYBOARD];

	user_types(u, KEY_A);
	xserver_key(u->x, KEY_LEFTSHIFT, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTSHIFT, 1 });
	user_types(u, KEY_A);
	user_types(u, KEY_2);
	xserver_key(u->x, KEY_LEFTSHIFT, false);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTSHIFT, 0 });
	user_types(u, KEY_2);
}
END_TEST

/* Keys overlap when somebody types fast. */
START_TEST(many_are_down_at_once)
{
	static const uint16_t keys[] = { KEY_H, KEY_E, KEY_J, KEY_RIGHTALT,
					 KEY_O };
	struct user *u = user_start(DESK_KEYBOARD, "");

	for (unsigned i = 0; i < 5; i++) {
		xserver_key(u->x, keys[i], true);
		EXPECT_FRAME(u->in[KEYBOARD], { EV_KEY, keys[i], 1 });
	}
	for (unsigned i = 0; i < 5; i++) {
		xserver_key(u->x, keys[i], false);
		EXPECT_FRAME(u->in[KEYBOARD], { EV_KEY, keys[i], 0 });
	}
}
END_TEST

/* On French keyboards that key types an a, on Russian ones nothing Latin. */
static void type_on(const char *layout)
{
	struct user *u = user_start_with(layout, DESK_KEYBOARD, "");

	user_types(u, KEY_Q);
	user_types(u, KEY_A);
	user_types(u, KEY_SEMICOLON);
	user_types(u, KEY_2);
	user_types(u, KEY_102ND);
}

START_TEST(it_is_where_it_is_in_france)
{
	type_on("fr");
}
END_TEST

START_TEST(it_is_where_it_is_in_russia)
{
	type_on("ru");
}
END_TEST

/*
 * The guest puts letters and accents together itself: dead keys, and what
 * follows a compose key, are keys like others.
 */
static void compose(const char *locale)
{
	struct user *u;

	setenv("LC_ALL", locale, 1);
	u = user_start_with("us -variant intl -option compose:menu",
			    DESK_KEYBOARD, "");
	for (unsigned i = 0; i < 2; i++) {
		user_types(u, KEY_APOSTROPHE);
		user_types(u, KEY_E);
		user_types(u, KEY_GRAVE);
		user_types(u, KEY_SPACE);
		user_types(u, KEY_6);
		user_types(u, KEY_X);
		user_types(u, KEY_COMPOSE);
		user_types(u, KEY_O);
		user_types(u, KEY_E);
		user_types(u, KEY_E);
	}
}

START_TEST(accents_are_keys)
{
	compose("C.UTF-8");
}
END_TEST

START_TEST(accents_are_keys_without_a_locale)
{
	compose("C");
}
END_TEST

/* ---- how often ---- */

START_TEST(held_down_it_is_pressed_once)
{
	struct user *u = user_start(DESK_KEYBOARD, "");
	struct inputdriver *in = u->in[KEYBOARD];

	xserver_key(u->x, KEY_A, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
	xserver_await_repeats(u->x, u->w, 3);
	user_types(u, KEY_B);
	xserver_key(u->x, KEY_A, false);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 0 });
	input_expect_nothing(in);
}
END_TEST

/* ---- whose ---- */

static void press_with_ctrl_alt(struct user *u, char letter)
{
	struct inputdriver *in = u->in[KEYBOARD];

	xserver_press(u->x, u->w, letter);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTALT, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTALT, 0 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 0 });
}

START_TEST(the_windows_keys_are_not_the_guests)
{
	struct user *u = user_start(DESK_KEYBOARD, "");

	go_to_own_folder();
	press_with_ctrl_alt(u, 'g');
	expect_line(u->d, "no mouse to grab");
	user_types(u, KEY_S);
	input_expect_nothing(u->in[KEYBOARD]);
}
END_TEST

START_TEST(a_picture_is_saved_and_no_s_typed)
{
	struct user *u;

	go_to_own_folder();
	u = user_start(DESK_KEYBOARD, "");
	press_with_ctrl_alt(u, 's');
	expect_line(u->d, "Virtual-1-001.png");
	unlink("Virtual-1-001.png");
	user_types(u, KEY_S);
	input_expect_nothing(u->in[KEYBOARD]);
}
END_TEST

/* Others with ctrl and alt are the guest's, and all with one of them. */
START_TEST(other_keys_are_the_guests)
{
	struct user *u = user_start(DESK_KEYBOARD, "");
	struct inputdriver *in = u->in[KEYBOARD];

	xserver_key(u->x, KEY_LEFTCTRL, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 1 });
	user_types(u, KEY_S);
	xserver_key(u->x, KEY_LEFTALT, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTALT, 1 });
	user_types(u, KEY_DELETE);
	user_types(u, KEY_T);
	user_types(u, KEY_HOME);
	xserver_key(u->x, KEY_LEFTSHIFT, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTSHIFT, 1 });
	user_types(u, KEY_S);
}
END_TEST

/* It was the guest's when it was pressed: the guest is told that it is up. */
START_TEST(a_key_that_becomes_the_windows_is_let_go)
{
	struct user *u;
	struct inputdriver *in;

	go_to_own_folder();
	u = user_start(DESK_KEYBOARD, "");
	in = u->in[KEYBOARD];
	xserver_key(u->x, KEY_S, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_S, 1 });
	xserver_key(u->x, KEY_LEFTCTRL, true);
	xserver_key(u->x, KEY_LEFTALT, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTALT, 1 });
	xserver_key(u->x, KEY_S, false);
	EXPECT_FRAME(in, { EV_KEY, KEY_S, 0 });
}
END_TEST

START_TEST(full_screen_leaves_nothing_down)
{
	struct user *u = user_start(DESK_KEYBOARD, "");

	for (unsigned i = 0; i < 2; i++) {
		press_with_ctrl_alt(u, 'f');
		user_types(u, KEY_F);
	}
}
END_TEST

START_TEST(closed_it_leaves_nothing_down)
{
	struct user *u = user_start(DESK_KEYBOARD, "");
	struct inputdriver *in = u->in[KEYBOARD];

	xserver_key(u->x, KEY_A, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
	xserver_close(u->x, u->w);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 0 });
	u->d->program->may_end = true;
}
END_TEST

/* ---- without the focus ---- */

START_TEST(who_looks_away_holds_nothing)
{
	struct user *u = user_start(DESK_KEYBOARD | DESK_TABLET, "");
	struct inputdriver *in = u->in[KEYBOARD], *tablet = u->in[TABLET];

	user_points(u, 10, 20);
	expect_place(u, 10, 20, WINDOW_WIDTH, WINDOW_HEIGHT);
	xserver_key(u->x, KEY_RIGHTCTRL, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_RIGHTCTRL, 1 });
	xserver_key(u->x, KEY_A, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
	xserver_button(u->x, 1, true);
	expect_place(u, 10, 20, WINDOW_WIDTH, WINDOW_HEIGHT);
	EXPECT_FRAME(tablet, { EV_KEY, BTN_LEFT, 1 });
	xserver_focus(u->x, None);
	EXPECT_FRAME(tablet, { EV_KEY, BTN_LEFT, 0 });
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 0 });
	EXPECT_FRAME(in, { EV_KEY, KEY_RIGHTCTRL, 0 });
	xserver_button(u->x, 1, false);
	xserver_key(u->x, KEY_A, false);
	xserver_key(u->x, KEY_RIGHTCTRL, false);
	user_looks(u);
	user_types(u, KEY_A);
	input_expect_nothing(tablet);
}
END_TEST

static const struct test tests[] = {
	ONCE("key", each_key_is_itself, NULL),
	ONCE("key", shift_is_a_key_like_others, NULL),
	ONCE("key", many_are_down_at_once, NULL),
	ONCE("key", it_is_where_it_is_in_france, NULL),
	ONCE("key", it_is_where_it_is_in_russia, NULL),
	ONCE("key", accents_are_keys, NULL),
	ONCE("key", accents_are_keys_without_a_locale, NULL),
	ONCE("key", held_down_it_is_pressed_once, NULL),
	ONCE("own", the_windows_keys_are_not_the_guests, NULL),
	ONCE("own", a_picture_is_saved_and_no_s_typed, NULL),
	ONCE("own", other_keys_are_the_guests, NULL),
	ONCE("own", a_key_that_becomes_the_windows_is_let_go, NULL),
	ONCE("own", full_screen_leaves_nothing_down, NULL),
	ONCE("own", closed_it_leaves_nothing_down, NULL),
	ONCE("focus", who_looks_away_holds_nothing, NULL),
	{ 0 }
};

Suite *typing_suite(void)
{
	return suite_new("typing", tests);
}
