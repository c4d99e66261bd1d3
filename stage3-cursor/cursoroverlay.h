/*
 * The cursor over a picture that this program shows: an overlay for windows and
 * PNG files (layers.h).
 *
 * Like a mailbox it lies between the threads, owns what is in it, and keeps the
 * latest: a cursor that moves a thousand times between two paintings is painted
 * once.
 */
#ifndef CURSOROVERLAY_H
#define CURSOROVERLAY_H

#include <pthread.h>
#include <stdbool.h>

#include "cursor.h"
#include "layers.h"

struct mailboxes;

struct cursoroverlay {
	struct mailboxes *boxes; /* of whoever shows it: woken */
	pthread_mutex_t lock;
	bool unseen; /* the user wants none */
	struct {
		struct cursor cursor;
		bool moved, redrawn;	       /* not taken yet */
		uint32_t taken[CURSOR_PIXELS]; /* the taker's own */
	} of[VIRTIO_GPU_MAX_SCANOUTS];
};

extern const struct cursor_ops cursoroverlay_ops;

/* Adds itself to the sources; the pictures it lies over come from `boxes`. */
void cursoroverlay_init(struct cursoroverlay *overlay,
			struct overlay_sources *sources,
			struct mailboxes *boxes);
void cursoroverlay_free(struct cursoroverlay *overlay);

/* Is a part of one in that scanout's picture, of that size? Any thread's. */
bool cursoroverlay_shows(struct cursoroverlay *overlay, unsigned scanout,
			 uint32_t width, uint32_t height);

#endif
