/*
 * The table.
 */
#include "keytable.h"

#include <linux/input-event-codes.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define KEY(sdl, linux, ...) \
	{ \
		SDL_SCANCODE_##sdl, KEY_##linux, #linux, __VA_ARGS__ \
	}

const struct key_row key_table[] = {
	KEY(A, A, 'a', 'A'),
	KEY(LSHIFT, LEFTSHIFT, 0, 0),
};
const unsigned key_count = sizeof(key_table) / sizeof(key_table[0]);
