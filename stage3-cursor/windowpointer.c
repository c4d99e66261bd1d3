/*
 * Looks at every event, takes none.
 */
#include "windowpointer.h"

#include "cursoroverlay.h"
#include "windows.h"

static void follow(struct windowpointer *pointer, const struct window *window,
		   uint8_t event)
{
	if (event == SDL_WINDOWEVENT_ENTER)
		pointer->under = window;
	else if (event == SDL_WINDOWEVENT_LEAVE && pointer->under == window)
		pointer->under = NULL;
}

static bool handle(void *arg, struct window *window, const SDL_Event *event)
{
	struct windowpointer *pointer = arg;

	if (event->type == SDL_WINDOWEVENT)
		follow(pointer, window, event->window.event);
	return false;
}

/* What comes or goes behind this wakes the main thread again. */
static void taken(void *arg)
{
	struct windowpointer *pointer = arg;
	bool hide;

	hide = pointer->under && pointer->under->layers.frame.width &&
	       cursoroverlay_shows(pointer->overlay, pointer->under->scanout);
	if (hide != pointer->hidden)
		SDL_ShowCursor(hide ? SDL_DISABLE : SDL_ENABLE);
	pointer->hidden = hide;
}

void windowpointer_add(struct windowpointer *pointer, struct windows *windows,
		       struct cursoroverlay *overlay)
{
	*pointer = (struct windowpointer){ .overlay = overlay };
	windows_add_handler(windows,
			    &(struct window_handler){ handle, pointer, taken });
}
