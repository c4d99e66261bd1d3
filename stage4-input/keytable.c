/*
 * The tables.
 *
 * SDL's scancodes are numbered as USB's keys are. Which code of Linux's is
 * which key, SDL says where it reads evdev or X11; of the keys that it never
 * sees there Linux says it where it reads USB (drivers/hid/hid-input.c). So on a
 * Linux host the guest gets the code that the host got. Scancodes that are in
 * neither are those of keys for which Linux has no code.
 */
#include "keytable.h"

#include <linux/input-event-codes.h>
#include <string.h>
#include <strings.h>

#define S(scancode) SDL_SCANCODE_##scancode
#define L(name) KEY_##name, #name

const struct key_row key_table[] = {
	/* letters, in the alphabet's order */
	{ S(A), L(A), 'a', 'A' },
	{ S(B), L(B), 'b', 'B' },
	{ S(C), L(C), 'c', 'C' },
	{ S(D), L(D), 'd', 'D' },
	{ S(E), L(E), 'e', 'E' },
	{ S(F), L(F), 'f', 'F' },
	{ S(G), L(G), 'g', 'G' },
	{ S(H), L(H), 'h', 'H' },
	{ S(I), L(I), 'i', 'I' },
	{ S(J), L(J), 'j', 'J' },
	{ S(K), L(K), 'k', 'K' },
	{ S(L), L(L), 'l', 'L' },
	{ S(M), L(M), 'm', 'M' },
	{ S(N), L(N), 'n', 'N' },
	{ S(O), L(O), 'o', 'O' },
	{ S(P), L(P), 'p', 'P' },
	{ S(Q), L(Q), 'q', 'Q' },
	{ S(R), L(R), 'r', 'R' },
	{ S(S), L(S), 's', 'S' },
	{ S(T), L(T), 't', 'T' },
	{ S(U), L(U), 'u', 'U' },
	{ S(V), L(V), 'v', 'V' },
	{ S(W), L(W), 'w', 'W' },
	{ S(X), L(X), 'x', 'X' },
	{ S(Y), L(Y), 'y', 'Y' },
	{ S(Z), L(Z), 'z', 'Z' },

	/* digits and signs */
	{ S(1), L(1), '1', '!' },
	{ S(2), L(2), '2', '@' },
	{ S(3), L(3), '3', '#' },
	{ S(4), L(4), '4', '$' },
	{ S(5), L(5), '5', '%' },
	{ S(6), L(6), '6', '^' },
	{ S(7), L(7), '7', '&' },
	{ S(8), L(8), '8', '*' },
	{ S(9), L(9), '9', '(' },
	{ S(0), L(0), '0', ')' },
	{ S(MINUS), L(MINUS), '-', '_' },
	{ S(EQUALS), L(EQUAL), '=', '+' },
	{ S(LEFTBRACKET), L(LEFTBRACE), '[', '{' },
	{ S(RIGHTBRACKET), L(RIGHTBRACE), ']', '}' },
	{ S(BACKSLASH), L(BACKSLASH), '\\', '|' },
	{ S(SEMICOLON), L(SEMICOLON), ';', ':' },
	{ S(APOSTROPHE), L(APOSTROPHE), '\'', '"' },
	{ S(GRAVE), L(GRAVE), '`', '~' },
	{ S(COMMA), L(COMMA), ',', '<' },
	{ S(PERIOD), L(DOT), '.', '>' },
	{ S(SLASH), L(SLASH), '/', '?' },
	{ S(SPACE), L(SPACE), ' ', ' ' },
	{ S(RETURN), L(ENTER), '\n', '\n' },
	{ S(TAB), L(TAB), '\t', 0 },

	/* around them */
	{ S(ESCAPE), L(ESC), 0, 0 },
	{ S(BACKSPACE), L(BACKSPACE), 0, 0 },
	{ S(CAPSLOCK), L(CAPSLOCK), 0, 0 },
	{ S(LSHIFT), L(LEFTSHIFT), 0, 0 },
	{ S(RSHIFT), L(RIGHTSHIFT), 0, 0 },
	{ S(LCTRL), L(LEFTCTRL), 0, 0 },
	{ S(RCTRL), L(RIGHTCTRL), 0, 0 },
	{ S(LALT), L(LEFTALT), 0, 0 },
	{ S(RALT), L(RIGHTALT), 0, 0 },
	{ S(LGUI), L(LEFTMETA), 0, 0 },
	{ S(RGUI), L(RIGHTMETA), 0, 0 },
	{ S(APPLICATION), L(COMPOSE), 0, 0 },
	{ S(NONUSBACKSLASH), L(102ND), 0, 0 },

	/* functions */
	{ S(F1), L(F1), 0, 0 },
	{ S(F2), L(F2), 0, 0 },
	{ S(F3), L(F3), 0, 0 },
	{ S(F4), L(F4), 0, 0 },
	{ S(F5), L(F5), 0, 0 },
	{ S(F6), L(F6), 0, 0 },
	{ S(F7), L(F7), 0, 0 },
	{ S(F8), L(F8), 0, 0 },
	{ S(F9), L(F9), 0, 0 },
	{ S(F10), L(F10), 0, 0 },
	{ S(F11), L(F11), 0, 0 },
	{ S(F12), L(F12), 0, 0 },
	{ S(F13), L(F13), 0, 0 },
	{ S(F14), L(F14), 0, 0 },
	{ S(F15), L(F15), 0, 0 },
	{ S(F16), L(F16), 0, 0 },
	{ S(F17), L(F17), 0, 0 },
	{ S(F18), L(F18), 0, 0 },
	{ S(F19), L(F19), 0, 0 },
	{ S(F20), L(F20), 0, 0 },
	{ S(F21), L(F21), 0, 0 },
	{ S(F22), L(F22), 0, 0 },
	{ S(F23), L(F23), 0, 0 },
	{ S(F24), L(F24), 0, 0 },

	/* between letters and keypad */
	{ S(PRINTSCREEN), L(SYSRQ), 0, 0 },
	{ S(SCROLLLOCK), L(SCROLLLOCK), 0, 0 },
	{ S(PAUSE), L(PAUSE), 0, 0 },
	{ S(INSERT), L(INSERT), 0, 0 },
	{ S(HOME), L(HOME), 0, 0 },
	{ S(PAGEUP), L(PAGEUP), 0, 0 },
	{ S(DELETE), L(DELETE), 0, 0 },
	{ S(END), L(END), 0, 0 },
	{ S(PAGEDOWN), L(PAGEDOWN), 0, 0 },
	{ S(RIGHT), L(RIGHT), 0, 0 },
	{ S(LEFT), L(LEFT), 0, 0 },
	{ S(DOWN), L(DOWN), 0, 0 },
	{ S(UP), L(UP), 0, 0 },

	/* the keypad, whose keys type as num lock has it */
	{ S(NUMLOCKCLEAR), L(NUMLOCK), 0, 0 },
	{ S(KP_DIVIDE), L(KPSLASH), 0, 0 },
	{ S(KP_MULTIPLY), L(KPASTERISK), 0, 0 },
	{ S(KP_MINUS), L(KPMINUS), 0, 0 },
	{ S(KP_PLUS), L(KPPLUS), 0, 0 },
	{ S(KP_ENTER), L(KPENTER), 0, 0 },
	{ S(KP_1), L(KP1), 0, 0 },
	{ S(KP_2), L(KP2), 0, 0 },
	{ S(KP_3), L(KP3), 0, 0 },
	{ S(KP_4), L(KP4), 0, 0 },
	{ S(KP_5), L(KP5), 0, 0 },
	{ S(KP_6), L(KP6), 0, 0 },
	{ S(KP_7), L(KP7), 0, 0 },
	{ S(KP_8), L(KP8), 0, 0 },
	{ S(KP_9), L(KP9), 0, 0 },
	{ S(KP_0), L(KP0), 0, 0 },
	{ S(KP_PERIOD), L(KPDOT), 0, 0 },
	{ S(KP_COMMA), L(KPCOMMA), 0, 0 },
	{ S(KP_EQUALS), L(KPEQUAL), 0, 0 },
	{ S(KP_PLUSMINUS), L(KPPLUSMINUS), 0, 0 },
	{ S(KP_LEFTPAREN), L(KPLEFTPAREN), 0, 0 },
	{ S(KP_RIGHTPAREN), L(KPRIGHTPAREN), 0, 0 },

	/* Japan's and Korea's */
	{ S(INTERNATIONAL1), L(RO), 0, 0 },
	{ S(INTERNATIONAL2), L(KATAKANAHIRAGANA), 0, 0 },
	{ S(INTERNATIONAL3), L(YEN), 0, 0 },
	{ S(INTERNATIONAL4), L(HENKAN), 0, 0 },
	{ S(INTERNATIONAL5), L(MUHENKAN), 0, 0 },
	{ S(INTERNATIONAL6), L(KPJPCOMMA), 0, 0 },
	{ S(LANG1), L(HANGEUL), 0, 0 },
	{ S(LANG2), L(HANJA), 0, 0 },
	{ S(LANG3), L(KATAKANA), 0, 0 },
	{ S(LANG4), L(HIRAGANA), 0, 0 },
	{ S(LANG5), L(ZENKAKUHANKAKU), 0, 0 },

	/* commands */
	{ S(EXECUTE), L(OPEN), 0, 0 },
	{ S(HELP), L(HELP), 0, 0 },
	{ S(MENU), L(MENU), 0, 0 },
	{ S(SELECT), L(FRONT), 0, 0 },
	{ S(STOP), L(STOP), 0, 0 },
	{ S(AGAIN), L(AGAIN), 0, 0 },
	{ S(UNDO), L(UNDO), 0, 0 },
	{ S(CUT), L(CUT), 0, 0 },
	{ S(COPY), L(COPY), 0, 0 },
	{ S(PASTE), L(PASTE), 0, 0 },
	{ S(FIND), L(FIND), 0, 0 },
	{ S(ALTERASE), L(ALTERASE), 0, 0 },
	{ S(CANCEL), L(CANCEL), 0, 0 },

	/* sound and music */
	{ S(MUTE), L(MUTE), 0, 0 },
	{ S(VOLUMEUP), L(VOLUMEUP), 0, 0 },
	{ S(VOLUMEDOWN), L(VOLUMEDOWN), 0, 0 },
	{ S(AUDIONEXT), L(NEXTSONG), 0, 0 },
	{ S(AUDIOPREV), L(PREVIOUSSONG), 0, 0 },
	{ S(AUDIOSTOP), L(STOPCD), 0, 0 },
	{ S(AUDIOPLAY), L(PLAYPAUSE), 0, 0 },
	{ S(AUDIOREWIND), L(REWIND), 0, 0 },
	{ S(AUDIOFASTFORWARD), L(FASTFORWARD), 0, 0 },
	{ S(EJECT), L(EJECTCD), 0, 0 },
	{ S(MEDIASELECT), L(MEDIA), 0, 0 },

	/* programs, and what a browser does */
	{ S(WWW), L(WWW), 0, 0 },
	{ S(MAIL), L(MAIL), 0, 0 },
	{ S(CALCULATOR), L(CALC), 0, 0 },
	{ S(COMPUTER), L(COMPUTER), 0, 0 },
	{ S(APP1), L(PROG1), 0, 0 },
	{ S(APP2), L(PROG2), 0, 0 },
	{ S(AC_SEARCH), L(SEARCH), 0, 0 },
	{ S(AC_HOME), L(HOMEPAGE), 0, 0 },
	{ S(AC_BACK), L(BACK), 0, 0 },
	{ S(AC_FORWARD), L(FORWARD), 0, 0 },
	{ S(AC_REFRESH), L(REFRESH), 0, 0 },
	{ S(AC_BOOKMARKS), L(BOOKMARKS), 0, 0 },
	{ S(CALL), L(PICKUP_PHONE), 0, 0 },
	{ S(ENDCALL), L(HANGUP_PHONE), 0, 0 },

	/* the machine */
	{ S(POWER), L(POWER), 0, 0 },
	{ S(SLEEP), L(SLEEP), 0, 0 },
	{ S(BRIGHTNESSDOWN), L(BRIGHTNESSDOWN), 0, 0 },
	{ S(BRIGHTNESSUP), L(BRIGHTNESSUP), 0, 0 },
	{ S(DISPLAYSWITCH), L(SWITCHVIDEOMODE), 0, 0 },
	{ S(KBDILLUMTOGGLE), L(KBDILLUMTOGGLE), 0, 0 },
	{ S(KBDILLUMDOWN), L(KBDILLUMDOWN), 0, 0 },
	{ S(KBDILLUMUP), L(KBDILLUMUP), 0, 0 },
};
const unsigned key_count = sizeof(key_table) / sizeof(key_table[0]);

/*
 * Second scancodes of keys above. A keyboard says once that it has a code, and
 * a name means one key, so they are no rows.
 */
static const struct {
	uint16_t scancode, same_as;
} others[] = {
	{ S(NONUSHASH), S(BACKSLASH) }, /* next to enter, on ISO keyboards */
	{ S(SYSREQ), S(PRINTSCREEN) },	/* what it is with alt */
	{ S(KP_EQUALSAS400), S(KP_EQUALS) },
	{ S(AC_STOP), S(STOP) },
	{ S(AUDIOMUTE), S(MUTE) },
	{ S(CLEAR), S(DELETE) }, /* Linux takes them for this */
	{ S(KP_CLEAR), S(DELETE) },
	{ S(MODE), S(LANG5) }, /* as SDL calls it on X11 */
};

static const struct key_row *find(uint16_t scancode)
{
	for (unsigned i = 0; i < key_count; i++)
		if (key_table[i].scancode == scancode)
			return &key_table[i];
	return NULL;
}

const struct key_row *key_of_scancode(SDL_Scancode scancode)
{
	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i].scancode == scancode)
			return find(others[i].same_as);
	return find((uint16_t)scancode);
}

const struct key_row *key_of_name(const char *name)
{
	for (unsigned i = 0; i < key_count; i++)
		if (!strcasecmp(key_table[i].name, name))
			return &key_table[i];
	return NULL;
}

const struct key_row *key_that_types(char character, bool *shift)
{
	for (unsigned i = 0; character && i < key_count; i++) {
		const struct key_row *row = &key_table[i];

		*shift = row->plain != character;
		if (row->plain == character || row->shifted == character)
			return row;
	}
	return NULL;
}
