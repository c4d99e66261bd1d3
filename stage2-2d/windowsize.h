/*
 * How large a window is, and who decides.
 *
 *   the guest sets a mode   -->  the window takes its size...
 *   the user resizes it     -->  ...until then: from now on the size is the
 *                                user's, the picture is scaled into it, and the
 *                                guest is asked for a mode of that size
 *
 * So neither side ever answers the other's answer. What doesn't fit the desktop
 * is shown smaller. Sizes are in points: on a screen of high density, modes keep
 * the size they have elsewhere.
 */
#ifndef WINDOWSIZE_H
#define WINDOWSIZE_H

#include <SDL.h>
#include <stdbool.h>
#include <stdint.h>

#include "viewport.h"

struct window;

enum { WINDOW_LEAST = 32 }; /* points, in both directions: the least mode */

struct windowsize {
	struct size asked; /* by us, of whoever manages the desktop's windows */
	struct size told;  /* to the guest, or its own choice */
	bool chosen;	   /* by the user */
	uint64_t settled_us; /* when a change counts as the last one */
};

/* The guest has a picture of that size. Returns the size for its window. */
struct size windowsize_ask(struct window *window, struct size picture);
void windowsize_follow(struct window *window, struct size picture);

/* Asks the guest for a mode once the user has come to an end. */
void windowsize_work(struct window *window);

/* The handler of the events for it; leaves all of them to others as well. */
bool windowsize_handle(void *arg, struct window *window,
		       const SDL_Event *event);

#endif
