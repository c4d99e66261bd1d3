/*
 * Rings, tables and buffers that lie over each other. The device reads what it
 * has just written, and takes it for descriptors and indices: whatever comes of
 * that, it comes of the driver's own memory, and the device survives it.
 */
#include <linux/virtio_ring.h>

#include "guard.h"
#include "safe.h"
#include "sequence.h"
#include "suites.h"

/* ---- parts of the ring ---- */

/* What is left of the response lies where it should. */
START_TEST(a_response_over_a_part_of_the_ring)
{
	struct driver *d = driver_start(_axes);
	const struct ring *r = d->control;

	for (unsigned i = 0; i < 3; i++) {
		const uint64_t at[] = { r->desc, r->driver, r->device };
		const uint64_t size[] = { r->ops->desc_size(r->num),
					  r->ops->driver_size(r->num),
					  r->ops->device_size(r->num) };
		uint32_t n = size[i] < 200 ? (uint32_t)size[i] : 200;
		struct safe s = safe_begin(d, CONTROLQ);
		struct piece p[] = { s.legal[0],
				     { at[i], n, true },
				     { s.response, SAFE_RESPONSE - n, true } };

		trail_note("over %s", ram_what(d->ram, at[i]));
		safe_post(&s, p, 3);
		safe_finish_anyhow(&s);
	}
}
END_TEST

enum { DESC, DRIVER, DEVICE };

/* Starts the control ring with its parts where others of it are. */
static struct ring start_twisted(struct driver *d, const int *places)
{
	struct ring twisted = *d->control;
	const uint64_t at[] = { twisted.desc, twisted.driver, twisted.device };

	twisted.desc = at[places[DESC]];
	twisted.driver = at[places[DRIVER]];
	twisted.device = at[places[DEVICE]];
	twisted.base = frontend_get_base(d->fe, CONTROLQ);
	frontend_set_ring(d->fe, &twisted);
	return twisted;
}

START_TEST(a_ring_over_itself)
{
	static const int places[][3] = {
		{ DESC, DRIVER, DRIVER },
		{ DESC, DEVICE, DEVICE },
		{ DESC, DESC, DEVICE },
		{ DESC, DEVICE, DRIVER },
	};
	struct axes axes = *_axes;
	struct driver *d;

	axes.layout = LAYOUT_ONE;
	d = driver_start(&axes);
	for (unsigned i = 0; i < 4; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		struct ring twisted = start_twisted(d, places[i]);

		safe_post(&s, s.legal, 2);
		guard_allow(d->ram, twisted.device,
			    twisted.ops->device_size(twisted.num));
		safe_finish_anyhow(&s);
	}
}
END_TEST

/*
 * Here the device makes up addresses as it writes, and they may well be some
 * that exist: nothing is said of RAM. The next front end finds it well.
 */
START_TEST(a_ring_that_rewrites_its_descriptors)
{
	static const int places[][3] = {
		{ DESC, DRIVER, DESC },
		{ DESC, DESC, DESC },
	};
	struct axes axes = *_axes;
	struct program *p;
	struct driver *d;

	axes.layout = LAYOUT_ONE;
	d = driver_start(&axes);
	p = d->program;
	for (unsigned i = 0; i < 2; i++) {
		struct safe s = safe_begin(d, CONTROLQ);

		start_twisted(d, places[i]);
		safe_post(&s, s.legal, 2);
		frontend_expect_silence(d->fe);
		frontend_expect_silence(d->fe);
		driver_end(d);
		d = driver_start_with(&(struct driver_options){ .axes = &axes,
								.program = p });
		driver_expect_alive(d);
	}
}
END_TEST

/* ---- tables ---- */

/* It has been read before the response is written. */
START_TEST(a_table_under_its_own_response)
{
	struct driver *d = driver_start(_axes);

	for (uint32_t at = 0; at <= SAFE_RESPONSE - 32; at += 47) {
		struct safe s = safe_begin(d, CONTROLQ);
		struct ring_desc p = { s.response + at, 32,
				       VRING_DESC_F_INDIRECT };

		s.ring->ops->table(s.ring, p.gpa, s.legal, 2);
		safe_post_descs(&s, &p, 1);
		safe_finish_or_reply(&s, SAFE_REPLIED);
	}
}
END_TEST

/* So that it holds the descriptor which points to it. */
START_TEST(the_ring_as_an_indirect_table)
{
	struct driver *d = driver_start(_axes);
	struct safe s = safe_begin(d, CONTROLQ);
	struct ring_desc p = { d->control->desc, 16 * _axes->num,
			       VRING_DESC_F_INDIRECT };

	safe_post_descs(&s, &p, 1);
	safe_finish(&s, SAFE_EMPTY);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("parts", a_response_over_a_part_of_the_ring, "C51"),
	ON_ALL_AXES("parts", a_ring_over_itself, "C51"),
	ON_ALL_AXES("parts", a_ring_that_rewrites_its_descriptors, "C51"),
	ON_AXES_WITH(WITH_INDIRECT, "tables", a_table_under_its_own_response,
		     "C51"),
	ON_AXES_WITH(WITH_INDIRECT, "tables", the_ring_as_an_indirect_table,
		     "C51"),
	{ 0 }
};

Suite *overlaps_suite(void)
{
	return suite_new("overlaps", tests);
}
