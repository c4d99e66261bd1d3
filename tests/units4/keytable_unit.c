/*
 * The table of keys: it has all that there are, each once, and each is found.
 */
#include "keytable.h"

#include <SDL_keyboard.h>
#include <ctype.h>
#include <linux/input-event-codes.h>
#include <stdio.h>
#include <string.h>

#include "parts4.h"

#define S(scancode) SDL_SCANCODE_##scancode

/* Keys that SDL knows of and evdev doesn't. */
static const SDL_Scancode without_code[] = {
	S(PRIOR),
	S(RETURN2),
	S(SEPARATOR),
	S(OUT),
	S(OPER),
	S(CLEARAGAIN),
	S(CRSEL),
	S(EXSEL),
	S(KP_00),
	S(KP_000),
	S(THOUSANDSSEPARATOR),
	S(DECIMALSEPARATOR),
	S(CURRENCYUNIT),
	S(CURRENCYSUBUNIT),
	S(KP_LEFTBRACE),
	S(KP_RIGHTBRACE),
	S(KP_TAB),
	S(KP_BACKSPACE),
	S(KP_A),
	S(KP_B),
	S(KP_C),
	S(KP_D),
	S(KP_E),
	S(KP_F),
	S(KP_XOR),
	S(KP_POWER),
	S(KP_PERCENT),
	S(KP_LESS),
	S(KP_GREATER),
	S(KP_AMPERSAND),
	S(KP_DBLAMPERSAND),
	S(KP_VERTICALBAR),
	S(KP_DBLVERTICALBAR),
	S(KP_COLON),
	S(KP_HASH),
	S(KP_SPACE),
	S(KP_AT),
	S(KP_EXCLAM),
	S(KP_MEMSTORE),
	S(KP_MEMRECALL),
	S(KP_MEMCLEAR),
	S(KP_MEMADD),
	S(KP_MEMSUBTRACT),
	S(KP_MEMMULTIPLY),
	S(KP_MEMDIVIDE),
	S(KP_CLEARENTRY),
	S(KP_BINARY),
	S(KP_OCTAL),
	S(KP_DECIMAL),
	S(KP_HEXADECIMAL),
	S(SOFTLEFT),
	S(SOFTRIGHT),
	S(INTERNATIONAL7),
	S(INTERNATIONAL8),
	S(INTERNATIONAL9),
	S(LANG6),
	S(LANG7),
	S(LANG8),
	S(LANG9),
};

/* Those that have a scancode, and a name in some of SDL's versions only. */
static const SDL_Scancode without_name[] = {
	S(NONUSHASH),	   S(NONUSBACKSLASH), S(INTERNATIONAL1),
	S(INTERNATIONAL2), S(INTERNATIONAL3), S(INTERNATIONAL4),
	S(INTERNATIONAL5), S(INTERNATIONAL6), S(LANG1),
	S(LANG2),	   S(LANG3),	      S(LANG4),
	S(LANG5),
};

static bool is_in(const SDL_Scancode *list, size_t bytes, SDL_Scancode scancode)
{
	for (size_t i = 0; i < bytes / sizeof(*list); i++)
		if (list[i] == scancode)
			return true;
	return false;
}

START_TEST(it_is_complete)
{
	for (int i = 0; i < SDL_NUM_SCANCODES; i++) {
		SDL_Scancode s = (SDL_Scancode)i;
		bool is = SDL_GetScancodeName(s)[0] ||
			  is_in(without_name, sizeof(without_name), s);
		bool none = is_in(without_code, sizeof(without_code), s);

		if ((is && !none) != (key_of_scancode(s) != NULL))
			ck_abort_msg("scancode %d, \"%s\"", i,
				     SDL_GetScancodeName(s));
	}
}
END_TEST

START_TEST(each_is_there_once)
{
	for (unsigned i = 0; i < key_count; i++)
		for (unsigned k = 0; k < i; k++)
			if (key_table[i].code == key_table[k].code ||
			    key_table[i].scancode == key_table[k].scancode ||
			    !strcmp(key_table[i].name, key_table[k].name))
				ck_abort_msg("%s and %s", key_table[k].name,
					     key_table[i].name);
}
END_TEST

static void in_small_letters(const char *name, char small[32])
{
	unsigned i = 0;

	do
		small[i] = (char)tolower(name[i]);
	while (name[i++]);
}

START_TEST(each_is_found)
{
	for (unsigned i = 0; i < key_count; i++) {
		const struct key_row *row = &key_table[i];
		char small[32];

		in_small_letters(row->name, small);
		ck_assert_ptr_eq(key_of_name(small), row);
		ck_assert_ptr_eq(key_of_name(row->name), row);
		ck_assert_ptr_eq(key_of_scancode((SDL_Scancode)row->scancode),
				 row);
	}
	ck_assert_ptr_null(key_of_name(""));
	ck_assert_ptr_null(key_of_name("key_a"));
	ck_assert_ptr_null(key_of_name("leftshif"));
	ck_assert_ptr_null(key_of_scancode(SDL_SCANCODE_UNKNOWN));
	ck_assert_ptr_null(key_of_scancode(SDL_NUM_SCANCODES));
}
END_TEST

/* The names' file is Linux's own: no key has another one's code. */
START_TEST(names_are_linuxs)
{
	FILE *file = fopen("/usr/include/linux/input-event-codes.h", "r");
	char line[256], name[64], value[64];
	unsigned seen = 0;

	ck_assert_ptr_nonnull(file);
	while (fgets(line, sizeof(line), file)) {
		const struct key_row *row;
		unsigned code;

		if (sscanf(line, "#define KEY_%63s %63s", name, value) != 2 ||
		    sscanf(value, "%i", (int *)&code) != 1)
			continue;
		row = key_of_name(name);
		if (!row)
			continue;
		ck_assert_uint_eq(row->code, code);
		seen++;
	}
	fclose(file);
	ck_assert_uint_eq(seen, key_count);
}
END_TEST

/* Where SDL's name says little of what the key is. */
START_TEST(these_are_those)
{
	static const struct {
		SDL_Scancode scancode;
		uint16_t code;
	} pairs[] = {
		{ S(A), KEY_A },
		{ S(0), KEY_0 },
		{ S(1), KEY_1 },
		{ S(RETURN), KEY_ENTER },
		{ S(NONUSHASH), KEY_BACKSLASH },
		{ S(NONUSBACKSLASH), KEY_102ND },
		{ S(APPLICATION), KEY_COMPOSE },
		{ S(MENU), KEY_MENU },
		{ S(LGUI), KEY_LEFTMETA },
		{ S(RALT), KEY_RIGHTALT },
		{ S(PRINTSCREEN), KEY_SYSRQ },
		{ S(SYSREQ), KEY_SYSRQ },
		{ S(NUMLOCKCLEAR), KEY_NUMLOCK },
		{ S(KP_MULTIPLY), KEY_KPASTERISK },
		{ S(KP_COMMA), KEY_KPCOMMA },
		{ S(F12), KEY_F12 },
		{ S(F13), KEY_F13 },
		{ S(F24), KEY_F24 },
		{ S(INTERNATIONAL1), KEY_RO },
		{ S(INTERNATIONAL3), KEY_YEN },
		{ S(INTERNATIONAL6), KEY_KPJPCOMMA },
		{ S(LANG1), KEY_HANGEUL },
		{ S(LANG5), KEY_ZENKAKUHANKAKU },
		{ S(AUDIOMUTE), KEY_MUTE },
		{ S(AC_HOME), KEY_HOMEPAGE },
		{ S(SLEEP), KEY_SLEEP },
	};

	for (unsigned i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		ck_assert_uint_eq(key_of_scancode(pairs[i].scancode)->code,
				  pairs[i].code);
}
END_TEST

/* ---- typing ---- */

static void expect_typed(char character)
{
	const struct key_row *row;
	bool shift;

	row = key_that_types(character, &shift);
	if (!row)
		ck_abort_msg("no key types '%c'", character);
	ck_assert_int_eq(shift ? row->shifted : row->plain, character);
}

START_TEST(all_of_ascii_is_typed)
{
	bool shift;

	for (char c = ' '; c <= '~'; c++)
		expect_typed(c);
	expect_typed('\t');
	expect_typed('\n');
	ck_assert_str_eq(key_that_types('a', &shift)->name, "A");
	ck_assert(!shift);
	ck_assert_str_eq(key_that_types('A', &shift)->name, "A");
	ck_assert(shift);
	ck_assert_str_eq(key_that_types('?', &shift)->name, "SLASH");
	ck_assert(shift);
	key_that_types(' ', &shift);
	ck_assert(!shift);
	ck_assert_ptr_null(key_that_types('\0', &shift));
	ck_assert_ptr_null(key_that_types('\x7f', &shift));
	ck_assert_ptr_null(key_that_types((char)0xe4, &shift));
}
END_TEST

Suite *keytable_units(void)
{
	Suite *suite = suite_create("keytable");
	TCase *tc = tcase_create("keytable");

	tcase_add_test(tc, it_is_complete);
	tcase_add_test(tc, each_is_there_once);
	tcase_add_test(tc, each_is_found);
	tcase_add_test(tc, names_are_linuxs);
	tcase_add_test(tc, these_are_those);
	tcase_add_test(tc, all_of_ascii_is_typed);
	suite_add_tcase(suite, tc);
	return suite;
}
