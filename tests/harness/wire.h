/*
 * vhost-user messages as bytes on a socket.
 *
 * Our own declarations, from QEMU's docs/interop/vhost-user.rst: nothing here
 * comes from the device, which could be wrong in the same way. This layer
 * sends what it is told, well-formed or not; who plays by the rules is
 * frontend.h.
 */
#ifndef WIRE_H
#define WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum vu_request {
	VU_GET_FEATURES = 1,
	VU_SET_FEATURES,
	VU_SET_OWNER,
	VU_RESET_OWNER,
	VU_SET_MEM_TABLE,
	VU_SET_LOG_BASE,
	VU_SET_LOG_FD,
	VU_SET_VRING_NUM,
	VU_SET_VRING_ADDR,
	VU_SET_VRING_BASE,
	VU_GET_VRING_BASE,
	VU_SET_VRING_KICK,
	VU_SET_VRING_CALL,
	VU_SET_VRING_ERR,
	VU_GET_PROTOCOL_FEATURES,
	VU_SET_PROTOCOL_FEATURES,
	VU_GET_QUEUE_NUM,
	VU_SET_VRING_ENABLE,
	VU_SEND_RARP,
	VU_NET_SET_MTU,
	VU_SET_BACKEND_REQ_FD,
	VU_IOTLB_MSG,
	VU_SET_VRING_ENDIAN,
	VU_GET_CONFIG,
	VU_SET_CONFIG,
	VU_GPU_SET_SOCKET = 33,
	VU_RESET_DEVICE,
	VU_GET_MAX_MEM_SLOTS = 36,
	VU_ADD_MEM_REG,
	VU_REM_MEM_REG,
	VU_SET_STATUS,
	VU_GET_STATUS,
};

enum { /* header flags */
       VU_VERSION = 1,
       VU_VERSION_MASK = 3,
       VU_REPLY = 4,
       VU_NEED_REPLY = 8,
};

enum { /* protocol features, bit numbers */
       VU_MQ = 0,
       VU_LOG_SHMFD = 1,
       VU_REPLY_ACK = 3,
       VU_BACKEND_REQ = 5,
       VU_CONFIG = 9,
       VU_BACKEND_SEND_FD = 10,
       VU_INFLIGHT_SHMFD = 12,
       VU_DEVICE_RESET = 13,
       VU_INBAND_NOTIFICATIONS = 14,
       VU_CONFIGURE_MEM_SLOTS = 15,
       VU_STATUS = 16,
       VU_SHARED_OBJECT = 18,
       VU_SHMEM = 22,
};

enum { VHOST_F_LOG_ALL = 26, VU_F_PROTOCOL_FEATURES = 30 };
enum { VU_NO_FD = 0x100 }; /* in SET_VRING_KICK, CALL, ERR */
enum { VU_MAX_REGIONS = 8, VU_MAX_FDS = 64 };

#define BIT(n) (1ull << (n))

struct vu_state {
	uint32_t index, num;
};
struct vu_addr {
	uint32_t index, flags;
	uint64_t desc, used, avail, log;
};
struct vu_region {
	uint64_t gpa, size, ua, mmap_offset;
};
struct vu_mem_table {
	uint32_t count, padding;
	struct vu_region regions[VU_MAX_REGIONS];
};
struct vu_mem_reg {
	uint64_t padding;
	struct vu_region region;
};
struct vu_config {
	uint32_t offset, size, flags;
	uint8_t data[512];
};

struct vu_header {
	uint32_t request, flags, size;
};

struct message {
	struct vu_header header; /* `size` bytes of payload follow it */
	union {
		uint64_t value;
		struct vu_state state;
		struct vu_addr addr;
		struct vu_mem_table table;
		struct vu_mem_reg reg;
		struct vu_config config;
		uint8_t bytes[2304];
	};
	int fds[VU_MAX_FDS]; /* go with the first byte */
	unsigned nfds;
};

enum wire_result { WIRE_MESSAGE, WIRE_CLOSED, WIRE_SILENT };

/* The header of version 1 with no payload; with a u64 payload. */
struct message message(uint32_t request);
struct message message_u64(uint32_t request, uint64_t value);
struct message message_state(uint32_t request, uint32_t index, uint32_t num);
/* SET_VRING_KICK, CALL or ERR; fd < 0: bit 8, none comes along. */
struct message message_vring_fd(uint32_t request, unsigned index, int fd);

/* "SET_VRING_NUM"; a number for those without a name. */
const char *wire_name(uint32_t request);

/*
 * Sends the message as it is; at most sizeof(m->bytes) of payload go out,
 * whatever the header's size says. False: the peer has closed.
 */
bool wire_send(int sock, const struct message *m);
/* The same, each byte in a send of its own. */
bool wire_send_bytewise(int sock, const struct message *m);
/* Several in one send; only the first may carry file descriptors. */
bool wire_send_together(int sock, const struct message *m, unsigned n);

/*
 * Receives one message and its descriptors, which are the caller's. Waits at
 * most `ms` milliseconds; a message cut short counts as closed.
 */
enum wire_result wire_receive(int sock, struct message *m, int ms);

#endif
