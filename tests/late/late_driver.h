/*
 * The driver's side of requests that are answered late: several at a time, and
 * the signal that lets them go.
 */
#ifndef LATE_DRIVER_H
#define LATE_DRIVER_H

#include "driver.h"

enum { LATE_MOST = 4 };

struct held {
	struct posted *posted[LATE_MOST];
	uint16_t ids[LATE_MOST];
	unsigned count;
};

/* A command of late.h; fence 0: none. */
struct posted *late_post(struct driver *d, uint32_t type, uint64_t fence);
/* As many as fit beside one more request, fences counted from `fence` on. */
struct held late_hold(struct driver *d, uint32_t type, uint64_t fence);
/* SIGUSR1, when all that was posted is taken; returns when all are let go. */
void late_let_go(struct driver *d);
/* SIGUSR2, when all messages are dealt with; returns when it is as well. */
void late_change(struct driver *d);
/* Each has its answer, which is good. */
void late_collect(struct driver *d, const struct held *h);

#endif
