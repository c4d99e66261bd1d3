/*
 * Asks SDL where the mouse is: who takes its events, if anybody, does not matter
 * then.
 */
#include "windowpointer.h"

#include "cursoroverlay.h"
#include "windows.h"

/* Over whose picture is it? NULL: over none. */
static const struct window *find_picture(const struct windows *windows)
{
	const SDL_Window *under = SDL_GetMouseFocus();
	uint32_t scanout_x, scanout_y;
	int x, y;

	SDL_GetMouseState(&x, &y);
	for (unsigned i = 0; under && i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		const struct window *window = &windows->window[i];

		if (window->sdl == under &&
		    viewport_find(&window->view, x, y, &scanout_x, &scanout_y))
			return window;
	}
	return NULL;
}

/* What comes or goes behind this wakes the main thread again. */
static void taken(void *arg)
{
	struct windowpointer *pointer = arg;
	const struct window *window = find_picture(pointer->windows);
	bool hide;

	hide = window && cursoroverlay_shows(pointer->overlay, window->scanout,
					     window->view.scanout.width,
					     window->view.scanout.height);
	if (hide != pointer->hidden)
		SDL_ShowCursor(hide ? SDL_DISABLE : SDL_ENABLE);
	pointer->hidden = hide;
}

void windowpointer_add(struct windowpointer *pointer, struct windows *windows,
		       struct cursoroverlay *overlay)
{
	*pointer = (struct windowpointer){ windows, overlay, false };
	windows_add_handler(windows, &(struct window_handler){
					     .arg = pointer, .taken = taken });
}
