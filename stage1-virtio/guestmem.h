/*
 * The memory table: which pieces of guest RAM the front end lent us, and where
 * they lie in our address space.
 *
 * The same byte has three addresses. A descriptor names it by its guest address
 * (gpa), the front end names rings by its own user address (uva), and we reach
 * it through a mapping of the region's file. Nothing relates the three but the
 * table. (vhost-user.rst, "Front-end and back-end communication", "Memory
 * mappings".)
 *
 * The table changes while the guest runs, and what it covered yesterday may be
 * unmapped today. So nobody keeps a pointer across a callback of the event
 * loop: keep the guest address and look it up again.
 */
#ifndef GUESTMEM_H
#define GUESTMEM_H

#include <stddef.h>
#include <stdint.h>

/* QEMU's VHOST_MEMORY_BASELINE_NREGIONS, all a SET_MEM_TABLE can hold. */
enum { GUESTMEM_MAX_REGIONS = 8 };

struct region {
	uint64_t gpa;  /* where the guest sees it */
	uint64_t size; /* in bytes */
	uint64_t uva;  /* where the front end sees it */
	uint8_t *host; /* where we see it */
	void *map;     /* what munmap() wants back */
	size_t map_size;
};

struct guestmem {
	unsigned count;
	struct region regions[GUESTMEM_MAX_REGIONS];
};

/*
 * Maps `size` bytes at `offset` of the file `fd` and adds them as a region.
 * `fd` stays the caller's. Returns NULL, or why not, with nothing added: no
 * room, an empty or wrapping range, one that overlaps a region we have, or one
 * that the file is too short for (touching it would be a SIGBUS). A front end
 * that shortens the file later takes this process with it, as it would take its
 * own guest: QEMU never does.
 */
const char *guestmem_add(struct guestmem *mem, const struct region *region,
			 uint64_t offset, int fd);

/* Unmaps everything. */
void guestmem_clear(struct guestmem *mem);

/*
 * The memory at `gpa`. On return *len, what the caller would like to have,
 * is what lies there in one piece: at least 1, less only at a region's end,
 * where the next piece may follow in another region. NULL: no memory there.
 */
void *guestmem_piece(const struct guestmem *mem, uint64_t gpa, uint64_t *len);

/*
 * Copy `len` bytes out of or into guest memory, across adjoining regions. The
 * count returned is short if the memory ends before.
 */
size_t guestmem_read(const struct guestmem *mem, uint64_t gpa, void *buf,
		     size_t len);
size_t guestmem_write(const struct guestmem *mem, uint64_t gpa, const void *buf,
		      size_t len);

/* A ring part by the front end's address; NULL unless one region holds it all. */
void *guestmem_ring(const struct guestmem *mem, uint64_t uva, uint64_t len);

#endif
