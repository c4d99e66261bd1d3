/*
 * A virtqueue, seen from the driver.
 *
 * What driver code needs of a ring, whatever its layout: add chains, publish
 * them, kick, wait for them to be used. The layouts are in ring_split.c and
 * ring_packed.c. For chains and indices that no driver would write, those two
 * let a test write single descriptors and words.
 *
 *   ring_add()      the chain is in the descriptor table, unseen
 *   ring_publish()  ... is available: all added ones at once
 *   ring_kick()     ... and the device is told, if it wants to be
 *   ring_wait()     the device has used a chain, and has called
 *
 * virtio 1.3, sections 2.7 and 2.8.
 */
#ifndef RING_H
#define RING_H

#include <stdbool.h>
#include <stdint.h>

#include "ram.h"

struct piece { /* of a chain, readable ones first */
	uint64_t gpa;
	uint32_t len;
	bool writable;
};

enum shape {
	SHAPE_AXES, /* as the ring says: indirect or direct */
	SHAPE_DIRECT,
	SHAPE_INDIRECT,
	/* Half the pieces direct, then a table; packed rings have no such. */
	SHAPE_DIRECT_THEN_INDIRECT,
};

enum calls {
	CALLS_WANTED,	/* and insisted on, by ring_wait() */
	CALLS_UNWANTED, /* suppressed; ring_wait() looks by itself */
};

enum kicks {
	KICKS_AS_TOLD, /* what the device suppresses is not sent */
	KICKS_ALWAYS,
	KICKS_NEVER,
};

struct used {
	uint16_t id; /* split: head; packed: buffer id */
	uint32_t len;
	bool written; /* packed: the WRITE flag; split: len != 0 */
};

struct ring_chain { /* what is in flight under an id */
	bool busy;
	uint32_t descriptors; /* taken from the ring */
	uint64_t table;	      /* of an indirect one, else 0 */
	struct piece *pieces;
	unsigned count;
};

struct ring_desc { /* as the layouts take it */
	uint64_t gpa;
	uint32_t len;
	uint16_t flags; /* VRING_DESC_F_WRITE, _INDIRECT */
};

struct ring;

struct ring_ops {
	const char *name;
	uint16_t desc_align, driver_align, device_align;
	uint64_t (*desc_size)(uint32_t num);
	uint64_t (*driver_size)(uint32_t num);
	uint64_t (*device_size)(uint32_t num);

	/* Ring memory as a driver leaves it that has got as far as r->base. */
	void (*start)(struct ring *r);
	uint16_t (*add)(struct ring *r, const struct ring_desc *d, unsigned n);
	void (*publish)(struct ring *r);
	bool (*wants_kick)(struct ring *r);
	/* Want a call for the next used chain, or none at all. */
	void (*set_calls)(struct ring *r, enum calls calls);
	/* Is a used chain there that was not taken yet? Take it. */
	bool (*ready)(struct ring *r);
	bool (*take)(struct ring *r, struct used *u);
	/* How many there are. */
	uint32_t (*count)(struct ring *r);
	/* Where the device has to be when all published is consumed. */
	uint32_t (*position)(const struct ring *r);
	/* Allows what the device may write in the ring at any time. */
	void (*allow)(struct ring *r);
	void (*table)(struct ring *r, uint64_t table,
		      const struct piece *pieces, unsigned n);
};

extern const struct ring_ops ring_split, ring_packed;

struct split_driver {
	uint16_t avail, published; /* free-running; as the device sees it */
	uint16_t kicked;	   /* avail.idx at the last kick decision */
	uint16_t seen;		   /* used elements taken */
	uint16_t *free;		   /* descriptors, a stack */
};

struct packed_driver {
	uint16_t next, used; /* slots */
	bool wrap, used_wrap;
	uint16_t kicked; /* slots published since the decision */
	struct packed_gate {
		uint64_t gpa;
		uint16_t flags;
	} * gates;
	unsigned ngates; /* heads not yet published */
	uint16_t *free;	 /* buffer ids, a stack */
	unsigned nfree;
};

struct ring {
	const struct ring_ops *ops;
	struct ram *ram;
	unsigned index;
	uint32_t num;
	uint32_t base; /* for SET_VRING_BASE */
	bool event_idx, indirect;
	enum calls calls;
	enum kicks kicks;

	uint64_t desc, driver, device; /* guest addresses of its parts */
	int kick, call, err;	       /* eventfds; ours and the device's */

	uint32_t free;		   /* descriptors */
	uint32_t in_flight;	   /* chains added and not yet taken */
	struct ring_chain *chains; /* by id */
	bool armed;		   /* a call is due for the next used one */
	union {
		struct split_driver split;
		struct packed_driver packed;
	};
};

/*
 * Places the ring's parts in RAM and opens its eventfds. It starts at base
 * zero, without EVENT_IDX: set what was negotiated, then ring_restart().
 */
struct ring *ring_new(struct ram *ram, unsigned index, uint32_t num,
		      bool packed);
void ring_free(struct ring *r);

/* A ring as fresh as new, at the given base (SET_VRING_BASE's encoding). */
void ring_restart(struct ring *r, uint32_t base);
/* Where a fresh ring starts, and where it starts to be trying. */
uint32_t ring_base_zero(const struct ring *r);
uint32_t ring_base_near_wrap(const struct ring *r);

/* Would it fit now? */
bool ring_has_room(const struct ring *r, unsigned pieces, enum shape shape);

/* Adds a chain and returns its id. FAILs if the ring has no room for it. */
uint16_t ring_add(struct ring *r, const struct piece *pieces, unsigned n,
		  enum shape shape);
/* The same of ring descriptors as they are, legal or not; NEXT is added. */
uint16_t ring_add_descs(struct ring *r, const struct ring_desc *d, unsigned n);
void ring_publish(struct ring *r);

/* True if a kick was sent: see enum kicks. */
bool ring_kick(struct ring *r);
/* One kick, whatever anybody wants. */
void ring_kick_now(struct ring *r);

/* From now on; CALLS_UNWANTED also holds for chains already published. */
void ring_set_calls(struct ring *r, enum calls calls);

/*
 * The next used chain, in the device's order. FAILs if none comes in time, if
 * the id is not in flight, if more was used than the chain has room for, or if
 * the call that is due does not come.
 */
struct used ring_wait(struct ring *r);
/* The same without waiting; false: nothing has been used. */
bool ring_poll(struct ring *r, struct used *u);

/* Takes a chain off that came back by r->ops->take(), not by these two. */
void ring_settle(struct ring *r, uint16_t id);

/* Waits until all in flight has been used, calls or not. Takes none of it. */
void ring_await_all(struct ring *r);

/* Calls that have come since the last time. */
uint64_t ring_calls(struct ring *r);
/* The same for the err eventfd: the device stopped the queue. */
uint64_t ring_errors(struct ring *r);

/* Allows, for the guard, what is still in flight and the event words. */
void ring_allow(struct ring *r);

#endif
