/*
 * --display=sdl: a window for each scanout.
 *
 *   device thread                        main thread
 *   mailbox, one a scanout  --wake-->    takes, composes, scales, shows
 *   uplink                  <--events--  resized, closed
 *
 * The main thread sleeps until there is an event of SDL's or of ours, and
 * the device never waits for it. Only what changed is uploaded, and only
 * windows that changed are painted.
 */
#ifndef WINDOWS_H
#define WINDOWS_H

#include <SDL.h>
#include <linux/virtio_gpu.h>
#include <stdbool.h>
#include <stdint.h>

#include "closing.h"
#include "display.h"
#include "layers.h"
#include "mailbox.h"
#include "painter.h"
#include "resize.h"
#include "window.h"
#include "windowkeys.h"
#include "windowtitle.h"

struct options;
struct server;
struct uplink;

enum { WINDOWS_HANDLERS = 8 };

/* One of the two may be NULL. */
struct window_handler {
	/*
	 * Takes an event (true), or leaves it to the next one. `window` is the
	 * one it belongs to, or NULL.
	 */
	bool (*handle)(void *arg, struct window *window,
		       const SDL_Event *event);
	void *arg;
	/* Behind all events: windows have taken what there was to take. */
	void (*taken)(void *arg);
};

struct windows {
	struct display_kind kind;
	struct gpu *gpu;
	struct uplink *uplink;
	struct mailboxes boxes;
	struct overlay_sources overlays;
	const struct painter *painter;
	struct titles titles;
	struct windowkeys keys;
	struct resize resize;
	struct closing closing;
	struct window_handler handlers[WINDOWS_HANDLERS];
	unsigned handler_count;
	struct window window[VIRTIO_GPU_MAX_SCANOUTS];

	uint32_t wake; /* the type of our event; 0: there are no windows */
	uint32_t news; /* bits; both threads': see announce() */
	bool stopped;  /* the main thread's */
};

/* Adds the display and its options; with SDL's painter and no overlays. */
void windows_add(struct windows *windows, struct display *display,
		 struct server *server, struct uplink *uplink,
		 struct options *options);

/* It is asked before all that are there, and behind the windows' own keys. */
void windows_add_handler(struct windows *windows,
			 const struct window_handler *handler);

/* What titles say has changed. Any thread's; nothing to do without windows. */
void windows_retitle(struct windows *windows);

/* Closes all windows for good, see closing.h. */
void windows_close(struct windows *windows);

#endif
