/*
 * Keys that are the window's and not the guest's: a letter with Ctrl and Alt.
 */
#ifndef WINDOWKEYS_H
#define WINDOWKEYS_H

#include <SDL.h>
#include <stdbool.h>

struct window;

enum { WINDOWKEYS_TABLES = 4 };

struct window_key {
	char letter;	  /* 'f' */
	const char *help; /* "full screen" */
	void (*press)(void *arg, struct window *window);
};

struct windowkeys {
	struct {
		const struct window_key *rows; /* end without a letter */
		void *arg;
	} tables[WINDOWKEYS_TABLES];
	unsigned count;
};

void windowkeys_init(struct windowkeys *keys);
void windowkeys_add(struct windowkeys *keys, const struct window_key *rows,
		    void *arg);

/* Says in one line which keys there are. */
void windowkeys_help(const struct windowkeys *keys);

/* Takes an event (true) if it is one of them being pressed. */
bool windowkeys_handle(const struct windowkeys *keys, struct window *window,
		       const SDL_Event *event);

#endif
