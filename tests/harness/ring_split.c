/*
 * The split virtqueue, seen from the driver.
 *
 *   driver writes:  descriptor table, avail ring (idx last, with release)
 *   device writes:  used ring (idx read first, with acquire)
 *
 * Heads come from a shuffled list: a device that expects head 0 first, or
 * heads in order, fails.
 *
 * virtio 1.3, section 2.7.
 */
#include "ring_split.h"

#include <stddef.h>
#include <stdlib.h>

#include "draws.h"
#include "guard.h"
#include "ring.h"

enum { AVAIL_FLAGS = 0, AVAIL_IDX = 2, AVAIL_RING = 4 };
enum { USED_FLAGS = 0, USED_IDX = 2, USED_RING = 4 };

static uint64_t desc_size(uint32_t num)
{
	return num * (uint64_t)sizeof(struct vring_desc);
}

/* Both with their event word, used or not. */
static uint64_t driver_size(uint32_t num)
{
	return AVAIL_RING + 2ull * num + 2;
}

static uint64_t device_size(uint32_t num)
{
	return USED_RING + (uint64_t)sizeof(struct vring_used_elem) * num + 2;
}

static uint64_t used_event_at(const struct ring *r)
{
	return r->driver + AVAIL_RING + 2ull * r->num;
}

static uint64_t elem_at(const struct ring *r, uint16_t slot)
{
	return r->device + USED_RING +
	       sizeof(struct vring_used_elem) * (slot % r->num);
}

static uint64_t avail_event_at(const struct ring *r)
{
	return r->device + device_size(r->num) - 2;
}

void split_set_table(struct ring *r, uint64_t table, uint32_t index,
		     struct vring_desc desc)
{
	ram_write(r->ram, table + index * sizeof(desc), &desc, sizeof(desc));
}

void split_set_desc(struct ring *r, uint32_t index, struct vring_desc desc)
{
	split_set_table(r, r->desc, index, desc);
}

void split_set_avail(struct ring *r, uint16_t slot, uint16_t head)
{
	ram_store16(r->ram, r->driver + AVAIL_RING + 2ull * (slot % r->num),
		    head);
}

void split_set_avail_idx(struct ring *r, uint16_t idx)
{
	ram_store16(r->ram, r->driver + AVAIL_IDX, idx);
}

void split_set_avail_flags(struct ring *r, uint16_t flags)
{
	ram_store16(r->ram, r->driver + AVAIL_FLAGS, flags);
}

void split_set_used_event(struct ring *r, uint16_t event)
{
	ram_store16(r->ram, used_event_at(r), event);
}

void split_offer(struct ring *r, uint16_t head)
{
	split_set_avail(r, r->split.avail++, head);
	r->split.published = r->split.avail;
	split_set_avail_idx(r, r->split.avail);
}

uint16_t split_used_idx(struct ring *r)
{
	return ram_load16(r->ram, r->device + USED_IDX);
}

uint16_t split_used_flags(struct ring *r)
{
	return ram_load16(r->ram, r->device + USED_FLAGS);
}

uint16_t split_avail_event(struct ring *r)
{
	return ram_load16(r->ram, avail_event_at(r));
}

struct vring_used_elem split_used_elem(struct ring *r, uint16_t slot)
{
	struct vring_used_elem e;

	ram_read(r->ram, elem_at(r, slot), &e, sizeof(e));
	return e;
}

static void start(struct ring *r)
{
	uint16_t at = (uint16_t)r->base;

	if (!r->split.free)
		r->split.free = malloc(r->num * sizeof(*r->split.free));
	draw_order(r->split.free, r->num);
	r->split.avail = r->split.published = r->split.kicked = at;
	r->split.seen = at;
	split_set_avail_idx(r, at);
	/* The device finds where it was in the used ring itself. */
	ram_store16(r->ram, r->device + USED_IDX, at);
	/* It waits for the next kick, as it would when it has come that far. */
	if (r->event_idx)
		ram_store16(r->ram, avail_event_at(r), at);
	r->ops->set_calls(r, r->calls);
}

static uint16_t add(struct ring *r, const struct ring_desc *d, unsigned n)
{
	/* The stack's top is where r->free says. */
	const uint16_t *top = r->split.free + r->free;

	for (unsigned i = 0; i < n; i++) {
		struct vring_desc desc = { d[i].gpa, d[i].len, d[i].flags, 0 };

		if (i + 1 < n) {
			desc.flags |= VRING_DESC_F_NEXT;
			desc.next = top[-(int)i - 2];
		}
		split_set_desc(r, top[-(int)i - 1], desc);
	}
	split_set_avail(r, r->split.avail++, top[-1]);
	return top[-1];
}

static void publish(struct ring *r)
{
	r->split.published = r->split.avail;
	split_set_avail_idx(r, r->split.avail);
}

static bool wants_kick(struct ring *r)
{
	uint16_t now = r->split.published, before = r->split.kicked;

	r->split.kicked = now;
	if (r->event_idx)
		return vring_need_event(split_avail_event(r), now, before);
	return !(split_used_flags(r) & VRING_USED_F_NO_NOTIFY);
}

/* With EVENT_IDX: at the next one, or at one that comes a lap later. */
static void set_calls(struct ring *r, enum calls calls)
{
	uint16_t event = r->split.seen;

	if (r->event_idx)
		split_set_used_event(r, calls == CALLS_WANTED
						? event
						: (uint16_t)(event - 1));
	else
		split_set_avail_flags(r, calls == CALLS_WANTED
						 ? 0
						 : VRING_AVAIL_F_NO_INTERRUPT);
}

static bool ready(struct ring *r)
{
	return split_used_idx(r) != r->split.seen;
}

static uint32_t count(struct ring *r)
{
	return (uint16_t)(split_used_idx(r) - r->split.seen);
}

/* Puts the used chain's descriptors back on the stack. */
static void free_chain(struct ring *r, uint16_t head, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct vring_desc desc;

		r->split.free[r->free + n - 1 - i] = head;
		ram_read(r->ram, r->desc + head * sizeof(desc), &desc,
			 sizeof(desc));
		head = (uint16_t)(desc.next % r->num);
	}
}

static bool take(struct ring *r, struct used *u)
{
	struct vring_used_elem e;

	if (!ready(r))
		return false;
	e = split_used_elem(r, r->split.seen);
	guard_allow(r->ram, elem_at(r, r->split.seen), sizeof(e));
	r->split.seen++;
	if (r->calls == CALLS_UNWANTED)
		set_calls(r, r->calls);
	/* A wild id stays wild: ring.c tells. */
	*u = (struct used){ e.id > 0xffff ? 0xffff : (uint16_t)e.id, e.len,
			    e.len != 0 };
	if (u->id < r->num && r->chains[u->id].busy)
		free_chain(r, u->id, r->chains[u->id].descriptors);
	return true;
}

static uint32_t position(const struct ring *r)
{
	return r->split.published;
}

static void allow(struct ring *r)
{
	guard_allow(r->ram, r->device, 4);
	for (uint16_t i = 0; i < r->in_flight; i++)
		guard_allow(r->ram, elem_at(r, (uint16_t)(r->split.seen + i)),
			    sizeof(struct vring_used_elem));
	if (r->event_idx)
		guard_allow(r->ram, avail_event_at(r), 2);
}

/* In shuffled order behind entry 0: only `next` tells how it goes on. */
static void table(struct ring *r, uint64_t at, const struct piece *pieces,
		  unsigned n)
{
	uint16_t *order = malloc(n * sizeof(*order));

	draw_order(order, n - 1);
	for (unsigned i = 0; i < n; i++) {
		struct vring_desc desc = { pieces[i].gpa, pieces[i].len, 0, 0 };

		if (pieces[i].writable)
			desc.flags |= VRING_DESC_F_WRITE;
		if (i + 1 < n) {
			desc.flags |= VRING_DESC_F_NEXT;
			desc.next = (uint16_t)(order[i] + 1);
		}
		split_set_table(r, at, i ? order[i - 1] + 1u : 0, desc);
	}
	free(order);
}

const struct ring_ops ring_split = {
	.name = "split",
	.desc_align = 16,
	.driver_align = 2,
	.device_align = 4,
	.desc_size = desc_size,
	.driver_size = driver_size,
	.device_size = device_size,
	.start = start,
	.add = add,
	.publish = publish,
	.wants_kick = wants_kick,
	.set_calls = set_calls,
	.ready = ready,
	.take = take,
	.count = count,
	.position = position,
	.allow = allow,
	.table = table,
};
