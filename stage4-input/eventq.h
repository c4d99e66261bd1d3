/*
 * The event queue: frames on their way to the driver.
 *
 *   frames  [f][f][f]  --->  buffers [.][.][.][.]  --->  used ring
 *           wait here        taken until there are as    with one call
 *                            many as the first frame
 *                            has events
 *
 * This is the one queue that the device drives: the driver posts empty buffers
 * ahead of time, and nothing happens until there is something to tell. When it
 * has posted too few, frames wait; a frame is never cut.
 *
 * virtio 1.3, section 5.8.6.2.
 */
#ifndef EVENTQ_H
#define EVENTQ_H

#include <stdbool.h>
#include <stdint.h>

#include "eventframe.h"

struct chain;
struct input;
struct virtq;

enum { EVENTQ_FRAMES = 256 };

struct eventq {
	struct input *input;
	struct virtq *vq;
	struct eventframe frames[EVENTQ_FRAMES];
	unsigned first, count;
	struct chain *buffers[FRAME_EVENTS]; /* taken, and empty as yet */
	unsigned taken;
	uint64_t dropped; /* frames, since the driver was last up to date */
};

void eventq_init(struct eventq *q, struct input *input, struct virtq *vq);

/*
 * Delivers the frame, or has it wait behind others. Motion behind motion that
 * waits becomes one frame. False: it is dropped, for there is no room, or for one
 * before it was dropped, and the driver is not up to date yet.
 */
bool eventq_send(struct eventq *q, const struct eventframe *frame);

/* Buffers that were taken lie elsewhere now, or nowhere. */
void eventq_check(struct eventq *q);

/* The driver is gone: nothing is left for the next one. */
void eventq_forget(struct eventq *q);

#endif
