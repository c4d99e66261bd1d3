/*
 * --display=png:DIR: the last picture of each scanout, as DIR/scanout0.png ...
 *
 *   device thread          main thread
 *   mailbox  --wake-->     takes the latest, composes, encodes, moves into place
 *
 * What is at these paths is whole at any time. While a guest draws picture after
 * picture most are left out, so that encoding takes a fifth of a processor and
 * no more; the last one is written in any case, also when its scanout goes off
 * right behind it, or the program is about to end. What can't be written is
 * said once, and tried again.
 */
#ifndef PNGDISPLAY_H
#define PNGDISPLAY_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "display.h"
#include "layers.h"
#include "mailbox.h"

/* One scanout. Most is the main thread's. */
struct pnghead {
	char *path; /* of its file */
	struct layers layers;
	uint64_t due_us; /* not to be written before */
	const char *why; /* it couldn't be; NULL: it could */
	bool waiting;	 /* something is to be written: under the lock */
	struct frame
		last; /* not taken before the scanout went off: too, overlays included */
};

struct pngdisplay {
	struct display_kind kind;
	struct mailboxes boxes;
	struct overlay_sources overlays;
	struct pnghead heads[VIRTIO_GPU_MAX_SCANOUTS];
	pthread_mutex_t lock;
	pthread_cond_t woken; /* something waits, or it is stopped */
	bool stopped;
};

void pngdisplay_add(struct pngdisplay *png, struct display *display);

#endif
