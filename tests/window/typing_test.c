/*
 * What is typed in a window: keys as they are, once, and only the guest's own.
 *
 * virtio 1.3, 5.8; the kernel's Documentation/input/event-codes.rst, EV_KEY.
 */
#include <X11/keysym.h>
#include <stdlib.h>
#include <unistd.h>

#include "sitting.h"

/* ---- which key ---- */

/* What all of SDL's versions tell apart on X11; nobody has a keyboard of all. */
static const uint16_t ranges[][2] = {
	{ KEY_ESC, KEY_KPDOT },	       { KEY_102ND, KEY_MUHENKAN },
	{ KEY_KPENTER, KEY_RIGHTALT }, { KEY_HOME, KEY_DELETE },
	{ KEY_MUTE, KEY_PAUSE },       { KEY_HANGEUL, KEY_COMPOSE },
};

START_TEST(each_key_is_itself)
{
	struct sitting *s = sit_down(DESK_KEYBOARD, "");

	for (unsigned i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		for (uint16_t c = ranges[i][0]; c <= ranges[i][1]; c++)
			sitting_type(s, c);
}
END_TEST

START_TEST(shift_is_a_key_like_others)
{
	struct sitting *s = sit_down(DESK_KEYBOARD, "");
	struct inputdriver *in = s->in[KEYBOARD];

	sitting_type(s, KEY_A);
	xserver_key(s->x, KEY_LEFTSHIFT, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTSHIFT, 1 });
	sitting_type(s, KEY_A);
	sitting_type(s, KEY_2);
	xserver_key(s->x, KEY_LEFTSHIFT, false);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTSHIFT, 0 });
	sitting_type(s, KEY_2);
}
END_TEST

/* Keys overlap when somebody types fast. */
START_TEST(many_are_down_at_once)
{
	static const uint16_t keys[] = { KEY_H, KEY_E, KEY_J, KEY_RIGHTALT,
					 KEY_O };
	struct sitting *s = sit_down(DESK_KEYBOARD, "");

	for (unsigned i = 0; i < 5; i++) {
		xserver_key(s->x, keys[i], true);
		EXPECT_FRAME(s->in[KEYBOARD], { EV_KEY, keys[i], 1 });
	}
	for (unsigned i = 0; i < 5; i++) {
		xserver_key(s->x, keys[i], false);
		EXPECT_FRAME(s->in[KEYBOARD], { EV_KEY, keys[i], 0 });
	}
}
END_TEST

/* On a French keyboard that key types an a, and on a Russian one nothing Latin. */
static void type_on(const char *layout)
{
	struct sitting *s = sit_down_at(layout, DESK_KEYBOARD, "");

	sitting_type(s, KEY_Q);
	sitting_type(s, KEY_A);
	sitting_type(s, KEY_SEMICOLON);
	sitting_type(s, KEY_2);
	sitting_type(s, KEY_102ND);
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
 * The guest puts letters and accents together itself: dead keys, and what follows
 * a compose key, are keys like others.
 */
static void compose(const char *locale)
{
	struct sitting *s;

	setenv("LC_ALL", locale, 1);
	s = sit_down_at("us -variant intl -option compose:menu", DESK_KEYBOARD,
			"");
	for (unsigned i = 0; i < 2; i++) {
		sitting_type(s, KEY_APOSTROPHE);
		sitting_type(s, KEY_E);
		sitting_type(s, KEY_GRAVE);
		sitting_type(s, KEY_SPACE);
		sitting_type(s, KEY_6);
		sitting_type(s, KEY_X);
		sitting_type(s, KEY_COMPOSE);
		sitting_type(s, KEY_O);
		sitting_type(s, KEY_E);
		sitting_type(s, KEY_E);
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
	struct sitting *s = sit_down(DESK_KEYBOARD, "");
	struct inputdriver *in = s->in[KEYBOARD];

	xserver_key(s->x, KEY_A, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
	xserver_await_repeats(s->x, s->w, 3);
	sitting_type(s, KEY_B);
	xserver_key(s->x, KEY_A, false);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 0 });
	input_expect_nothing(in);
}
END_TEST

/* ---- whose ---- */

static void press_with_ctrl_alt(struct sitting *s, char letter)
{
	struct inputdriver *in = s->in[KEYBOARD];

	xserver_press(s->x, s->w, letter);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTALT, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTALT, 0 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 0 });
}

START_TEST(the_windows_keys_are_not_the_guests)
{
	struct sitting *s = sit_down(DESK_KEYBOARD, "");

	go_to_own_folder();
	press_with_ctrl_alt(s, 'g');
	expect_line(s->d, "no mouse to grab");
	sitting_type(s, KEY_S);
	input_expect_nothing(s->in[KEYBOARD]);
}
END_TEST

START_TEST(a_picture_is_saved_and_no_s_typed)
{
	struct sitting *s;

	go_to_own_folder();
	s = sit_down(DESK_KEYBOARD, "");
	press_with_ctrl_alt(s, 's');
	expect_line(s->d, "Virtual-1-001.png");
	unlink("Virtual-1-001.png");
	sitting_type(s, KEY_S);
	input_expect_nothing(s->in[KEYBOARD]);
}
END_TEST

/* Others with ctrl and alt are the guest's, and all with one of them. */
START_TEST(other_keys_are_the_guests)
{
	struct sitting *s = sit_down(DESK_KEYBOARD, "");
	struct inputdriver *in = s->in[KEYBOARD];

	xserver_key(s->x, KEY_LEFTCTRL, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 1 });
	sitting_type(s, KEY_S);
	xserver_key(s->x, KEY_LEFTALT, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTALT, 1 });
	sitting_type(s, KEY_DELETE);
	sitting_type(s, KEY_T);
	sitting_type(s, KEY_HOME);
	xserver_key(s->x, KEY_LEFTSHIFT, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTSHIFT, 1 });
	sitting_type(s, KEY_S);
}
END_TEST

/* It was the guest's when it was pressed: the guest is told that it is up. */
START_TEST(a_key_that_becomes_the_windows_is_let_go)
{
	struct sitting *s;
	struct inputdriver *in;

	go_to_own_folder();
	s = sit_down(DESK_KEYBOARD, "");
	in = s->in[KEYBOARD];
	xserver_key(s->x, KEY_S, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_S, 1 });
	xserver_key(s->x, KEY_LEFTCTRL, true);
	xserver_key(s->x, KEY_LEFTALT, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTALT, 1 });
	xserver_key(s->x, KEY_S, false);
	EXPECT_FRAME(in, { EV_KEY, KEY_S, 0 });
}
END_TEST

START_TEST(full_screen_leaves_nothing_down)
{
	struct sitting *s = sit_down(DESK_KEYBOARD, "");

	for (unsigned i = 0; i < 2; i++) {
		press_with_ctrl_alt(s, 'f');
		sitting_type(s, KEY_F);
	}
}
END_TEST

START_TEST(closed_it_leaves_nothing_down)
{
	struct sitting *s = sit_down(DESK_KEYBOARD, "");
	struct inputdriver *in = s->in[KEYBOARD];

	xserver_key(s->x, KEY_A, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
	xserver_close(s->x, s->w);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 0 });
	s->d->program->may_end = true;
}
END_TEST

/* ---- without the focus ---- */

START_TEST(who_looks_away_holds_nothing)
{
	struct sitting *s = sit_down(DESK_KEYBOARD | DESK_TABLET, "");
	struct inputdriver *in = s->in[KEYBOARD], *tablet = s->in[TABLET];

	sitting_point(s, 10, 20);
	expect_place(s, 10, 20, SITTING_WIDTH, SITTING_HEIGHT);
	xserver_key(s->x, KEY_RIGHTCTRL, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_RIGHTCTRL, 1 });
	xserver_key(s->x, KEY_A, true);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
	xserver_button(s->x, 1, true);
	expect_place(s, 10, 20, SITTING_WIDTH, SITTING_HEIGHT);
	EXPECT_FRAME(tablet, { EV_KEY, BTN_LEFT, 1 });
	xserver_focus(s->x, None);
	EXPECT_FRAME(tablet, { EV_KEY, BTN_LEFT, 0 });
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 0 });
	EXPECT_FRAME(in, { EV_KEY, KEY_RIGHTCTRL, 0 });
	xserver_button(s->x, 1, false);
	xserver_key(s->x, KEY_A, false);
	xserver_key(s->x, KEY_RIGHTCTRL, false);
	sitting_focus(s);
	sitting_type(s, KEY_A);
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
