/*
 * The backing of a resource: the guest pages its pixels come from.
 *
 *   entries of the guest   |a   |b |c      |    addresses and lengths, any
 *   runs                   |a b    |c      |    neighbours made one, once
 *   pieces                 |a b |a b|c     |    cut where a region of RAM ends
 *   bytes of the backing   0 ------------> size
 *
 * The entries are a list in guest addresses, and stay one: a memory table that
 * changes makes new pieces out of the same runs. A page may be in it twice.
 *
 * virtio 1.3, section 5.7.6.8, RESOURCE_ATTACH_BACKING.
 */
#ifndef BACKING_H
#define BACKING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct resources;

struct run {
	uint64_t gpa, len; /* never 0 */
};

struct piece {
	uint64_t at;	     /* of the backing's bytes, its first */
	uint64_t len;	     /* never 0 */
	const uint8_t *host; /* good until the memory table changes */
};

/* What the memory table that is in force makes of it. */
enum backing_state {
	BACKING_WHOLE,
	BACKING_OUTSIDE,   /* some of it is in no region */
	BACKING_NO_MEMORY, /* nor has the host any for the pieces */
	BACKING_NO_BUDGET, /* they would cost more than --max-hostmem */
};

struct backing {
	struct run *runs;
	uint32_t run_count;
	struct piece *pieces; /* NULL: there are none, see `state` */
	uint32_t piece_count;
	enum backing_state state;
	uint64_t size; /* bytes, in all */
	uint64_t cost; /* bytes of the host's budget */
};

/* ATTACH_BACKING and DETACH_BACKING. */
void backing_add(struct resources *resources);

/* Is it whole? The answer's type, OK_NODATA if it is. */
uint32_t backing_check(const struct backing *backing, const char **why);

/* NULL, if there is none, is fine. */
void backing_free(struct backing *backing, struct resources *resources);

/*
 * A walk through a backing that only goes forward: each byte is looked for
 * once, however many rows a rectangle has.
 */
struct walk {
	const struct piece *piece;
	uint64_t into; /* bytes of it that lie behind us */
};

/* Starts at `offset`; [offset, offset + what is walked) is in the backing. */
struct walk walk_begin(const struct backing *backing, uint64_t offset);
void walk_copy(struct walk *walk, void *to, size_t len);
void walk_skip(struct walk *walk, uint64_t len);

#endif
