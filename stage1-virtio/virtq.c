/*
 * What is common to both ring layouts: start and stop, batches, replies.
 */
#include "virtq.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "guestmem.h"
#include "loop.h"

void virtq_init(struct virtq *vq, unsigned index, const char *name)
{
	*vq = (struct virtq){ .index = index, .name = name };
	notify_init(&vq->notify);
	vq->parked_end = &vq->parked;
}

bool virtq_running(const struct virtq *vq)
{
	return vq->started && vq->enabled && !vq->broken;
}

void virtq_break(struct virtq *vq, const char *why)
{
	if (vq->broken)
		return;
	vq->broken = true;
	vq->why = why;
	guest_error(vq->limit, "%s stops: %s", vq->name, why);
	notify_error(&vq->notify);
}

/* ---- start and stop ---- */

static void break_kickless(struct virtq *vq)
{
	loop_unwatch(vq->loop, vq->notify.kick);
	virtq_break(vq, "its kick fd is no eventfd");
}

static void kicked(void *arg)
{
	struct virtq *vq = arg;

	if (notify_take_kick(&vq->notify))
		virtq_service(vq);
	else
		break_kickless(vq);
}

/* Only a started ring listens: a kick before that is found at the start. */
static void watch_kick(struct virtq *vq)
{
	if (vq->started && vq->notify.kick >= 0)
		loop_watch(vq->loop, vq->notify.kick, POLLIN, kicked, vq);
}

static void unwatch_kick(struct virtq *vq)
{
	if (vq->notify.kick >= 0)
		loop_unwatch(vq->loop, vq->notify.kick);
}

void virtq_set_kick(struct virtq *vq, int fd)
{
	unwatch_kick(vq);
	notify_set_kick(&vq->notify, fd);
	watch_kick(vq);
}

static bool misaligned(const void *part, uintptr_t to)
{
	return (uintptr_t)part % to;
}

/* virtio 1.3, 2.7 and 2.8, say how large each part is and how aligned. */
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
	if (misaligned(vq->desc, 16) || misaligned(vq->device, 4) ||
	    misaligned(vq->driver, vq->packed ? 4 : 2))
		return "its ring is misaligned";
	return NULL;
}

const char *virtq_start(struct virtq *vq)
{
	const char *why = NULL;

	assert(!vq->started);
	vq->started = true;
	vq->broken = false;
	vq->placed = false;
	vq->ops = vq->packed ? &packed_ring : &split_ring;
	if (!vq->num)
		why = "it has no size";
	if (!why)
		why = map_parts(vq);
	if (!why)
		why = vq->ops->start(vq, vq->base);
	if (why) {
		virtq_break(vq, why);
		return why;
	}
	vq->placed = true;
	watch_kick(vq);
	return NULL;
}

uint32_t virtq_stop(struct virtq *vq)
{
	if (vq->started) {
		if (vq->placed)
			vq->base = vq->ops->base(vq);
		unwatch_kick(vq);
		notify_drop_kick(&vq->notify);
	}
	vq->started = false;
	vq->desc = vq->driver = vq->device = NULL;
	return vq->base;
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

static void flush(struct virtq *vq)
{
	if (vq->ops->publish(vq))
		notify_call(&vq->notify);
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

/* A driver that makes a chain available twice has more than the ring holds. */
static enum pop count_in(struct virtq *vq, enum pop pop)
{
	if (vq->in_flight >= vq->num) {
		vq->why = "more chains in flight than the ring has entries";
		return POP_BROKEN;
	}
	vq->in_flight++;
	return pop;
}

void virtq_spend(struct virtq *vq, uint64_t chains)
{
	vq->spent += chains;
}

static void pay(unsigned *budget, uint64_t cost)
{
	*budget -= cost < *budget ? (unsigned)cost : *budget;
}

/* A chain counts for one, and for one more with each 64 descriptors it has. */
static void pay_for_chain(unsigned *budget, const struct chain *chain)
{
	pay(budget, 1 + chain->descriptors / 64);
}

/* A malformed one takes its time, too, and there may always be another. */
static struct chain *pop_within(struct virtq *vq, unsigned *budget)
{
	while (virtq_running(vq) && *budget) {
		struct chain *chain = chain_take(vq);
		enum pop pop;

		if (!chain) {
			virtq_break(vq, "no memory for a chain");
			return NULL;
		}
		pop = vq->ops->pop(vq, chain);
		pay_for_chain(budget, chain);
		if (pop == POP_CHAIN || pop == POP_MALFORMED)
			pop = count_in(vq, pop);
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

struct chain *virtq_pop(struct virtq *vq)
{
	unsigned budget = vq->num;

	return pop_within(vq, &budget);
}

/*
 * Where a driver was asked to kick moves on with what is popped (EVENT_IDX), and
 * a device that pops without being kicked leaves that place behind.
 */
void virtq_await(struct virtq *vq)
{
	if (virtq_running(vq) && vq->ops->kicks_on(vq) &&
	    !notify_kick(&vq->notify))
		break_kickless(vq);
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

void virtq_begin(struct virtq *vq)
{
	vq->batching++;
}

void virtq_end(struct virtq *vq)
{
	if (!--vq->batching && vq->started)
		flush(vq);
}

/*
 * One batch: everything available within the budget, published at once with one
 * call. Returns what is left of the budget.
 */
static unsigned batch(struct virtq *vq, unsigned budget)
{
	struct chain *chain;

	virtq_begin(vq);
	publish_parked(vq);
	if (!vq->handle)
		vq->available(vq->arg);
	vq->spent = 0;
	while (vq->handle && (chain = pop_within(vq, &budget))) {
		vq->handle(vq->arg, chain);
		pay(&budget, vq->spent);
		vq->spent = 0;
	}
	virtq_end(vq);
	return budget;
}

/*
 * The driver can post as fast as we serve, so one visit takes no more chains
 * than the ring has entries, fewer if they are long or take long, and then lets
 * the event loop go round.
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
	vq->ops->kicks_off(vq);
	while (virtq_running(vq) && more) {
		budget = batch(vq, budget);
		if (!virtq_running(vq))
			return;
		more = vq->ops->kicks_on(vq) && vq->handle;
		if (more && !budget) {
			if (!notify_kick(&vq->notify))
				break_kickless(vq);
			return;
		}
	}
}

void virtq_release(struct virtq *vq)
{
	struct chain *next;

	virtq_stop(vq);
	virtq_forget(vq);
	unwatch_kick(vq);
	notify_release(&vq->notify);
	for (struct chain *c = vq->unused; c; c = next) {
		next = c->next;
		chain_free(c);
	}
	vq->unused = NULL;
	vq->num = 0;
	vq->base = 0;
	vq->enabled = false;
}
