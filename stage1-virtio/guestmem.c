/*
 * The memory table, and every address translation there is.
 *
 * Each comparison is written so that no sum can wrap: the guest chooses the
 * addresses, and gpa + len is allowed to be anything.
 */
#include "guestmem.h"

#include <stdbool.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* Is [addr, addr + len) inside [start, start + size)? */
static bool inside(uint64_t addr, uint64_t len, uint64_t start, uint64_t size)
{
	return addr >= start && addr - start <= size &&
	       len <= size - (addr - start);
}

static bool overlap(uint64_t a, uint64_t a_size, uint64_t b, uint64_t b_size)
{
	return a - b < b_size || b - a < a_size;
}

static const char *fault(const struct guestmem *mem, const struct region *r,
			 uint64_t offset, int fd)
{
	struct stat st;

	if (mem->count == GUESTMEM_MAX_REGIONS)
		return "too many regions";
	if (!r->size)
		return "empty region";
	if (r->gpa + r->size < r->gpa || r->uva + r->size < r->uva ||
	    offset + r->size < offset || offset + r->size > SIZE_MAX / 2)
		return "region wraps around";
	for (unsigned i = 0; i < mem->count; i++) {
		const struct region *other = &mem->regions[i];

		if (overlap(r->gpa, r->size, other->gpa, other->size) ||
		    overlap(r->uva, r->size, other->uva, other->size))
			return "regions overlap";
	}
	if (fstat(fd, &st) < 0)
		return "region's file can't be examined";
	if (S_ISREG(st.st_mode) && (uint64_t)st.st_size < offset + r->size)
		return "region is longer than its file";
	return NULL;
}

const char *guestmem_add(struct guestmem *mem, const struct region *region,
			 uint64_t offset, int fd)
{
	struct region *r = &mem->regions[mem->count];
	const char *why = fault(mem, region, offset, fd);
	void *map;

	if (why)
		return why;

	/*
	 * From the file's start: on huge pages the offset is no multiple of
	 * the page size, which mmap() would insist on.
	 */
	map = mmap(NULL, offset + region->size, PROT_READ | PROT_WRITE,
		   MAP_SHARED | MAP_NORESERVE, fd, 0);
	if (map == MAP_FAILED)
		return "region can't be mapped";

	*r = *region;
	r->map = map;
	r->map_size = offset + region->size;
	r->host = (uint8_t *)map + offset;
	mem->count++;
	return NULL;
}

void guestmem_clear(struct guestmem *mem)
{
	for (unsigned i = 0; i < mem->count; i++)
		munmap(mem->regions[i].map, mem->regions[i].map_size);
	mem->count = 0;
}

void *guestmem_piece(const struct guestmem *mem, uint64_t gpa, uint64_t *len)
{
	for (unsigned i = 0; i < mem->count; i++) {
		const struct region *r = &mem->regions[i];
		uint64_t from = gpa - r->gpa;

		if (gpa < r->gpa || from >= r->size)
			continue;
		if (*len > r->size - from)
			*len = r->size - from;
		return r->host + from;
	}
	return NULL;
}

size_t guestmem_read(const struct guestmem *mem, uint64_t gpa, void *buf,
		     size_t len)
{
	size_t done = 0;

	while (done < len) {
		uint64_t n = len - done;
		const void *piece = guestmem_piece(mem, gpa + done, &n);

		if (!piece)
			break;
		memcpy((uint8_t *)buf + done, piece, n);
		done += n;
	}
	return done;
}

size_t guestmem_write(const struct guestmem *mem, uint64_t gpa, const void *buf,
		      size_t len)
{
	size_t done = 0;

	while (done < len) {
		uint64_t n = len - done;
		void *piece = guestmem_piece(mem, gpa + done, &n);

		if (!piece)
			break;
		memcpy(piece, (const uint8_t *)buf + done, n);
		done += n;
	}
	return done;
}

void *guestmem_ring(const struct guestmem *mem, uint64_t uva, uint64_t len)
{
	for (unsigned i = 0; i < mem->count; i++) {
		const struct region *r = &mem->regions[i];

		if (inside(uva, len, r->uva, r->size))
			return r->host + (uva - r->uva);
	}
	return NULL;
}
