/*
 * Writes what fits, reads what is there.
 */
#include "qemusocket.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include "device.h"
#include "gpusocket.h"
#include "log.h"
#include "loop.h"
#include "trace.h"

enum { HEADER = 12 };

/* ---- the socket's life ---- */

static void ready(void *arg);

static void watch(struct qemusocket *q, short events)
{
	if (events != q->events)
		loop_watch(q->dev->loop, q->socket->fd, events, ready, q);
	q->events = events;
}

static void drop(struct qemu_messages *messages)
{
	struct qemu_message *m;

	while ((m = TAILQ_FIRST(messages))) {
		TAILQ_REMOVE(messages, m, next);
		m->busy = false;
	}
}

/*
 * An end that is closed is readable for ever, and writable as well: nobody looks
 * there again.
 */
static void lose(struct qemusocket *q, enum loss loss)
{
	if (!q->open)
		return;
	q->open = false;
	loop_unwatch(q->dev->loop, q->socket->fd);
	drop(&q->queue);
	drop(&q->asked);
	for (unsigned i = 0; i < q->user_count; i++)
		if (q->users[i].user->lost)
			q->users[i].user->lost(q->users[i].arg, loss);
}

static void lose_faulty(struct qemusocket *q, const char *why)
{
	guest_error(&q->dev->limit, "QEMU's display socket: %s", why);
	lose(q, LOSS_FAULT);
}

static void opened(void *arg)
{
	struct qemusocket *q = arg;

	q->open = true;
	q->events = 0;
	q->sent = q->received = 0;
	watch(q, POLLIN);
	for (unsigned i = 0; q->open && i < q->user_count; i++)
		if (q->users[i].user->opened)
			q->users[i].user->opened(q->users[i].arg);
}

static void closing(void *arg)
{
	lose(arg, LOSS_CLOSED);
}

void qemusocket_init(struct qemusocket *q, struct gpusocket *socket,
		     struct device *dev)
{
	*q = (struct qemusocket){ .dev = dev, .socket = socket };
	TAILQ_INIT(&q->queue);
	TAILQ_INIT(&q->asked);
}

void qemusocket_add_user(struct qemusocket *q, const struct qemu_user *user,
			 void *arg)
{
	assert(q->user_count < QEMUSOCKET_USERS);
	q->users[q->user_count].user = user;
	q->users[q->user_count++].arg = arg;
}

void qemusocket_take_over(struct qemusocket *q)
{
	q->socket->opened = opened;
	q->socket->closing = closing;
	q->socket->arg = q;
}

/* ---- the trace ---- */

/* Cursors may be at negative places; nothing else comes near the sign. */
static void trace_sent(const struct qemusocket *q, const struct qemu_message *m)
{
	const struct qemu_kind *kind = m->kind;
	struct text fields = { .len = 0 };

	if (!trace_on(q->dev->trace))
		return;
	for (unsigned i = 0; kind->fields[i]; i++)
		text_add(&fields, " %s=%d", kind->fields[i],
			 (int32_t)m->fields[i]);
	trace_message(q->dev->trace, "display", kind->name, &fields,
		      kind->reply ? "asked" : "sent");
}

static void trace_reply(const struct qemusocket *q,
			const struct qemu_message *m)
{
	struct text outcome = { .len = 0 };

	if (!trace_on(q->dev->trace))
		return;
	m->kind->describe(&q->reply, &outcome);
	trace_message(q->dev->trace, "display", m->kind->name, NULL,
		      outcome.bytes);
}

/* ---- out ---- */

static size_t fields_size(const struct qemu_kind *kind)
{
	size_t count = 0;

	while (kind->fields[count])
		count++;
	return count * sizeof(uint32_t);
}

/* As much of the first message as the socket takes; -1: errno says why not. */
static ssize_t send_part(const struct qemusocket *q,
			 const struct qemu_message *m)
{
	size_t fixed = fields_size(m->kind), head = HEADER + fixed;
	struct {
		uint32_t request, flags, size, fields[QEMUSOCKET_FIELDS];
	} wire = { m->kind->request, 0, (uint32_t)(fixed + m->size), { 0 } };
	struct iovec parts[2];
	struct msghdr msg = { .msg_iov = parts };
	size_t skip = 0; /* bytes of the data that are sent */

	memcpy(wire.fields, m->fields, fixed);
	if (q->sent < head)
		parts[msg.msg_iovlen++] = (struct iovec){
			(uint8_t *)&wire + q->sent, head - q->sent
		};
	else
		skip = q->sent - head;
	if (m->size)
		parts[msg.msg_iovlen++] = (struct iovec){
			(uint8_t *)m->data + skip, m->size - skip
		};
	return sendmsg(q->socket->fd, &msg, MSG_DONTWAIT | MSG_NOSIGNAL);
}

/* The first message is out. */
static void finish_first(struct qemusocket *q, struct qemu_message *m)
{
	q->sent = 0;
	TAILQ_REMOVE(&q->queue, m, next);
	trace_sent(q, m);
	if (m->kind->reply)
		TAILQ_INSERT_TAIL(&q->asked, m, next);
	else
		m->busy = false;
	if (m->sent)
		m->sent(m->arg);
}

/*
 * Ends with an empty queue, a full socket, or none. QEMU closes its end whenever
 * it likes, with its message half read, say.
 */
static void flush(struct qemusocket *q)
{
	struct qemu_message *m;

	while (q->open && (m = TAILQ_FIRST(&q->queue))) {
		ssize_t n = send_part(q, m);

		if (n >= 0) {
			q->sent += (size_t)n;
			if (q->sent == HEADER + fields_size(m->kind) + m->size)
				finish_first(q, m);
		} else if (errno == EAGAIN) {
			break;
		} else if (errno == EPIPE || errno == ECONNRESET) {
			lose(q, LOSS_CLOSED);
		} else if (errno != EINTR) {
			lose_faulty(q, "it takes no messages");
		}
	}
	if (q->open)
		watch(q, TAILQ_EMPTY(&q->queue) ? POLLIN : POLLIN | POLLOUT);
}

bool qemusocket_send(struct qemusocket *q, struct qemu_message *m)
{
	bool first = TAILQ_EMPTY(&q->queue);

	assert(!m->busy && m->kind->reply <= sizeof(q->reply));
	if (!q->open)
		return false;
	m->busy = true;
	TAILQ_INSERT_TAIL(&q->queue, m, next);
	if (first)
		flush(q);
	return q->open;
}

/* ---- in ---- */

static const char *header_fault(const struct qemusocket *q)
{
	const struct qemu_message *m = TAILQ_FIRST(&q->asked);

	if (!(q->in.flags & VHOST_USER_GPU_REPLY))
		return "a message that is no reply";
	if (!m || q->in.request != m->kind->request)
		return "a reply that was not asked for";
	if (q->in.size != m->kind->reply)
		return "a reply of the wrong size";
	return NULL;
}

/* At most up to the header's end, or the reply's. */
static ssize_t receive_part(struct qemusocket *q)
{
	size_t got = q->received;

	if (got < HEADER)
		return recv(q->socket->fd, (uint8_t *)&q->in + got,
			    HEADER - got, MSG_DONTWAIT);
	return recv(q->socket->fd, (uint8_t *)&q->reply + got - HEADER,
		    HEADER + q->in.size - got, MSG_DONTWAIT);
}

static void take_reply(struct qemusocket *q)
{
	struct qemu_message *m = TAILQ_FIRST(&q->asked);

	q->received = 0;
	TAILQ_REMOVE(&q->asked, m, next);
	m->busy = false;
	trace_reply(q, m);
	if (m->replied)
		m->replied(m->arg, &q->reply);
}

void qemusocket_receive(struct qemusocket *q)
{
	const char *fault;

	while (q->open) {
		ssize_t n = receive_part(q);

		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n == 0 || (n < 0 && errno == ECONNRESET)) {
			lose(q, LOSS_CLOSED);
			return;
		}
		if (n < 0) {
			lose_faulty(q, "it can't be read");
			return;
		}
		q->received += (size_t)n;
		if (q->received < HEADER)
			continue;
		fault = header_fault(q);
		if (fault)
			lose_faulty(q, fault);
		else if (q->received == HEADER + q->in.size)
			take_reply(q);
	}
}

/*
 * Reads first: at a closed end that is how to find out, and what is read may be
 * why there is more to send.
 */
static void ready(void *arg)
{
	struct qemusocket *q = arg;

	qemusocket_receive(q);
	flush(q);
}
