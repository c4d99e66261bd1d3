/*
 * Monitors that somebody else knows: the device asks QEMU over the display
 * socket, and the guest's requests wait for the answer. What becomes of them if
 * it is late, comes after a pause, or to a driver that is gone.
 *
 * QEMU's docs/interop/vhost-user-gpu.rst.
 */
#include "dialect.h"
#include "driver.h"
#include "edid_read.h"
#include "suites.h"

static struct driver *start_with(const struct driver_options *o)
{
	struct driver *d;

	program_need_options();
	d = driver_start_with(o);
	driver_display_info(d);
	return d;
}

static struct driver *start(void)
{
	return start_with(&(struct driver_options){ .axes = _axes });
}

static struct posted *post_edid(struct driver *d, uint32_t scanout)
{
	struct virtio_gpu_cmd_get_edid cmd = {
		.hdr = driver_header(VIRTIO_GPU_CMD_GET_EDID, 0),
		.scanout = scanout,
	};

	return driver_post(d, &(struct request){ REQUEST(cmd), .room = 1056 });
}

static struct posted *post_info(struct driver *d)
{
	struct virtio_gpu_ctrl_hdr cmd =
		driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 0);

	return driver_post(d, &(struct request){ REQUEST(cmd), .room = 408 });
}

static void expect_sizes(const struct virtio_gpu_resp_edid *edid,
			 const struct virtio_gpu_resp_display_info *info,
			 uint32_t width, uint32_t height)
{
	struct edid_read e;

	edid_read(edid, &e);
	ck_assert_uint_eq(e.preferred.width, width);
	ck_assert_uint_eq(e.preferred.height, height);
	ck_assert_uint_eq(info->pmodes[0].r.width, width);
	ck_assert_uint_eq(info->pmodes[0].r.height, height);
}

/* Both replies, which have to agree on that size. */
static void collect(struct driver *d, struct posted *edid, struct posted *info,
		    uint32_t width, uint32_t height)
{
	struct reply e = driver_collect(d, edid);
	struct reply i = driver_collect(d, info);

	EXPECT_REPLY(e, VIRTIO_GPU_RESP_OK_EDID, 1056);
	EXPECT_REPLY(i, VIRTIO_GPU_RESP_OK_DISPLAY_INFO, 408);
	expect_sizes(&e.edid, &i.display_info, width, height);
}

/* A command that has nothing to do with monitors is answered. */
static void expect_going_on(struct driver *d)
{
	struct virtio_gpu_resource_unref cmd = {
		.hdr = driver_header(VIRTIO_GPU_CMD_RESOURCE_UNREF, 0),
		.resource_id = 99,
	};
	struct reply r =
		driver_send(d, &(struct request){ REQUEST(cmd), .room = 24 });

	EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
	driver_expect_answer(d, CURSORQ);
}

/* ---- what the screen says ---- */

START_TEST(a_new_size_is_in_both_answers)
{
	static const uint32_t sizes[][2] = {
		{ 1920, 1080 }, { 7680, 4320 }, { 333, 777 }, { 1280, 800 }
	};
	struct driver *d = start();

	for (unsigned i = 0; i < 4; i++) {
		struct virtio_gpu_resp_edid edid;
		struct virtio_gpu_resp_display_info info;

		d->fe->screen->width = sizes[i][0];
		d->fe->screen->height = sizes[i][1];
		edid = edid_get(d, 0);
		info = driver_display_info(d);
		expect_sizes(&edid, &info, sizes[i][0], sizes[i][1]);
	}
}
END_TEST

/* An EDID has sizes from 32 to 8192. */
START_TEST(a_size_no_edid_has_is_the_nearest_that_one_has)
{
	static const uint32_t sizes[][2] = { { 31, 9000 },
					     { 0x7fffffff, 1 },
					     { 0xffffffff, 0xffffffff } };
	struct driver *d = start();

	for (unsigned i = 0; i < 3; i++) {
		struct virtio_gpu_resp_edid edid;
		struct virtio_gpu_resp_display_info info;

		d->fe->screen->width = sizes[i][0];
		d->fe->screen->height = sizes[i][1];
		edid = edid_get(d, 0);
		info = driver_display_info(d);
		expect_sizes(&edid, &info, sizes[i][0] < 32 ? 32 : 8192,
			     sizes[i][1] < 32 ? 32 : 8192);
	}
}
END_TEST

/* Linux asks for those as well, and complains of an error. */
START_TEST(a_monitor_that_is_off_has_an_edid)
{
	struct driver *d = start_with(&(struct driver_options){
		.axes = _axes, .options = "--outputs=2" });
	struct virtio_gpu_resp_display_info info = driver_display_info(d);
	struct virtio_gpu_resp_edid edid = edid_get(d, 1);
	struct edid_read e;

	ck_assert_uint_eq(info.pmodes[1].enabled, 0);
	edid_read(&edid, &e);
}
END_TEST

/* QEMU 7.2 has no EDIDs to give, its generic device no screen to ask. */
START_TEST(no_qemu_is_needed_for_an_edid)
{
	program_need_options();
	for (unsigned i = 0; dialects[i]; i++) {
		struct driver *d = driver_start_with(&(struct driver_options){
			.axes = _axes, .dialect = dialects[i] });
		struct virtio_gpu_resp_edid edid = edid_get(d, 0);
		struct virtio_gpu_resp_display_info info =
			driver_display_info(d);

		expect_sizes(&edid, &info, 1280, 800);
	}
}
END_TEST

/* ---- late answers ---- */

START_TEST(requests_wait_and_others_do_not)
{
	struct driver *d = start();
	struct posted *edid, *info;
	struct used u;

	screen_hold(d->fe->screen);
	edid = post_edid(d, 0);
	info = post_info(d);
	expect_going_on(d);
	if (ring_poll(d->control, &u))
		FAIL("the device did not wait for the screen's answer");
	d->fe->screen->width = 1600;
	screen_go_on(d->fe->screen);
	collect(d, edid, info, 1600, 800);
}
END_TEST

START_TEST(they_are_answered_in_order)
{
	struct driver *d = start_with(&(struct driver_options){
		.axes = _axes, .options = "--outputs=4" });
	uint16_t ids[6];

	screen_hold(d->fe->screen);
	for (unsigned i = 0; i < 4; i++)
		ids[i] = posted_id(post_edid(d, i));
	ids[4] = posted_id(post_info(d));
	ids[5] = posted_id(post_edid(d, 0));
	expect_going_on(d);
	screen_go_on(d->fe->screen);
	for (unsigned i = 0; i < 6; i++)
		ck_assert_uint_eq(ring_wait(d->control).id, ids[i]);
}
END_TEST

START_TEST(a_monitor_that_is_not_there_needs_no_asking)
{
	struct driver *d = start();
	struct reply r;

	screen_hold(d->fe->screen);
	r = driver_collect(d, post_edid(d, d->scanouts));
	EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
	screen_go_on(d->fe->screen);
}
END_TEST

/* QEMU closes the socket, and the answer comes through the next one. */
START_TEST(they_outlive_a_pause)
{
	struct driver *d = start();

	for (unsigned i = 0; i < 3; i++) {
		struct posted *edid, *info;

		screen_hold(d->fe->screen);
		edid = post_edid(d, 0);
		info = post_info(d);
		expect_going_on(d);
		driver_pause(d);
		driver_resume(d);
		collect(d, edid, info, 1280, 800);
	}
}
END_TEST

START_TEST(they_do_not_outlive_a_reset)
{
	struct driver *d = start();
	struct used u;

	for (unsigned i = 0; i < 3; i++) {
		screen_hold(d->fe->screen);
		post_edid(d, 0);
		post_info(d);
		expect_going_on(d);
		if (i == 1)
			driver_pause(d);
		driver_reset(d);
		driver_display_info(d);
		edid_get(d, 0);
		if (ring_poll(d->control, &u))
			FAIL("a request outlived the reset");
		driver_check_ram(d);
	}
}
END_TEST

/* The question was a driver's that is gone; its answer is the next one's. */
START_TEST(an_answer_may_come_after_a_reset)
{
	struct dialect kept = *dialect_usual();
	struct posted *edid, *info;
	struct driver *d;
	struct used u;

	kept.keeps_screen = true;
	d = start_with(
		&(struct driver_options){ .axes = _axes, .dialect = &kept });
	screen_hold(d->fe->screen);
	post_edid(d, 0);
	post_info(d);
	expect_going_on(d);
	driver_reset(d);
	edid = post_edid(d, 0);
	info = post_info(d);
	expect_going_on(d);
	screen_go_on(d->fe->screen);
	collect(d, edid, info, 1280, 800);
	if (ring_poll(d->control, &u))
		FAIL("a request outlived the reset");
	driver_check_ram(d);
}
END_TEST

/* Also at the program's end: nothing is left of them, sanitizers say. */
START_TEST(a_front_end_may_leave_them_behind)
{
	struct program *p = NULL;

	for (unsigned i = 0; i < 3; i++) {
		struct driver *d = start_with(&(struct driver_options){
			.axes = _axes, .program = p });

		p = d->program;
		screen_hold(d->fe->screen);
		post_edid(d, 0);
		post_info(d);
		expect_going_on(d);
		driver_end(d);
	}
	program_stop(p);
}
END_TEST

static const struct test tests[] = {
	ONCE("size", a_new_size_is_in_both_answers, "H04 H09"),
	ONCE("size", a_size_no_edid_has_is_the_nearest_that_one_has, "H04"),
	ONCE("size", a_monitor_that_is_off_has_an_edid, "H02 H08"),
	ONCE("size", no_qemu_is_needed_for_an_edid, "H05 F05"),
	ONCE("late", requests_wait_and_others_do_not, "A53"),
	ONCE("late", they_are_answered_in_order, NULL),
	ONCE("late", a_monitor_that_is_not_there_needs_no_asking, "A53 H07"),
	ONCE("late", they_outlive_a_pause, NULL),
	ONCE("late", they_do_not_outlive_a_reset, NULL),
	ONCE("late", an_answer_may_come_after_a_reset, NULL),
	ONCE("late", a_front_end_may_leave_them_behind, NULL),
	{ 0 }
};

Suite *monitors_suite(void)
{
	return suite_new("monitors", tests);
}
