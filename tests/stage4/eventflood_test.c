/*
 * A driver that posts event buffers as fast as the device uses them up.
 */
#include <pthread.h>

#include "ring_split.h"
#include "sitting.h"
#include "suites.h"

enum {
	NEXT = VRING_DESC_F_NEXT,
	WRITE = VRING_DESC_F_WRITE,
	INDIRECT = VRING_DESC_F_INDIRECT,
};

struct flood {
	struct ring *ring;
	bool over;
	int16_t most; /* used up, and the driver not told */
};

/* As fast as the device uses them up: it leaves a trace in the used ring. */
static void *keep_posting(void *arg)
{
	struct flood *f = arg;
	uint16_t seen = (uint16_t)f->ring->base;
	int16_t untold; /* less than 0: it was told more than it has seen */
	volatile uint32_t *elems = ram_at(f->ring->ram, f->ring->device + 4,
					  8 * f->ring->num);
	uint16_t *idx = ram_at(f->ring->ram, f->ring->driver + 2, 2);

	while (!__atomic_load_n(&f->over, __ATOMIC_RELAXED)) {
		if (elems[2 * (seen % f->ring->num)] == 0xffffffff)
			continue;
		elems[2 * (seen++ % f->ring->num)] = 0xffffffff;
		untold = (int16_t)(seen - split_used_idx(f->ring));
		if (untold > f->most)
			f->most = untold;
		__atomic_store_n(idx, (uint16_t)(seen + f->ring->num),
				 __ATOMIC_RELEASE);
		ring_kick_now(f->ring);
	}
	return NULL;
}

/*
 * Half as long as an event, and that behind 65535 descriptors of nothing: each
 * takes its time, so that there is always another one.
 */
static void post_short_ones(struct inputdriver *in)
{
	struct ring *r = in->d->control;
	uint64_t table = ram_alloc(in->d->ram, 65536 * 16, 16, "table");
	uint64_t buffer = ram_alloc(in->d->ram, 8, 16, "buffer");

	for (uint32_t i = 0; i < 65535; i++)
		split_set_table(r, table, i,
				(struct vring_desc){ buffer, 0, WRITE | NEXT,
						     (uint16_t)(i + 1) });
	split_set_table(r, table, 65535,
			(struct vring_desc){ buffer, 4, WRITE, 0 });
	for (uint32_t i = 0; i < r->num; i++) {
		split_set_desc(r, i,
			       (struct vring_desc){ table, 65536 * 16, INDIRECT,
						    0 });
		split_set_avail(r, (uint16_t)i, (uint16_t)i);
	}
	ram_fill(in->d->ram, r->device + 4, 0xff, 8 * r->num);
	split_set_avail_idx(r, (uint16_t)(r->base + r->num));
}

/*
 * None is of any use: others get in, and do what they want to. A visit to the
 * ring ends with all of it, even if there is more by then.
 */
START_TEST(bad_buffers_without_end_starve_nobody)
{
	struct axes axes = *_axes;
	struct input_options o = { .axes = &axes, .lazy = true };
	struct inputdriver *in;
	struct flood f;
	pthread_t thread;

	axes.num = 64;
	in = input_start_with(KEYBOARD, &o);
	f = (struct flood){ .ring = in->d->control };
	in->d->guarded = false;
	press(in);
	input_expect_nothing(in);
	post_short_ones(in);
	ck_assert_int_eq(pthread_create(&thread, NULL, keep_posting, &f), 0);
	ring_kick_now(f.ring);
	for (unsigned i = 0; i < 5; i++) {
		frontend_settle(in->d->fe);
		input_status(in, EV_LED, LED_CAPSL, i % 2);
	}
	frontend_get_base(in->d->fe, EVENTQ);
	__atomic_store_n(&f.over, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	ck_assert_int_le(f.most, 64);
	input_reset(in);
	input_post(in, 2);
	expect_press(in);
}
END_TEST

static const struct test tests[] = {
	ON_AXES_WITH(SPLIT_RINGS | WITH_INDIRECT, "flood",
		     bad_buffers_without_end_starve_nobody, "L02"),
	{ 0 }
};

Suite *eventflood_suite(void)
{
	return suite_new("eventflood", tests);
}
