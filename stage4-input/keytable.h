/*
 * Keys by their three names: SDL's scancode, Linux's code, and a word.
 *
 *   SDL_SCANCODE_LEFTBRACKET   KEY_LEFTBRACE   "LEFTBRACE"   types [ and {
 *
 * A scancode says where a key is, not what is printed on it. That is what goes
 * to a guest: it has a keyboard layout of its own.
 */
#ifndef KEYTABLE_H
#define KEYTABLE_H

#include <SDL_scancode.h>
#include <stdbool.h>
#include <stdint.h>

struct key_row {
	uint16_t scancode;   /* SDL_SCANCODE_A */
	uint16_t code;	     /* KEY_A */
	const char *name;    /* "A": Linux's name without KEY_ */
	char plain, shifted; /* what it types on a US keyboard, or 0 */
};

/* Each code, and each scancode, once: what a keyboard says that it has. */
extern const struct key_row key_table[];
extern const unsigned key_count;

/* NULL: no such key. */
const struct key_row *key_of_scancode(SDL_Scancode scancode);
/* In capitals or small letters. */
const struct key_row *key_of_name(const char *name);
/* ... and whether shift has to be held for it. */
const struct key_row *key_that_types(char character, bool *shift);

#endif
