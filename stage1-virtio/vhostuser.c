/*
 * Reads messages as they come in, hands them to their rows, answers.
 *
 * The socket is a stream: a message may come a byte at a time or with the next
 * one behind it, and nothing here ever waits for the rest of it. Its fds come
 * beside the first byte.
 */
#include "vhostuser.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "channel.h"
#include "device.h"
#include "loop.h"
#include "trace.h"

int message_fd(struct message *m)
{
	for (unsigned i = 0; i < m->fd_count; i++) {
		int fd = m->fds[i];

		if (fd >= 0) {
			m->fds[i] = -1;
			return fd;
		}
	}
	return -1;
}

/* What no row took. */
static void close_fds(struct message *m)
{
	int fd;

	while ((fd = message_fd(m)) >= 0)
		close(fd);
	m->fd_count = 0;
}

void vhostuser_hang_up(struct device *dev)
{
	struct vhostuser *link = &dev->link;

	if (link->sock < 0)
		return;
	loop_unwatch(dev->loop, link->sock);
	close(link->sock);
	channel_close(dev);
	close_fds(&link->in);

	device_hang_up(dev);
	*link = (struct vhostuser){ .sock = -1, .channel = -1 };
	if (dev->hung_up)
		dev->hung_up(dev->hung_up_arg);
}

/* ---- out ---- */

static bool send_message(int sock, const struct message *m)
{
	struct iovec parts[] = {
		{ (void *)m, VHOST_USER_HEADER },
		{ (void *)&m->u64, m->size },
	};
	struct msghdr msg = { .msg_iov = parts, .msg_iovlen = 2 };
	ssize_t n = sendmsg(sock, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);

	return n == (ssize_t)(VHOST_USER_HEADER + m->size);
}

/*
 * A failure of what has a reply of its own can't be acknowledged: the front end
 * would take the acknowledgement for that reply.
 */
static bool wants_ack(const struct vhostuser *link,
		      const struct message_row *row)
{
	return !(row && row->how & MESSAGE_ANSWERED) &&
	       link->in.flags & VHOST_USER_NEED_REPLY &&
	       link->protocol_features &
		       1ull << VHOST_USER_PROTOCOL_F_REPLY_ACK;
}

/* A reply repeats the request's number, and has no other flag but its own. */
static bool reply(struct vhostuser *link)
{
	link->in.flags = VHOST_USER_VERSION | VHOST_USER_REPLY;
	if (send_message(link->sock, &link->in))
		return true;
	link->fault = "it does not take replies";
	return false;
}

static bool acknowledge(struct vhostuser *link, enum verdict verdict)
{
	link->in.u64 = verdict != MESSAGE_OK;
	link->in.size = sizeof(link->in.u64);
	return reply(link);
}

/* ---- a whole message ---- */

static const struct message_row *find_row(const struct device *dev,
					  struct message *m)
{
	for (unsigned t = dev->message_tables; t-- > 0;) {
		const struct message_row *row = dev->messages[t].rows;

		for (; row->name; row++) {
			if (row->request != m->request)
				continue;
			m->arg = dev->messages[t].arg;
			return row;
		}
	}
	return NULL;
}

static enum verdict handle(struct device *dev, const struct message_row *row)
{
	struct message *m = &dev->link.in;

	dev->link.fault = NULL;
	if (!row) {
		dev->link.fault = "unknown message";
		return MESSAGE_REFUSED;
	}
	if (m->size < row->size ||
	    (m->size > row->size && !(row->how & MESSAGE_LONGER))) {
		dev->link.fault = "message of the wrong size";
		return MESSAGE_BROKEN;
	}
	if (m->fd_count > row->fds) {
		dev->link.fault = "more file descriptors than it takes";
		return MESSAGE_BROKEN;
	}
	return row->handle(dev, m);
}

static void describe(const struct device *dev, const struct message_row *row,
		     struct text *fields)
{
	if (row && row->describe && dev->link.in.size)
		row->describe(dev, &dev->link.in, fields);
}

static void trace_outcome(struct device *dev, const struct message_row *row,
			  const struct text *fields, enum verdict verdict)
{
	struct text outcome = { .len = 0 };
	char name[24];

	snprintf(name, sizeof(name), "message %u", dev->link.in.request);
	if (verdict == MESSAGE_REPLY && dev->link.in.size)
		describe(dev, row, &outcome);
	else
		text_add(&outcome, verdict == MESSAGE_OK ? " ok" : " refused");
	if (dev->link.fault)
		text_add(&outcome, ": %s", dev->link.fault);
	trace_message(dev->trace, dev->name, row ? row->name : name, fields,
		      outcome.len ? outcome.bytes + 1 : "nothing");
}

static void complain(struct device *dev, const struct message_row *row)
{
	guest_error(&dev->limit, "%s: front end: %s: %s", dev->name,
		    row ? row->name : "message", dev->link.fault);
}

static void dispatch(struct device *dev)
{
	struct vhostuser *link = &dev->link;
	struct text fields = { .len = 0 };
	const struct message_row *row = find_row(dev, &link->in);
	bool ack = wants_ack(link, row), going = true;
	enum verdict verdict;

	if (trace_on(dev->trace))
		describe(dev, row, &fields);
	verdict = handle(dev, row);
	if (trace_on(dev->trace))
		trace_outcome(dev, row, &fields, verdict);
	if (link->fault)
		complain(dev, row);
	close_fds(&link->in);

	if (verdict == MESSAGE_REPLY)
		going = reply(link);
	else if (ack)
		going = acknowledge(link, verdict);
	else
		going = verdict != MESSAGE_BROKEN;
	link->received = 0;
	if (!going)
		vhostuser_hang_up(dev);
}

/* ---- in ---- */

/* Those beyond what any message takes are closed at once. */
static void collect_fds(struct message *m, struct msghdr *msg)
{
	for (struct cmsghdr *c = CMSG_FIRSTHDR(msg); c;
	     c = CMSG_NXTHDR(msg, c)) {
		size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(c) + i * sizeof(fd), sizeof(fd));
			if (m->fd_count < VHOST_USER_MAX_FDS)
				m->fds[m->fd_count++] = fd;
			else
				close(fd);
		}
	}
}

/* At most `len` bytes to `to`. 0: it ended; -1: nothing there, or an error. */
static ssize_t receive_part(struct vhostuser *link, void *to, size_t len)
{
	union {
		char bytes[CMSG_SPACE(64 * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec part = { to, len };
	struct msghdr msg = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n = recvmsg(link->sock, &msg, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (n > 0)
		collect_fds(&link->in, &msg);
	return n;
}

static const char *header_fault(const struct message *m)
{
	if ((m->flags & VHOST_USER_VERSION_MASK) != VHOST_USER_VERSION)
		return "it speaks another version of vhost-user";
	if (m->size > VHOST_USER_MAX_PAYLOAD)
		return "message too long to be one";
	return NULL;
}

/* The socket is readable: takes what is there, up to one message's end. */
static void readable(void *arg)
{
	struct device *dev = arg;
	struct vhostuser *link = &dev->link;
	struct message *m = &link->in;
	size_t got = link->received;
	ssize_t n;

	if (got < VHOST_USER_HEADER)
		n = receive_part(link, (uint8_t *)m + got,
				 VHOST_USER_HEADER - got);
	else
		n = receive_part(link,
				 (uint8_t *)&m->u64 + got - VHOST_USER_HEADER,
				 VHOST_USER_HEADER + m->size - got);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		vhostuser_hang_up(dev);
		return;
	}
	link->received += n;
	if (link->received < VHOST_USER_HEADER)
		return;

	link->fault = header_fault(m);
	if (link->fault) {
		complain(dev, NULL);
		vhostuser_hang_up(dev);
		return;
	}
	if (link->received == VHOST_USER_HEADER + m->size)
		dispatch(dev);
}

void vhostuser_serve(struct device *dev, int sock)
{
	dev->link = (struct vhostuser){ .sock = sock, .channel = -1 };
	trace_life(dev->trace, dev->name, "connect");
	loop_watch(dev->loop, sock, POLLIN, readable, dev);
}
