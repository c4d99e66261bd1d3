/*
 * All windows: SDL's start and end, and the loop of the main thread.
 */
#include "windows.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "gpu.h"
#include "log.h"
#include "uplink.h"

enum {			  /* news, above the bits of the mailboxes */
       RETITLE = 1 << 16, /* what titles say */
       STOP = 1 << 17,	  /* the device thread has ended */
};

/* ---- from any thread ---- */

/*
 * News are bits, and one event of SDL's at most stands for all of them: however
 * fast a guest draws, SDL's queue stays as short as it is.
 */
static void announce(struct windows *windows, uint32_t news)
{
	SDL_Event event = { .type = windows->wake };

	if (!__atomic_fetch_or(&windows->news, news, __ATOMIC_ACQ_REL))
		SDL_PushEvent(&event);
}

static void mailbox_woke(void *arg, unsigned scanout)
{
	announce(arg, 1u << scanout);
}

void windows_retitle(struct windows *windows)
{
	if (windows->wake)
		announce(windows, RETITLE);
}

/* On the device's thread, which takes no more events. */
static void stop(void *arg)
{
	struct windows *windows = arg;

	uplink_close(windows->uplink);
	announce(windows, STOP);
}

/* ---- the main thread ---- */

void windows_add_handler(struct windows *windows,
			 const struct window_handler *handler)
{
	assert(windows->handler_count < WINDOWS_HANDLERS);
	windows->handlers[windows->handler_count++] = *handler;
}

/* SDL's own SDL_GetWindowFromID() knows no more of them than this. */
static struct window *find_window(struct windows *windows, uint32_t id)
{
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		if (windows->window[i].sdl &&
		    SDL_GetWindowID(windows->window[i].sdl) == id)
			return &windows->window[i];
	return NULL;
}

/* All events that have a window have it in the same place. */
static struct window *window_of(struct windows *windows, const SDL_Event *event)
{
	switch (event->type) {
	case SDL_WINDOWEVENT:
	case SDL_KEYDOWN:
	case SDL_KEYUP:
	case SDL_TEXTINPUT:
	case SDL_MOUSEMOTION:
	case SDL_MOUSEBUTTONDOWN:
	case SDL_MOUSEBUTTONUP:
	case SDL_MOUSEWHEEL:
		return find_window(windows, event->window.windowID);
	default:
		return NULL;
	}
}

static void handle(struct windows *windows, const SDL_Event *event)
{
	struct window *window = window_of(windows, event);

	if (windowkeys_handle(&windows->keys, window, event))
		return;
	for (unsigned i = windows->handler_count; i-- > 0;)
		if (windows->handlers[i].handle &&
		    windows->handlers[i].handle(windows->handlers[i].arg,
						window, event))
			return;
}

/* Once they are closed nothing is due any more. */
static uint64_t due(const struct windows *windows)
{
	uint64_t first = WINDOW_NEVER;

	if (windows->closing.begun)
		return first;
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		uint64_t us = window_due(&windows->window[i]);

		if (us < first)
			first = us;
	}
	return first;
}

/* Sleeps until there is an event, or something is due. */
static bool wait_event(struct windows *windows, SDL_Event *event)
{
	uint64_t until = due(windows), now = clock_us();

	if (until == WINDOW_NEVER)
		return SDL_WaitEvent(event);
	if (until <= now)
		return SDL_PollEvent(event);
	return SDL_WaitEventTimeout(event, (int)((until - now + 999) / 1000));
}

static void handle_events(struct windows *windows)
{
	SDL_Event event;
	bool there = wait_event(windows, &event);

	for (; there; there = SDL_PollEvent(&event))
		handle(windows, &event);
}

static void take_news(struct windows *windows)
{
	uint32_t news = __atomic_exchange_n(&windows->news, 0,
					    __ATOMIC_ACQ_REL);

	windows->stopped |= !!(news & STOP);
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		struct window *window = &windows->window[i];

		window->news |= news >> i & 1;
		if ((news & RETITLE) && window->sdl)
			windowtitle_update(window);
	}
}

static void work(struct windows *windows)
{
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		window_work(&windows->window[i]);
	for (unsigned i = 0; i < windows->handler_count; i++)
		if (windows->handlers[i].taken)
			windows->handlers[i].taken(windows->handlers[i].arg);
}

static void run(void *arg)
{
	struct windows *windows = arg;

	take_news(windows);
	while (!windows->stopped) {
		handle_events(windows);
		take_news(windows);
		if (!windows->closing.begun)
			work(windows);
	}
}

/* They are kept, hidden: without a window SDL can't be woken from its sleep. */
void windows_close(struct windows *windows)
{
	closing_begin(&windows->closing);
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		if (windows->window[i].sdl)
			SDL_HideWindow(windows->window[i].sdl);
}

/* ---- start and end ---- */

/*
 * The display servers that the environment names. Who wants another of SDL's
 * drivers sets SDL_VIDEODRIVER, which is stronger than our hint.
 */
static const char *find_server(void)
{
	if (getenv("SDL_VIDEODRIVER"))
		return getenv("SDL_VIDEODRIVER");
	if (!getenv("DISPLAY"))
		return getenv("WAYLAND_DISPLAY") ? "wayland" : NULL;
	return getenv("WAYLAND_DISPLAY") ? "x11,wayland" : "x11";
}

/*
 * SDL shall leave to others what isn't a window: signals, the screensaver,
 * input methods. And a click that brings the focus is a click.
 */
static const char *start_sdl(void)
{
	const char *server = find_server();
	const char *hints[][2] = {
		{ SDL_HINT_VIDEODRIVER, server },
		{ SDL_HINT_NO_SIGNAL_HANDLERS, "1" },
		{ SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1" },
		{ SDL_HINT_VIDEO_X11_NET_WM_BYPASS_COMPOSITOR, "0" },
		{ SDL_HINT_VIDEO_MINIMIZE_ON_FOCUS_LOSS, "0" },
		{ SDL_HINT_MOUSE_FOCUS_CLICKTHROUGH, "1" },
		{ SDL_HINT_APP_NAME, "virtio-gpu" },
	};

	if (!server)
		return "neither DISPLAY nor WAYLAND_DISPLAY is set";
	for (unsigned i = 0; i < SDL_arraysize(hints); i++)
		SDL_SetHint(hints[i][0], hints[i][1]);
	if (SDL_Init(SDL_INIT_VIDEO))
		return "the display server can't be reached";
	if (SDL_IsTextInputActive())
		SDL_StopTextInput();
	return NULL;
}

static const char *missing(void *arg)
{
	const char *why = start_sdl();
	const char *driver = why ? "" : SDL_GetCurrentVideoDriver();

	(void)arg;
	if (!why && strcmp(driver, "x11") && strcmp(driver, "wayland"))
		why = "SDL_VIDEODRIVER has no windows";
	SDL_Quit();
	return why;
}

/* The guest's first mode is what its monitors offer, most likely. */
static const char *open_windows(void *arg, const char *value)
{
	struct windows *windows = arg;
	const struct gpu *gpu = windows->gpu;
	const char *why = start_sdl();

	(void)value;
	if (why)
		return why;
	windows->wake = SDL_RegisterEvents(1);
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		window_init(&windows->window[i], windows, i);
	why = window_open(&windows->window[0],
			  (struct size){ gpu->output[0].width,
					 gpu->output[0].height });
	if (why)
		return why;
	window_show(&windows->window[0]);
	windowkeys_help(&windows->keys);
	return NULL;
}

/*
 * SDL and its windows end with the process. The device thread's last event may
 * have SDL send something to a window, over an X connection of its own: who
 * destroys that window first dies of the X server's complaint.
 */
static void close_windows(void *arg)
{
	struct windows *windows = arg;

	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		window_close(&windows->window[i]);
	mailboxes_free(&windows->boxes);
}

static const struct display_kind kind = {
	.name = "sdl",
	.ops = &mailbox_ops,
	.copies = 3, /* in the mailbox, taken, and SDL's texture */
	.missing = missing,
	.open = open_windows,
	.run = run,
	.stop = stop,
	.close = close_windows,
};

void windows_add(struct windows *windows, struct display *display,
		 struct server *server, struct uplink *uplink,
		 struct options *options)
{
	*windows = (struct windows){
		.kind = kind,
		.gpu = display->gpu,
		.uplink = uplink,
		.painter = &sdl_painter,
	};
	windows->kind.arg = windows;
	windows->kind.ops_arg = &windows->boxes;
	mailboxes_init(&windows->boxes, mailbox_woke, windows);
	windowtitle_init(&windows->titles);
	windowkeys_init(&windows->keys);
	resize_add(&windows->resize, display->gpu, uplink);
	closing_init(&windows->closing, server, uplink, options);
	windows_add_handler(windows,
			    &(struct window_handler){ .handle = window_handle,
						      .arg = windows });
	windows_add_handler(windows, &(struct window_handler){
					     .handle = windowsize_handle,
					     .arg = windows });
	display_add(display, &windows->kind);
}
