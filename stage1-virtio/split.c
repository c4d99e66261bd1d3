/*
 * The split ring: descriptor table, avail ring, used ring.
 *
 *   driver area:  avail  { flags, idx, ring[num], used_event }
 *   device area:  used   { flags, idx, ring[num] of {id, len}, avail_event }
 *
 * The guest goes on writing all of it while we read. So each word is read once,
 * into a variable, and it is the variable that is checked and then used.
 *
 * virtio 1.3, section 2.7.
 */
#include <linux/virtio_ring.h>

#include "guestmem.h"
#include "virtq.h"

enum { MAX_TABLE = 65536 }; /* entries that a 16-bit `next` can reach */

static uint64_t desc_size(uint32_t num)
{
	return 16ull * num;
}

static uint64_t driver_size(uint32_t num)
{
	return 6 + 2ull * num;
}

static uint64_t device_size(uint32_t num)
{
	return 6 + 8ull * num;
}

/* Behind avail->ring[] and used->ring[], with EVENT_IDX: 2.7.6, 2.7.8. */
static uint16_t *used_event(const struct virtq *vq)
{
	struct vring_avail *avail = vq->driver;

	return &avail->ring[vq->num];
}

static uint16_t *avail_event(const struct virtq *vq)
{
	struct vring_used *used = vq->device;

	return (uint16_t *)&used->ring[vq->num];
}

static const char *start(struct virtq *vq, uint32_t base)
{
	const struct vring_used *used = vq->device;
	uint16_t idx;

	if (vq->num & (vq->num - 1))
		return "its size is not a power of two";
	idx = __atomic_load_n(&used->idx, __ATOMIC_ACQUIRE);
	vq->split_state = (struct split_state){
		.seen = (uint16_t)base,
		.next_avail = (uint16_t)base,
		.next_used = idx,
		.published = idx,
	};
	return NULL;
}

static uint32_t base(const struct virtq *vq)
{
	return vq->split_state.next_avail;
}

/* ---- the avail side ---- */

static struct vring_desc fetch(const volatile struct vring_desc *d)
{
	return (struct vring_desc){ d->addr, d->len, d->flags, d->next };
}

/*
 * An indirect table: descriptors that lie in guest memory, anywhere, with
 * indices of their own (2.7.5.3). Linux' tables for ATTACH_BACKING are longer
 * than its rings, which the specification forbids and every device accepts.
 */
static const char *walk_table(struct virtq *vq, struct chain *chain,
			      uint64_t gpa, uint32_t len)
{
	uint32_t count = len / sizeof(struct vring_desc), i = 0, steps = 0;
	struct vring_desc d;
	const char *why;

	if (!len || len % sizeof(d) || count > MAX_TABLE)
		return "indirect table of an impossible length";
	do {
		if (i >= count)
			return "indirect table points out of itself";
		if (steps++ == count)
			return "indirect table loops";
		if (guestmem_read(vq->mem, gpa + i * sizeof(d), &d, sizeof(d)) <
		    sizeof(d))
			return "indirect table outside guest memory";
		if (d.flags & VRING_DESC_F_INDIRECT)
			return "indirect table in an indirect table";
		why = chain_add(chain, d.addr, d.len,
				d.flags & VRING_DESC_F_WRITE);
		if (why)
			return why;
		i = d.next;
	} while (d.flags & VRING_DESC_F_NEXT);
	return NULL;
}

/*
 * A chain may begin with ordinary descriptors and end with one that is indirect
 * (2.7.5.3.2), which QEMU's own devices don't know. The WRITE flag of that one
 * says nothing.
 */
static const char *walk(struct virtq *vq, struct chain *chain, uint32_t i)
{
	const struct vring_desc *table = vq->desc;
	uint32_t steps = 0;
	struct vring_desc d;
	const char *why;

	do {
		if (i >= vq->num)
			return "descriptor points out of the ring";
		if (steps++ == vq->num)
			return "descriptor chain loops";
		d = fetch(&table[i]);
		if (d.flags & VRING_DESC_F_INDIRECT) {
			if (!vq->indirect)
				return "INDIRECT was not negotiated";
			if (d.flags & VRING_DESC_F_NEXT)
				return "descriptor is both INDIRECT and NEXT";
			return walk_table(vq, chain, d.addr, d.len);
		}
		why = chain_add(chain, d.addr, d.len,
				d.flags & VRING_DESC_F_WRITE);
		if (why)
			return why;
		i = d.next;
	} while (d.flags & VRING_DESC_F_NEXT);
	return NULL;
}

static enum pop pop(struct virtq *vq, struct chain *chain)
{
	const struct vring_avail *avail = vq->driver;
	struct split_state *s = &vq->split_state;
	uint16_t head;

	if (s->seen == s->next_avail) {
		s->seen = __atomic_load_n(&avail->idx, __ATOMIC_ACQUIRE);
		if (s->seen == s->next_avail)
			return POP_EMPTY;
	}
	if ((uint16_t)(s->seen - s->next_avail) > vq->num) {
		vq->why = "avail.idx is further ahead than the ring is long";
		return POP_BROKEN;
	}
	head = __atomic_load_n(&avail->ring[s->next_avail & (vq->num - 1)],
			       __ATOMIC_RELAXED);
	if (head >= vq->num) {
		vq->why = "avail ring names a descriptor it does not have";
		return POP_BROKEN;
	}
	s->next_avail++;
	chain->id = head;
	chain->slots = 1;
	vq->why = walk(vq, chain, head);
	return vq->why ? POP_MALFORMED : POP_CHAIN;
}

/* ---- the used side ---- */

static void push(struct virtq *vq, const struct chain *chain, uint32_t written)
{
	struct vring_used *used = vq->device;
	struct split_state *s = &vq->split_state;

	used->ring[s->next_used & (vq->num - 1)] = (struct vring_used_elem){
		.id = chain->id,
		.len = written,
	};
	s->next_used++;
}

/*
 * The fence stands between "idx is visible" and "does the driver want a call":
 * the driver does the two the other way round, and one of us sees the other.
 */
static bool publish(struct virtq *vq)
{
	const struct vring_avail *avail = vq->driver;
	struct vring_used *used = vq->device;
	struct split_state *s = &vq->split_state;
	uint16_t before = s->published;

	if (before == s->next_used)
		return false;
	__atomic_store_n(&used->idx, s->next_used, __ATOMIC_RELEASE);
	s->published = s->next_used;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (vq->event_idx)
		return event_crossed(__atomic_load_n(used_event(vq),
						     __ATOMIC_RELAXED),
				     s->published, before);
	return !(__atomic_load_n(&avail->flags, __ATOMIC_RELAXED) &
		 VRING_AVAIL_F_NO_INTERRUPT);
}

/* ---- kicks ---- */

/* With EVENT_IDX nothing is to be done: avail_event lies behind us (2.7.10). */
static void kicks_off(struct virtq *vq)
{
	struct vring_used *used = vq->device;

	if (!vq->event_idx)
		__atomic_store_n(&used->flags, VRING_USED_F_NO_NOTIFY,
				 __ATOMIC_RELAXED);
}

static bool kicks_on(struct virtq *vq)
{
	const struct vring_avail *avail = vq->driver;
	struct vring_used *used = vq->device;

	if (vq->event_idx)
		__atomic_store_n(avail_event(vq), vq->split_state.next_avail,
				 __ATOMIC_RELAXED);
	else
		__atomic_store_n(&used->flags, 0, __ATOMIC_RELAXED);

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return __atomic_load_n(&avail->idx, __ATOMIC_RELAXED) !=
	       vq->split_state.next_avail;
}

const struct ring_ops split_ring = {
	.name = "split",
	.desc_size = desc_size,
	.driver_size = driver_size,
	.device_size = device_size,
	.start = start,
	.base = base,
	.pop = pop,
	.push = push,
	.publish = publish,
	.kicks_off = kicks_off,
	.kicks_on = kicks_on,
};
