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
 * kept, said once, and tried again once a second, whatever becomes of the
 * scanout; at the end one last time, and then it is said to be lost.
 */
#ifndef PNGDISPLAY_H
#define PNGDISPLAY_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "display.h"
#include "layers.h"
#include "mailbox.h"

/*
 *                 a picture is taken
 *   NOTHING  ---------------------------->  UNWRITTEN  --+ can't be written:
 *      ^  ^                                  |  |   ^ ^--+ again in a second
 *      |  |  written, and the scanout is off |  |   |
 *      |  +----------------------------------+  |   | a newer one is taken
 *      |                             written    v   |
 *      +------------------------------------  WRITTEN
 *                 the scanout is off
 */
enum png_state {
	PNG_NOTHING,   /* no picture is kept */
	PNG_UNWRITTEN, /* it is to be written: layers.frame, or no memory */
	PNG_WRITTEN,   /* layers.frame is in the file */
};

/* One scanout. */
struct pnghead {
	unsigned scanout;
	char *path; /* of its file */

	/* The main thread's. */
	struct layers layers;
	enum png_state state;
	bool flat;	 /* what lay over layers.frame is drawn into it */
	uint64_t due_us; /* nothing is taken or written before */
	const char *why; /* it couldn't be written; NULL: it could */

	/* Both threads', under the lock. */
	bool news; /* the mailbox has something, or there is: */
	/* What wasn't taken before the scanout went off; flat. */
	struct frame last;
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
