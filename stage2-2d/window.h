/*
 * The window of one scanout. The main thread's, as all of SDL is.
 *
 * It appears with the scanout's first picture (the first scanout's at once,
 * black) and stays: when the scanout goes off it is black and its title says so,
 * as a monitor stays on the desk.
 */
#ifndef WINDOW_H
#define WINDOW_H

#include <SDL.h>
#include <stdbool.h>
#include <stdint.h>

#include "layers.h"
#include "viewport.h"
#include "windowsize.h"

struct windows;

#define WINDOW_NEVER UINT64_MAX /* a time in microseconds: clock_us() */

struct window {
	struct windows *windows;
	unsigned scanout;
	SDL_Window *sdl; /* NULL: there was nothing to show yet */
	void *painting;	 /* of windows->painter */
	struct layers layers;
	struct viewport view; /* as it was painted last */
	struct windowsize size;
	bool shown;	   /* once and for all, if it isn't minimised */
	bool news;	   /* the layers may have changed */
	unsigned dirty;	   /* how often it has to be painted */
	bool broken;	   /* it can't be opened */
	uint64_t paint_us; /* not to be painted before */
};

void window_init(struct window *window, struct windows *windows,
		 unsigned scanout);

/* Opens it, hidden, for a picture of that size. NULL, or why not. */
const char *window_open(struct window *window, struct size picture);
void window_show(struct window *window);
/* Frees all of it but what is SDL's. */
void window_close(struct window *window);

/* Does what is due; when something will be, unless something happens before. */
void window_work(struct window *window);
uint64_t window_due(const struct window *window);

/* The handler of events (windows.h) that matter to every window. */
bool window_handle(void *arg, struct window *window, const SDL_Event *event);

#endif
