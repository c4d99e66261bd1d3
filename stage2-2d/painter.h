/*
 * What draws a scanout's layers into a window. It keeps what it needs of them
 * in a painting, one a window; all of it happens on the main thread.
 */
#ifndef PAINTER_H
#define PAINTER_H

#include <SDL.h>
#include <stdbool.h>
#include <stdint.h>

#include "layers.h"
#include "viewport.h"

struct painter {
	uint32_t window_flags; /* SDL_WINDOW_...: what its windows must be */

	/* A painting of layers that nothing was taken of yet; NULL: *why. */
	void *(*open)(SDL_Window *window, struct layers *layers,
		      const char **why);
	void (*close)(void *painting);

	/* The window's size in pixels. */
	struct size (*size)(void *painting);

	/*
	 * Brings the layers and what is kept of them up to date, as
	 * layers_take() does. False: nothing changed.
	 */
	bool (*take)(void *painting);

	/* Draws the picture, black around it, and shows the window so. */
	void (*paint)(void *painting, const struct viewport *view);

	/*
	 * The picture alone, with its overlays and unscaled, into a frame of
	 * the caller's, to be freed with frame_free(). False: no memory.
	 */
	bool (*read)(void *painting, struct frame *picture);
};

/* With SDL's renderer: its GPU is used where there is one. */
extern const struct painter sdl_painter;

#endif
