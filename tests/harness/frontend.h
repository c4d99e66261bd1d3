/*
 * The vhost-user front end: one connection to the device.
 *
 * Single messages here, whole starts and stops in sequence.h. Every reply is
 * checked for its form: the request's number, version 1, the reply flag and
 * nothing else, the size of its payload.
 *
 * QEMU's docs/interop/vhost-user.rst.
 */
#ifndef FRONTEND_H
#define FRONTEND_H

#include <stdbool.h>
#include <stdint.h>

#include "dialect.h"
#include "wire.h"

struct program;
struct ram;
struct ring;
struct screen;

enum { FRONTEND_RINGS = 2 };

struct frontend {
	struct program *program;
	const struct dialect *dialect;
	int sock;  /* -1 once hung up */
	bool over; /* the device has hung up: HUNG_UP */
	uint64_t offered, protocol_offered;
	uint64_t features, protocol; /* acknowledged; 0 before */
	int channel;		     /* our end of the back-end channel */
	struct screen *screen;	     /* NULL unless started, see dialect */
	struct ram *ram;	     /* not owned, nor are the rings */
	struct ring *rings[FRONTEND_RINGS];
	int stand_in[FRONTEND_RINGS]; /* call fds while the guest's is masked */
	bool memory_sent;	      /* slots are sent once a connection */
};

enum outcome {
	ACCEPTED, /* acknowledged with 0, or not at all if no
				 * acknowledgement was to be had */
	REFUSED,  /* acknowledged with something else */
	HUNG_UP,  /* the device closed the connection */
};

/* Connects and says nothing yet. */
struct frontend *frontend_connect(struct program *p, const struct dialect *d);
/* The same on a socket that is connected already, which is its own then. */
struct frontend *frontend_on(struct program *p, const struct dialect *d,
			     int sock);
/* Closes all sockets of this connection. */
void frontend_hang_up(struct frontend *fe);
void frontend_free(struct frontend *fe);

/* Sends it as it is. FAILs if the connection is gone. */
void frontend_send(struct frontend *fe, const struct message *m);

/* Receives the reply to `request`, of exactly `size` bytes. */
void frontend_receive(struct frontend *fe, uint32_t request, uint32_t size,
		      struct message *reply);

/* A request that has a u64 for a reply: GET_FEATURES and the like. */
uint64_t frontend_get(struct frontend *fe, uint32_t request);

/*
 * A message that has no reply of its own. If the dialect wants one, and
 * REPLY_ACK was negotiated, it is awaited and has to be 0.
 */
void frontend_tell(struct frontend *fe, const struct message *m);
void frontend_tell_u64(struct frontend *fe, uint32_t request, uint64_t value);
void frontend_tell_state(struct frontend *fe, uint32_t request, uint32_t index,
			 uint32_t num);

/*
 * The same for messages that may be wrong: asks for an acknowledgement if
 * REPLY_ACK was negotiated, and otherwise lets GET_FEATURES follow to see
 * whether the device is still there.
 */
enum outcome frontend_try(struct frontend *fe, const struct message *m);
const char *outcome_name(enum outcome o);

/*
 * The same where it has to be REFUSED; with --portable HUNG_UP will do, after
 * which driver_again() and frontend_again() help.
 */
enum outcome frontend_try_wrong(struct frontend *fe, const struct message *m);

/* FAILs unless the very next bytes from the device answer GET_FEATURES. */
void frontend_expect_silence(struct frontend *fe);
/*
 * Returns when the device has dealt with all that it was kicked for, even if it
 * had to ask its screen first.
 */
void frontend_settle(struct frontend *fe);
/* FAILs unless the device closes the connection, unasked. */
void frontend_expect_hang_up(struct frontend *fe);

/* GET_VRING_BASE: stops the ring. */
uint32_t frontend_get_base(struct frontend *fe, uint32_t index);

/*
 * GET_CONFIG of `size` bytes at `offset`. False: the device answered with an
 * empty payload, its way to say no. Any size other than these two FAILs.
 */
bool frontend_get_config(struct frontend *fe, uint32_t offset, void *buf,
			 uint32_t size);
enum outcome frontend_set_config(struct frontend *fe, uint32_t offset,
				 const void *buf, uint32_t size);

#endif
