/*
 * What QEMU sends as a whole: when it starts, when the guest's driver starts
 * and stops, at a pause and at a reset. The front end's dialect says how.
 *
 *   realize ... start ... stop, start ... stop, reset, start ...
 */
#ifndef SEQUENCE_H
#define SEQUENCE_H

#include <stdint.h>

#include "wire.h"

struct frontend;
struct program;
struct ring;

/*
 * A connection with protocol features acknowledged, as far as `mask` lets them,
 * and nothing else said.
 */
struct frontend *frontend_negotiated(struct program *p, uint64_t mask);

/* If the device has hung up on it: another such one. */
struct frontend *frontend_again(struct frontend *fe);

/* QEMU's start: negotiates protocol features, up to the machine's reset. */
void frontend_realize(struct frontend *fe);

/* DRIVER_OK: features, memory, both rings at their r->base, enabled. */
void frontend_start(struct frontend *fe, uint64_t features);

/* The part of it before the rings. */
void frontend_prepare(struct frontend *fe, uint64_t features);

/* GPU_SET_SOCKET's part of it: a new screen in place of the last one. */
void frontend_new_screen(struct frontend *fe);

/* The memory table's part of it, and again whenever it changed. */
void frontend_send_memory(struct frontend *fe);

/* One ring's part of it: NUM, BASE, ADDR, KICK. It isn't enabled by this. */
void frontend_set_ring(struct frontend *fe, struct ring *r);
struct message frontend_ring_addr(const struct ring *r);
void frontend_enable(struct frontend *fe, uint32_t index, bool on);

/*
 * Driver gone, or pause: both look the same. The bases the device answers with
 * are kept in the rings, for the next start.
 */
void frontend_stop(struct frontend *fe);

/*
 * What follows a stop if it was a reset: RESET_DEVICE where the dialect has
 * it, and the next driver's probe, which reads config space.
 */
void frontend_reset(struct frontend *fe);

#endif
