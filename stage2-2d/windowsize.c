/*
 * The size of a window: the guest's or the user's.
 */
#include "windowsize.h"

#include "log.h"
#include "windows.h"

/* SDL doesn't say when the user lets go of a window's border. */
enum { SETTLE_US = 300 * 1000 };

static bool same(struct size a, struct size b)
{
	return a.width == b.width && a.height == b.height;
}

static struct size now(const struct window *window)
{
	int width, height;

	SDL_GetWindowSize(window->sdl, &width, &height);
	return (struct size){ (uint32_t)width, (uint32_t)height };
}

/* What a window may take of the desktop it is on, without its borders. */
static struct size room(SDL_Window *window)
{
	int screen = window ? SDL_GetWindowDisplayIndex(window) : 0;
	int top = 0, left = 0, bottom = 0, right = 0;
	SDL_Rect all;

	if (SDL_GetDisplayUsableBounds(screen < 0 ? 0 : screen, &all))
		return (struct size){ UINT32_MAX, UINT32_MAX };
	if (window)
		SDL_GetWindowBordersSize(window, &top, &left, &bottom, &right);
	return (struct size){ (uint32_t)(all.w - left - right),
			      (uint32_t)(all.h - top - bottom) };
}

/* The least that SDL's windows are made (window.c) counts as asked for. */
struct size windowsize_ask(struct window *window, struct size picture)
{
	struct size size = viewport_fit(picture, room(window->sdl));

	if (size.width < WINDOW_LEAST)
		size.width = WINDOW_LEAST;
	if (size.height < WINDOW_LEAST)
		size.height = WINDOW_LEAST;
	window->size.asked = window->size.told = size;
	return size;
}

void windowsize_follow(struct window *window, struct size picture)
{
	struct size wanted;

	if (window->size.chosen)
		return;
	wanted = windowsize_ask(window, picture);
	if (!same(wanted, now(window)))
		SDL_SetWindowSize(window->sdl, (int)wanted.width,
				  (int)wanted.height);
}

/* What was asked for may also come late, and isn't the user's then. */
void windowsize_work(struct window *window)
{
	struct windowsize *size = &window->size;
	struct size is;

	if (clock_us() < size->settled_us)
		return;
	size->settled_us = WINDOW_NEVER;
	is = now(window);
	size->chosen = !same(is, size->asked);
	if (same(is, size->told))
		return;
	size->told = is;
	resize_wish(&window->windows->resize, window->scanout, is);
}

bool windowsize_handle(void *arg, struct window *window, const SDL_Event *event)
{
	(void)arg;
	if (window && event->type == SDL_WINDOWEVENT &&
	    event->window.event == SDL_WINDOWEVENT_RESIZED) {
		window->size.chosen = true;
		window->size.settled_us = clock_us() + SETTLE_US;
	}
	return false;
}
