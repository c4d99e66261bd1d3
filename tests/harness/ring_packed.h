/*
 * Single descriptors and words of a packed ring, for what no driver would
 * write. As in ring_split.h, the driver's bookkeeping isn't told.
 */
#ifndef RING_PACKED_H
#define RING_PACKED_H

#include <linux/virtio_ring.h>
#include <stdbool.h>
#include <stdint.h>

struct ring;

/* Slot and table entries as given, flags included, flags last. */
void packed_set_desc(struct ring *r, uint32_t slot,
		     struct vring_packed_desc desc);
void packed_set_table(struct ring *r, uint64_t table, uint32_t index,
		      struct vring_packed_desc desc);
struct vring_packed_desc packed_desc(struct ring *r, uint32_t slot);

/* The AVAIL and USED flags of a descriptor available in that lap. */
uint16_t packed_avail_flags(bool wrap);

/* The driver's event structure: VRING_PACKED_EVENT_FLAG_... */
void packed_set_event(struct ring *r, uint16_t off_wrap, uint16_t flags);
/* The device's. */
struct vring_packed_desc_event packed_device_event(struct ring *r);

#endif
