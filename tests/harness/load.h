/*
 * Many requests at a time, and a device that must be at rest.
 *
 *   struct load load = load_post(d, CONTROLQ, 8);
 *
 *   load_collect(d, &load);
 *
 * The requests are of a type nobody has defined: every device answers by itself
 * that it has no such command.
 */
#ifndef LOAD_H
#define LOAD_H

#include "driver.h"

enum { LOAD_MAX = 64 };

struct load {
	struct posted *posted[LOAD_MAX];
	unsigned count, queue;
};

/* Up to `n`, as many as fit into the ring, shown to the device at once. */
struct load load_post(struct driver *d, unsigned queue, unsigned n);

/* Each has its reply, once. */
void load_collect(struct driver *d, const struct load *load);

/*
 * From rest_begin() to rest_expect() the device may write nothing, rings
 * included, and say nothing. It has to be stopped, or its rings disabled, with
 * all it has used taken. Messages it answers all the same.
 */
void rest_begin(struct driver *d);
void rest_expect(struct driver *d);

#endif
