/*
 * The mailbox between the device and who shows its pictures: one a scanout.
 *
 *   device thread                   mailbox                 whoever shows it
 *   scanout on, off, other size --> size      ---------->
 *   flush: copies what changed  --> frame     -- take -->  its own copy, or
 *                                   damage                 a message
 *
 * A mailbox owns its frame, so a resource may go at any time. The latest frame
 * wins: who is slow misses frames and never gets an old one last; damage adds
 * up; that a scanout is off can't be missed, as it is a state and no message.
 * The lock is held for as long as it takes to copy what changed, and by neither
 * side for longer.
 */
#ifndef MAILBOX_H
#define MAILBOX_H

#include <linux/virtio_gpu.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "display.h"
#include "frame.h"
#include "log.h"

struct mailbox {
	pthread_mutex_t lock;
	struct frame frame;
	struct virtio_gpu_rect damage; /* not taken yet; may be empty */
	bool resized;		       /* size or on/off: not taken yet */
	struct account account;	       /* of all its scanout's pictures */
};

struct mailboxes {
	struct mailbox box[VIRTIO_GPU_MAX_SCANOUTS];
	/*
	 * Something is there to be taken, where nothing was; or a scanout goes
	 * off, which matters also to who left what was there. Any thread's.
	 */
	void (*wake)(void *arg, unsigned scanout);
	void *wake_arg;
	struct log_limit device_limit, taker_limit; /* each side's own */
};

/* The device's side; `arg` is the struct mailboxes. */
extern const struct display_ops mailbox_ops;

void mailboxes_init(struct mailboxes *boxes,
		    void (*wake)(void *arg, unsigned scanout), void *wake_arg);
void mailboxes_free(struct mailboxes *boxes);

/*
 * Brings `own` (zeroed before its first use, to be freed with frame_free()) up
 * to date with what changed since it was last asked for. False: nothing did. On
 * return own->width is 0 if the scanout is off; *damage is what has new pixels,
 * all of it if the size is new, and may be empty.
 */
bool mailbox_take(struct mailboxes *boxes, unsigned scanout, struct frame *own,
		  struct virtio_gpu_rect *damage);

/*
 * The same without a copy: what a mailbox holds, locked until mailbox_close(),
 * which takes it for taken, or with `taken` false for still to be taken.
 */
struct mailbox *mailbox_open(struct mailboxes *boxes, unsigned scanout);
void mailbox_close(struct mailbox *box, bool taken);
/* Is it off by now? Nothing is taken. */
bool mailbox_is_off(struct mailboxes *boxes, unsigned scanout);
/* Everything is to be taken again, as if it were new. */
void mailbox_again(struct mailboxes *boxes, unsigned scanout);

/* Where to count what else is kept of a scanout's pictures. */
struct account *mailbox_account(struct mailboxes *boxes, unsigned scanout);

#endif
