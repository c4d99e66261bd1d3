/*
 * The guard over guest RAM: see guard.h.
 */
#include "guard.h"

#include <stdlib.h>
#include <string.h>

#include "ram.h"
#include "trail.h"

void guard_allow(struct ram *ram, uint64_t gpa, uint64_t len)
{
	if (!len)
		return;
	if (ram->nallowed == ram->allowed_room) {
		ram->allowed_room = ram->allowed_room * 2 + 64;
		ram->allowed =
			realloc(ram->allowed,
				ram->allowed_room * sizeof(*ram->allowed));
	}
	ram->allowed[ram->nallowed++] = (struct extent){ gpa, len, NULL };
}

static int by_address(const void *a, const void *b)
{
	const struct extent *x = a, *y = b;

	return x->gpa < y->gpa ? -1 : x->gpa > y->gpa;
}

/* Sorted, and none touches the next: there may be many thousands. */
static void tidy(struct ram *ram)
{
	struct extent *to = ram->allowed;

	if (!ram->nallowed)
		return;
	qsort(ram->allowed, ram->nallowed, sizeof(*ram->allowed), by_address);
	for (unsigned i = 1; i < ram->nallowed; i++) {
		const struct extent *e = &ram->allowed[i];

		if (e->gpa - to->gpa > to->len)
			*++to = *e;
		else if (to->len < e->gpa - to->gpa + e->len)
			to->len = e->gpa - to->gpa + e->len;
	}
	ram->nallowed = (unsigned)(to - ram->allowed) + 1;
}

static bool allowed(const struct ram *ram, uint64_t gpa)
{
	unsigned low = 0, high = ram->nallowed;

	while (low < high) {
		unsigned mid = (low + high) / 2;
		const struct extent *e = &ram->allowed[mid];

		if (gpa - e->gpa < e->len)
			return true;
		if (gpa < e->gpa)
			high = mid;
		else
			low = mid + 1;
	}
	return false;
}

/* What the device was allowed to write is what lies there now. */
static void take_over(struct ram *ram, const struct region *r)
{
	for (unsigned i = 0; i < ram->nallowed; i++) {
		uint64_t from = ram->allowed[i].gpa, end;

		end = from + ram->allowed[i].len;
		if (from < r->vu.gpa)
			from = r->vu.gpa;
		if (end > r->vu.gpa + r->vu.size)
			end = r->vu.gpa + r->vu.size;
		if (from < end)
			memcpy(r->copy + (from - r->vu.gpa),
			       r->host + (from - r->vu.gpa), end - from);
	}
}

static bool find_in_block(const struct ram *ram, const struct region *r,
			  uint64_t at, struct stray *stray)
{
	for (uint64_t i = at; i < at + 4096; i++) {
		uint8_t got = r->host[i];

		if (got == r->copy[i] || allowed(ram, r->vu.gpa + i))
			continue;
		*stray = (struct stray){ r->vu.gpa + i, r->copy[i], got };
		return true;
	}
	return false;
}

static bool find_in_region(const struct ram *ram, const struct region *r,
			   struct stray *stray)
{
	for (uint64_t at = 0; at < r->vu.size; at += 4096)
		if (memcmp(r->host + at, r->copy + at, 4096) &&
		    find_in_block(ram, r, at, stray))
			return true;
	return false;
}

bool guard_find(struct ram *ram, struct stray *stray)
{
	bool found = false;

	tidy(ram);
	for (unsigned i = 0; i < ram->count; i++) {
		found = found || find_in_region(ram, &ram->regions[i], stray);
		take_over(ram, &ram->regions[i]);
	}
	ram->nallowed = 0;
	return found;
}

void guard_check(struct ram *ram)
{
	struct stray s;

	if (guard_find(ram, &s))
		FAIL("stray write at %#llx (%s): was %02x, is %02x",
		     (unsigned long long)s.gpa, ram_what(ram, s.gpa),
		     s.expected, s.got);
}
