/*
 * The screen: the far end of the device's display socket, as in QEMU.
 *
 * The device asks, the screen answers; it never speaks first. Questions are
 * answered during every wait of the test's. Everything else the device sends
 * is kept, in order, for the test to look at.
 *
 * QEMU's docs/interop/vhost-user-gpu.rst.
 */
#ifndef SCREEN_H
#define SCREEN_H

#include <linux/virtio_gpu.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "pointer.h"

struct picture;

enum screen_request {
	SCREEN_GET_PROTOCOL_FEATURES = 1,
	SCREEN_SET_PROTOCOL_FEATURES,
	SCREEN_GET_DISPLAY_INFO,
	SCREEN_CURSOR_POS,
	SCREEN_CURSOR_POS_HIDE,
	SCREEN_CURSOR_UPDATE,
	SCREEN_SCANOUT,
	SCREEN_UPDATE,
	SCREEN_DMABUF_SCANOUT,
	SCREEN_DMABUF_UPDATE,
	SCREEN_GET_EDID,
	SCREEN_DMABUF_SCANOUT2,
};

enum { SCREEN_EDID = 1, SCREEN_DMABUF2 = 2 }; /* protocol features */

struct screen_scanout {
	uint32_t scanout, width, height;
};

struct screen_update {
	uint32_t scanout;
	struct virtio_gpu_rect r;
	uint32_t pixels[]; /* row by row, without gaps */
};

struct screen_cursor {
	uint32_t scanout, x, y;
	uint32_t hot_x, hot_y; /* from here on of an image only */
	uint32_t pixels[];
};

struct screen_message {
	uint32_t request, size;
	struct screen_message *next;
	union {
		uint8_t payload[0];
		struct screen_scanout scanout;
		struct screen_update update;
		struct screen_cursor cursor;
	};
};

struct screen_header {
	uint32_t request, flags, size;
};

struct screen_size {
	uint32_t width, height;
};

struct screen {
	int fd;			/* our end; -1 once closed */
	uint64_t features;	/* what it offers */
	uint32_t width, height; /* of its first monitor; 0: pulled out */
	/* Of the others. */
	struct screen_size more[VIRTIO_GPU_MAX_SCANOUTS - 1];
	bool mute;	    /* it keeps questions as it does messages */
	unsigned questions; /* answered so far */
	struct screen_message *first, **last;
	struct picture *pictures[VIRTIO_GPU_MAX_SCANOUTS]; /* screen_look() */
	struct pointer pointers[VIRTIO_GPU_MAX_SCANOUTS];  /* too */
	unsigned updates; /* seen by it so far */
	unsigned cursor_images, cursor_places;

	/* The message that is coming in: bytes of its header and payload. */
	struct screen_header header;
	struct screen_message *coming;
	size_t got;
};

/* A new socket pair. `*peer` is the device's end, the caller's to close. */
struct screen *screen_open(uint64_t features, int *peer);

/* It reads nothing until it is told to go on. */
void screen_hold(struct screen *s);
void screen_go_on(struct screen *s);

/*
 * One that is held: reads `bytes` bytes at most, of whatever has come by then,
 * and returns how many. What is whole by that is taken.
 */
size_t screen_sip(struct screen *s, size_t bytes);

/*
 * The next message of that kind, waiting for it. FAILs on another kind. It is
 * the caller's to free().
 */
struct screen_message *screen_await(struct screen *s, uint32_t request);

/* An answer, of a mute one say, to whatever it may be; and bytes of any kind. */
void screen_answer(struct screen *s, uint32_t request, const void *payload,
		   uint32_t size);
void screen_say(struct screen *s, const void *bytes, size_t len);
/* What it would answer to GET_DISPLAY_INFO. */
struct virtio_gpu_resp_display_info screen_info(const struct screen *s);

/* As QEMU does at a stop: the device finds end of file. */
void screen_close(struct screen *s);
void screen_free(struct screen *s);

/* The next message, or NULL if none has come. It is the caller's to free(). */
struct screen_message *screen_next(struct screen *s);

/*
 * Makes all SCANOUT and UPDATE messages that have come into s->pictures, where
 * NULL stands for a scanout that is off, and those of cursors into s->pointers.
 * The messages are gone then. FAILs on those that QEMU could not take.
 */
void screen_look(struct screen *s);

/* The next message, waiting for it: it has to be that one. */
void screen_expect_scanout(struct screen *s, uint32_t scanout, uint32_t width,
			   uint32_t height);
/* Its pixels have to be those of the picture there. */
void screen_expect_update(struct screen *s, uint32_t scanout,
			  struct virtio_gpu_rect r,
			  const struct picture *shown);

/*
 * FAILs if the device has sent anything but questions. Ask behind a command
 * whose reply shows that the device is done with those before.
 */
void screen_expect_quiet(struct screen *s);

#endif
