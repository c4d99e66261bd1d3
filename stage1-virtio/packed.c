/*
 * The packed ring: one table for both directions.
 *
 * A slot belongs to the device when its AVAIL flag equals the lap's parity (the
 * wrap counter) and its USED flag does not; it is back with the driver when both
 * equal the parity. The parity flips at each lap's end, on either side.
 *
 *   slot    0     1     2     3     4          (num = 5: any number will do)
 *         +-----+-----+-----+-----+-----+
 *         |used |  a list of 3    | free|      used: one slot is written for
 *         +-----+-----+-----+-----+-----+      the list, two are skipped
 *            next_used^            ^next_avail
 *
 * virtio 1.3, section 2.8.
 */
#include <linux/virtio_ring.h>

#include "guestmem.h"
#include "virtq.h"

enum {
	AVAIL = 1 << VRING_PACKED_DESC_F_AVAIL,
	USED = 1 << VRING_PACKED_DESC_F_USED,
	WRAP = 1 << VRING_PACKED_EVENT_F_WRAP_CTR,
	SLOT = WRAP - 1,
	MAX_TABLE = 65536, /* entries: the split ring's limit */
};

static uint64_t desc_size(uint32_t num)
{
	return 16ull * num;
}

static uint64_t event_size(uint32_t num)
{
	(void)num;
	return sizeof(struct vring_packed_desc_event);
}

/* SET_VRING_BASE packs two positions: avail in the low half, used above. */
static const char *start(struct virtq *vq, uint32_t base)
{
	struct packed_state s = {
		.next_avail = base & SLOT,
		.avail_wrap = base & WRAP,
		.next_used = base >> 16 & SLOT,
		.used_wrap = base >> 16 & WRAP,
	};

	if (s.next_avail >= vq->num || s.next_used >= vq->num)
		return "its base is beyond the ring";
	vq->packed_state = s;
	return NULL;
}

static uint32_t base(const struct virtq *vq)
{
	const struct packed_state *s = &vq->packed_state;
	uint32_t avail = s->next_avail | (s->avail_wrap ? WRAP : 0);
	uint32_t used = s->next_used | (s->used_wrap ? WRAP : 0);

	return avail | used << 16;
}

static void advance(const struct virtq *vq, uint16_t *slot, bool *wrap,
		    uint32_t by)
{
	uint32_t next = *slot + by;

	if (next >= vq->num) {
		next -= vq->num;
		*wrap = !*wrap;
	}
	*slot = next;
}

/* ---- the avail side ---- */

/* The flags of a slot that belongs to us; false if it doesn't. */
static bool available(const struct virtq *vq, uint16_t slot, bool wrap,
		      uint16_t *flags)
{
	struct vring_packed_desc *ring = vq->desc;

	*flags = __atomic_load_n(&ring[slot].flags, __ATOMIC_ACQUIRE);
	return !!(*flags & AVAIL) == wrap && !!(*flags & USED) != wrap;
}

static struct vring_packed_desc fetch(
	const volatile struct vring_packed_desc *d)
{
	return (struct vring_packed_desc){ d->addr, d->len, d->id, 0 };
}

/* Entries are used in the order they lie in; WRITE is all they say (2.8.7). */
static const char *walk_table(struct virtq *vq, struct chain *chain,
			      uint64_t gpa, uint32_t len)
{
	uint32_t count = len / sizeof(struct vring_packed_desc);
	struct vring_packed_desc d;
	const char *why;

	if (!len || len % sizeof(d) || count > MAX_TABLE)
		return "indirect table of an impossible length";
	for (uint32_t i = 0; i < count; i++) {
		if (guestmem_read(vq->mem, gpa + i * sizeof(d), &d, sizeof(d)) <
		    sizeof(d))
			return "indirect table outside guest memory";
		why = chain_add(chain, d.addr, d.len,
				d.flags & VRING_DESC_F_WRITE);
		if (why)
			return why;
	}
	return NULL;
}

static const char *add(struct virtq *vq, struct chain *chain, uint16_t flags,
		       const struct vring_packed_desc *d)
{
	if (!(flags & VRING_DESC_F_INDIRECT))
		return chain_add(chain, d->addr, d->len,
				 flags & VRING_DESC_F_WRITE);
	if (!vq->indirect)
		return "INDIRECT was not negotiated";
	/* Unlike in the split ring, lists are all direct (2.8.19). */
	if (chain->slots || flags & VRING_DESC_F_NEXT)
		return "INDIRECT descriptor in a list";
	return walk_table(vq, chain, d->addr, d->len);
}

/*
 * A list is walked to its end even when it is malformed: only its last slot has
 * the id to give it back with (2.8.6). The driver makes a list's first slot
 * available last, so the others have to be, or the ring makes no sense.
 */
static enum pop pop(struct virtq *vq, struct chain *chain)
{
	struct packed_state *s = &vq->packed_state;
	const struct vring_packed_desc *ring = vq->desc;
	struct vring_packed_desc d;
	uint16_t slot = s->next_avail, flags;
	bool wrap = s->avail_wrap;

	chain->slots = 0;
	vq->why = NULL;
	if (!available(vq, slot, wrap, &flags))
		return POP_EMPTY;
	for (;;) {
		d = fetch(&ring[slot]);
		if (!vq->why)
			vq->why = add(vq, chain, flags, &d);
		chain->slots++;
		advance(vq, &slot, &wrap, 1);
		if (!(flags & VRING_DESC_F_NEXT))
			break;
		if (chain->slots == vq->num ||
		    !available(vq, slot, wrap, &flags)) {
			vq->why = "descriptor list has no end";
			return POP_BROKEN;
		}
	}
	s->next_avail = slot;
	s->avail_wrap = wrap;
	chain->id = d.id;
	return vq->why ? POP_MALFORMED : POP_CHAIN;
}

/* ---- the used side ---- */

/*
 * The driver reads used slots in order, so the flags of a batch's first slot are
 * a gate: written last, they show the whole batch at once.
 */
static void push(struct virtq *vq, const struct chain *chain, uint32_t written)
{
	struct packed_state *s = &vq->packed_state;
	struct vring_packed_desc *ring = vq->desc;
	struct vring_packed_desc *d = &ring[s->next_used];
	uint16_t flags = (s->used_wrap ? AVAIL | USED : 0) |
			 (written ? VRING_DESC_F_WRITE : 0);

	d->id = chain->id;
	d->len = written;
	if (s->gated) {
		__atomic_store_n(&d->flags, flags, __ATOMIC_RELEASE);
	} else {
		s->gated = true;
		s->gate = s->next_used;
		s->gate_flags = flags;
	}
	advance(vq, &s->next_used, &s->used_wrap, chain->slots);
	s->unsignalled += chain->slots;
}

/*
 * Was the slot the driver named among the last `unsignalled` ones? Positions of
 * the lap before ours count down from zero (2.8.10).
 */
static bool event_reached(const struct virtq *vq, uint16_t off_wrap)
{
	const struct packed_state *s = &vq->packed_state;
	uint16_t event = off_wrap & SLOT;

	if (!!(off_wrap & WRAP) != s->used_wrap)
		event -= vq->num;
	return event_crossed(event, s->next_used,
			     s->next_used - s->unsignalled);
}

static bool wants_call(const struct virtq *vq)
{
	struct vring_packed_desc_event *driver = vq->driver;
	uint16_t flags = __atomic_load_n(&driver->flags, __ATOMIC_ACQUIRE);

	if (flags == VRING_PACKED_EVENT_FLAG_DISABLE)
		return false;
	if (flags == VRING_PACKED_EVENT_FLAG_DESC && vq->event_idx)
		return event_reached(vq, __atomic_load_n(&driver->off_wrap,
							 __ATOMIC_RELAXED));
	return true;
}

static bool publish(struct virtq *vq)
{
	struct packed_state *s = &vq->packed_state;
	struct vring_packed_desc *ring = vq->desc;
	bool call;

	if (!s->gated)
		return false;
	__atomic_store_n(&ring[s->gate].flags, s->gate_flags, __ATOMIC_RELEASE);
	s->gated = false;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	call = wants_call(vq);
	s->unsignalled = 0;
	return call;
}

/* ---- kicks ---- */

static void kicks_off(struct virtq *vq)
{
	struct vring_packed_desc_event *device = vq->device;

	__atomic_store_n(&device->flags, VRING_PACKED_EVENT_FLAG_DISABLE,
			 __ATOMIC_RELAXED);
}

static bool kicks_on(struct virtq *vq)
{
	const struct packed_state *s = &vq->packed_state;
	struct vring_packed_desc_event *device = vq->device;
	uint16_t flags = VRING_PACKED_EVENT_FLAG_ENABLE;

	if (vq->event_idx) {
		flags = VRING_PACKED_EVENT_FLAG_DESC;
		__atomic_store_n(&device->off_wrap,
				 s->next_avail | (s->avail_wrap ? WRAP : 0),
				 __ATOMIC_RELAXED);
	}
	__atomic_store_n(&device->flags, flags, __ATOMIC_RELEASE);

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return available(vq, s->next_avail, s->avail_wrap, &flags);
}

const struct ring_ops packed_ring = {
	.name = "packed",
	.desc_size = desc_size,
	.driver_size = event_size,
	.device_size = event_size,
	.start = start,
	.base = base,
	.pop = pop,
	.push = push,
	.publish = publish,
	.kicks_off = kicks_off,
	.kicks_on = kicks_on,
};
