/*
 * What a user does, and the frames that come of it.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "sitting.h"
#include "suites.h"

/* ---- frames ---- */

START_TEST(a_key_is_a_frame)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	desk_do(in->desk, "down a");
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
	desk_do(in->desk, "up a");
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 0 });
	input_expect_nothing(in);
}
END_TEST

START_TEST(a_chord_is_let_go_in_reverse)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	desk_do(in->desk, "key leftctrl+leftalt+t");
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTALT, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_T, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_T, 0 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTALT, 0 });
	EXPECT_FRAME(in, { EV_KEY, KEY_LEFTCTRL, 0 });
	input_expect_nothing(in);
}
END_TEST

START_TEST(a_place_is_a_frame)
{
	struct sitting s = sit_down(_axes, DESK_TABLET);
	struct inputdriver *in = s.in[TABLET];

	desk_do(s.desk, "move 100 200");
	EXPECT_FRAME(in, { EV_ABS, ABS_X, place_of(100, SCREEN_WIDTH) },
		     { EV_ABS, ABS_Y, place_of(200, SCREEN_HEIGHT) });
	desk_do(s.desk, "down right");
	EXPECT_FRAME(in, { EV_KEY, BTN_RIGHT, 1 });
	desk_do(s.desk, "up right");
	EXPECT_FRAME(in, { EV_KEY, BTN_RIGHT, 0 });
	input_expect_nothing(in);
}
END_TEST

START_TEST(a_step_is_a_frame)
{
	struct inputdriver *in = input_start(_axes, MOUSE);

	desk_do(in->desk, "motion 5 -7");
	EXPECT_FRAME(in, { EV_REL, REL_X, 5 }, { EV_REL, REL_Y, (uint32_t)-7 });
	desk_do(in->desk, "click middle");
	EXPECT_FRAME(in, { EV_KEY, BTN_MIDDLE, 1 });
	EXPECT_FRAME(in, { EV_KEY, BTN_MIDDLE, 0 });
	input_expect_nothing(in);
}
END_TEST

/* Fine steps always; whole notches where they come together. */
static void expect_wheels(struct inputdriver *in)
{
	desk_do(in->desk, "wheel 1");
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, 120 },
		     { EV_REL, REL_WHEEL, 1 });
	desk_do(in->desk, "wheel -2");
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, (uint32_t)-240 },
		     { EV_REL, REL_WHEEL, (uint32_t)-2 });
	desk_do(in->desk, "hwheel 0.25");
	EXPECT_FRAME(in, { EV_REL, REL_HWHEEL_HI_RES, 30 });
	desk_do(in->desk, "hwheel 0.75");
	EXPECT_FRAME(in, { EV_REL, REL_HWHEEL_HI_RES, 90 },
		     { EV_REL, REL_HWHEEL, 1 });
	/* The two have nothing to do with each other. */
	desk_do(in->desk, "hwheel 0.5");
	EXPECT_FRAME(in, { EV_REL, REL_HWHEEL_HI_RES, 60 });
	desk_do(in->desk, "wheel 0.5");
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, 60 });
	input_expect_nothing(in);
}

START_TEST(wheels_have_fine_steps)
{
	struct desk *desk = desk_start(DESK_TABLET, NULL);

	expect_wheels(input_start_with(TABLET,
				       &(struct input_options){
					       .axes = _axes, .desk = desk }));
	expect_wheels(input_start(_axes, MOUSE));
}
END_TEST

/* ---- places on screens ---- */

/* The guest spreads the tablet's range over its screens, from left to right. */
START_TEST(places_reach_all_screens)
{
	struct desk *desk = desk_new(DESK_TABLET);
	char options[800];
	struct driver *gpu;
	struct inputdriver *in;

	snprintf(options, sizeof(options), "%s --outputs=2",
		 desk_options(desk));
	gpu = driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .options = options });
	desk_is_at(desk, gpu->program);
	in = input_start_with(TABLET, &(struct input_options){ .axes = _axes,
							       .desk = desk });
	light_up(gpu, 0, 1, 640, 480);
	light_up(gpu, 1, 2, 800, 600);
	desk_do(desk, "move 10 20 1");
	EXPECT_FRAME(in, { EV_ABS, ABS_X, place_of(640 + 10, 640 + 800) },
		     { EV_ABS, ABS_Y, place_of(20, 600) });
	desk_do(desk, "move 10 20");
	EXPECT_FRAME(in, { EV_ABS, ABS_X, place_of(10, 640 + 800) },
		     { EV_ABS, ABS_Y, place_of(20, 600) });
}
END_TEST

START_TEST(corners_are_within_the_range)
{
	struct sitting s = sit_down(_axes, DESK_TABLET);
	struct inputdriver *in = s.in[TABLET];
	struct virtio_input_config x = input_ask(in, VIRTIO_INPUT_CFG_ABS_INFO,
						 ABS_X);
	static const char *const corners[] = { "0 0", "639 479" };

	for (unsigned i = 0; i < 2; i++) {
		struct inputframe f;

		desk_do(s.desk, "move %s", corners[i]);
		f = input_frame(in);
		ck_assert_uint_eq(f.count, 2);
		for (unsigned e = 0; e < f.count; e++)
			ck_assert(f.events[e].value >= x.u.abs.min &&
				  f.events[e].value <= x.u.abs.max);
	}
}
END_TEST

/* ---- what is advertised is what can be sent ---- */

struct named {
	const char *name;
	uint16_t code;
};

#define K(name) \
	{ \
#name, KEY_##name \
	}

/* All of the keyboard's, as Linux calls them. */
static const struct named keys[] = {
	K(A),
	K(B),
	K(C),
	K(D),
	K(E),
	K(F),
	K(G),
	K(H),
	K(I),
	K(J),
	K(K),
	K(L),
	K(M),
	K(N),
	K(O),
	K(P),
	K(Q),
	K(R),
	K(S),
	K(T),
	K(U),
	K(V),
	K(W),
	K(X),
	K(Y),
	K(Z),
	K(1),
	K(2),
	K(3),
	K(4),
	K(5),
	K(6),
	K(7),
	K(8),
	K(9),
	K(0),
	K(MINUS),
	K(EQUAL),
	K(LEFTBRACE),
	K(RIGHTBRACE),
	K(BACKSLASH),
	K(SEMICOLON),
	K(APOSTROPHE),
	K(GRAVE),
	K(COMMA),
	K(DOT),
	K(SLASH),
	K(SPACE),
	K(ENTER),
	K(TAB),
	K(ESC),
	K(BACKSPACE),
	K(CAPSLOCK),
	K(LEFTSHIFT),
	K(RIGHTSHIFT),
	K(LEFTCTRL),
	K(RIGHTCTRL),
	K(LEFTALT),
	K(RIGHTALT),
	K(LEFTMETA),
	K(RIGHTMETA),
	K(COMPOSE),
	K(102ND),
	K(F1),
	K(F2),
	K(F3),
	K(F4),
	K(F5),
	K(F6),
	K(F7),
	K(F8),
	K(F9),
	K(F10),
	K(F11),
	K(F12),
	K(F13),
	K(F14),
	K(F15),
	K(F16),
	K(F17),
	K(F18),
	K(F19),
	K(F20),
	K(F21),
	K(F22),
	K(F23),
	K(F24),
	K(SYSRQ),
	K(SCROLLLOCK),
	K(PAUSE),
	K(INSERT),
	K(HOME),
	K(PAGEUP),
	K(DELETE),
	K(END),
	K(PAGEDOWN),
	K(RIGHT),
	K(LEFT),
	K(DOWN),
	K(UP),
	K(NUMLOCK),
	K(KPSLASH),
	K(KPASTERISK),
	K(KPMINUS),
	K(KPPLUS),
	K(KPENTER),
	K(KP1),
	K(KP2),
	K(KP3),
	K(KP4),
	K(KP5),
	K(KP6),
	K(KP7),
	K(KP8),
	K(KP9),
	K(KP0),
	K(KPDOT),
	K(KPCOMMA),
	K(KPEQUAL),
	K(KPPLUSMINUS),
	K(KPLEFTPAREN),
	K(KPRIGHTPAREN),
	K(RO),
	K(KATAKANAHIRAGANA),
	K(YEN),
	K(HENKAN),
	K(MUHENKAN),
	K(KPJPCOMMA),
	K(HANGEUL),
	K(HANJA),
	K(KATAKANA),
	K(HIRAGANA),
	K(ZENKAKUHANKAKU),
	K(OPEN),
	K(HELP),
	K(MENU),
	K(FRONT),
	K(STOP),
	K(AGAIN),
	K(UNDO),
	K(CUT),
	K(COPY),
	K(PASTE),
	K(FIND),
	K(ALTERASE),
	K(CANCEL),
	K(MUTE),
	K(VOLUMEUP),
	K(VOLUMEDOWN),
	K(NEXTSONG),
	K(PREVIOUSSONG),
	K(STOPCD),
	K(PLAYPAUSE),
	K(REWIND),
	K(FASTFORWARD),
	K(EJECTCD),
	K(MEDIA),
	K(WWW),
	K(MAIL),
	K(CALC),
	K(COMPUTER),
	K(PROG1),
	K(PROG2),
	K(SEARCH),
	K(HOMEPAGE),
	K(BACK),
	K(FORWARD),
	K(REFRESH),
	K(BOOKMARKS),
	K(PICKUP_PHONE),
	K(HANGUP_PHONE),
	K(POWER),
	K(SLEEP),
	K(BRIGHTNESSDOWN),
	K(BRIGHTNESSUP),
	K(SWITCHVIDEOMODE),
	K(KBDILLUMTOGGLE),
	K(KBDILLUMDOWN),
	K(KBDILLUMUP),
};

enum { KEYS = sizeof(keys) / sizeof(*keys) };

static bool was_sent(const uint16_t *codes, unsigned n, uint16_t code)
{
	for (unsigned i = 0; i < n; i++)
		if (codes[i] == code)
			return true;
	return false;
}

/* The type's bitmap has those codes, and none else. */
static void expect_advertised(struct inputdriver *in, uint8_t type,
			      const uint16_t *codes, unsigned n)
{
	struct virtio_input_config c = input_ask(in, VIRTIO_INPUT_CFG_EV_BITS,
						 type);

	for (unsigned code = 0; code < KEY_CNT; code++) {
		bool has = code / 8 < c.size &&
			   c.u.bitmap[code / 8] >> code % 8 & 1;
		bool sent = was_sent(codes, n, (uint16_t)code);

		if (has && !sent)
			FAIL("type %u: %u is advertised, and was not sent",
			     type, code);
		if (sent && !has)
			FAIL("type %u: %u was sent, and is not advertised",
			     type, code);
	}
}

static void type_key(struct inputdriver *in, const char *name)
{
	char small[32];
	unsigned i;

	for (i = 0; name[i] && i < sizeof(small) - 1; i++)
		small[i] = (char)tolower((unsigned char)name[i]);
	small[i] = '\0';
	desk_do(in->desk, "key %s", small);
}

START_TEST(a_keyboard_sends_what_it_says)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);
	uint16_t codes[KEYS];

	for (unsigned i = 0; i < KEYS; i++) {
		type_key(in, keys[i].name);
		EXPECT_FRAME(in, { EV_KEY, keys[i].code, 1 });
		EXPECT_FRAME(in, { EV_KEY, keys[i].code, 0 });
		codes[i] = keys[i].code;
	}
	expect_advertised(in, EV_KEY, codes, KEYS);
	expect_advertised(in, EV_REL, NULL, 0);
	expect_advertised(in, EV_ABS, NULL, 0);
	expect_advertised(in, EV_MSC, NULL, 0);
}
END_TEST

struct record { /* of what a device sent, by type */
	uint16_t codes[EV_CNT][64];
	unsigned count[EV_CNT];
};

static void record_frames(struct inputdriver *in, struct record *r, unsigned n)
{
	while (n--) {
		struct inputframe f = input_frame(in);

		for (unsigned i = 0; i < f.count; i++) {
			uint16_t type = f.events[i].type;

			ck_assert_uint_lt(type, EV_CNT);
			ck_assert_uint_lt(r->count[type], 64);
			r->codes[type][r->count[type]++] = f.events[i].code;
		}
	}
}

/* A pointer that does all it can, `moves` first. */
static void expect_pointer_to_send(struct inputdriver *in, const char *moves)
{
	static const char *const clicks[] = { "left", "right", "middle", "side",
					      "extra" };
	struct record r = { .count = { 0 } };

	desk_do(in->desk, "%s", moves);
	record_frames(in, &r, 1);
	for (unsigned i = 0; i < 5; i++) {
		desk_do(in->desk, "click %s", clicks[i]);
		record_frames(in, &r, 2);
	}
	desk_do(in->desk, "wheel 1");
	desk_do(in->desk, "hwheel 1");
	record_frames(in, &r, 2);
	for (unsigned type = 1; type < EV_CNT; type++)
		expect_advertised(in, (uint8_t)type, r.codes[type],
				  r.count[type]);
}

START_TEST(pointers_send_what_they_say)
{
	struct sitting s = sit_down(_axes, DESK_TABLET | DESK_MOUSE);

	expect_pointer_to_send(s.in[TABLET], "move 1 1");
	expect_pointer_to_send(s.in[MOUSE], "motion 1 1");
}
END_TEST

/* ---- who gets it ---- */

/* Buttons and wheels are the tablet's or the mouse's: whichever moved last. */
START_TEST(buttons_are_the_last_ones_that_moved)
{
	struct sitting s = sit_down(_axes, DESK_TABLET | DESK_MOUSE);

	desk_do(s.desk, "motion 1 1");
	input_frame(s.in[MOUSE]);
	expect_press(s.in[MOUSE]);
	desk_do(s.desk, "move 1 1");
	input_frame(s.in[TABLET]);
	/* It is let go where it was pressed. */
	expect_let_go(s.in[MOUSE]);
	expect_press(s.in[TABLET]);
	expect_let_go(s.in[TABLET]);
	for (unsigned i = TABLET; i <= MOUSE; i++)
		input_expect_nothing(s.in[i]);
}
END_TEST

START_TEST(a_key_is_told_once)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	expect_press(in);
	press(in);
	input_expect_nothing(in);
	expect_let_go(in);
	let_go(in);
	input_expect_nothing(in);
}
END_TEST

/* ---- calls ---- */

/* The driver is called once for a frame, not for each of its events. */
START_TEST(a_frame_is_one_call)
{
	struct inputdriver *in = input_start(_axes, MOUSE);
	struct ring *r = in->d->control;

	for (unsigned i = 0; i < 20; i++) {
		desk_do(in->desk, "motion 1 1");
		input_await_used(in, 3);
		frontend_settle(in->d->fe);
		ck_assert_uint_eq(ring_calls(r), 1);
		/* It came, so none is due any more. */
		r->armed = false;
		input_frame(in);
	}
}
END_TEST

/* Who looks by itself is not called at all. */
START_TEST(calls_can_be_unwanted)
{
	struct inputdriver *in = input_start(_axes, MOUSE);

	ring_set_calls(in->d->control, CALLS_UNWANTED);
	input_expect_nothing(in);
	ring_calls(in->d->control);
	for (unsigned i = 0; i < 20; i++) {
		desk_do(in->desk, "motion 1 1");
		input_frame(in);
	}
	frontend_settle(in->d->fe);
	ck_assert_uint_eq(ring_calls(in->d->control), 0);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("frames", a_key_is_a_frame, "L01 L04 L14 L15"),
	ONCE("frames", a_chord_is_let_go_in_reverse, "L04"),
	ON_ALL_AXES("frames", a_place_is_a_frame, "L01 L04 L14 L15"),
	ON_ALL_AXES("frames", a_step_is_a_frame, "L01 L04 L14 L15"),
	ONCE("frames", wheels_have_fine_steps, "L04"),
	ONCE("places", places_reach_all_screens, NULL),
	ONCE("places", corners_are_within_the_range, "K21"),
	ONCE("abilities", a_keyboard_sends_what_it_says, "K22"),
	ONCE("abilities", pointers_send_what_they_say, "K22"),
	ONCE("receivers", buttons_are_the_last_ones_that_moved, NULL),
	ONCE("receivers", a_key_is_told_once, NULL),
	ON_ALL_AXES("calls", a_frame_is_one_call, "L14"),
	ON_ALL_AXES("calls", calls_can_be_unwanted, "L14"),
	{ 0 }
};

Suite *inputevents_suite(void)
{
	return suite_new("inputevents", tests);
}
