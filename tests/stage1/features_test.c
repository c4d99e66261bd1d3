/*
 * Features: every choice a driver can make of the offer works, thousands of
 * times, and what was not chosen is not there.
 *
 * What is offered, taken and refused is in negotiation_test.c.
 *
 * virtio 1.3, sections 2.2, 5.7.3 and 6.
 */
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>
#include <sys/eventfd.h>

#include "draws.h"
#include "driver.h"
#include "load.h"
#include "ring_packed.h"
#include "ring_split.h"
#include "safe.h"
#include "sequence.h"
#include "suites.h"

enum { BLOB_ALIGNMENT = 5 }; /* virtio 1.4 */

static uint64_t offer(struct program *p)
{
	struct frontend *fe = frontend_negotiated(p, ~0ull);
	uint64_t offered = frontend_get(fe, VU_GET_FEATURES);

	frontend_free(fe);
	return offered;
}

/* ---- the offer ---- */

/*
 * A driver may take all it knows, so bits of other transports, of other ages
 * and of nobody are not for this device. Left out too is what would need more
 * of QEMU than it gives a back end: a queue that is reset alone, and buffers in
 * order while a fence is held.
 */
START_TEST(only_what_belongs_here_is_offered)
{
	uint64_t gpu = 0x3f, ring = BIT(VIRTIO_RING_F_INDIRECT_DESC) |
				    BIT(VIRTIO_RING_F_EVENT_IDX) |
				    BIT(VIRTIO_F_RING_PACKED);
	uint64_t allowed = gpu | ring | BIT(VIRTIO_F_VERSION_1) |
			   BIT(VU_F_PROTOCOL_FEATURES);
	uint64_t offered = offer(program_start(NULL));

	/* Migration, legacy rings, an IOMMU: others may have those. */
	if (suite_portable())
		allowed |= BIT(24) | BIT(VHOST_F_LOG_ALL) | BIT(27) |
			   BIT(VIRTIO_F_ACCESS_PLATFORM) | BIT(35) |
			   BIT(VIRTIO_F_ORDER_PLATFORM) | BIT(40);
	if (offered & ~allowed)
		FAIL("features %#llx have no place here",
		     (unsigned long long)(offered & ~allowed));
	ck_assert(offered & BIT(VIRTIO_F_VERSION_1));
}
END_TEST

START_TEST(nothing_is_offered_without_what_it_needs)
{
	static const char *const options[] = { NULL, "--outputs=16",
					       "--resolution=640x480 --once" };

	for (unsigned i = 0; i < (program_takes_options() ? 3 : 1); i++) {
		uint64_t set = offer(program_start(options[i]));

		if (set & BIT(VIRTIO_GPU_F_CONTEXT_INIT))
			ck_assert(set & BIT(VIRTIO_GPU_F_VIRGL));
		if (set & BIT(BLOB_ALIGNMENT))
			ck_assert(set & BIT(VIRTIO_GPU_F_RESOURCE_BLOB));
	}
}
END_TEST

/* What is offered works: the answer to a small question shows it. */
START_TEST(what_is_offered_is_there)
{
	struct driver *d = driver_start_with(
		&(struct driver_options){ .axes = _axes, .with = 0x3f });
	struct virtio_gpu_cmd_get_edid edid = {
		.hdr = driver_header(VIRTIO_GPU_CMD_GET_EDID, 0),
	};
	struct virtio_gpu_get_capset_info capset = {
		.hdr = driver_header(VIRTIO_GPU_CMD_GET_CAPSET_INFO, 0),
	};
	struct reply r;

	if (d->features & BIT(VIRTIO_GPU_F_EDID)) {
		r = driver_send(d, &(struct request){ REQUEST(edid),
						      .room = 1056 });
		EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_EDID, 1056);
	}
	if (d->features & BIT(VIRTIO_GPU_F_VIRGL)) {
		r = driver_send(d, &(struct request){ REQUEST(capset),
						      .room = 40 });
		EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_CAPSET_INFO, 40);
	}
	driver_expect_alive(d);
}
END_TEST

/* ---- the choice ---- */

static bool sensible(uint64_t set)
{
	if (set & BIT(VIRTIO_GPU_F_CONTEXT_INIT) &&
	    !(set & BIT(VIRTIO_GPU_F_VIRGL)))
		return false;
	return !(set & BIT(BLOB_ALIGNMENT)) ||
	       set & BIT(VIRTIO_GPU_F_RESOURCE_BLOB);
}

/* A driver that has chosen just that, on a machine of its own. */
static void drive_with(struct program *p, uint64_t set)
{
	struct axes axes = *_axes;
	struct driver *d;

	axes.packed = set & BIT(VIRTIO_F_RING_PACKED);
	axes.event_idx = set & BIT(VIRTIO_RING_F_EVENT_IDX);
	axes.indirect = set & BIT(VIRTIO_RING_F_INDIRECT_DESC);
	trail_step("features %#llx", (unsigned long long)set);
	d = driver_start_with(&(struct driver_options){ .axes = &axes,
							.ram = 1 << 20,
							.with = set,
							.without = ~set & 0x3f,
							.program = p });
	driver_expect_alive(d);
	driver_pause(d);
	driver_resume(d);
	driver_expect_alive(d);
	driver_end(d);
}

/* All subsets of the offer, or as many as there is time for. */
START_TEST(any_choice_works)
{
	struct program *p = program_start(NULL);
	uint64_t choice = offer(p) & (0x3f | BIT(VIRTIO_F_RING_PACKED) |
				      BIT(VIRTIO_RING_F_INDIRECT_DESC) |
				      BIT(VIRTIO_RING_F_EVENT_IDX));
	uint64_t set = 0;

	/* Carries run through the bits that are in `choice` alone. */
	do {
		if (sensible(set))
			drive_with(p, set);
		set = (set - choice) & choice;
	} while (set);
}
END_TEST

static void reboot_often(struct program *p, bool packed)
{
	struct axes axes = *_axes;
	struct driver *d;
	struct vitals before;

	axes.packed = packed;
	d = driver_start_with(&(struct driver_options){
		.axes = &axes, .ram = 1 << 20, .program = p });
	driver_reset(d);
	driver_expect_alive(d);
	before = driver_vitals(d);
	trail_quiet(true);
	d->guarded = false;
	for (unsigned i = 0; i < 500; i++) {
		driver_reset(d);
		driver_expect_answer(d, i % 2);
	}
	trail_quiet(false);
	driver_expect_no_more(d, before);
	ck_assert_uint_eq(frontend_get(d->fe, VU_GET_FEATURES), d->fe->offered);
	driver_end(d);
}

/* The same choice again and again (2.2.2). */
START_TEST(a_thousand_drivers_find_the_same)
{
	struct program *p = program_start(NULL);

	reboot_often(p, false);
	reboot_often(p, true);
}
END_TEST

/* ---- what was not chosen ---- */

/* used_event and the like are then just memory, whatever is in it. */
START_TEST(event_words_mean_nothing_without_event_idx)
{
	struct axes axes = *_axes;
	struct driver *d;

	axes.event_idx = false;
	d = driver_start(&axes);
	for (unsigned i = 0; i < 40; i++) {
		uint16_t junk = (uint16_t)draw();

		if (_axes->packed)
			packed_set_event(d->control, junk,
					 VRING_PACKED_EVENT_FLAG_ENABLE);
		else
			split_set_used_event(d->control, junk);
		/* Waits for its call, and finds no event word written. */
		driver_display_info(d);
	}
}
END_TEST

/* It may pass for a buffer or for an error, but is not followed. */
START_TEST(no_table_is_followed_without_indirect_desc)
{
	struct axes axes = *_axes;
	struct driver *d;
	struct piece pieces[2];
	struct safe s;

	axes.indirect = false;
	d = driver_start(&axes);
	s = safe_begin(d, CONTROLQ);
	pieces[0] = (struct piece){ s.request, SAFE_REQUEST, false };
	pieces[1] = (struct piece){ s.response, SAFE_RESPONSE, true };
	ring_add(d->control, pieces, 2, SHAPE_INDIRECT);
	ring_publish(d->control);
	ring_kick_now(d->control);
	safe_finish(&s, SAFE_EMPTY);
}
END_TEST

/* ---- between two drivers ---- */

/* Since the last time; while there is no driver QEMU has fds of its own. */
static bool called(struct driver *d)
{
	bool any = false;

	for (unsigned i = 0; i < FRONTEND_RINGS; i++) {
		eventfd_t n;

		any |= !eventfd_read(d->fe->stand_in[i], &n);
		any |= ring_calls(d->fe->rings[i]) > 0;
	}
	return any;
}

/* One is gone, and the next has said nothing yet. */
static void change_drivers(struct driver *d)
{
	load_post(d, CONTROLQ, 8);
	load_post(d, CURSORQ, 8);
	frontend_stop(d->fe);
	rest_begin(d);
	called(d);
	frontend_reset(d->fe);
	ring_kick_now(d->control);
	ring_kick_now(d->cursor);
	rest_expect(d);
	if (called(d))
		FAIL("a call, and no driver is there");
	driver_give_up(d);
	ring_restart(d->control, ring_base_zero(d->control));
	ring_restart(d->cursor, ring_base_zero(d->cursor));
	frontend_start(d->fe, d->features);
	driver_expect_alive(d);
}

START_TEST(nothing_moves_between_two_drivers)
{
	for (const struct dialect *const *dialect = dialects; *dialect;
	     dialect++) {
		struct driver *d = driver_start_with(&(struct driver_options){
			.axes = _axes, .dialect = *dialect });

		driver_expect_alive(d);
		for (unsigned i = 0; i < 3; i++)
			change_drivers(d);
		driver_end(d);
	}
}
END_TEST

static const struct test tests[] = {
	ONCE("offer", only_what_belongs_here_is_offered,
	     "B08 B21 B23 B24 B25 B26 E04 E09 E10 E11"),
	ONCE("offer", nothing_is_offered_without_what_it_needs, "B05"),
	ON_ALL_AXES("offer", what_is_offered_is_there, "F05"),
	ONCE("choice", any_choice_works, "B06", .seconds = 120),
	ONCE("choice", a_thousand_drivers_find_the_same, "B09", .seconds = 120),
	ON_ALL_AXES("not", event_words_mean_nothing_without_event_idx, "B10"),
	ON_ALL_AXES("not", no_table_is_followed_without_indirect_desc, "B10"),
	ON_ALL_AXES("between", nothing_moves_between_two_drivers, "B12"),
	{ 0 }
};

Suite *features_suite(void)
{
	return suite_new("features", tests);
}
