/*
 * A virtqueue, seen from the device.
 *
 *      driver                                        device
 *        |  writes descriptors, makes them available    |
 *        |  kicks ------------------------------------> |  virtq_service()
 *        |                                              |    pops a chain
 *        |                                              |    hands it on
 *        |                                              |    virtq_reply()
 *        |  <-------------------------------------calls |
 *
 * Two ring layouts lie behind one set of operations: split.c and packed.c. What
 * is the same for both is here: starting and stopping, batches, and what
 * becomes of a reply that is ready while the queue is stopped.
 *
 * A stop decides nothing. QEMU's pause and the guest's reboot begin with the
 * same messages; only later does a sign of a reset come, or none (device.h). So
 * a stopped queue keeps the replies that got ready, and either publishes them
 * when it starts again, or throws them away with virtq_forget().
 *
 * virtio 1.3, section 2.7 (split) and 2.8 (packed). Everything in rings is
 * little endian, and so is every host this runs on.
 */
#ifndef VIRTQ_H
#define VIRTQ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chain.h"
#include "log.h"
#include "notify.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__,
	       "rings and commands are little endian, and used as they lie");

enum { VIRTQ_MAX_SIZE = 32768 }; /* virtio 1.3, 2.7 */

struct guestmem;
struct loop;
struct virtq;

enum pop {
	POP_EMPTY,     /* nothing available */
	POP_CHAIN,     /* one chain */
	POP_MALFORMED, /* one that can only be given back, unused */
	POP_BROKEN,    /* the ring makes no sense, see vq->why */
};

/* A ring layout. Its state lies in the queue: split_state or packed_state. */
struct ring_ops {
	const char *name;

	/* Bytes of the three parts, the words of EVENT_IDX included. */
	uint64_t (*desc_size)(uint32_t num);
	uint64_t (*driver_size)(uint32_t num);
	uint64_t (*device_size)(uint32_t num);

	/* NULL, or why a ring of vq->num entries with that base can't be. */
	const char *(*start)(struct virtq *vq, uint32_t base);
	/* Where to go on: the encoding of SET/GET_VRING_BASE. */
	uint32_t (*base)(const struct virtq *vq);

	enum pop (*pop)(struct virtq *vq, struct chain *chain);
	/* Puts the chain on the used side, unseen by the driver ... */
	void (*push)(struct virtq *vq, const struct chain *chain,
		     uint32_t written);
	/* ... until here. True if the driver wants a call for it. */
	bool (*publish)(struct virtq *vq);

	/* Ask the driver not to kick; to kick, and is something there now? */
	void (*kicks_off)(struct virtq *vq);
	bool (*kicks_on)(struct virtq *vq);
};

extern const struct ring_ops split_ring, packed_ring;

struct split_state {
	uint16_t seen;	     /* avail.idx as last read */
	uint16_t next_avail; /* the first entry not yet popped */
	uint16_t next_used;
	uint16_t published; /* used.idx as the driver sees it */
};

struct packed_state {
	uint16_t next_avail, next_used; /* slots */
	bool avail_wrap, used_wrap;	/* the lap's parity */
	bool gated;			/* a batch's first slot is held back: */
	uint16_t gate, gate_flags;	/* which, and its flags */
	uint16_t unsignalled; /* slots used since the driver was asked */
};

struct virtq {
	unsigned index;
	const char *name; /* "controlq" */
	const struct guestmem *mem;
	struct loop *loop;
	struct log_limit *limit;

	/*
	 * Whom the chains are for. `handle` owns each until it calls
	 * virtq_reply(). A queue that the device drives (it pops when it has
	 * something to say) has `available` in its place, and is told of fresh
	 * buffers.
	 */
	void (*handle)(void *arg, struct chain *chain);
	void (*available)(void *arg);
	void *arg;

	/* What the front end said. */
	uint32_t num;  /* entries */
	uint32_t base; /* where to start, or where it stopped */
	uint64_t desc_uva, driver_uva, device_uva;
	struct notify notify;
	bool started, enabled;

	/* What the driver negotiated. */
	bool packed, indirect, event_idx;

	/* The running ring. */
	const struct ring_ops *ops;
	void *desc, *driver, *device; /* its three parts, mapped */
	union {
		struct split_state split_state;
		struct packed_state packed_state;
	};
	bool placed;	   /* the ring has a position: vq->ops->base() */
	unsigned batching; /* nested: publish at the end of the outermost */
	uint64_t spent;	   /* see virtq_spend(); not yet paid for */
	bool broken;	   /* until the next start */
	const char *why;   /* the reason */

	uint32_t in_flight; /* popped, not yet replied to */
	uint32_t epoch;	    /* goes up when a reset forgets what is in flight */
	struct chain *parked, **parked_end;
	struct chain *unused; /* chains to pop into */
};

void virtq_init(struct virtq *vq, unsigned index, const char *name);
/* Ends the connection's hold on it: fds closed, replies thrown away. */
void virtq_release(struct virtq *vq);

/*
 * Starts the ring at vq->base. NULL, or why it can't start: then the
 * queue is broken. Watches the kick; nothing is processed before it is enabled
 * too.
 */
const char *virtq_start(struct virtq *vq);

/* Stops it and returns the base to go on from. A stopped one: its base. */
uint32_t virtq_stop(struct virtq *vq);

/* Takes over a kick fd; -1: poll. Call and err are notify_set_call(), _err(). */
void virtq_set_kick(struct virtq *vq, int fd);

/* Started, enabled and not broken. */
bool virtq_running(const struct virtq *vq);

/*
 * Looks the ring's three parts up again after the memory table has changed.
 * A ring that is no longer in it breaks.
 */
void virtq_remap(struct virtq *vq);

/* Publishes what was parked, then serves whatever is available, kick or not. */
void virtq_service(struct virtq *vq);

/* Takes one chain, for a queue the device drives. NULL: there is none. */
struct chain *virtq_pop(struct virtq *vq);

/*
 * What such a device does when it found too few: the driver is asked to kick for
 * the next one. `available` comes then, or soon, if there is one by now.
 */
void virtq_await(struct virtq *vq);

/*
 * Gives the chain back with `len` bytes of reply at the start of its writable
 * part; used length = len, or 0 if the guest's memory did not take them all.
 * Every chain is replied to exactly once, in any order, whenever it is ready:
 * on a stopped queue the reply is kept, after a reset it is thrown away. The
 * chain is gone when this returns; `data` stays the caller's.
 */
void virtq_reply(struct chain *chain, const void *data, size_t len);

/* Replies between the two are published together, with one call. */
void virtq_begin(struct virtq *vq);
void virtq_end(struct virtq *vq);

/*
 * For handlers: what was just done took as long as that many more chains would
 * have. The sooner do others have their turn: a queue full of large copies
 * would keep the front end waiting for as long as it takes to do them all.
 */
void virtq_spend(struct virtq *vq, uint64_t chains);

/* A reset: whatever is in flight belongs to a driver that is gone. */
void virtq_forget(struct virtq *vq);

/* Stops the queue, alone, for good (until the next start), and says why. */
void virtq_break(struct virtq *vq, const char *why);

/* Shared by the layouts: vring_need_event() of <linux/virtio_ring.h>, 2.7.7. */
static inline bool event_crossed(uint16_t event, uint16_t now, uint16_t before)
{
	return (uint16_t)(now - event - 1) < (uint16_t)(now - before);
}

#endif
