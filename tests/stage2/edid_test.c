/*
 * GET_EDID: the reply, and what is one monitor's and not another's. What an
 * EDID says of a monitor's modes is in edidmodes_test.c.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#include <stdio.h>

#include "driver.h"
#include "edid_read.h"
#include "lines.h"
#include "suites.h"

static struct reply ask(struct driver *d, uint32_t scanout, uint32_t room,
			uint64_t fence)
{
	struct virtio_gpu_cmd_get_edid cmd = {
		.hdr = driver_header(VIRTIO_GPU_CMD_GET_EDID, fence),
		.scanout = scanout,
	};

	return driver_send(d, &(struct request){ REQUEST(cmd), .room = room });
}

static struct driver *start(void)
{
	struct driver *d = driver_start(_axes);

	if (!(d->features & BIT(VIRTIO_GPU_F_EDID)))
		suite_skip("it offers no EDIDs");
	return d;
}

static struct driver *start_with(const char *options)
{
	program_need_options();
	return driver_start_with(
		&(struct driver_options){ .axes = _axes, .options = options });
}

/* ---- the reply ---- */

START_TEST(every_monitor_has_one)
{
	struct driver *d = start();

	for (unsigned i = 0; i < d->scanouts; i++) {
		struct virtio_gpu_resp_edid resp = edid_get(d, i);
		struct edid_read e;

		/* Theirs is the screen's, and that has an empty one. */
		if (program_takes_options())
			edid_read(&resp, &e);
	}
}
END_TEST

START_TEST(room_behind_the_reply_is_left_alone)
{
	struct driver *d = start();
	struct reply r = ask(d, 0, 4096, 0);

	EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_EDID, 1056);
}
END_TEST

START_TEST(a_fence_comes_back)
{
	struct driver *d = start();
	struct reply r = ask(d, 0, 1056, 77);

	EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_EDID, 1056);
	ck_assert_uint_eq(r.hdr.flags, VIRTIO_GPU_FLAG_FENCE);
	ck_assert_uint_eq(r.hdr.fence_id, 77);
}
END_TEST

START_TEST(a_monitor_that_is_not_there_has_none)
{
	struct driver *d = start();
	uint32_t wrong[] = { d->scanouts, 16, 17, 0x80000000, 0xffffffff };

	for (unsigned i = 0; i < 5; i++) {
		struct reply r = ask(d, wrong[i], 1056, i);

		EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
	}
	driver_expect_alive(d);
}
END_TEST

START_TEST(without_the_feature_there_is_none)
{
	struct driver *d = driver_start_with(&(struct driver_options){
		.axes = _axes, .without = BIT(VIRTIO_GPU_F_EDID) });
	struct reply r = ask(d, 0, 1056, 0);

	EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_UNSPEC);
	driver_expect_alive(d);
}
END_TEST

/* ---- each monitor's own ---- */

static struct edid_read read_edid(struct driver *d, uint32_t scanout)
{
	struct virtio_gpu_resp_edid resp = edid_get(d, scanout);
	struct edid_read e;

	edid_read(&resp, &e);
	return e;
}

START_TEST(the_preferred_mode_is_the_display_infos)
{
	struct driver *d = start_with("--outputs=3");
	struct virtio_gpu_resp_display_info info = driver_display_info(d);

	for (unsigned i = 0; i < d->scanouts; i++) {
		struct edid_read e = read_edid(d, i);

		ck_assert_uint_eq(e.preferred.width, info.pmodes[i].r.width);
		ck_assert_uint_eq(e.preferred.height, info.pmodes[i].r.height);
	}
}
END_TEST

/* Desktops remember by these which monitor stands where. */
START_TEST(monitors_can_be_told_apart)
{
	struct driver *d = start_with("--outputs=16");
	struct edid_read e[VIRTIO_GPU_MAX_SCANOUTS];

	for (unsigned i = 0; i < d->scanouts; i++) {
		e[i] = read_edid(d, i);
		ck_assert_uint_ne(e[i].serial, 0);
		ck_assert_str_eq(e[i].maker, e[0].maker);
		ck_assert_uint_eq(e[i].product, e[0].product);
		for (unsigned j = 0; j < i; j++) {
			ck_assert_uint_ne(e[i].serial, e[j].serial);
			ck_assert_str_ne(e[i].name, e[j].name);
		}
	}
}
END_TEST

/* ---- the trace ---- */

static bool is_edid(const char *line)
{
	return line_has_word(line, "GET_EDID");
}

START_TEST(the_trace_says_which)
{
	static const char *const patterns[] = {
		"* scanout=1 1280x800 bytes=128 -> OK_EDID*",
		"* scanout=2 -> ERR_INVALID_SCANOUT_ID*",
	};
	char options[512];
	struct program *p;
	struct driver *d;

	snprintf(options, sizeof(options), "--outputs=2 --trace=%s",
		 program_own_path("trace"));
	d = start_with(options);
	ask(d, 1, 1056, 0);
	ask(d, 2, 1056, 0);
	p = d->program;
	driver_end(d);
	program_stop(p);
	lines_expect(lines_of_file(program_own_path("trace")), is_edid,
		     patterns, 2);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("reply", every_monitor_has_one, "H05"),
	ONCE("reply", room_behind_the_reply_is_left_alone, "G03"),
	ONCE("reply", a_fence_comes_back, "G11"),
	ON_ALL_AXES("reply", a_monitor_that_is_not_there_has_none, "H07"),
	ONCE("reply", without_the_feature_there_is_none, "H06 B10 F05"),
	ONCE("monitors", the_preferred_mode_is_the_display_infos, "H04 H05"),
	ONCE("monitors", monitors_can_be_told_apart, "H09"),
	ONCE("trace", the_trace_says_which, NULL),
	{ 0 }
};

Suite *edid_suite(void)
{
	return suite_new("edid", tests);
}
