/*
 * --display=qemu: pictures in QEMU's own windows, or for its screendump.
 *
 *   mailbox  --SCANOUT, UPDATE-->  QEMU's surface  -->  window, VNC, screendump
 *
 * All on the device's thread. Of each scanout one UPDATE is on its way at most;
 * what is drawn meanwhile adds up in the mailbox, so that a QEMU that is busy or
 * paused costs memory for one picture, and gets the latest one in the end.
 *
 * QEMU trusts us: an UPDATE where no SCANOUT was before, on this socket, or
 * after one with 0x0, makes it crash. QEMU's docs/interop/vhost-user-gpu.rst.
 */
#ifndef QEMUDISPLAY_H
#define QEMUDISPLAY_H

#include <linux/virtio_gpu.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "display.h"
#include "mailbox.h"
#include "qemumonitors.h"
#include "qemusocket.h"

struct gpu;
struct gpusocket;
struct monitors;
struct qemudisplay;

/* One scanout. */
struct qemuhead {
	struct qemudisplay *display;
	unsigned index;
	struct qemu_message scanout, update;
	struct frame room; /* for the update's pixels: a part of it, or all */
	bool lit;	   /* QEMU was told that it is on, once */
	bool missed;	   /* an update, for want of memory */
};

struct qemudisplay {
	struct display_kind kind;
	struct gpu *gpu;
	struct gpusocket *gpusocket;
	struct qemusocket socket; /* for others who have messages, too */
	struct qemumonitors monitors;
	struct mailboxes boxes;
	struct qemuhead heads[VIRTIO_GPU_MAX_SCANOUTS];
};

/* Takes over the socket and the monitors if it is chosen, and not otherwise. */
void qemudisplay_add(struct qemudisplay *qemu, struct display *display,
		     struct gpu *gpu, struct gpusocket *socket,
		     struct monitors *monitors);

#endif
