/*
 * The cursor on QEMU's display socket: CURSOR_UPDATE, CURSOR_POS and
 * CURSOR_POS_HIDE.
 *
 * QEMU knows one size and one format, which are ours (vhost-user-gpu.rst: 64x64,
 * a8r8g8b8), and one cursor for each scanout. What is not sent yet is replaced
 * by what comes after it.
 */
#ifndef QEMUCURSOR_H
#define QEMUCURSOR_H

#include <stdbool.h>

#include "cursor.h"
#include "qemusocket.h"

struct qemucursor;

/* One scanout's. */
struct qemupointer {
	struct qemucursor *owner;
	unsigned scanout;
	struct cursor cursor;	   /* the latest */
	bool known;		   /* there has been one */
	bool new_image, new_place; /* not told yet */
	struct qemu_message image, place, hidden;
	uint32_t pixels[CURSOR_PIXELS]; /* of the message */
};

struct qemucursor {
	struct qemusocket *socket;
	struct qemupointer pointers[VIRTIO_GPU_MAX_SCANOUTS];
};

extern const struct cursor_ops qemucursor_ops;

void qemucursor_init(struct qemucursor *qc, struct qemusocket *socket);

#endif
