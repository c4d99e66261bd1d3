/*
 * What QEMU sends as a whole: see sequence.h.
 */
#define _GNU_SOURCE
#include <stdbool.h>
#include <stddef.h>

#include "sequence.h"

#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "frontend.h"
#include "ram.h"
#include "ring.h"
#include "screen.h"
#include "suite.h"
#include "trail.h"

static void tell_fd(struct frontend *fe, uint32_t request, unsigned index,
		    int fd)
{
	struct message m = message_vring_fd(request, index, fd);

	frontend_tell(fe, &m);
}

/* A message with one descriptor and nothing else. */
static void tell_socket(struct frontend *fe, uint32_t request, int fd)
{
	struct message m = message(request);

	m.fds[m.nfds++] = fd;
	frontend_tell(fe, &m);
}

struct frontend *frontend_negotiated(struct program *p, uint64_t mask)
{
	struct frontend *fe = frontend_connect(p, &qemu_10_0);

	fe->protocol_offered = frontend_get(fe, VU_GET_PROTOCOL_FEATURES);
	fe->protocol = fe->protocol_offered & mask;
	frontend_send(fe,
		      &(struct message){ .header = { VU_SET_PROTOCOL_FEATURES,
						     VU_VERSION, 8 },
					 .value = fe->protocol });
	return fe;
}

struct frontend *frontend_again(struct frontend *fe)
{
	struct program *p = fe->program;
	uint64_t mask = fe->protocol;

	if (!fe->over)
		return fe;
	frontend_free(fe);
	return frontend_negotiated(p, mask);
}

static void open_channel(struct frontend *fe)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		FAIL("no socket pair for the back-end channel");
	fe->channel = pair[0];
	tell_socket(fe, VU_SET_BACKEND_REQ_FD, pair[1]);
	close(pair[1]);
}

static void negotiate_protocol(struct frontend *fe)
{
	fe->offered = frontend_get(fe, VU_GET_FEATURES);
	if (!(fe->offered & BIT(VU_F_PROTOCOL_FEATURES)))
		FAIL("no protocol features offered: QEMU gives up");
	fe->protocol_offered = frontend_get(fe, VU_GET_PROTOCOL_FEATURES);
	if (!(fe->protocol_offered & BIT(VU_CONFIG)))
		FAIL("no CONFIG offered: QEMU gives up");
	frontend_tell_u64(fe, VU_SET_PROTOCOL_FEATURES,
			  fe->protocol_offered & fe->dialect->known);
	fe->protocol = fe->protocol_offered & fe->dialect->known;
}

void frontend_realize(struct frontend *fe)
{
	negotiate_protocol(fe);
	if (fe->protocol & BIT(VU_MQ) &&
	    frontend_get(fe, VU_GET_QUEUE_NUM) < FRONTEND_RINGS)
		FAIL("fewer than two queues: QEMU gives up");
	if (fe->protocol & BIT(VU_CONFIGURE_MEM_SLOTS))
		frontend_get(fe, VU_GET_MAX_MEM_SLOTS);
	if (fe->protocol & BIT(VU_BACKEND_REQ))
		open_channel(fe);
	frontend_send(fe, &(struct message){
				  .header = { VU_SET_OWNER, VU_VERSION, 0 } });
	if (frontend_get(fe, VU_GET_FEATURES) != fe->offered)
		FAIL("GET_FEATURES gives something else the second time");
	for (unsigned i = 0; i < FRONTEND_RINGS; i++) {
		tell_fd(fe, VU_SET_VRING_CALL, i, fe->stand_in[i]);
		tell_fd(fe, VU_SET_VRING_ERR, i,
			fe->rings[i] ? fe->rings[i]->err : fe->stand_in[i]);
	}
	if (fe->dialect->resets && fe->protocol & BIT(VU_DEVICE_RESET))
		frontend_send(fe,
			      &(struct message){ .header = { VU_RESET_DEVICE,
							     VU_VERSION, 0 } });
}

struct message frontend_ring_addr(const struct ring *r)
{
	struct message m = message(VU_SET_VRING_ADDR);

	m.header.size = sizeof(m.addr);
	m.addr = (struct vu_addr){
		.index = r->index,
		.desc = ram_ua(r->ram, r->desc),
		.avail = ram_ua(r->ram, r->driver),
		.used = ram_ua(r->ram, r->device),
	};
	return m;
}

void frontend_set_ring(struct frontend *fe, struct ring *r)
{
	struct message addr = frontend_ring_addr(r);

	frontend_tell_state(fe, VU_SET_VRING_NUM, r->index, r->num);
	frontend_tell_state(fe, VU_SET_VRING_BASE, r->index, r->base);
	frontend_tell(fe, &addr);
	tell_fd(fe, VU_SET_VRING_KICK, r->index, r->kick);
	if (fe->dialect->call_behind_kick)
		tell_fd(fe, VU_SET_VRING_CALL, r->index, r->call);
}

void frontend_enable(struct frontend *fe, uint32_t index, bool on)
{
	frontend_tell_state(fe, VU_SET_VRING_ENABLE, index, on);
}

void frontend_new_screen(struct frontend *fe)
{
	int peer;

	if (fe->screen)
		screen_free(fe->screen);
	fe->screen = screen_open(fe->dialect->screen_features, &peer);
	tell_socket(fe, VU_GPU_SET_SOCKET, peer);
	close(peer);
	/* Others serve no request before it has said what it can do. */
	if (suite_portable())
		frontend_settle(fe);
}

/* One region per message where slots were negotiated, else one table. */
void frontend_send_memory(struct frontend *fe)
{
	struct message table = ram_table(fe->ram), reg;

	if (!(fe->protocol & BIT(VU_CONFIGURE_MEM_SLOTS))) {
		frontend_tell(fe, &table);
		return;
	}
	if (fe->memory_sent)
		return;
	fe->memory_sent = true;
	for (unsigned i = 0; i < table.table.count; i++) {
		reg = message(VU_ADD_MEM_REG);
		reg.header.size = sizeof(reg.reg);
		reg.reg.region = table.table.regions[i];
		reg.fds[reg.nfds++] = table.fds[i];
		frontend_tell(fe, &reg);
	}
}

/* From the answer on calls go to the guest; those before are passed on. */
static void unmask(struct frontend *fe)
{
	eventfd_t n;

	for (unsigned i = 0; i < FRONTEND_RINGS; i++)
		tell_fd(fe, VU_SET_VRING_CALL, i, fe->rings[i]->call);
	frontend_expect_silence(fe);
	for (unsigned i = 0; i < FRONTEND_RINGS; i++)
		if (!eventfd_read(fe->stand_in[i], &n))
			eventfd_write(fe->rings[i]->call, n);
}

static void mask(struct frontend *fe)
{
	for (unsigned i = 0; i < FRONTEND_RINGS; i++)
		tell_fd(fe, VU_SET_VRING_CALL, i, fe->stand_in[i]);
}

void frontend_prepare(struct frontend *fe, uint64_t features)
{
	const struct dialect *d = fe->dialect;

	if (d->screen && !(fe->screen && d->keeps_screen))
		frontend_new_screen(fe);
	if (!d->call_behind_kick)
		mask(fe);
	fe->features = features | d->unasked;
	frontend_tell_u64(fe, VU_SET_FEATURES, fe->features);
	frontend_send_memory(fe);
}

void frontend_start(struct frontend *fe, uint64_t features)
{
	const struct dialect *d = fe->dialect;

	frontend_prepare(fe, features);
	for (unsigned i = 0; i < FRONTEND_RINGS; i++)
		frontend_set_ring(fe, fe->rings[i]);
	for (unsigned i = 0; i < FRONTEND_RINGS; i++)
		frontend_enable(fe, i, true);
	if (!d->call_behind_kick)
		unmask(fe);
}

void frontend_stop(struct frontend *fe)
{
	const struct dialect *d = fe->dialect;

	if (fe->screen && !d->keeps_screen)
		screen_close(fe->screen);
	for (unsigned i = 0; i < FRONTEND_RINGS; i++)
		frontend_enable(fe, i, false);
	for (unsigned i = 0; i < FRONTEND_RINGS; i++)
		fe->rings[i]->base = frontend_get_base(fe, i);
	if (!d->call_behind_kick)
		mask(fe);
}

void frontend_reset(struct frontend *fe)
{
	uint8_t config[256];

	if (fe->dialect->resets && fe->protocol & BIT(VU_DEVICE_RESET))
		frontend_send(fe,
			      &(struct message){ .header = { VU_RESET_DEVICE,
							     VU_VERSION, 0 } });
	for (unsigned i = 0; i < 2; i++)
		if (!frontend_get_config(fe, 0, config,
					 fe->dialect->config_size))
			FAIL("GET_CONFIG was refused");
}
