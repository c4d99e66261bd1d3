/*
 * The same request by the thousand.
 *
 *   struct stream *s = stream_open(d, CONTROLQ, 8);
 *
 *   while (s->taken < 100000) {
 *           while (stream_add(s, 2, SHAPE_AXES))
 *                   ;
 *           stream_publish(s);
 *           stream_take(s);
 *   }
 *   stream_close(s);
 *
 * Each has a fence of its own, so that its response is known for what it is:
 * this chain's, whole, and written before the chain was shown as used. Buffers
 * are placed once; every now and then all of RAM is looked at.
 */
#ifndef STREAM_H
#define STREAM_H

#include "driver.h"

struct stream {
	struct driver *d;
	struct ring *ring;
	unsigned most; /* in flight */
	uint64_t added, taken;
	uint64_t requests, responses; /* guest addresses of the buffers */
	uint16_t *free;		      /* buffers */
	uint16_t *buffer;	      /* by chain id */
	uint64_t *fence;
	unsigned *pieces;
};

enum { STREAM_PIECES = 24 }; /* at most, in one chain */

struct stream *stream_open(struct driver *d, unsigned queue, unsigned most);
/* Nothing may be in flight any more. */
void stream_close(struct stream *s);

/*
 * One more, of so many pieces, the last of them writable; a single one is the
 * request, without room for a response. False: there is no room for it now.
 */
bool stream_add(struct stream *s, unsigned pieces, enum shape shape);
/* Shows them all, and kicks as r->kicks says. */
void stream_publish(struct stream *s);

/* Takes what has been used, and returns how many those were. */
unsigned stream_take(struct stream *s);
/* One of them, if there is one. */
bool stream_take_one(struct stream *s);
/* Waits for one as ring_wait() does, calls and all. */
void stream_wait(struct stream *s);
/* Waits for all. */
void stream_drain(struct stream *s);

#endif
