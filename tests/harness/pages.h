/*
 * Guest pages to be the backing of a resource: a list of entries, as
 * RESOURCE_ATTACH_BACKING has it, and the bytes that they make in this order.
 *
 *   in guest RAM      |  c |  a |  d|b  |
 *   as the backing    |  a |b  |  c |  d|        0 ... size
 */
#ifndef PAGES_H
#define PAGES_H

#include <linux/virtio_gpu.h>
#include <stddef.h>
#include <stdint.h>

struct ram;

struct pages {
	struct ram *ram;
	uint64_t block; /* where ram_alloc() put them */
	struct virtio_gpu_mem_entry *entries;
	uint32_t count;
	uint64_t size; /* bytes of all entries */
};

/*
 * `size` bytes in one block, cut into pieces of `least` to `most` bytes each,
 * which are in no order. What is in them are random bytes.
 */
struct pages *pages_new(struct ram *ram, uint64_t size, uint32_t least,
			uint32_t most);
/* In one piece. */
struct pages *pages_whole(struct ram *ram, uint64_t size);
/* At that address, whatever is there: nothing is allocated, nothing written. */
struct pages *pages_at(struct ram *ram, uint64_t gpa, uint32_t size);
void pages_free(struct pages *p);

/* The driver's accesses, at that byte of the backing. */
void pages_write(struct pages *p, uint64_t at, const void *bytes, size_t len);
void pages_scribble(struct pages *p);

#endif
