/*
 * What may come of a chain or a ring that is illegal.
 *
 * The specification forbids the driver to make such, and says nothing of the
 * device. What is asked of it here: exactly one of the three ends below, soon,
 * without a stray write and without burning CPU time; the other queue goes on,
 * and so does this one if the chain came back; after a reset the device is as
 * good as new.
 *
 *   struct safe s = safe_begin(d, CONTROLQ);
 *
 *   split_set_desc(d->control, 0, ...);  split_offer(d->control, 0);
 *   ring_kick_now(d->control);
 *   safe_finish(&s, SAFE_EMPTY | SAFE_STOPPED);
 *
 * or, for what can be said in pieces or in descriptors of either layout,
 *
 *   safe_post(&s, pieces, 3);
 */
#ifndef SAFE_H
#define SAFE_H

#include "driver.h"

enum safe_end {
	SAFE_REPLIED = 0, /* it was served as if it were legal */
	SAFE_EMPTY = 1,	  /* the chain came back with used length 0 */
	SAFE_ERROR = 2,	  /* ... with an error response */
	SAFE_STOPPED = 4, /* the queue stopped, its err eventfd says so */
	SAFE_ANY = 7,
};

struct safe {
	struct driver *d;
	struct ring *ring;
	struct vitals before;
	/* Buffers for the chain: a valid GET_DISPLAY_INFO, room for a reply.
	 * Both as pieces: it would be a legal chain. */
	uint64_t request, response;
	struct piece legal[2];
	/* What came back, if it did, and what the device printed till then. */
	uint16_t id;
	uint32_t used, type;
	bool booked; /* by the ring: not made of single slots */
	size_t printed_before;
	char printed[512];
};

enum { SAFE_REQUEST = 24, SAFE_RESPONSE = 408 };

struct safe safe_begin(struct driver *d, unsigned queue);

/* Adds, publishes and kicks. */
void safe_post(struct safe *s, const struct piece *pieces, unsigned n);
void safe_post_descs(struct safe *s, const struct ring_desc *d, unsigned n);

/*
 * Waits for one of the ends, checks all of the above, and resets the driver.
 * FAILs on an end that isn't in `allowed`. With --portable all are allowed.
 */
enum safe_end safe_finish(struct safe *s, unsigned allowed);

/*
 * The same where the chain has been used as if it were legal, which is fine
 * too: the response is there, and the driver goes on without a reset.
 */
enum safe_end safe_finish_or_reply(struct safe *s, unsigned allowed);

/* It is legal, or as good as: the whole response has to be there. */
void safe_finish_served(struct safe *s);

/*
 * Where the chain makes garbage of its own ring: any end will do, or none, but
 * the device survives it, and writes nothing but this ring and the chain.
 */
void safe_finish_anyhow(struct safe *s);

/*
 * SET_VRING_ADDR, of a ring that may not be where it says. Others may look at
 * once, and hang up: then the test is skipped.
 */
void safe_place_ring(struct driver *d, const struct message *addr);

/*
 * A ring that can't be, but for its kick: that one is refused, the err fd tells
 * too, and to enable it makes it no better. The ring can be set up again then.
 */
void safe_expect_no_start(struct driver *d, struct ring *r);

#endif
