/*
 * Single words of a split ring, for what no driver would write.
 *
 * Nothing is checked here, and the driver's own bookkeeping isn't told: after
 * using these, go on with ring_restart(), or with more of these.
 */
#ifndef RING_SPLIT_H
#define RING_SPLIT_H

#include <linux/virtio_ring.h>
#include <stdint.h>

struct ring;

void split_set_desc(struct ring *r, uint32_t index, struct vring_desc desc);
/* The same in any table: an indirect one. */
void split_set_table(struct ring *r, uint64_t table, uint32_t index,
		     struct vring_desc desc);

/* avail.ring[slot], avail.idx, avail.flags, used_event */
void split_set_avail(struct ring *r, uint16_t slot, uint16_t head);
void split_set_avail_idx(struct ring *r, uint16_t idx);
void split_set_avail_flags(struct ring *r, uint16_t flags);
void split_set_used_event(struct ring *r, uint16_t event);

/* The next avail slot holds `head`, and avail.idx moves on. */
void split_offer(struct ring *r, uint16_t head);

uint16_t split_used_idx(struct ring *r);
uint16_t split_used_flags(struct ring *r);
uint16_t split_avail_event(struct ring *r);
struct vring_used_elem split_used_elem(struct ring *r, uint16_t slot);

#endif
