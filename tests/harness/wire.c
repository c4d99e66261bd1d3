/*
 * vhost-user messages as bytes on a socket: see wire.h.
 */
#define _GNU_SOURCE
#include "wire.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "pump.h"
#include "trail.h"

static const char *const names[] = {
	[VU_GET_FEATURES] = "GET_FEATURES",
	[VU_SET_FEATURES] = "SET_FEATURES",
	[VU_SET_OWNER] = "SET_OWNER",
	[VU_RESET_OWNER] = "RESET_OWNER",
	[VU_SET_MEM_TABLE] = "SET_MEM_TABLE",
	[VU_SET_LOG_BASE] = "SET_LOG_BASE",
	[VU_SET_LOG_FD] = "SET_LOG_FD",
	[VU_SET_VRING_NUM] = "SET_VRING_NUM",
	[VU_SET_VRING_ADDR] = "SET_VRING_ADDR",
	[VU_SET_VRING_BASE] = "SET_VRING_BASE",
	[VU_GET_VRING_BASE] = "GET_VRING_BASE",
	[VU_SET_VRING_KICK] = "SET_VRING_KICK",
	[VU_SET_VRING_CALL] = "SET_VRING_CALL",
	[VU_SET_VRING_ERR] = "SET_VRING_ERR",
	[VU_GET_PROTOCOL_FEATURES] = "GET_PROTOCOL_FEATURES",
	[VU_SET_PROTOCOL_FEATURES] = "SET_PROTOCOL_FEATURES",
	[VU_GET_QUEUE_NUM] = "GET_QUEUE_NUM",
	[VU_SET_VRING_ENABLE] = "SET_VRING_ENABLE",
	[VU_SET_BACKEND_REQ_FD] = "SET_BACKEND_REQ_FD",
	[VU_GET_CONFIG] = "GET_CONFIG",
	[VU_SET_CONFIG] = "SET_CONFIG",
	[VU_GPU_SET_SOCKET] = "GPU_SET_SOCKET",
	[VU_RESET_DEVICE] = "RESET_DEVICE",
	[VU_GET_MAX_MEM_SLOTS] = "GET_MAX_MEM_SLOTS",
	[VU_ADD_MEM_REG] = "ADD_MEM_REG",
	[VU_REM_MEM_REG] = "REM_MEM_REG",
	[VU_SET_STATUS] = "SET_STATUS",
	[VU_GET_STATUS] = "GET_STATUS",
};

const char *wire_name(uint32_t request)
{
	static char number[24];

	if (request < sizeof(names) / sizeof(*names) && names[request])
		return names[request];
	snprintf(number, sizeof(number), "request %u", request);
	return number;
}

struct message message(uint32_t request)
{
	return (struct message){ .header = { request, VU_VERSION, 0 } };
}

struct message message_u64(uint32_t request, uint64_t value)
{
	return (struct message){
		.header = { request, VU_VERSION, sizeof(value) },
		.value = value,
	};
}

struct message message_state(uint32_t request, uint32_t index, uint32_t num)
{
	return (struct message){
		.header = { request, VU_VERSION, sizeof(struct vu_state) },
		.state = { index, num },
	};
}

struct message message_vring_fd(uint32_t request, unsigned index, int fd)
{
	struct message m = message_u64(request, index);

	if (fd < 0)
		m.value |= VU_NO_FD;
	else
		m.fds[m.nfds++] = fd;
	return m;
}

/* All of `iov`, the fds with its first byte. */
static bool send_all(int sock, struct iovec *iov, unsigned n,
		     const struct message *fds)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int) * VU_MAX_FDS)];
	} control;
	struct msghdr msg = { .msg_iov = iov, .msg_iovlen = n };
	size_t len = sizeof(int) * fds->nfds, total = 0;
	struct cmsghdr *cmsg;
	ssize_t sent;

	if (len) {
		msg.msg_control = memset(&control, 0, sizeof(control));
		msg.msg_controllen = CMSG_SPACE(len);
		cmsg = CMSG_FIRSTHDR(&msg);
		cmsg->cmsg_level = SOL_SOCKET;
		cmsg->cmsg_type = SCM_RIGHTS;
		cmsg->cmsg_len = CMSG_LEN(len);
		memcpy(CMSG_DATA(cmsg), fds->fds, len);
	}
	for (unsigned i = 0; i < n; i++)
		total += iov[i].iov_len;
	/* Messages are far smaller than the socket's buffer: all or nothing. */
	sent = sendmsg(sock, &msg, MSG_NOSIGNAL);
	return sent == (ssize_t)total;
}

static unsigned to_iov(const struct message *m, struct iovec *iov)
{
	size_t size = m->header.size;

	if (size > sizeof(m->bytes))
		size = sizeof(m->bytes);
	iov[0] = (struct iovec){ (void *)&m->header, sizeof(m->header) };
	iov[1] = (struct iovec){ (void *)m->bytes, size };
	return size ? 2 : 1;
}

bool wire_send(int sock, const struct message *m)
{
	struct iovec iov[2];

	return send_all(sock, iov, to_iov(m, iov), m);
}

bool wire_send_bytewise(int sock, const struct message *m)
{
	const struct message none = { .nfds = 0 };
	struct iovec whole[2];
	unsigned n = to_iov(m, whole);

	for (unsigned i = 0; i < n; i++) {
		uint8_t *p = whole[i].iov_base;

		for (size_t at = 0; at < whole[i].iov_len; at++) {
			struct iovec byte = { p + at, 1 };

			if (!send_all(sock, &byte, 1, i || at ? &none : m))
				return false;
		}
	}
	return true;
}

bool wire_send_together(int sock, const struct message *m, unsigned n)
{
	struct iovec iov[32];
	unsigned used = 0;

	assert(n <= 16);
	for (unsigned i = 0; i < n; i++) {
		assert(!i || !m[i].nfds);
		used += to_iov(&m[i], iov + used);
	}
	return send_all(sock, iov, used, m);
}

/* The fds that came along, if any. */
static void take_fds(struct msghdr *msg, struct message *m)
{
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg);

	if (!cmsg || cmsg->cmsg_type != SCM_RIGHTS)
		return;
	m->nfds = (unsigned)((cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int));
	memcpy(m->fds, CMSG_DATA(cmsg), m->nfds * sizeof(int));
}

/* Exactly `len` bytes, before `end`. */
static enum wire_result receive_all(int sock, struct iovec iov,
				    struct message *m, uint64_t end)
{
	char control[CMSG_SPACE(sizeof(int) * VU_MAX_FDS)];

	while (iov.iov_len) {
		struct msghdr msg = { .msg_iov = &iov,
				      .msg_iovlen = 1,
				      .msg_control = control,
				      .msg_controllen = sizeof(control) };
		struct pollfd pfd = { sock, POLLIN, 0 };
		uint64_t now = pump_now();
		ssize_t n;

		if (poll(&pfd, 1, now < end ? (int)(end - now) : 0) <= 0)
			return WIRE_SILENT;
		n = recvmsg(sock, &msg, MSG_CMSG_CLOEXEC);
		if (n <= 0)
			return WIRE_CLOSED;
		take_fds(&msg, m);
		iov.iov_base = (char *)iov.iov_base + n;
		iov.iov_len -= (size_t)n;
	}
	return WIRE_MESSAGE;
}

enum wire_result wire_receive(int sock, struct message *m, int ms)
{
	uint64_t end = pump_now() + (uint64_t)ms;
	struct iovec header = { &m->header, sizeof(m->header) };
	enum wire_result result;

	m->nfds = 0;
	result = receive_all(sock, header, m, end);
	if (result != WIRE_MESSAGE)
		return result;
	if (m->header.size > sizeof(m->bytes))
		FAIL("%s was answered with a payload of %u bytes",
		     wire_name(m->header.request), m->header.size);
	return receive_all(sock, (struct iovec){ m->bytes, m->header.size }, m,
			   end);
}
