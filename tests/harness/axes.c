/*
 * The axes of the tests: see axes.h.
 */
#include "axes.h"

#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>
#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const uint32_t sizes[] = { 64, 4, 16, 256, 1024, 5, 7 };
enum { SPLIT_SIZES = 5 };	/* the powers of two */

static const char *const layouts[LAYOUTS] = { "one", "seam", "edge" };

const struct axes axes_default = {
	.event_idx = true, .indirect = true, .num = 64,
};

unsigned axes_all(struct axes list[AXES_MAX])
{
	unsigned n = 0;

	/* One number counts through all combinations, like an odometer. */
	for (unsigned i = 0; i < 2 * COUNT(sizes) * 2 * 2 * LAYOUTS * 2; i++) {
		unsigned rest = i / 2 / COUNT(sizes), size = i / 2 % COUNT(sizes);

		if (i % 2 == 0 && size >= SPLIT_SIZES)
			continue;
		list[n++] = (struct axes){
			.packed = i % 2,
			.num = sizes[size],
			.event_idx = rest % 2 == 0,
			.indirect = rest / 2 % 2 == 0,
			.near_wrap = rest / 4 % 2,
			.layout = rest / 8 % LAYOUTS,
		};
	}
	return n;
}

const char *axes_name(const struct axes *a)
{
	static char name[AXES_NAME];

	snprintf(name, sizeof(name), "%s/%s/%s/%u/%s/%s",
		 a->packed ? "packed" : "split",
		 a->event_idx ? "idx" : "noidx",
		 a->indirect ? "ind" : "noind", a->num, layouts[a->layout],
		 a->near_wrap ? "wrap" : "zero");
	return name;
}

bool axes_parse(const char *name, struct axes *axes)
{
	struct axes list[AXES_MAX];
	unsigned n = axes_all(list);
	char wanted[AXES_NAME];

	/* It may be the buffer of axes_name(). */
	snprintf(wanted, sizeof(wanted), "%s", name);
	for (unsigned i = 0; i < n; i++) {
		if (strcmp(axes_name(&list[i]), wanted))
			continue;
		*axes = list[i];
		return true;
	}
	return false;
}

uint64_t axes_features(const struct axes *a)
{
	return (a->packed ? 1ull << VIRTIO_F_RING_PACKED : 0) |
	       (a->event_idx ? 1ull << VIRTIO_RING_F_EVENT_IDX : 0) |
	       (a->indirect ? 1ull << VIRTIO_RING_F_INDIRECT_DESC : 0);
}
