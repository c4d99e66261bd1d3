/*
 * The packed virtqueue, seen from the driver.
 *
 * One ring of descriptors that both sides write. The two flag bits AVAIL and
 * USED say whose a descriptor is, against a wrap counter that flips with each
 * lap. A chain becomes available with the flags of its first descriptor, which
 * are therefore written last; the first chain of a batch last of all.
 *
 * virtio 1.3, section 2.8.
 */
#include "ring_packed.h"

#include <stddef.h>
#include <stdlib.h>

#include "draws.h"
#include "guard.h"
#include "ring.h"

enum {
	AVAIL = 1 << VRING_PACKED_DESC_F_AVAIL,
	USED = 1 << VRING_PACKED_DESC_F_USED,
};

static uint64_t desc_size(uint32_t num)
{
	return num * (uint64_t)sizeof(struct vring_packed_desc);
}

static uint64_t event_size(uint32_t num)
{
	(void)num;
	return sizeof(struct vring_packed_desc_event);
}

static uint64_t slot_at(const struct ring *r, uint32_t slot)
{
	return r->desc + slot * sizeof(struct vring_packed_desc);
}

static uint64_t flags_at(const struct ring *r, uint32_t slot)
{
	return slot_at(r, slot) + offsetof(struct vring_packed_desc, flags);
}

uint16_t packed_avail_flags(bool wrap)
{
	return wrap ? AVAIL : USED;
}

void packed_set_desc(struct ring *r, uint32_t slot,
		     struct vring_packed_desc desc)
{
	ram_write(r->ram, slot_at(r, slot), &desc,
		  offsetof(struct vring_packed_desc, flags));
	ram_store16(r->ram, flags_at(r, slot), desc.flags);
}

void packed_set_table(struct ring *r, uint64_t table, uint32_t index,
		      struct vring_packed_desc desc)
{
	ram_write(r->ram, table + index * sizeof(desc), &desc, sizeof(desc));
}

struct vring_packed_desc packed_desc(struct ring *r, uint32_t slot)
{
	uint16_t flags = ram_load16(r->ram, flags_at(r, slot));
	struct vring_packed_desc desc;

	ram_read(r->ram, slot_at(r, slot), &desc, sizeof(desc));
	desc.flags = flags;
	return desc;
}

void packed_set_event(struct ring *r, uint16_t off_wrap, uint16_t flags)
{
	ram_store16(r->ram, r->driver, off_wrap);
	ram_store16(r->ram, r->driver + 2, flags);
}

struct vring_packed_desc_event packed_device_event(struct ring *r)
{
	return (struct vring_packed_desc_event){
		.flags = ram_load16(r->ram, r->device + 2),
		.off_wrap = ram_load16(r->ram, r->device),
	};
}

/* As the device has left them: used in this lap, or in the one before. */
static void leave_used(struct ring *r)
{
	const struct packed_driver *p = &r->packed;

	for (uint32_t slot = 0; slot < r->num; slot++)
		if (slot < p->used ? p->used_wrap : !p->used_wrap)
			ram_store16(r->ram, flags_at(r, slot), AVAIL | USED);
}

static void start(struct ring *r)
{
	struct packed_driver *p = &r->packed;

	if (!p->free) {
		p->free = malloc(r->num * sizeof(*p->free));
		p->gates = malloc(r->num * sizeof(*p->gates));
	}
	draw_order(p->free, r->num);
	p->nfree = r->num;
	p->ngates = 0;
	p->kicked = 0;
	p->next = r->base & 0x7fff;
	p->wrap = r->base >> 15 & 1;
	p->used = r->base >> 16 & 0x7fff;
	p->used_wrap = r->base >> 31;
	leave_used(r);
	r->ops->set_calls(r, r->calls);
}

/* To the next slot; the lap ends after the last one. */
static void advance(struct ring *r, uint16_t *slot, bool *wrap, uint32_t n)
{
	uint32_t next = *slot + n;

	if (next >= r->num) {
		next -= r->num;
		*wrap = !*wrap;
	}
	*slot = (uint16_t)next;
}

/* The id counts in the last descriptor; the others carry something else. */
static uint16_t add(struct ring *r, const struct ring_desc *d, unsigned n)
{
	struct packed_driver *p = &r->packed;
	uint16_t id = p->free[--p->nfree];

	for (unsigned i = 0; i < n; i++) {
		struct vring_packed_desc desc = {
			.addr = d[i].gpa,
			.len = d[i].len,
			.id = i + 1 < n ? (uint16_t)~id : id,
			.flags = d[i].flags | packed_avail_flags(p->wrap),
		};
		uint16_t flags = desc.flags;

		if (i + 1 < n)
			desc.flags = flags |= VRING_DESC_F_NEXT;
		if (!i) {
			p->gates[p->ngates++] = (struct packed_gate){
				flags_at(r, p->next), flags
			};
			desc.flags = ram_load16(r->ram, flags_at(r, p->next));
		}
		packed_set_desc(r, p->next, desc);
		advance(r, &p->next, &p->wrap, 1);
	}
	p->kicked += (uint16_t)n;
	return id;
}

static void publish(struct ring *r)
{
	struct packed_driver *p = &r->packed;

	while (p->ngates) {
		struct packed_gate *g = &p->gates[--p->ngates];

		ram_store16(r->ram, g->gpa, g->flags);
	}
}

/*
 * The position the device asked for, as a distance behind p->next: a kick is
 * due if it is one of the slots published since the last decision.
 */
static bool wants_kick(struct ring *r)
{
	struct vring_packed_desc_event e = packed_device_event(r);
	struct packed_driver *p = &r->packed;
	uint16_t published = p->kicked, off = e.off_wrap & 0x7fff;
	bool wrap = e.off_wrap >> 15;
	int32_t event = off;

	p->kicked = 0;
	if (e.flags == VRING_PACKED_EVENT_FLAG_DISABLE)
		return false;
	if (e.flags != VRING_PACKED_EVENT_FLAG_DESC || !r->event_idx)
		return true;
	if (wrap != p->wrap)
		event -= (int32_t)r->num;
	return vring_need_event((uint16_t)event, p->next,
				(uint16_t)(p->next - published));
}

static void set_calls(struct ring *r, enum calls calls)
{
	struct packed_driver *p = &r->packed;

	if (calls == CALLS_UNWANTED)
		packed_set_event(r, 0, VRING_PACKED_EVENT_FLAG_DISABLE);
	else if (r->event_idx)
		packed_set_event(r, (uint16_t)(p->used | p->used_wrap << 15),
				 VRING_PACKED_EVENT_FLAG_DESC);
	else
		packed_set_event(r, 0, VRING_PACKED_EVENT_FLAG_ENABLE);
}

static bool ready(struct ring *r)
{
	uint16_t flags = ram_load16(r->ram, flags_at(r, r->packed.used));
	bool avail = flags & AVAIL, used = flags & USED;

	return avail == used && used == r->packed.used_wrap;
}

/* By going ahead of ourselves; ids that are wild are for take() to tell. */
static uint32_t count(struct ring *r)
{
	struct packed_driver before = r->packed;
	uint32_t n = 0;

	while (n < r->in_flight && ready(r)) {
		uint16_t id = packed_desc(r, r->packed.used).id;

		n++;
		if (id >= r->num || !r->chains[id].busy)
			break;
		advance(r, &r->packed.used, &r->packed.used_wrap,
			r->chains[id].descriptors);
	}
	r->packed = before;
	return n;
}

/* virtio 1.3, 2.8.6: one used descriptor, then as many slots are skipped. */
static bool take(struct ring *r, struct used *u)
{
	struct packed_driver *p = &r->packed;
	struct vring_packed_desc desc;

	if (!ready(r))
		return false;
	desc = packed_desc(r, p->used);
	guard_allow(r->ram, slot_at(r, p->used), sizeof(desc));
	*u = (struct used){
		.id = desc.id,
		.len = desc.flags & VRING_DESC_F_WRITE ? desc.len : 0,
		.written = desc.flags & VRING_DESC_F_WRITE,
	};
	if (u->id < r->num && r->chains[u->id].busy) {
		p->free[p->nfree++] = u->id;
		advance(r, &p->used, &p->used_wrap,
			r->chains[u->id].descriptors);
	}
	return true;
}

/* Both positions: all that was consumed has been used, too. */
static uint32_t position(const struct ring *r)
{
	const struct packed_driver *p = &r->packed;

	return p->next | (uint32_t)p->wrap << 15 | (uint32_t)p->used << 16 |
	       (uint32_t)p->used_wrap << 31;
}

/* Used descriptors go where the first of those in flight lie, in any order. */
static void allow(struct ring *r)
{
	uint32_t busy = r->num - r->free;

	guard_allow(r->ram, r->device, event_size(r->num));
	for (uint32_t i = 0; i < busy; i++)
		guard_allow(r->ram, slot_at(r, (r->packed.used + i) % r->num),
			    sizeof(struct vring_packed_desc));
}

/* One after the other: there is no `next`, ids and all flags but WRITE are
 * ignored (2.8.7), so they hold what would hurt. */
static void table(struct ring *r, uint64_t at, const struct piece *pieces,
		  unsigned n)
{
	for (unsigned i = 0; i < n; i++) {
		struct vring_packed_desc desc = {
			.addr = pieces[i].gpa,
			.len = pieces[i].len,
			.id = (uint16_t)draw(),
			.flags = pieces[i].writable ? VRING_DESC_F_WRITE : 0,
		};

		packed_set_table(r, at, i, desc);
	}
}

const struct ring_ops ring_packed = {
	.name = "packed",
	.desc_align = 16,
	.driver_align = 4,
	.device_align = 4,
	.desc_size = desc_size,
	.driver_size = event_size,
	.device_size = event_size,
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
