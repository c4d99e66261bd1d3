/*
 * What a scanout shows: its frame, and overlays on it.
 *
 *   overlays   [1]      whoever puts something over pictures, in their order;
 *              [0]      stage 3's cursor is one
 *   frame   ----------  from the mailbox
 *
 * Who shows pictures puts the layers together itself, here or on a GPU: the
 * device never draws into a picture, so what moves over it costs no copy of it.
 */
#ifndef LAYERS_H
#define LAYERS_H

#include <linux/virtio_gpu.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mailbox.h"

enum {
	LAYERS_OVERLAYS = 4,
	LAYERS_DAMAGE = 1 + 2 * LAYERS_OVERLAYS, /* see struct layers */
};

/*
 * A small picture over the frame. Its pixels are premultiplied a8r8g8b8, words
 * 0xAARRGGBB in host order, rows one behind the other.
 */
struct overlay {
	uint32_t width, height; /* 0x0: there is none now */
	int32_t x, y; /* of its top left, in the scanout; may lie outside */
	const uint32_t *pixels;
};

/*
 * Who puts an overlay over each scanout. take() is called on the thread of who
 * shows the pictures, and must not wait for anybody: it brings *overlay (zeroed
 * before its first use) up to date and returns true, or returns false if it is.
 * The pixels stay the source's, and are good until its next take() for the same
 * scanout. A source sees to it that who shows the pictures wakes up.
 */
struct overlay_source {
	bool (*take)(void *arg, unsigned scanout, struct overlay *overlay);
	void *arg;
	/*
	 * On the device's thread: what it is now. Returns whether that is still
	 * to be taken. The pixels are good until the source changes them, on
	 * the same thread.
	 */
	bool (*latest)(void *arg, unsigned scanout, struct overlay *overlay);
};

struct overlay_sources {
	struct overlay_source source[LAYERS_OVERLAYS];
	unsigned count; /* the last one lies on top */
};

/* The layers of one scanout, as they were taken last. */
struct layers {
	struct mailboxes *boxes;
	const struct overlay_sources *sources;
	unsigned scanout;

	struct frame frame; /* its width is 0 while the scanout is off */
	struct overlay overlays[LAYERS_OVERLAYS];
	unsigned count;

	/*
	 * What layers_take() saw: what is new of the composed picture, and
	 * whether its size is. The frame has one rectangle of it, and each
	 * overlay two: what it left, and what it came to. They stay apart where
	 * one around both would be larger than they are: who moves a cursor
	 * across the screen pays for two cursors. They are not empty, lie inside
	 * the frame, and may overlap.
	 */
	struct virtio_gpu_rect damage[LAYERS_DAMAGE];
	unsigned damage_count;
	bool resized;
};

void overlays_add(struct overlay_sources *sources,
		  const struct overlay_source *source);

void layers_init(struct layers *layers, struct mailboxes *boxes,
		 const struct overlay_sources *sources, unsigned scanout);
/* Frees the frame; overlays are their sources'. */
void layers_free(struct layers *layers);

/* Brings frame and overlays up to date. False: nothing changed. */
bool layers_take(struct layers *layers);

/*
 * Puts the layers together: `r`, which lies inside the frame, as x8r8g8b8 into
 * rows `stride` bytes apart. Their top bytes are whatever the frame's are.
 */
void layers_compose(const struct layers *layers,
		    const struct virtio_gpu_rect *r, uint32_t *to,
		    size_t stride);

/*
 * On the device's thread: is one of them still to be taken? And draws them all,
 * as they are now, into a scanout's frame.
 */
bool overlays_changed(const struct overlay_sources *sources, unsigned scanout);
void overlays_draw(const struct overlay_sources *sources, unsigned scanout,
		   struct frame *frame);

/* All of that, to be freed with frame_free(). False: no memory. */
bool layers_picture(const struct layers *layers, struct frame *picture);

#endif
