/*
 * One window: takes what changed, and paints.
 */
#include "window.h"

#include "log.h"
#include "windows.h"

/*
 * From one painting to the next: a screen shows no more, and a guest that draws
 * as fast as it can would keep a whole processor busy with scaling.
 */
enum { PAINT_US = 12 * 1000 };

/*
 * OpenGL on a CPU (Mesa's drisw) draws one more picture at the size a window had
 * before, which lands in the wrong place. So whatever happens to a window it is
 * painted twice.
 */
enum { ONCE = 1, TWICE = 2 };

static void want_paint(struct window *window, unsigned times)
{
	if (window->dirty < times)
		window->dirty = times;
}

void window_init(struct window *window, struct windows *windows,
		 unsigned scanout)
{
	*window = (struct window){
		.windows = windows,
		.scanout = scanout,
		.size.settled_us = WINDOW_NEVER,
	};
	layers_init(&window->layers, &windows->boxes, &windows->overlays,
		    scanout);
}

const char *window_open(struct window *window, struct size picture)
{
	const struct painter *painter = window->windows->painter;
	struct size size = windowsize_ask(window, picture);
	const char *why = NULL;

	window->sdl = SDL_CreateWindow("", SDL_WINDOWPOS_UNDEFINED,
				       SDL_WINDOWPOS_UNDEFINED, (int)size.width,
				       (int)size.height,
				       SDL_WINDOW_HIDDEN |
					       SDL_WINDOW_RESIZABLE |
					       SDL_WINDOW_ALLOW_HIGHDPI |
					       painter->window_flags);
	if (!window->sdl)
		return SDL_GetError();
	SDL_SetWindowMinimumSize(window->sdl, WINDOW_LEAST, WINDOW_LEAST);
	window->painting = painter->open(window->sdl, &window->layers, &why);
	want_paint(window, TWICE);
	return why;
}

void window_show(struct window *window)
{
	if (window->shown)
		return;
	window->shown = true;
	windowtitle_update(window);
	SDL_ShowWindow(window->sdl);
}

void window_close(struct window *window)
{
	if (window->painting)
		window->windows->painter->close(window->painting);
	layers_free(&window->layers);
}

static bool has_flag(const struct window *window, uint32_t flag)
{
	return SDL_GetWindowFlags(window->sdl) & flag;
}

/* ---- what is due ---- */

/* The size will be the picture's, once there is one. */
static bool open_late(struct window *window)
{
	const char *why;

	if (window->painting)
		return true;
	if (window->broken)
		return false;
	why = window_open(window, (struct size){ WINDOW_LEAST, WINDOW_LEAST });
	if (!why)
		return true;
	warn("no window for Virtual-%u: %s", window->scanout + 1, why);
	window->broken = true;
	return false;
}

static void take(struct window *window)
{
	const struct frame *frame = &window->layers.frame;

	window->news = false;
	if (!open_late(window) ||
	    !window->windows->painter->take(window->painting))
		return;
	want_paint(window, ONCE);
	if (!frame->width)
		return;
	if (window->layers.resized)
		windowsize_follow(window,
				  (struct size){ frame->width, frame->height });
	window_show(window);
}

static void paint(struct window *window)
{
	const struct painter *painter = window->windows->painter;
	const struct frame *frame = &window->layers.frame;
	int width, height;

	SDL_GetWindowSize(window->sdl, &width, &height);
	viewport_place(&window->view,
		       (struct size){ frame->width, frame->height },
		       (struct size){ (uint32_t)width, (uint32_t)height },
		       painter->size(window->painting));
	painter->paint(window->painting, &window->view);
	windowtitle_update(window);
	window->dirty--;
	window->paint_us = clock_us() + PAINT_US;
}

/*
 * Nobody sees it: the mailbox keeps the latest picture until somebody does, and
 * the window its last one for as long as the scanout pays for both.
 */
static bool sleeps(const struct window *window)
{
	return window->sdl && has_flag(window, SDL_WINDOW_MINIMIZED);
}

static bool wants_paint(const struct window *window)
{
	return window->dirty && window->painting && !sleeps(window) &&
	       !has_flag(window, SDL_WINDOW_HIDDEN);
}

void window_work(struct window *window)
{
	if (window->news &&
	    (!sleeps(window) ||
	     mailbox_is_off(&window->windows->boxes, window->scanout)))
		take(window);
	windowsize_work(window);
	if (wants_paint(window) && window->paint_us <= clock_us())
		paint(window);
}

uint64_t window_due(const struct window *window)
{
	uint64_t due = window->size.settled_us;

	if (wants_paint(window) && window->paint_us < due)
		due = window->paint_us;
	return due;
}

bool window_handle(void *arg, struct window *window, const SDL_Event *event)
{
	struct windows *windows = arg;

	if (event->type == SDL_QUIT ||
	    (event->type == SDL_WINDOWEVENT &&
	     event->window.event == SDL_WINDOWEVENT_CLOSE))
		windows_close(windows);
	else if (event->type == SDL_WINDOWEVENT && window)
		want_paint(window, TWICE); /* exposed, resized, shown... */
	else
		return false;
	return true;
}
