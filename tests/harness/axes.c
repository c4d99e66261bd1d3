/*
 * The axes of the tests: see axes.h.
 */
#include "axes.h"

#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>
#include <stdio.h>
#include <string.h>

#include "draws.h"

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

static const uint32_t sizes[] = { 64, 4, 16, 256, 1024, 5, 7 };
enum { SPLIT_SIZES = 5 }; /* the powers of two */

static const char *const layouts[LAYOUTS] = { "one", "seam", "edge" };

const struct axes axes_default = {
	.event_idx = true,
	.indirect = true,
	.num = 64,
};

unsigned axes_all(struct axes list[AXES_MAX])
{
	unsigned n = 0;

	/* One number counts through all combinations, like an odometer. */
	for (unsigned i = 0; i < 2 * COUNT(sizes) * 2 * 2 * LAYOUTS * 2; i++) {
		unsigned rest = i / 2 / COUNT(sizes),
			 size = i / 2 % COUNT(sizes);

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

/* ---- pairs ---- */

enum { AXES = 6, VALUES = 7 };

/* Has the value of axis i been seen together with that of axis j? */
typedef bool meetings[AXES][VALUES][AXES][VALUES];

static void values_of(const struct axes *a, unsigned values[AXES])
{
	unsigned size = 0;

	while (sizes[size] != a->num)
		size++;
	memcpy(values,
	       (unsigned[AXES]){ a->packed, a->event_idx, a->indirect, size,
				 a->layout, a->near_wrap },
	       AXES * sizeof(*values));
}

/* How many pairs of values would meet for the first time; `meet`: they do. */
static unsigned new_meetings(meetings met, const struct axes *a, bool meet)
{
	unsigned v[AXES], n = 0;

	values_of(a, v);
	for (unsigned i = 0; i < AXES; i++)
		for (unsigned j = i + 1; j < AXES; j++) {
			n += !met[i][v[i]][j][v[j]];
			met[i][v[i]][j][v[j]] |= meet;
		}
	return n;
}

static bool same(const struct axes *a, const struct axes *b)
{
	unsigned va[AXES], vb[AXES];

	values_of(a, va);
	values_of(b, vb);
	return !memcmp(va, vb, sizeof(va));
}

static void swap(struct axes *a, struct axes *b)
{
	struct axes c = *a;

	*a = *b;
	*b = c;
}

static unsigned best(meetings met, const struct axes *list, unsigned n)
{
	unsigned at = 0, most = 0;

	for (unsigned i = 0; i < n; i++) {
		unsigned gain = new_meetings(met, &list[i], false);

		if (gain > most) {
			most = gain;
			at = i;
		}
	}
	return at;
}

unsigned axes_pairs(struct axes *list, unsigned n, const struct axes *first)
{
	static meetings met;
	unsigned taken = 0;

	for (unsigned i = n; i > 1; i--)
		swap(&list[i - 1], &list[draw_below(i)]);
	for (unsigned i = 0; i < n; i++)
		if (same(&list[i], first))
			swap(&list[0], &list[i]);
	memset(met, 0, sizeof(met));
	while (taken < n) {
		if (taken)
			swap(&list[taken],
			     &list[taken + best(met, list + taken, n - taken)]);
		if (!new_meetings(met, &list[taken], true))
			break;
		taken++;
	}
	return taken;
}

/* ---- names ---- */

const char *axes_name(const struct axes *a)
{
	static char name[AXES_NAME];

	snprintf(name, sizeof(name), "%s/%s/%s/%u/%s/%s",
		 a->packed ? "packed" : "split", a->event_idx ? "idx" : "noidx",
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
