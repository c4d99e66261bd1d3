/*
 * Config space through vhost-user: any part of it, more than there is, and what
 * a driver can't write.
 *
 * QEMU's docs/interop/vhost-user.rst, "Virtio device config space";
 * virtio 1.3, sections 2.5 and 5.7.4.
 */
#include <string.h>

#include "driver.h"
#include "load.h"
#include "pump.h"
#include "sequence.h"
#include "suites.h"

enum { CONFIG_MAX = 256 };

/* What can be read at once: others may have no more than a GPU has. */
static uint32_t readable(uint32_t size)
{
	return suite_portable() ? sizeof(struct virtio_gpu_config) : size;
}

static struct frontend *negotiated(void)
{
	return frontend_negotiated(program_start(NULL), ~0ull);
}

static struct message get_config(uint32_t offset, uint32_t size,
				 uint32_t payload)
{
	struct message m = message(VU_GET_CONFIG);

	m.header.size = 12 + payload;
	m.config.offset = offset;
	m.config.size = size;
	return m;
}

/* Front ends differ in what they ask for; what isn't there reads as zero. */
START_TEST(each_size_is_answered_in_full)
{
	static const uint32_t sizes[] = { 1,  4,   16,	20,	   24,
					  64, 136, 255, CONFIG_MAX };
	struct frontend *fe = negotiated();
	uint8_t all[CONFIG_MAX], part[CONFIG_MAX];

	ck_assert(frontend_get_config(fe, 0, all, CONFIG_MAX));
	for (unsigned i = 0; i < 9; i++) {
		ck_assert(frontend_get_config(fe, 0, part, sizes[i]));
		ck_assert_mem_eq(part, all, sizes[i]);
	}
	for (unsigned i = 24; i < CONFIG_MAX; i++)
		ck_assert_uint_eq(all[i], 0);
	frontend_free(fe);
}
END_TEST

/* Any access of any width reads the same, and changes nothing. */
START_TEST(each_part_reads_as_in_the_whole)
{
	struct frontend *fe = negotiated();
	uint32_t there = readable(32);
	uint8_t all[32], part[32];

	ck_assert(frontend_get_config(fe, 0, all, there));
	for (uint32_t size = 1; size <= 8; size *= 2)
		for (uint32_t at = 0; at + size <= there; at++) {
			ck_assert(frontend_get_config(fe, at, part, size));
			ck_assert_mem_eq(part, all + at, size);
		}
	frontend_free(fe);
}
END_TEST

static void expect_no_config(struct frontend *fe, uint32_t offset,
			     uint32_t size)
{
	uint8_t bytes[512];

	if (frontend_get_config(fe, offset, bytes, size))
		FAIL("%u bytes of config at %u", size, offset);
}

/* An empty payload says no: here to a part that nobody's could have. */
START_TEST(there_are_256_bytes_at_most)
{
	struct frontend *fe = negotiated();
	uint8_t byte;

	if (!suite_portable()) {
		ck_assert(frontend_get_config(fe, CONFIG_MAX - 1, &byte, 1));
		ck_assert_uint_eq(byte, 0);
	}
	expect_no_config(fe, CONFIG_MAX, 1);
	expect_no_config(fe, CONFIG_MAX - 1, 2);
	expect_no_config(fe, 0, CONFIG_MAX + 1);
	expect_no_config(fe, 1, CONFIG_MAX);
	expect_no_config(fe, 0x7fffffff, 1);
	expect_no_config(fe, 0xffffffff, 1);
	expect_no_config(fe, 0xffffffff, 2);
	expect_no_config(fe, 0xffffff00, CONFIG_MAX);
	ck_assert(frontend_get_config(fe, 0, &byte, 1));
	frontend_free(fe);
}
END_TEST

/* Others may answer: with no more than was asked for, and with no crash. */
static void survive(struct frontend *fe)
{
	struct message next = message(VU_GET_QUEUE_NUM), reply;

	fe->program->may_end = true;
	if (!wire_send(fe->sock, &next))
		return;
	while (wire_receive(fe->sock, &reply, PATIENCE_MS) == WIRE_MESSAGE) {
		ck_assert_uint_le(reply.header.size, 12 + 16);
		if (reply.header.request == VU_GET_QUEUE_NUM)
			return;
	}
}

/* Two sizes that don't agree: whoever believes the inner one reads on. */
START_TEST(both_sizes_must_agree)
{
	static const uint32_t inner[] = {
		15, 17, 0, 256, 0x7fffffff, 0xffffffff
	};
	static const uint32_t requests[] = { VU_GET_CONFIG, VU_SET_CONFIG };
	struct program *p = program_start(NULL);

	for (unsigned i = 0; i < 12; i++) {
		struct frontend *fe = frontend_negotiated(p,
							  ~BIT(VU_REPLY_ACK));
		struct message m = get_config(0, inner[i / 2], 16);

		m.header.request = requests[i % 2];
		frontend_send(fe, &m);
		if (suite_portable())
			survive(fe);
		else
			frontend_expect_hang_up(fe);
		frontend_free(fe);
	}
}
END_TEST

/* As a driver can before it has chosen features (2.5.2). */
START_TEST(it_can_be_read_first_of_all)
{
	struct frontend *fe = negotiated();
	struct virtio_gpu_config config;

	ck_assert(frontend_get_config(fe, 0, &config, sizeof(config)));
	if (!suite_portable())
		ck_assert_uint_ge(config.num_scanouts, 1);
	ck_assert_uint_le(config.num_scanouts, VIRTIO_GPU_MAX_SCANOUTS);
	frontend_free(fe);
}
END_TEST

static struct message set_config(uint32_t offset, const void *bytes,
				 uint32_t size, uint32_t flags)
{
	struct message m = get_config(offset, size, size);

	m.header.request = VU_SET_CONFIG;
	m.config.flags = flags;
	memcpy(m.config.data, bytes, size);
	return m;
}

/* QEMU passes on the whole structure, whatever the driver wrote to. */
START_TEST(what_is_not_the_drivers_stays)
{
	struct frontend *fe = negotiated();
	struct virtio_gpu_config before, after, other;

	ck_assert(frontend_get_config(fe, 0, &before, sizeof(before)));
	for (uint32_t flags = 0; flags <= 1; flags++) {
		struct message m;

		memset(&other, 0xff, sizeof(other));
		other.num_scanouts = before.num_scanouts % 16 + 1;
		other.num_capsets = 77;
		m = set_config(0, &other, sizeof(other), flags);
		ck_assert_int_eq(frontend_try(fe, &m), ACCEPTED);
		ck_assert(frontend_get_config(fe, 0, &after, sizeof(after)));
		ck_assert_uint_eq(after.num_scanouts, before.num_scanouts);
		ck_assert_uint_eq(after.num_capsets, before.num_capsets);
		ck_assert_uint_eq(after.events_clear, 0);
		ck_assert_uint_eq(after.events_read & ~before.events_read, 0);
	}
	frontend_free(fe);
}
END_TEST

START_TEST(each_byte_can_be_written_alone)
{
	struct frontend *fe = negotiated();
	struct virtio_gpu_config before, after;
	uint8_t byte = 0xff;

	ck_assert(frontend_get_config(fe, 0, &before, sizeof(before)));
	for (uint32_t at = 0; at < 24; at++) {
		struct message m = set_config(at, &byte, 1, 0);

		ck_assert_int_eq(frontend_try(fe, &m), ACCEPTED);
	}
	ck_assert(frontend_get_config(fe, 0, &after, sizeof(after)));
	ck_assert_uint_eq(after.num_scanouts, before.num_scanouts);
	ck_assert_uint_eq(after.num_capsets, before.num_capsets);
	ck_assert_uint_eq(after.events_clear, 0);
	frontend_free(fe);
}
END_TEST

START_TEST(nothing_is_written_beyond_256_bytes)
{
	static const struct {
		uint32_t offset, size;
	} beyond[] = {
		{ 256, 1 },	    { 255, 2 }, { 0xffffffff, 1 },
		{ 0xfffffff0, 32 }, { 0, 257 }, { 8, 512 },
	};
	static const uint8_t bytes[512];
	struct frontend *fe = negotiated();

	for (unsigned i = 0; i < 6; i++) {
		struct message m = set_config(beyond[i].offset, bytes,
					      beyond[i].size, 0);

		/* Others may pass over what they don't have. */
		if (suite_portable())
			frontend_try(fe, &m);
		else
			frontend_try_wrong(fe, &m);
		fe = frontend_again(fe);
	}
	frontend_expect_silence(fe);
	frontend_free(fe);
}
END_TEST

/* No sign of a reset then: what is in flight stays so. */
START_TEST(it_can_be_read_while_rings_run)
{
	struct driver *d = driver_start(_axes);
	uint8_t config[64];

	for (unsigned i = 0; i < 10; i++) {
		struct load load = load_post(d, CONTROLQ, 8);
		struct message m;

		ck_assert(frontend_get_config(d->fe, 0, config, readable(64)));
		m = set_config(0, config, 16, 0);
		ck_assert_int_eq(frontend_try(d->fe, &m), ACCEPTED);
		load_collect(d, &load);
	}
	driver_expect_alive(d);
	driver_pause(d);
}
END_TEST

static const struct test tests[] = {
	ONCE("read", each_size_is_answered_in_full, "A37 A38"),
	ONCE("read", each_part_reads_as_in_the_whole, "A37 B16"),
	ONCE("read", there_are_256_bytes_at_most, "A37"),
	ONCE("read", both_sizes_must_agree, "A03 A37 A39"),
	ONCE("read", it_can_be_read_first_of_all, "A37 B15"),
	ONCE("write", what_is_not_the_drivers_stays, "A39 F08 F12"),
	ONCE("write", each_byte_can_be_written_alone, "A39 F12"),
	ONCE("write", nothing_is_written_beyond_256_bytes, "A39"),
	ON_ALL_AXES("running", it_can_be_read_while_rings_run, "A34 A37 A39"),
	{ 0 }
};

Suite *configspace_suite(void)
{
	return suite_new("configspace", tests);
}
