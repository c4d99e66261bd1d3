/*
 * What a device says it can send is what it can send, and nothing else is.
 */
#include <ctype.h>
#include <string.h>

#include "sitting.h"
#include "suites.h"

/* ---- what it says ---- */

static struct virtio_input_config bits(struct inputdriver *in, uint8_t type)
{
	return input_ask(in, VIRTIO_INPUT_CFG_EV_BITS, type);
}

START_TEST(a_keyboard_has_keys)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);
	static const uint16_t some[] = {
		KEY_ESC, KEY_A,	       KEY_LEFTSHIFT, KEY_CAPSLOCK, KEY_F12,
		KEY_KP5, KEY_RIGHTALT, KEY_DELETE,    KEY_LEFTMETA, KEY_VOLUMEUP
	};
	struct virtio_input_config c = bits(in, EV_KEY);

	for (unsigned i = 0; i < sizeof(some) / sizeof(*some); i++)
		if (!input_has_bit(&c, some[i]))
			FAIL("it has no key %u", some[i]);
	ck_assert_uint_gt(input_bits(&c), 100);
	for (unsigned code = BTN_MISC; code < KEY_OK; code++)
		ck_assert(!input_has_bit(&c, code));
	c = bits(in, EV_LED);
	ck_assert(input_has_bit(&c, LED_NUML) && input_has_bit(&c, LED_CAPSL) &&
		  input_has_bit(&c, LED_SCROLLL));
	ck_assert_uint_eq(bits(in, EV_REL).size, 0);
	ck_assert_uint_eq(bits(in, EV_ABS).size, 0);
}
END_TEST

/* Linux repeats keys if this is there, so the device doesn't. */
START_TEST(the_guest_repeats_keys)
{
	WITH_EACH(in)
	ck_assert_int_eq(bits(in, EV_REP).size > 0, in->device == KEYBOARD);
}
END_TEST

static void expect_buttons_and_wheels(struct inputdriver *in)
{
	struct virtio_input_config keys = bits(in, EV_KEY),
				   rel = bits(in, EV_REL);

	ck_assert_uint_eq(input_bits(&keys), 5);
	ck_assert(input_has_bit(&keys, BTN_LEFT) &&
		  input_has_bit(&keys, BTN_RIGHT) &&
		  input_has_bit(&keys, BTN_MIDDLE) &&
		  input_has_bit(&keys, BTN_SIDE) &&
		  input_has_bit(&keys, BTN_EXTRA));
	ck_assert(input_has_bit(&rel, REL_WHEEL) &&
		  input_has_bit(&rel, REL_WHEEL_HI_RES) &&
		  input_has_bit(&rel, REL_HWHEEL) &&
		  input_has_bit(&rel, REL_HWHEEL_HI_RES));
	ck_assert_uint_eq(bits(in, EV_LED).size, 0);
}

START_TEST(a_tablet_has_places)
{
	struct inputdriver *in = input_start(_axes, TABLET);
	struct virtio_input_config c = bits(in, EV_ABS);

	ck_assert_uint_eq(input_bits(&c), 2);
	ck_assert(input_has_bit(&c, ABS_X) && input_has_bit(&c, ABS_Y));
	c = bits(in, EV_REL);
	/* With these Linux' desktops would take it for a mouse as well. */
	ck_assert(!input_has_bit(&c, REL_X) && !input_has_bit(&c, REL_Y));
	expect_buttons_and_wheels(in);
}
END_TEST

START_TEST(a_mouse_has_steps)
{
	struct inputdriver *in = input_start(_axes, MOUSE);
	struct virtio_input_config c = bits(in, EV_REL);

	ck_assert(input_has_bit(&c, REL_X) && input_has_bit(&c, REL_Y));
	ck_assert_uint_eq(bits(in, EV_ABS).size, 0);
	expect_buttons_and_wheels(in);
}
END_TEST

START_TEST(axes_have_ranges)
{
	WITH_EACH(in)
	{
		struct virtio_input_config c = bits(in, EV_ABS), info;

		for (unsigned code = 0; code < ABS_CNT; code++) {
			info = input_ask(in, VIRTIO_INPUT_CFG_ABS_INFO,
					 (uint8_t)code);
			if (!input_has_bit(&c, code)) {
				ck_assert_uint_eq(info.size, 0);
				continue;
			}
			ck_assert_uint_eq(info.size, sizeof(info.u.abs));
			ck_assert_int_lt((int32_t)info.u.abs.min,
					 (int32_t)info.u.abs.max);
		}
	}
}
END_TEST

/* ---- what it sends ---- */

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
	/* clang-format off */
	K(A), K(B), K(C), K(D), K(E), K(F), K(G), K(H), K(I), K(J), K(K), K(L),
	K(M), K(N), K(O), K(P), K(Q), K(R), K(S), K(T), K(U), K(V), K(W), K(X),
	K(Y), K(Z), K(1), K(2), K(3), K(4), K(5), K(6), K(7), K(8), K(9), K(0),
	K(MINUS), K(EQUAL), K(LEFTBRACE), K(RIGHTBRACE), K(BACKSLASH),
	K(SEMICOLON), K(APOSTROPHE), K(GRAVE), K(COMMA), K(DOT), K(SLASH),
	K(SPACE), K(ENTER), K(TAB), K(ESC), K(BACKSPACE), K(CAPSLOCK),
	K(LEFTSHIFT), K(RIGHTSHIFT), K(LEFTCTRL), K(RIGHTCTRL), K(LEFTALT),
	K(RIGHTALT), K(LEFTMETA), K(RIGHTMETA), K(COMPOSE), K(102ND), K(F1),
	K(F2), K(F3), K(F4), K(F5), K(F6), K(F7), K(F8), K(F9), K(F10), K(F11),
	K(F12), K(F13), K(F14), K(F15), K(F16), K(F17), K(F18), K(F19), K(F20),
	K(F21), K(F22), K(F23), K(F24), K(SYSRQ), K(SCROLLLOCK), K(PAUSE),
	K(INSERT), K(HOME), K(PAGEUP), K(DELETE), K(END), K(PAGEDOWN),
	K(RIGHT), K(LEFT), K(DOWN), K(UP), K(NUMLOCK), K(KPSLASH),
	K(KPASTERISK), K(KPMINUS), K(KPPLUS), K(KPENTER), K(KP1), K(KP2),
	K(KP3), K(KP4), K(KP5), K(KP6), K(KP7), K(KP8), K(KP9), K(KP0),
	K(KPDOT), K(KPCOMMA), K(KPEQUAL), K(KPPLUSMINUS), K(KPLEFTPAREN),
	K(KPRIGHTPAREN), K(RO), K(KATAKANAHIRAGANA), K(YEN), K(HENKAN),
	K(MUHENKAN), K(KPJPCOMMA), K(HANGEUL), K(HANJA), K(KATAKANA),
	K(HIRAGANA), K(ZENKAKUHANKAKU), K(OPEN), K(HELP), K(MENU), K(FRONT),
	K(STOP), K(AGAIN), K(UNDO), K(CUT), K(COPY), K(PASTE), K(FIND),
	K(ALTERASE), K(CANCEL), K(MUTE), K(VOLUMEUP), K(VOLUMEDOWN),
	K(NEXTSONG), K(PREVIOUSSONG), K(STOPCD), K(PLAYPAUSE), K(REWIND),
	K(FASTFORWARD), K(EJECTCD), K(MEDIA), K(WWW), K(MAIL), K(CALC),
	K(COMPUTER), K(PROG1), K(PROG2), K(SEARCH), K(HOMEPAGE), K(BACK),
	K(FORWARD), K(REFRESH), K(BOOKMARKS), K(PICKUP_PHONE), K(HANGUP_PHONE),
	K(POWER), K(SLEEP), K(BRIGHTNESSDOWN), K(BRIGHTNESSUP),
	K(SWITCHVIDEOMODE), K(KBDILLUMTOGGLE), K(KBDILLUMDOWN), K(KBDILLUMUP),
	/* clang-format on */
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
		bool has = input_has_bit(&c, code);
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

static const struct test tests[] = {
	ONCE("says", a_keyboard_has_keys, "K16 K17"),
	ONCE("says", the_guest_repeats_keys, "K19"),
	ONCE("says", a_tablet_has_places, "K16 K17"),
	ONCE("says", a_mouse_has_steps, "K16 K17"),
	ONCE("says", axes_have_ranges, "K20 K21"),
	ONCE("sends", a_keyboard_sends_what_it_says, "K22"),
	ONCE("sends", pointers_send_what_they_say, "K22"),
	{ 0 }
};

Suite *abilities_suite(void)
{
	return suite_new("abilities", tests);
}
