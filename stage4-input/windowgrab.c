/*
 * SDL's relative mouse mode, when it begins and when it ends.
 */
#include "windowgrab.h"

#include "log.h"
#include "server.h"
#include "trace.h"
#include "windows.h"

bool windowgrab_holds(const struct windowgrab *grab)
{
	return grab->window;
}

/* SDL forgets motion from before, and puts the pointer back afterwards. */
static void take_mouse(struct windowgrab *grab, struct window *window)
{
	if (!grab->mouse->path) {
		warn("there is no mouse to grab: --mouse-socket=PATH");
		return;
	}
	if (SDL_SetRelativeMouseMode(SDL_TRUE)) {
		warn("the mouse can't be grabbed: %s", SDL_GetError());
		return;
	}
	SDL_SetWindowKeyboardGrab(window->sdl, SDL_TRUE);
	grab->window = window;
	windows_retitle(grab->windows);
}

static void free_mouse(struct windowgrab *grab)
{
	SDL_SetRelativeMouseMode(SDL_FALSE);
	SDL_SetWindowKeyboardGrab(grab->window->sdl, SDL_FALSE);
	grab->window = NULL;
	windows_retitle(grab->windows);
}

static void press(void *arg, struct window *window)
{
	struct windowgrab *grab = arg;

	if (grab->window)
		free_mouse(grab);
	else
		take_mouse(grab, window);
}

static const struct window_key own_keys[] = {
	{ 'g', "grabs the mouse", press },
	{ 0 },
};

static bool handle(void *arg, struct window *window, const SDL_Event *event)
{
	struct windowgrab *grab = arg;

	if (window && window == grab->window &&
	    event->type == SDL_WINDOWEVENT &&
	    event->window.event == SDL_WINDOWEVENT_FOCUS_LOST)
		free_mouse(grab);
	return false;
}

static void add_keys(void *arg, const struct window *window, struct text *title)
{
	const struct windowgrab *grab = arg;

	(void)window;
	if (grab->mouse->path)
		text_add(title, ", Ctrl+Alt+G %s the mouse",
			 grab->window ? "frees" : "grabs");
}

void windowgrab_add(struct windowgrab *grab, struct windows *windows,
		    const struct port *mouse)
{
	*grab = (struct windowgrab){ .windows = windows, .mouse = mouse };
	windowkeys_add(&windows->keys, own_keys, grab);
	windowtitle_add(&windows->titles,
			&(struct title_part){ .add = add_keys, .arg = grab });
	windows_add_handler(windows, &(struct window_handler){ .handle = handle,
							       .arg = grab });
}
