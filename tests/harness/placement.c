/*
 * Where things lie in guest RAM: the allocator behind ram_alloc().
 *
 * It looks for the most trying free place of the layout first (across a seam,
 * at the very end of a region), and only then for any. There are a few dozen
 * things at a time, so it simply tries places one after the other.
 */
#include <stdlib.h>

#include "ram.h"
#include "trail.h"

static bool overlaps(const struct extent *e, uint64_t gpa, uint64_t len)
{
	return gpa < e->gpa + e->len && e->gpa < gpa + len;
}

/* The extent in the way, if any. */
static const struct extent *in_the_way(const struct ram *ram, uint64_t gpa,
				       uint64_t len)
{
	for (unsigned i = 0; i < ram->nextents; i++)
		if (overlaps(&ram->extents[i], gpa, len))
			return &ram->extents[i];
	return NULL;
}

/* Regions whose guest addresses adjoin make one block. */
static uint64_t block_end(const struct ram *ram, unsigned i)
{
	uint64_t end = ram->regions[i].vu.gpa + ram->regions[i].vu.size;

	while (++i < ram->count && ram->regions[i].vu.gpa == end)
		end += ram->regions[i].vu.size;
	return end;
}

/* All try_*(): an address, or 0 for none. */
static uint64_t try_edges(const struct ram *ram, uint64_t len, uint32_t align)
{
	for (unsigned i = 0; i < ram->count; i++) {
		const struct vu_region *r = &ram->regions[i].vu;
		uint64_t gpa = (r->gpa + r->size - len) & ~(align - 1ull);

		if (len <= r->size && !in_the_way(ram, gpa, len))
			return gpa;
	}
	return 0;
}

/* With its middle on the seam, as near as the alignment allows. */
static uint64_t try_seams(const struct ram *ram, uint64_t len, uint32_t align)
{
	for (unsigned i = 1; i < ram->count && len > align; i++) {
		uint64_t seam = ram->regions[i].vu.gpa;
		uint64_t gpa = (seam - len / 2) & ~(align - 1ull);

		if (gpa == seam)
			gpa -= align;
		if (gpa + len <= block_end(ram, i) &&
		    !in_the_way(ram, gpa, len))
			return gpa;
	}
	return 0;
}

/* The first place in [from, to), with a little room between things. */
static uint64_t try_between(const struct ram *ram, struct extent within,
			    uint64_t len, uint32_t align)
{
	uint64_t to = within.gpa + within.len;
	uint64_t gpa = (within.gpa + align - 1) & ~(align - 1ull);

	while (gpa + len <= to) {
		const struct extent *e = in_the_way(ram, gpa, len);

		if (!e)
			return gpa;
		gpa = (e->gpa + e->len + 48 + align - 1) & ~(align - 1ull);
	}
	return 0;
}

static uint64_t try_anywhere(const struct ram *ram, uint64_t len,
			     uint32_t align, bool inside)
{
	uint64_t gpa = 0;

	for (unsigned i = 0; i < ram->count && !gpa; i++) {
		struct extent within = { ram->regions[i].vu.gpa,
					 ram->regions[i].vu.size, NULL };

		if (!inside)
			within.len = block_end(ram, i) - within.gpa;
		gpa = try_between(ram, within, len, align);
	}
	return gpa;
}

static uint64_t settle(struct ram *ram, uint64_t gpa, uint64_t len,
		       const char *label)
{
	if (!gpa)
		FAIL("the test's guest RAM is full: no %llu bytes for %s",
		     (unsigned long long)len, label);
	if (ram->nextents == ram->room) {
		ram->room = ram->room ? 2 * ram->room : 64;
		ram->extents = realloc(ram->extents,
				       ram->room * sizeof(*ram->extents));
	}
	ram->extents[ram->nextents++] = (struct extent){ gpa, len, label };
	return gpa;
}

uint64_t ram_alloc(struct ram *ram, uint64_t len, uint32_t align,
		   const char *label)
{
	uint64_t gpa = 0;

	len += !len; /* what is empty has an address of its own, too */
	if (ram->layout == LAYOUT_SEAM)
		gpa = try_seams(ram, len, align);
	else if (ram->layout == LAYOUT_EDGE)
		gpa = try_edges(ram, len, align);
	if (!gpa)
		gpa = try_anywhere(ram, len, align, false);
	return settle(ram, gpa, len, label);
}

uint64_t ram_alloc_inside(struct ram *ram, uint64_t len, uint32_t align,
			  const char *label)
{
	uint64_t gpa = 0;

	if (ram->layout == LAYOUT_EDGE)
		gpa = try_edges(ram, len, align);
	if (!gpa)
		gpa = try_anywhere(ram, len, align, true);
	return settle(ram, gpa, len, label);
}

void ram_release(struct ram *ram, uint64_t gpa)
{
	for (unsigned i = 0; i < ram->nextents; i++) {
		if (ram->extents[i].gpa != gpa)
			continue;
		ram->extents[i] = ram->extents[--ram->nextents];
		return;
	}
}
