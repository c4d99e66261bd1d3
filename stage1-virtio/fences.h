/*
 * The order of fences.
 *
 * Linux takes the completion of a fence for that of all before it on the same
 * timeline (virtio_gpu_fence_event_process()). So of fenced requests none may be
 * answered before an earlier one of its timeline, however soon it is finished.
 *
 * A timeline is the whole device's, or with INFO_RING_IDX that of one ring of
 * one context (virtio 1.3, 5.7.6.7).
 */
#ifndef FENCES_H
#define FENCES_H

#include <stdbool.h>

struct gpu;
struct request;

bool request_fenced(const struct request *req);
/* It names a ring, and CONTEXT_INIT was negotiated, so that this counts. */
bool request_has_ring(const struct request *req);

/* A fenced request was taken; it is to be answered. */
void fences_add(struct request *req);
void fences_remove(struct request *req);

/* Is there an unsettled one before it on its timeline? */
bool fences_blocked(const struct request *req);
/* The next one on its timeline if that is settled: it can follow. */
struct request *fences_follower(const struct request *req);

#endif
