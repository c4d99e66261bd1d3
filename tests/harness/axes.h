/*
 * The axes: all the ways the same test can be run.
 *
 *   packed/idx/ind/5/seam/wrap
 *      |    |   |  |  |    |
 *      |    |   |  |  |    base: zero, or just before the wrap
 *      |    |   |  |  RAM layout: one, seam, edge (ram.h)
 *      |    |   |  ring size
 *      |    |   INDIRECT_DESC negotiated: ind, noind
 *      |    EVENT_IDX negotiated: idx, noidx
 *      ring layout: split, packed
 */
#ifndef AXES_H
#define AXES_H

#include <stdbool.h>
#include <stdint.h>

#include "ram.h"

enum { AXES_MAX = 512, AXES_NAME = 48 };

struct axes {
	bool packed, event_idx, indirect;
	uint32_t num;
	enum layout layout;
	bool near_wrap;
};

/* split/idx/ind/64/one/zero */
extern const struct axes axes_default;

/* All combinations, in a fixed order; returns how many. */
unsigned axes_all(struct axes list[AXES_MAX]);

/*
 * Puts a few in front in which every value of each axis meets every value of
 * each other one, as far as they go together at all, and returns how many.
 * `first` is one of them; the others are drawn (draws.h).
 */
unsigned axes_pairs(struct axes *list, unsigned n, const struct axes *first);

/* `name` is valid until the next call. */
const char *axes_name(const struct axes *axes);
bool axes_parse(const char *name, struct axes *axes);

/* The virtio feature bits they take. */
uint64_t axes_features(const struct axes *axes);

#endif
