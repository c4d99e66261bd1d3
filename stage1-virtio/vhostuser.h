/*
 * The vhost-user connection: messages in, replies out.
 *
 *   QEMU (the front end)                      this process (the back end)
 *      |  { request, flags, size } payload      |
 *      |  with file descriptors beside it ----> |  a row of a table handles it
 *      |  <------------ reply, or an ack if it  |
 *      |                was asked for           |
 *
 * Which messages there are is in tables: negotiate.c, configspace.c, memtable.c
 * and ringsetup.c have stage 1's. A row added later hides an earlier one of the
 * same number.
 *
 * QEMU's docs/interop/vhost-user.rst has all of it, and no kernel header does,
 * so the wire format is declared here. Everything is in host byte order.
 */
#ifndef VHOSTUSER_H
#define VHOSTUSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guestmem.h"

struct device;
struct text;

enum {
	VHOST_USER_GET_FEATURES = 1,
	VHOST_USER_SET_FEATURES = 2,
	VHOST_USER_SET_OWNER = 3,
	VHOST_USER_RESET_OWNER = 4,
	VHOST_USER_SET_MEM_TABLE = 5,
	VHOST_USER_SET_VRING_NUM = 8,
	VHOST_USER_SET_VRING_ADDR = 9,
	VHOST_USER_SET_VRING_BASE = 10,
	VHOST_USER_GET_VRING_BASE = 11,
	VHOST_USER_SET_VRING_KICK = 12,
	VHOST_USER_SET_VRING_CALL = 13,
	VHOST_USER_SET_VRING_ERR = 14,
	VHOST_USER_GET_PROTOCOL_FEATURES = 15,
	VHOST_USER_SET_PROTOCOL_FEATURES = 16,
	VHOST_USER_GET_QUEUE_NUM = 17,
	VHOST_USER_SET_VRING_ENABLE = 18,
	VHOST_USER_SET_BACKEND_REQ_FD = 21,
	VHOST_USER_GET_CONFIG = 24,
	VHOST_USER_SET_CONFIG = 25,
	VHOST_USER_GPU_SET_SOCKET = 33,
	VHOST_USER_RESET_DEVICE = 34,

	VHOST_USER_BACKEND_CONFIG_CHANGE_MSG = 2, /* ours to QEMU */
};

/* Bit 30 of the virtio features: protocol features can be negotiated. */
#define VHOST_USER_F_PROTOCOL_FEATURES (1ull << 30)

enum {
	VHOST_USER_PROTOCOL_F_MQ = 0,
	VHOST_USER_PROTOCOL_F_REPLY_ACK = 3,
	VHOST_USER_PROTOCOL_F_BACKEND_REQ = 5,
	VHOST_USER_PROTOCOL_F_CONFIG = 9,
	VHOST_USER_PROTOCOL_F_BACKEND_SEND_FD = 10,
	VHOST_USER_PROTOCOL_F_RESET_DEVICE = 13,
};

enum { /* message flags */
       VHOST_USER_VERSION = 1,
       VHOST_USER_VERSION_MASK = 3,
       VHOST_USER_REPLY = 4,
       VHOST_USER_NEED_REPLY = 8,
};

enum {
	VHOST_USER_HEADER = 12,	       /* bytes */
	VHOST_USER_ANSWER = 20,	       /* a header, and a u64: 0 is "done" */
	VHOST_USER_CONFIG_MAX = 256,   /* QEMU's VHOST_USER_MAX_CONFIG_SIZE */
	VHOST_USER_MAX_PAYLOAD = 4096, /* more than any has */
	VHOST_USER_MAX_FDS = 9,	       /* one more than any message takes */
	VRING_INDEX = 0xff,	       /* KICK, CALL, ERR: bits 0-7 ... */
	VRING_NO_FD = 0x100,	       /* ... and bit 8 */
};

struct vring_state {
	uint32_t index, num;
};

struct vring_addr {
	uint32_t index, flags;
	uint64_t desc, used, avail, log;
};

struct mem_table {
	uint32_t count, padding;
	struct {
		uint64_t gpa, size, uva, offset;
	} regions[GUESTMEM_MAX_REGIONS];
};

struct config_message {
	uint32_t offset, size, flags;
	uint8_t data[VHOST_USER_CONFIG_MAX];
};

struct message {
	uint32_t request, flags, size; /* size: of the payload, in bytes */
	union {
		uint64_t u64;
		struct vring_state state;
		struct vring_addr addr;
		struct mem_table table;
		struct config_message config;
		uint8_t bytes[VHOST_USER_MAX_PAYLOAD];
	};
	/* Not on the wire: the fds that came with it, -1 once taken; and what
	 * the row's table was added with. */
	int fds[VHOST_USER_MAX_FDS];
	unsigned fd_count;
	void *arg;
};

_Static_assert(offsetof(struct message, u64) == 16,
	       "the header has a gap behind it, so both are read apart");

enum verdict {
	MESSAGE_OK,
	MESSAGE_REPLY,	 /* the message now is its own reply */
	MESSAGE_REFUSED, /* can't be done; the connection goes on */
	MESSAGE_BROKEN,	 /* the front end is; the connection ends unless
				 * it asked for an acknowledgement */
};

enum {			     /* how a row is dealt with */
       MESSAGE_LONGER = 1,   /* its size is the least, not the only one */
       MESSAGE_ANSWERED = 2, /* has a reply, in whose place none other fits */
};

struct message_row {
	uint32_t request;
	const char *name;
	uint32_t size; /* of the payload; the least if MESSAGE_LONGER */
	unsigned fds;  /* at most */
	unsigned how;
	/* Handles it. It owns the fds it takes with message_fd(). */
	enum verdict (*handle)(struct device *dev, struct message *m);
	void (*describe)(const struct device *dev, const struct message *m,
			 struct text *fields);
};

struct vhostuser {
	int sock;			   /* -1: no front end */
	int channel;			   /* back-end channel, -1: none */
	uint8_t answer[VHOST_USER_ANSWER]; /* on it, so far */
	size_t answered;		   /* bytes of it */
	bool tells_resets;		   /* RESET_DEVICE has come */
	uint64_t protocol_features;	   /* negotiated */
	struct message in;		   /* as far as it was received */
	size_t received;		   /* header and payload, in bytes */
	const char *fault;		   /* why the last message failed */
};

/*
 * Serves a connected socket, which is the device's from now on, from its event
 * loop. When it ends, for whatever reason, dev->hung_up is called.
 */
void vhostuser_serve(struct device *dev, int sock);
void vhostuser_hang_up(struct device *dev);

/* The next fd that came with the message; -1: no more. Now the caller's. */
int message_fd(struct message *m);

#endif
