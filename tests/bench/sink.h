/*
 * QEMU's end of a display socket, as a thread that takes what comes as soon as
 * it can, and counts it.
 */
#ifndef SINK_H
#define SINK_H

#include <pthread.h>
#include <stdint.h>

#include "screen.h"

enum { SINK_KINDS = SCREEN_DMABUF_SCANOUT2 + 1 };

struct sink {
	struct driver *d;
	pthread_t reader;
	/* Atomic, both: messages of each kind, and bytes of all. */
	unsigned messages[SINK_KINDS];
	uint64_t bytes;
};

/* From here on nobody else reads there, and no question is answered. */
void sink_start(struct sink *sink, struct driver *d);
void sink_stop(struct sink *sink);

/* Since it was last asked. */
unsigned sink_messages(struct sink *sink, enum screen_request request);
uint64_t sink_bytes(struct sink *sink);

#endif
