/*
 * QEMU's display socket: messages out, replies in. What they say is the business
 * of those who send them.
 *
 *   this process                                    QEMU
 *     |  { request, flags, size } payload  ------->  |
 *     |  <-----------------------  reply to some     |
 *
 * We ask and tell, QEMU answers and never speaks first. It reads in its main
 * loop, on which the guest's processors depend and which at times waits for us.
 * So nothing here waits for QEMU: what does not fit into the socket stays in a
 * queue, and a sender has each of its messages in it once at most. That bounds
 * the queue, and whoever has news for a message that still waits keeps them.
 *
 * Each start of the guest's driver, and each resume, brings a new socket, on
 * which everything is to be said again. QEMU closes the one before it; we close
 * none before it does, or it would go on reading for ever.
 *
 * QEMU's docs/interop/vhost-user-gpu.rst. No kernel header has this, so it is
 * declared here. Everything is in host byte order.
 */
#ifndef QEMUSOCKET_H
#define QEMUSOCKET_H

#include <linux/virtio_gpu.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

struct device;
struct gpusocket;
struct text;

enum {
	VHOST_USER_GPU_GET_PROTOCOL_FEATURES = 1,
	VHOST_USER_GPU_SET_PROTOCOL_FEATURES = 2,
	VHOST_USER_GPU_GET_DISPLAY_INFO = 3,
	VHOST_USER_GPU_SCANOUT = 7,
	VHOST_USER_GPU_UPDATE = 8,

	VHOST_USER_GPU_REPLY = 4, /* a flag */
};

enum { QEMUSOCKET_FIELDS = 5, QEMUSOCKET_USERS = 4 };

/* What a reply may be. */
union qemu_reply {
	uint64_t u64;
	struct virtio_gpu_resp_display_info info;
};

/* A kind of message. */
struct qemu_kind {
	uint32_t request;
	const char *name; /* "UPDATE" */
	/* The words that its payload begins with. */
	const char *fields[QEMUSOCKET_FIELDS + 1];
	uint32_t reply; /* bytes that QEMU answers with; 0: it doesn't */
	void (*describe)(const union qemu_reply *reply, struct text *outcome);
};

/*
 * A message, whose memory is its sender's. From qemusocket_send() on it may not
 * be touched while `busy`: until it is sent, or its reply has come, or the
 * socket is lost.
 */
struct qemu_message {
	const struct qemu_kind *kind;
	uint32_t fields[QEMUSOCKET_FIELDS];
	const void *data; /* what follows them, `size` bytes */
	size_t size;

	/* Either may be NULL, and may send anything, this message included. */
	void (*sent)(void *arg);
	void (*replied)(void *arg, const union qemu_reply *reply);
	void *arg;

	bool busy;
	TAILQ_ENTRY(qemu_message) next;
};

TAILQ_HEAD(qemu_messages, qemu_message);

enum loss {
	LOSS_CLOSED, /* by QEMU, or replaced: another one may follow */
	LOSS_FAULT,  /* what came from it made no sense: none will */
};

/* Somebody who sends. Any function may be NULL. */
struct qemu_user {
	/* A new socket: QEMU knows nothing, send everything again. */
	void (*opened)(void *arg);
	/* It takes nothing any more; no message is busy. */
	void (*lost)(void *arg, enum loss loss);
};

struct qemusocket {
	struct device *dev;
	struct gpusocket *socket; /* owns the fd */
	bool open;		  /* and takes messages */
	short events;		  /* that are watched */

	struct qemu_messages queue; /* the first may be sent in part: */
	size_t sent;		    /* its bytes that are */
	struct qemu_messages asked; /* sent, their replies due in this order */

	struct {
		uint32_t request, flags, size;
	} in;			/* the header of the reply ... */
	union qemu_reply reply; /* ... and its payload, ... */
	size_t received;	/* ... as far as they have come, in bytes */

	struct {
		const struct qemu_user *user;
		void *arg;
	} users[QEMUSOCKET_USERS];
	unsigned user_count;
};

void qemusocket_init(struct qemusocket *q, struct gpusocket *socket,
		     struct device *dev);
/* They are called in the order in which they were added. */
void qemusocket_add_user(struct qemusocket *q, const struct qemu_user *user,
			 void *arg);
/* From now on the sockets that come are used. */
void qemusocket_take_over(struct qemusocket *q);

/*
 * Sends it behind all others, now or when there is room; returns at once. False:
 * there is no socket, and it is not sent.
 */
bool qemusocket_send(struct qemusocket *q, struct qemu_message *m);

/* Takes the replies that are there, as happens when the loop sees them. */
void qemusocket_receive(struct qemusocket *q);

#endif
