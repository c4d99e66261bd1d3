/*
 * The vhost-user front end, message by message: see frontend.h.
 */
#define _GNU_SOURCE
#include "frontend.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "program.h"
#include "pump.h"
#include "screen.h"
#include "suite.h"
#include "trail.h"

struct frontend *frontend_connect(struct program *p, const struct dialect *d)
{
	trail_step("connect as %s", d->name);
	return frontend_on(p, d, program_connect(p));
}

struct frontend *frontend_on(struct program *p, const struct dialect *d,
			     int sock)
{
	struct frontend *fe = calloc(1, sizeof(*fe));

	fe->program = p;
	fe->dialect = d;
	fe->channel = -1;
	for (unsigned i = 0; i < FRONTEND_RINGS; i++)
		fe->stand_in[i] = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	fe->sock = sock;
	return fe;
}

void frontend_hang_up(struct frontend *fe)
{
	if (fe->sock < 0)
		return;
	trail_step("hang up");
	if (!program_takes_options())
		fe->program->may_end = true;
	if (fe->screen)
		screen_free(fe->screen);
	fe->screen = NULL;
	if (fe->channel >= 0)
		close(fe->channel);
	fe->channel = -1;
	close(fe->sock);
	fe->sock = -1;
}

void frontend_free(struct frontend *fe)
{
	frontend_hang_up(fe);
	for (unsigned i = 0; i < FRONTEND_RINGS; i++)
		close(fe->stand_in[i]);
	free(fe);
}

void frontend_send(struct frontend *fe, const struct message *m)
{
	bool sent = fe->dialect->bytewise ? wire_send_bytewise(fe->sock, m)
					  : wire_send(fe->sock, m);

	if (!sent)
		FAIL("%s could not be sent: the device has hung up",
		     wire_name(m->header.request));
}

void frontend_receive(struct frontend *fe, uint32_t request, uint32_t size,
		      struct message *reply)
{
	enum wire_result result = wire_receive(fe->sock, reply, PATIENCE_MS);
	struct vu_header *h = &reply->header;

	if (result == WIRE_CLOSED)
		FAIL("the device hung up on %s", wire_name(request));
	if (result == WIRE_SILENT)
		FAIL("no reply to %s", wire_name(request));
	if (h->request != request)
		FAIL("the reply to request %u has number %u", request,
		     h->request);
	if (h->flags != (VU_VERSION | VU_REPLY))
		FAIL("the reply to %s has flags %#x, not 0x5",
		     wire_name(request), h->flags);
	if (h->size != size)
		FAIL("the reply to %s has %u bytes, not %u", wire_name(request),
		     h->size, size);
	if (reply->nfds)
		FAIL("the reply to %s has a descriptor", wire_name(request));
}

uint64_t frontend_get(struct frontend *fe, uint32_t request)
{
	struct message m = message(request), reply;

	trail_step("%s", wire_name(request));
	frontend_send(fe, &m);
	frontend_receive(fe, request, 8, &reply);
	trail_answer("%#llx", (unsigned long long)reply.value);
	return reply.value;
}

static void trail_message(const struct message *m)
{
	uint32_t request = m->header.request;
	const char *name = wire_name(request);

	if (m->header.size != 8)
		trail_step("%s, %u bytes, %u fds", name, m->header.size,
			   m->nfds);
	else if (request == VU_SET_FEATURES ||
		 request == VU_SET_PROTOCOL_FEATURES)
		trail_step("%s %#llx", name, (unsigned long long)m->value);
	else if (request >= VU_SET_VRING_KICK && request <= VU_SET_VRING_ERR)
		trail_step("%s queue %u%s", name, m->state.index & 0xff,
			   m->nfds ? "" : ", no fd");
	else
		trail_step("%s queue %u, %#x", name, m->state.index,
			   m->state.num);
}

/* As sent: with the bit that asks for a reply. */
static void send_for_ack(struct frontend *fe, const struct message *m)
{
	struct message asking = *m;

	asking.header.flags |= VU_NEED_REPLY;
	frontend_send(fe, &asking);
}

void frontend_tell(struct frontend *fe, const struct message *m)
{
	uint32_t request = m->header.request;
	struct message reply;

	trail_message(m);
	if (!(fe->protocol & BIT(VU_REPLY_ACK)) || request > 63 ||
	    !(fe->dialect->wants_reply & BIT(request))) {
		frontend_send(fe, m);
		return;
	}
	send_for_ack(fe, m);
	frontend_receive(fe, request, 8, &reply);
	trail_answer("%llu", (unsigned long long)reply.value);
	if (reply.value)
		FAIL("%s was refused: %llu", wire_name(request),
		     (unsigned long long)reply.value);
}

void frontend_tell_u64(struct frontend *fe, uint32_t request, uint64_t value)
{
	struct message m = message_u64(request, value);

	frontend_tell(fe, &m);
}

void frontend_tell_state(struct frontend *fe, uint32_t request, uint32_t index,
			 uint32_t num)
{
	struct message m = message_state(request, index, num);

	frontend_tell(fe, &m);
}

const char *outcome_name(enum outcome o)
{
	static const char *const names[] = { "accepted", "refused", "hung up" };

	return names[o];
}

/* One u64 reply, or the end of the connection. */
static enum outcome await_outcome(struct frontend *fe, uint32_t request)
{
	struct message reply;
	enum wire_result result = wire_receive(fe->sock, &reply, PATIENCE_MS);

	if (result == WIRE_CLOSED)
		return HUNG_UP;
	if (result == WIRE_SILENT)
		FAIL("neither a reply to %s nor a hang-up", wire_name(request));
	if (reply.header.request != request || reply.header.size != 8 ||
	    reply.header.flags != (VU_VERSION | VU_REPLY))
		FAIL("a malformed reply to %s", wire_name(request));
	if (request == VU_GET_FEATURES)
		return ACCEPTED;
	return reply.value ? REFUSED : ACCEPTED;
}

enum outcome frontend_try(struct frontend *fe, const struct message *m)
{
	struct message barrier = message(VU_GET_FEATURES);
	bool ack = fe->protocol & BIT(VU_REPLY_ACK);
	struct message asking = *m;
	enum outcome o = HUNG_UP;

	trail_message(m);
	if (!program_takes_options())
		fe->program->may_end = true;
	if (ack)
		asking.header.flags |= VU_NEED_REPLY;
	if (wire_send(fe->sock, &asking) &&
	    (ack || wire_send(fe->sock, &barrier)))
		o = await_outcome(fe,
				  ack ? m->header.request : VU_GET_FEATURES);
	trail_answer("%s", outcome_name(o));
	fe->over = o == HUNG_UP;
	return o;
}

enum outcome frontend_try_wrong(struct frontend *fe, const struct message *m)
{
	enum outcome o = frontend_try(fe, m);

	if (o != REFUSED && !(o == HUNG_UP && suite_portable()))
		FAIL("%s: expected refused, got %s",
		     wire_name(m->header.request), outcome_name(o));
	return o;
}

void frontend_expect_silence(struct frontend *fe)
{
	frontend_get(fe, VU_GET_FEATURES);
}

/* Whoever polls has seen, by the second answer, all that was there before. */
void frontend_settle(struct frontend *fe)
{
	for (unsigned i = 0; i < 2; i++) {
		frontend_expect_silence(fe);
		frontend_expect_silence(fe);
		pump_once();
	}
}

void frontend_expect_hang_up(struct frontend *fe)
{
	struct message m;
	enum wire_result result;

	if (!program_takes_options())
		fe->program->may_end = true;
	result = wire_receive(fe->sock, &m, PATIENCE_MS);
	if (result == WIRE_MESSAGE)
		FAIL("%s was answered instead of a hang-up",
		     wire_name(m.header.request));
	if (result == WIRE_SILENT)
		FAIL("the device should have hung up");
}

uint32_t frontend_get_base(struct frontend *fe, uint32_t index)
{
	struct message m = message_state(VU_GET_VRING_BASE, index, 0), reply;

	trail_step("GET_VRING_BASE queue %u", index);
	frontend_send(fe, &m);
	frontend_receive(fe, VU_GET_VRING_BASE, 8, &reply);
	trail_answer("%#x", reply.state.num);
	if (reply.state.index != index)
		FAIL("GET_VRING_BASE of queue %u answers for queue %u", index,
		     reply.state.index);
	return reply.state.num;
}

static struct message config_message(uint32_t request, uint32_t offset,
				     uint32_t size)
{
	struct message m = message(request);

	m.header.size = 12 + size;
	m.config.offset = offset;
	m.config.size = size;
	return m;
}

bool frontend_get_config(struct frontend *fe, uint32_t offset, void *buf,
			 uint32_t size)
{
	struct message m = config_message(VU_GET_CONFIG, offset, size), reply;

	trail_step("GET_CONFIG %u bytes at %u", size, offset);
	frontend_send(fe, &m);
	if (wire_receive(fe->sock, &reply, PATIENCE_MS) != WIRE_MESSAGE)
		FAIL("GET_CONFIG was not answered");
	trail_answer("%u bytes", reply.header.size);
	if (reply.header.request != VU_GET_CONFIG ||
	    reply.header.flags != (VU_VERSION | VU_REPLY))
		FAIL("a malformed reply to GET_CONFIG");
	if (!reply.header.size)
		return false;
	if (reply.header.size != 12 + size || reply.config.size != size ||
	    reply.config.offset != offset)
		FAIL("GET_CONFIG of %u bytes at %u: %u bytes, saying %u at %u",
		     size, offset, reply.header.size - 12, reply.config.size,
		     reply.config.offset);
	memcpy(buf, reply.config.data, size);
	return true;
}

enum outcome frontend_set_config(struct frontend *fe, uint32_t offset,
				 const void *buf, uint32_t size)
{
	struct message m = config_message(VU_SET_CONFIG, offset, size);

	memcpy(m.config.data, buf, size);
	return frontend_try(fe, &m);
}
