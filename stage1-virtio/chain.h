/*
 * One descriptor chain: a request as the driver posted it.
 *
 *   readable part         writable part
 *   +-----+----------+    +-----------+-----+
 *   | seg | seg      |    | seg       | seg |     any number of either, of any
 *   +-----+----------+    +-----------+-----+     length, cut anywhere
 *
 * The driver may cut a request wherever it likes (virtio 1.3, 2.7.4.1), so
 * nobody outside this module sees the pieces: read and write by offset.
 *
 * The descriptors are copied out of the ring once; the guest can change the
 * ring afterwards and not the chain. Segments are guest addresses, translated
 * anew at every access, so that a chain outlives a change of the memory table.
 */
#ifndef CHAIN_H
#define CHAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct guestmem;
struct virtq;

struct segment {
	uint64_t gpa;
	uint32_t len;
};

struct chain {
	struct virtq *vq;
	const struct guestmem *mem;
	uint16_t id;	/* split: the head's index; packed: buffer id */
	uint16_t slots; /* packed: ring slots it takes; split: 1 */
	uint32_t epoch; /* the queue's when it was popped */

	struct segment *segments; /* readable ones first */
	uint32_t count, room;
	uint32_t descriptors; /* that were walked, empty ones as well */
	uint32_t readable;    /* how many segments are readable */
	uint64_t readable_len, writable_len; /* bytes in each part */

	void *reply; /* parked while the queue is stopped */
	size_t reply_len;
	struct chain *next; /* in the queue's free or parked list */
};

/* Forgets the segments, keeps their memory for the next use. */
void chain_begin(struct chain *chain);
/* ... unless one request had a great many: a guest must not pile that up. */
void chain_trim(struct chain *chain);

/*
 * Appends a segment. Returns NULL, or what is wrong: a readable segment after
 * a writable one (virtio 1.3, 2.7.4.2), or no memory. Empty segments leave no
 * trace, their address is not even looked at: the specification is silent, and
 * this is what harms nobody.
 */
const char *chain_add(struct chain *chain, uint64_t gpa, uint32_t len,
		      bool writable);

/*
 * One of the queue's, without segments: used before, or new. NULL: there is no
 * memory. And back among those that are unused.
 */
struct chain *chain_take(struct virtq *vq);
void chain_put(struct chain *chain);
void chain_free(struct chain *chain);

/*
 * Copies out of the readable part, from `offset` on, at most `len` bytes. The
 * count returned is short where the part, or the guest's memory, ends.
 */
size_t chain_read(const struct chain *chain, uint64_t offset, void *buf,
		  size_t len);

/* The same into the writable part. */
size_t chain_write(const struct chain *chain, uint64_t offset, const void *buf,
		   size_t len);

#endif
