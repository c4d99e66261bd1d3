/*
 * What is common to both ring layouts: start and stop, batches, replies.
 */
#include "virtq.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "guestmem.h"
#include "loop.h"

enum { POLL_NS = 1000000 };	/* a front end without kicks: look every ms */

void virtq_init(struct virtq *vq, unsigned index, const char *name)
{
	*vq = (struct virtq){
		.index = index, .name = name, .kick = -1, .call = -1, .err = -1,
	};
	vq->parked_end = &vq->parked;
}

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

bool virtq_running(const struct virtq *vq)
{
	return vq->started && vq->enabled && !vq->broken;
}

void virtq_break(struct virtq *vq, const char *why)
{
	uint64_t one = 1;

	if (vq->broken)
		return;
	vq->broken = true;
	vq->why = why;
	guest_error(vq->limit, "%s stops: %s", vq->name, why);
	/* SET_VRING_ERR: an eventfd that says a ring became unusable. */
	if (vq->err >= 0 && write(vq->err, &one, sizeof(one)) < 0)
		warn("%s: err eventfd:", vq->name);
}

/* ---- kicks and calls ---- */

static void kicked(void *arg)
{
	struct virtq *vq = arg;
	uint64_t count;

	if (read(vq->kick, &count, sizeof(count)) < 0 && errno != EAGAIN) {
		virtq_break(vq, "its kick fd can't be read");
		loop_unwatch(vq->loop, vq->kick);
		return;
	}
	virtq_service(vq);
}

static int polling_timer(void)
{
	struct itimerspec every = {
		.it_interval.tv_nsec = POLL_NS, .it_value.tv_nsec = POLL_NS,
	};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd >= 0)
		timerfd_settime(fd, 0, &every, NULL);
	return fd;
}

/* Only a started ring listens: a kick before that is found at the start. */
static void watch_kick(struct virtq *vq)
{
	if (vq->started && vq->kick >= 0)
		loop_watch(vq->loop, vq->kick, POLLIN, kicked, vq);
}

void virtq_set_kick(struct virtq *vq, int fd)
{
	if (vq->kick >= 0)
		loop_unwatch(vq->loop, vq->kick);
	close_fd(&vq->kick);
	vq->polled = fd < 0;
	vq->kick = vq->polled ? polling_timer() : fd;
	watch_kick(vq);
}

void virtq_set_call(struct virtq *vq, int fd)
{
	close_fd(&vq->call);
	vq->call = fd;
}

void virtq_set_err(struct virtq *vq, int fd)
{
	close_fd(&vq->err);
	vq->err = fd;
}

static void call(struct virtq *vq)
{
	uint64_t one = 1;

	/* EAGAIN: the counter is full, so the driver has one waiting. */
	if (vq->call >= 0 && write(vq->call, &one, sizeof(one)) < 0 &&
	    errno != EAGAIN)
		warn("%s: call eventfd:", vq->name);
}

/* Comes back through the event loop, so that other queues get their turn. */
static void kick_ourselves(struct virtq *vq)
{
	uint64_t one = 1;

	if (!vq->polled && write(vq->kick, &one, sizeof(one)) < 0)
		warn("%s: kick eventfd:", vq->name);
}

/* ---- start and stop ---- */

static const char *map_parts(struct virtq *vq)
{
	const struct ring_ops *ops = vq->ops;
	uint32_t num = vq->num;

	vq->desc = guestmem_ring(vq->mem, vq->desc_uva, ops->desc_size(num));
	vq->driver = guestmem_ring(vq->mem, vq->driver_uva,
				   ops->driver_size(num));
	vq->device = guestmem_ring(vq->mem, vq->device_uva,
				   ops->device_size(num));
	if (!vq->desc || !vq->driver || !vq->device)
		return "its ring is outside the memory table";
	/* virtio 1.3, 2.7 and 2.8: 16, 2 or 4, and 4. */
	if (vq->desc_uva % 16 || vq->driver_uva % (vq->packed ? 4 : 2) ||
	    vq->device_uva % 4)
		return "its ring is misaligned";
	return NULL;
}

const char *virtq_start(struct virtq *vq)
{
	const char *why = NULL;

	assert(!vq->started);
	vq->broken = false;
	vq->ops = vq->packed ? &packed_ring : &split_ring;
	if (!vq->num)
		why = "it has no size";
	if (!why)
		why = map_parts(vq);
	if (!why)
		why = vq->ops->start(vq, vq->first_base);

	vq->started = true;
	vq->call_next = true;
	if (why) {
		virtq_break(vq, why);
		return why;
	}
	watch_kick(vq);
	return NULL;
}

uint32_t virtq_stop(struct virtq *vq)
{
	if (vq->started) {
		if (!vq->broken)
			vq->first_base = vq->ops->base(vq);
		if (vq->kick >= 0)
			loop_unwatch(vq->loop, vq->kick);
		close_fd(&vq->kick);
	}
	vq->started = false;
	vq->desc = vq->driver = vq->device = NULL;
	return vq->first_base;
}

void virtq_remap(struct virtq *vq)
{
	const char *why;

	if (!vq->started || vq->broken)
		return;
	why = map_parts(vq);
	if (why)
		virtq_break(vq, why);
}

/* ---- chains ---- */

static struct chain *chain_take(struct virtq *vq)
{
	struct chain *chain = vq->unused;

	if (chain)
		vq->unused = chain->next;
	else
		chain = calloc(1, sizeof(*chain));
	if (!chain)
		return NULL;
	chain_begin(chain);
	chain->vq = vq;
	chain->mem = vq->mem;
	chain->epoch = vq->epoch;
	return chain;
}

static void chain_put(struct chain *chain)
{
	struct virtq *vq = chain->vq;

	free(chain->reply);
	chain->reply = NULL;
	chain->next = vq->unused;
	vq->unused = chain;
}

static void flush(struct virtq *vq)
{
	if (vq->ops->publish(vq) || vq->call_next)
		call(vq);
	vq->call_next = false;
}

/* The chain's last station: into the used ring. */
static void give_back(struct chain *chain, const void *data, size_t len)
{
	struct virtq *vq = chain->vq;

	if (chain_write(chain, 0, data, len) < len) {
		guest_error(vq->limit, "%s: no memory under a reply", vq->name);
		len = 0;
	}
	vq->ops->push(vq, chain, len);
	vq->in_flight--;
	chain_put(chain);
	if (!vq->batching)
		flush(vq);
}

struct chain *virtq_pop(struct virtq *vq)
{
	while (virtq_running(vq)) {
		struct chain *chain = chain_take(vq);
		enum pop pop;

		if (!chain)
			return NULL;
		pop = vq->ops->pop(vq, chain);
		if (pop == POP_CHAIN || pop == POP_MALFORMED)
			vq->in_flight++;
		if (pop == POP_CHAIN)
			return chain;
		if (pop == POP_MALFORMED) {
			guest_error(vq->limit, "%s: %s", vq->name, vq->why);
			give_back(chain, NULL, 0);
			continue;
		}
		chain_put(chain);
		if (pop == POP_BROKEN)
			virtq_break(vq, vq->why);
		return NULL;
	}
	return NULL;
}

/* ---- replies ---- */

static void park(struct chain *chain, const void *data, size_t len)
{
	struct virtq *vq = chain->vq;

	chain->reply = malloc(len ? len : 1);
	if (!chain->reply) {
		warn("%s: no memory to keep a reply, it is lost", vq->name);
		len = 0;
	} else {
		memcpy(chain->reply, len ? data : "", len);
	}
	chain->reply_len = len;
	chain->next = NULL;
	*vq->parked_end = chain;
	vq->parked_end = &chain->next;
}

static struct chain *take_parked(struct virtq *vq)
{
	struct chain *list = vq->parked;

	vq->parked = NULL;
	vq->parked_end = &vq->parked;
	return list;
}

void virtq_reply(struct chain *chain, const void *data, size_t len)
{
	struct virtq *vq = chain->vq;

	if (chain->epoch != vq->epoch)
		chain_put(chain);
	else if (!virtq_running(vq))
		park(chain, data, len);
	else
		give_back(chain, data, len);
}

static void publish_parked(struct virtq *vq)
{
	struct chain *next;

	for (struct chain *c = take_parked(vq); c; c = next) {
		next = c->next;
		give_back(c, c->reply, c->reply_len);
	}
}

void virtq_forget(struct virtq *vq)
{
	struct chain *next;

	vq->epoch++;
	vq->in_flight = 0;
	for (struct chain *c = take_parked(vq); c; c = next) {
		next = c->next;
		chain_put(c);
	}
}

/* ---- batches ---- */

/*
 * One batch: everything available, at most `budget` chains, published at once
 * with one call. Returns what is left of the budget.
 */
static unsigned batch(struct virtq *vq, unsigned budget)
{
	struct chain *chain;

	vq->batching = true;
	if (!vq->handle)
		vq->available(vq->arg);
	while (vq->handle && budget && (chain = virtq_pop(vq))) {
		budget--;
		vq->handle(vq->arg, chain);
	}
	vq->batching = false;
	if (vq->started)
		flush(vq);
	return budget;
}

/*
 * The driver can post as fast as we serve, so one visit takes no more chains
 * than the ring has entries, and then lets the event loop go round.
 *
 * Between the batch that found the ring empty and the driver learning that we
 * want kicks again it may have posted without one: kicks_on() looks once more.
 */
void virtq_service(struct virtq *vq)
{
	unsigned budget = vq->num;
	bool more = true;

	if (!virtq_running(vq))
		return;
	publish_parked(vq);
	vq->ops->kicks_off(vq);
	while (virtq_running(vq) && more) {
		budget = batch(vq, budget);
		if (!virtq_running(vq))
			return;
		more = vq->ops->kicks_on(vq) && vq->handle;
		if (more && !budget) {
			kick_ourselves(vq);
			return;
		}
	}
}

void virtq_release(struct virtq *vq)
{
	struct chain *next;

	virtq_stop(vq);
	virtq_forget(vq);
	close_fd(&vq->kick);
	close_fd(&vq->call);
	close_fd(&vq->err);
	for (struct chain *c = vq->unused; c; c = next) {
		next = c->next;
		chain_free(c);
	}
	vq->unused = NULL;
	vq->num = 0;
	vq->first_base = 0;
	vq->enabled = false;
}
