/*
 * A device of a few lines, in the test's own process: the other side of the
 * driver's rings, to check the driver with. Each chain's writable part gets
 * what its readable part holds.
 *
 * Made from the specification for this use alone; it trusts its driver.
 */
#ifndef MODEL_H
#define MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "ring.h"

struct model {
	struct ring *r;
	uint16_t avail, used; /* split: indices; packed: slots */
	bool avail_wrap, used_wrap;
};

struct model_chain {
	uint16_t id, slots;
	unsigned count;
	struct piece pieces[64];
};

/* A device that starts at the ring's base. */
struct model model_start(struct ring *r);

/* The next available chain, if there is one. */
bool model_pop(struct model *m, struct model_chain *c);

/* Echoes, uses the chain, and calls if the driver wants it. */
void model_use(struct model *m, const struct model_chain *c);

/* Where it is: what GET_VRING_BASE would answer. */
uint32_t model_base(const struct model *m);

#endif
