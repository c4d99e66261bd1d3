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

/* A cursor that comes or goes wakes the main thread by an event as well. */
static bool handle(void *arg, struct window *window, const SDL_Event *event)
{
	struct windowpointer *pointer = arg;
	bool hide;

	if (event->type == SDL_WINDOWEVENT)
		follow(pointer, window, event->window.event);
	hide = pointer->under && pointer->under->layers.frame.width &&
	       cursoroverlay_shows(pointer->overlay, pointer->under->scanout);
	if (hide != pointer->hidden)
		SDL_ShowCursor(hide ? SDL_DISABLE : SDL_ENABLE);
	pointer->hidden = hide;
	return false;
}

void windowpointer_add(struct windowpointer *pointer, struct windows *windows,
		       struct cursoroverlay *overlay)
{
	*pointer = (struct windowpointer){ .overlay = overlay };
	windows_add_handler(windows,
			    &(struct window_handler){ handle, pointer });
}
