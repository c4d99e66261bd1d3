/*
 * The GPU's config space: how many scanouts and capability sets there are, and
 * what has happened. How it is read and written is in configspace_test.c.
 *
 * virtio 1.3, section 5.7.4.
 */
#include <stdio.h>
#include <string.h>

#include "draws.h"
#include "driver.h"
#include "sequence.h"
#include "suites.h"

/* events_read, events_clear, num_scanouts, num_capsets, blob_alignment (1.4) */
enum {
	EVENTS_READ = 0,
	EVENTS_CLEAR = 4,
	NUM_SCANOUTS = 8,
	NUM_CAPSETS = 12,
	CONFIG_SIZE = 16,
	BLOB_ALIGNMENT = 16
};

struct config {
	uint8_t bytes[CONFIG_SIZE];
};

static struct config read_config(struct frontend *fe)
{
	struct config c;

	if (!frontend_get_config(fe, 0, c.bytes, sizeof(c.bytes)))
		FAIL("GET_CONFIG was refused");
	return c;
}

/* Little-endian, wherever the device runs (2.5.3). */
static uint32_t field(const struct config *c, unsigned at)
{
	return c->bytes[at] | c->bytes[at + 1] << 8 | c->bytes[at + 2] << 16 |
	       (uint32_t)c->bytes[at + 3] << 24;
}

static void expect_config(struct frontend *fe, const struct config *expected)
{
	struct config c = read_config(fe);

	ck_assert_mem_eq(c.bytes, expected->bytes, sizeof(c.bytes));
}

/* ---- what it says ---- */

START_TEST(scanouts_are_counted_as_asked_for)
{
	static const uint32_t outputs[] = { 1, 3, 15, 16 };

	if (!program_takes_options())
		suite_skip("it takes no --outputs");
	for (unsigned i = 0; i < 4; i++) {
		char options[32];
		struct frontend *fe;
		struct config c;

		snprintf(options, sizeof(options), "--outputs=%u", outputs[i]);
		fe = frontend_negotiated(program_start(options), ~0ull);
		c = read_config(fe);
		ck_assert_uint_eq(field(&c, NUM_SCANOUTS), outputs[i]);
		frontend_free(fe);
	}
}
END_TEST

/* Linux asks for as many as there are, whether 3D was offered or not. */
START_TEST(capsets_come_with_virgl)
{
	struct driver *d = driver_start_with(&(struct driver_options){
		.axes = _axes, .with = BIT(VIRTIO_GPU_F_VIRGL) });
	struct config c = read_config(d->fe);
	uint32_t n = field(&c, NUM_CAPSETS);
	const uint32_t beyond[] = { n, n + 1, 0x7fffffff, 0x80000000, ~0u };

	if (!(d->fe->offered & BIT(VIRTIO_GPU_F_VIRGL)))
		ck_assert_uint_eq(n, 0);
	for (unsigned i = 0; i < 5; i++) {
		struct virtio_gpu_get_capset_info cmd = {
			.hdr = driver_header(VIRTIO_GPU_CMD_GET_CAPSET_INFO, 0),
			.capset_index = beyond[i],
		};
		struct reply r = driver_send(d,
					     &(struct request){ REQUEST(cmd),
								.room = 40 });

		if (d->features & BIT(VIRTIO_GPU_F_VIRGL))
			EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
		else
			EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_UNSPEC);
	}
}
END_TEST

/* Since 1.4, a power of two where it is offered; else nothing is there. */
START_TEST(blob_alignment_comes_with_its_feature)
{
	struct frontend *fe = frontend_negotiated(program_start(NULL), ~0ull);
	struct config c;
	uint32_t alignment;

	if (!frontend_get_config(fe, BLOB_ALIGNMENT, c.bytes, 4))
		suite_skip("there is no such field");
	alignment = field(&c, 0);
	if (frontend_get(fe, VU_GET_FEATURES) & BIT(5))
		ck_assert(alignment && !(alignment & (alignment - 1)));
	else
		ck_assert_uint_eq(alignment, 0);
	frontend_free(fe);
}
END_TEST

/* ---- events ---- */

static void write_word(struct frontend *fe, uint32_t at, uint32_t value)
{
	const uint8_t bytes[] = { value & 0xff, value >> 8 & 0xff,
				  value >> 16 & 0xff, value >> 24 };

	ck_assert_int_eq(frontend_set_config(fe, at, bytes, 4), ACCEPTED);
}

/* One event is defined. Nothing happens here, so it is not there either. */
static void expect_no_event(struct frontend *fe)
{
	struct config c = read_config(fe);

	ck_assert_uint_eq(field(&c, EVENTS_READ), 0);
	ck_assert_uint_eq(field(&c, EVENTS_CLEAR), 0);
}

START_TEST(there_are_no_events)
{
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = _axes });

	expect_no_event(d->fe);
	driver_go(d);
	driver_expect_alive(d);
	expect_no_event(d->fe);
	driver_pause(d);
	driver_resume(d);
	expect_no_event(d->fe);
	driver_reset(d);
	expect_no_event(d->fe);
}
END_TEST

/* events_read is the device's; events_clear takes bits away and adds none. */
START_TEST(a_driver_makes_no_events)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 32; i++) {
		uint32_t value = i < 4 ? i : (uint32_t)draw();

		write_word(d->fe, EVENTS_READ, value);
		expect_no_event(d->fe);
		write_word(d->fe, EVENTS_CLEAR, value);
		expect_no_event(d->fe);
	}
	driver_expect_alive(d);
}
END_TEST

/* ---- for how long ---- */

START_TEST(it_stays_the_same_all_life_long)
{
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = _axes });
	struct config first = read_config(d->fe);
	struct program *p = d->program;

	driver_go(d);
	expect_config(d->fe, &first);
	driver_expect_alive(d);
	expect_config(d->fe, &first);
	driver_pause(d);
	expect_config(d->fe, &first);
	driver_resume(d);
	driver_expect_alive(d);
	driver_reset(d);
	expect_config(d->fe, &first);
	driver_expect_alive(d);
	driver_end(d);
	d = driver_start_with(
		&(struct driver_options){ .axes = _axes, .program = p });
	expect_config(d->fe, &first);
}
END_TEST

/* Not by what the driver chose of the features either (2.5.2). */
START_TEST(it_does_not_depend_on_what_was_chosen)
{
	struct frontend *fe = frontend_negotiated(program_start(NULL), ~0ull);
	struct config first = read_config(fe);
	uint64_t offered = frontend_get(fe, VU_GET_FEATURES);

	expect_config(fe, &first);
	frontend_tell_u64(fe, VU_SET_FEATURES, BIT(32));
	expect_config(fe, &first);
	frontend_tell_u64(fe, VU_SET_FEATURES, offered);
	expect_config(fe, &first);
	frontend_free(fe);
}
END_TEST

START_TEST(writing_changes_nothing)
{
	struct driver *d = driver_start(_axes);
	struct config first = read_config(d->fe);

	for (uint32_t at = 0; at < CONFIG_SIZE; at += 4) {
		write_word(d->fe, at, 0);
		expect_config(d->fe, &first);
		write_word(d->fe, at, ~0u);
		expect_config(d->fe, &first);
		write_word(d->fe, at, (uint32_t)draw());
		expect_config(d->fe, &first);
	}
	driver_expect_alive(d);
}
END_TEST

static const struct test tests[] = {
	ONCE("fields", scanouts_are_counted_as_asked_for, "B17 F06"),
	ON_ALL_AXES("fields", capsets_come_with_virgl, "F07"),
	ONCE("fields", blob_alignment_comes_with_its_feature, "B15 F11"),
	ON_ALL_AXES("events", there_are_no_events, "F14"),
	ONCE("events", a_driver_makes_no_events, "F08 F14"),
	ON_ALL_AXES("constant", it_stays_the_same_all_life_long, "F12"),
	ONCE("constant", it_does_not_depend_on_what_was_chosen, "B15 F12"),
	ONCE("constant", writing_changes_nothing, "F08 F12"),
	{ 0 }
};

Suite *gpuconfig_suite(void)
{
	return suite_new("gpuconfig", tests);
}
