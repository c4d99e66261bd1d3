/*
 * A virtqueue, seen from the driver: what both layouts share. See ring.h.
 */
#define _GNU_SOURCE
#include "ring.h"

#include <linux/virtio_ring.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "guard.h"
#include "pump.h"
#include "trail.h"

static const char *const labels[2][3] = {
	{ "ring 0: descriptors", "ring 0: driver part", "ring 0: device part" },
	{ "ring 1: descriptors", "ring 1: driver part", "ring 1: device part" },
};

struct ring *ring_new(struct ram *ram, unsigned index, uint32_t num,
		      bool packed)
{
	struct ring *r = calloc(1, sizeof(*r));
	const struct ring_ops *ops = packed ? &ring_packed : &ring_split;
	const char *const *label = labels[index & 1];

	r->ops = ops;
	r->ram = ram;
	r->index = index;
	r->num = num;
	r->desc = ram_alloc_inside(ram, ops->desc_size(num), ops->desc_align,
				   label[0]);
	r->driver = ram_alloc_inside(ram, ops->driver_size(num),
				     ops->driver_align, label[1]);
	r->device = ram_alloc_inside(ram, ops->device_size(num),
				     ops->device_align, label[2]);
	r->kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r->call = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r->err = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	ring_restart(r, ring_base_zero(r));
	return r;
}

static void forget_chains(struct ring *r)
{
	for (uint32_t id = 0; r->chains && id < r->num; id++) {
		struct ring_chain *c = &r->chains[id];

		if (c->table)
			ram_release(r->ram, c->table);
		free(c->pieces);
	}
	free(r->chains);
}

void ring_free(struct ring *r)
{
	forget_chains(r);
	ram_release(r->ram, r->desc);
	ram_release(r->ram, r->driver);
	ram_release(r->ram, r->device);
	close(r->kick);
	close(r->call);
	close(r->err);
	if (r->ops == &ring_packed) {
		free(r->packed.gates);
		free(r->packed.free);
	} else {
		free(r->split.free);
	}
	free(r);
}

void ring_restart(struct ring *r, uint32_t base)
{
	const struct ring_ops *ops = r->ops;

	forget_chains(r);
	r->chains = calloc(r->num, sizeof(*r->chains));
	r->base = base;
	r->free = r->num;
	r->in_flight = 0;
	r->armed = false;
	ram_fill(r->ram, r->desc, 0, ops->desc_size(r->num));
	ram_fill(r->ram, r->driver, 0, ops->driver_size(r->num));
	ram_fill(r->ram, r->device, 0, ops->device_size(r->num));
	ops->start(r);
}

uint32_t ring_base_zero(const struct ring *r)
{
	return r->ops == &ring_packed ? 0x80008000 : 0;
}

/* Split: indices 0xfffe, 0xffff, 0. Packed: the last slot, second lap. */
uint32_t ring_base_near_wrap(const struct ring *r)
{
	return r->ops == &ring_packed ? (r->num - 1) * 0x10001 : 0xfffe;
}

static struct ring_desc direct(const struct piece *p)
{
	return (struct ring_desc){
		p->gpa,
		p->len,
		p->writable ? VRING_DESC_F_WRITE : 0,
	};
}

/* The pieces as ring descriptors: the first `keep` direct, then a table. */
static unsigned shape_chain(const struct ring_chain *c, unsigned keep,
			    struct ring_desc *d)
{
	unsigned n;

	for (n = 0; n < keep; n++)
		d[n] = direct(&c->pieces[n]);
	if (c->table)
		d[n++] = (struct ring_desc){
			c->table,
			(c->count - keep) * sizeof(struct vring_desc),
			VRING_DESC_F_INDIRECT,
		};
	return n;
}

/* How many pieces of `n` go into the ring itself. */
static unsigned direct_pieces(const struct ring *r, unsigned n,
			      enum shape shape)
{
	if (shape == SHAPE_DIRECT || (shape == SHAPE_AXES && !r->indirect))
		return n;
	return shape == SHAPE_DIRECT_THEN_INDIRECT ? n / 2 : 0;
}

bool ring_has_room(const struct ring *r, unsigned pieces, enum shape shape)
{
	unsigned keep = direct_pieces(r, pieces, shape);

	return keep + (keep < pieces) <= r->free;
}

static uint16_t add_chain(struct ring *r, const struct ring_chain *c,
			  const struct ring_desc *d, unsigned n)
{
	uint16_t id = r->ops->add(r, d, n);

	r->chains[id] = *c;
	r->free -= n;
	r->in_flight++;
	return id;
}

uint16_t ring_add(struct ring *r, const struct piece *pieces, unsigned n,
		  enum shape shape)
{
	unsigned keep = direct_pieces(r, n, shape);
	struct ring_chain c = { .busy = true, .count = n };
	struct ring_desc *d;
	uint16_t id;

	c.descriptors = keep + (keep < n);
	if (!n || c.descriptors > r->free)
		FAIL("no room for a chain of %u pieces: %u of %u descriptors "
		     "are free",
		     n, r->free, r->num);
	c.pieces = malloc(n * sizeof(*pieces));
	memcpy(c.pieces, pieces, n * sizeof(*pieces));
	if (keep < n) {
		c.table = ram_alloc(r->ram, (n - keep) * 16ull, 16,
				    "indirect table");
		r->ops->table(r, c.table, pieces + keep, n - keep);
	}
	d = malloc(c.descriptors * sizeof(*d));
	id = add_chain(r, &c, d, shape_chain(&c, keep, d));
	free(d);
	return id;
}

uint16_t ring_add_descs(struct ring *r, const struct ring_desc *d, unsigned n)
{
	struct ring_chain c = { .busy = true, .descriptors = n };

	if (n > r->free)
		FAIL("no room for a chain of %u descriptors", n);
	return add_chain(r, &c, d, n);
}

/*
 * Asks for a call at the next used chain. If one is there already it may have
 * been used before the question, so no call is due.
 */
static void arm(struct ring *r)
{
	if (r->calls != CALLS_WANTED)
		return;
	r->ops->set_calls(r, CALLS_WANTED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	r->armed = !r->ops->ready(r);
}

void ring_publish(struct ring *r)
{
	arm(r);
	r->ops->publish(r);
}

void ring_kick_now(struct ring *r)
{
	eventfd_write(r->kick, 1);
}

bool ring_kick(struct ring *r)
{
	bool wanted;

	/* The device must see the chains before we look if it sleeps. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	wanted = r->ops->wants_kick(r);
	if (r->kicks == KICKS_NEVER || (r->kicks == KICKS_AS_TOLD && !wanted))
		return false;
	ring_kick_now(r);
	return true;
}

void ring_set_calls(struct ring *r, enum calls calls)
{
	r->calls = calls;
	r->armed = false;
	r->ops->set_calls(r, calls);
}

uint64_t ring_calls(struct ring *r)
{
	eventfd_t n = 0;

	return eventfd_read(r->call, &n) ? 0 : n;
}

uint64_t ring_errors(struct ring *r)
{
	eventfd_t n = 0;

	return eventfd_read(r->err, &n) ? 0 : n;
}

static uint64_t writable_len(const struct ring_chain *c)
{
	uint64_t len = 0;

	for (unsigned i = 0; i < c->count; i++)
		if (c->pieces[i].writable)
			len += c->pieces[i].len;
	return len;
}

static void allow_writable(struct ring *r, const struct ring_chain *c)
{
	for (unsigned i = 0; i < c->count; i++)
		if (c->pieces[i].writable)
			guard_allow(r->ram, c->pieces[i].gpa, c->pieces[i].len);
}

/* What it was given the device may have written. */
void ring_settle(struct ring *r, uint16_t id)
{
	struct ring_chain *c = &r->chains[id];

	allow_writable(r, c);
	if (c->table)
		ram_release(r->ram, c->table);
	free(c->pieces);
	r->free += c->descriptors;
	r->in_flight--;
	*c = (struct ring_chain){ .busy = false };
}

static void chain_over(struct ring *r, const struct used *u)
{
	const struct ring_chain *c;

	if (u->id >= r->num || !r->chains[u->id].busy)
		FAIL("the device used id %u, which is not in flight", u->id);
	c = &r->chains[u->id];
	if (u->len > writable_len(c))
		FAIL("used length %u, but only %llu bytes were writable",
		     u->len, (unsigned long long)writable_len(c));
	ring_settle(r, u->id);
}

bool ring_poll(struct ring *r, struct used *u)
{
	if (!r->ops->take(r, u))
		return false;
	chain_over(r, u);
	return true;
}

/* Without calls there is nothing to wait on but the ring itself. */
static struct used look_until(struct ring *r, uint64_t end)
{
	struct used u;

	while (!ring_poll(r, &u)) {
		if (pump_now() > end)
			FAIL("nothing was used in time");
		pump_once();
		sched_yield();
	}
	return u;
}

struct used ring_wait(struct ring *r)
{
	uint64_t end = pump_now() + PATIENCE_MS;
	struct used u;

	if (r->calls == CALLS_UNWANTED)
		return look_until(r, end);
	for (;;) {
		uint64_t now = pump_now();

		if (!r->armed) {
			if (ring_poll(r, &u))
				return u;
			arm(r);
			continue;
		}
		if (now > end ||
		    !pump_until_readable(r->call, (int)(end - now)))
			FAIL(r->ops->ready(r)
				     ? "a chain was used, but no call came"
				     : "nothing was used in time");
		ring_calls(r);
		r->armed = !r->ops->ready(r);
	}
}

void ring_await_all(struct ring *r)
{
	uint64_t end = pump_now() + PATIENCE_MS;

	while (r->ops->count(r) < r->in_flight) {
		if (pump_now() > end)
			FAIL("%u of %u chains were used in time",
			     r->ops->count(r), r->in_flight);
		pump_once();
		sched_yield();
	}
}

void ring_allow(struct ring *r)
{
	r->ops->allow(r);
	for (uint32_t id = 0; id < r->num; id++)
		if (r->chains[id].busy)
			allow_writable(r, &r->chains[id]);
}
