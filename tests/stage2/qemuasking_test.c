/*
 * --display=qemu: QEMU's display info is what the guest gets, as fresh as can be,
 * and whoever asks is not kept waiting for ever. That requests outlive pauses,
 * and no reset, is in monitors_test.c.
 *
 * QEMU's docs/interop/vhost-user-gpu.rst.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "asking.h"
#include "edid_read.h"
#include "pump.h"
#include "sequence.h"
#include "suites.h"

/* ---- answers ---- */

static void expect_size(struct driver *d,
			const struct virtio_gpu_resp_display_info *info,
			unsigned scanout, uint32_t width, uint32_t height)
{
	struct virtio_gpu_resp_edid edid = edid_get(d, scanout);
	struct edid_read e;

	edid_read(&edid, &e);
	ck_assert_uint_eq(info->pmodes[scanout].enabled, 1);
	ck_assert_uint_eq(info->pmodes[scanout].r.width, width);
	ck_assert_uint_eq(info->pmodes[scanout].r.height, height);
	ck_assert_uint_eq(e.preferred.width, width);
	ck_assert_uint_eq(e.preferred.height, height);
}

START_TEST(monitors_are_plugged_in_and_out)
{
	struct driver *d = start_asking("--outputs=3");
	struct screen *s = d->fe->screen;
	struct virtio_gpu_resp_display_info info = driver_display_info(d);

	ck_assert_uint_eq(info.pmodes[0].enabled, 1);
	ck_assert_uint_eq(info.pmodes[1].enabled, 0);
	s->more[0] = (struct screen_size){ 1024, 768 };
	s->more[1] = (struct screen_size){ 640, 480 };
	info = driver_display_info(d);
	expect_size(d, &info, 0, 1280, 800);
	expect_size(d, &info, 1, 1024, 768);
	expect_size(d, &info, 2, 640, 480);
	ck_assert_uint_eq(info.pmodes[2].r.x, 1280 + 1024);
	s->width = 0;
	s->more[0].width = 0;
	info = driver_display_info(d);
	ck_assert_uint_eq(info.pmodes[0].enabled, 0);
	ck_assert_uint_eq(info.pmodes[1].enabled, 0);
	expect_size(d, &info, 2, 640, 480);
	edid_get(d, 0);
}
END_TEST

/* QEMU has more windows than the device has scanouts. */
START_TEST(monitors_beyond_the_scanouts_are_passed_over)
{
	static const struct virtio_gpu_display_one none;
	struct driver *d = start_asking("--outputs=2");
	struct virtio_gpu_resp_display_info info;

	for (unsigned i = 0; i < 15; i++)
		d->fe->screen->more[i] = (struct screen_size){ 320, 200 + i };
	info = driver_display_info(d);
	expect_size(d, &info, 1, 320, 200);
	for (unsigned i = d->scanouts; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		ck_assert_mem_eq(&info.pmodes[i], &none, sizeof(none));
}
END_TEST

/* There, and nobody knows how large: as large as it was. */
START_TEST(a_monitor_without_a_size_keeps_its_own)
{
	struct driver *d = start_asking(NULL);
	struct screen *s = d->fe->screen;
	struct virtio_gpu_resp_display_info info = screen_info(s);
	struct posted *p;

	s->mute = true;
	p = post_info(d);
	await_question(s);
	info.pmodes[0].r.height = 0;
	info.pmodes[0].r.width = 1234;
	screen_answer(s, SCREEN_GET_DISPLAY_INFO, &info, sizeof(info));
	expect_info(d, p, 1280, 800);
}
END_TEST

/* An error in place of the display info: the guest gets what is known. */
START_TEST(an_answer_may_be_an_error)
{
	struct driver *d = start_asking(NULL);
	struct screen *s = d->fe->screen;
	struct virtio_gpu_resp_display_info info = screen_info(s);
	struct posted *p;

	s->mute = true;
	p = post_info(d);
	await_question(s);
	info.hdr.type = VIRTIO_GPU_RESP_ERR_UNSPEC;
	info.pmodes[0].r.width = 1600;
	screen_answer(s, SCREEN_GET_DISPLAY_INFO, &info, sizeof(info));
	expect_info(d, p, 1280, 800);
	s->mute = false;
	s->width = 1600;
	expect_info(d, post_info(d), 1600, 800);
}
END_TEST

/* QEMU decides, and the user is told if he thought to. */
START_TEST(the_size_is_up_to_qemu)
{
	struct driver *d = start_asking("--resolution=640x480");

	expect_info(d, post_info(d), 1280, 800);
	ck_assert_uint_eq(program_said(d->program, "--resolution"), 1);
}
END_TEST

/* There is nobody to ask, and nobody to show a picture. */
START_TEST(a_front_end_may_have_no_display)
{
	struct driver *d;

	program_need_options();
	d = driver_start_2d_with(
		&(struct driver_options){ .axes = _axes,
					  .dialect = &qemu_generic,
					  .options = "--resolution=640x480" });
	for (unsigned i = 0; i < 3; i++) {
		expect_info(d, post_info(d), 640, 480);
		driver_reset(d);
	}
	ck_assert_uint_ge(program_said(d->program, "has no display"), 1);
}
END_TEST

/* ---- how it is asked ---- */

START_TEST(each_request_asks_anew)
{
	struct driver *d = start_asking(NULL);
	unsigned before;

	for (unsigned i = 0; i < 5; i++) {
		before = d->fe->screen->questions;
		d->fe->screen->width = 1000 + i;
		expect_info(d, post_info(d), 1000 + i, 800);
		ck_assert_uint_eq(d->fe->screen->questions, before + 1);
	}
}
END_TEST

START_TEST(requests_share_a_question)
{
	struct driver *d = start_asking(NULL);
	struct screen *s = d->fe->screen;
	struct posted *p[8];
	unsigned before = s->questions;

	screen_hold(s);
	for (unsigned i = 0; i < 8; i++)
		p[i] = post_info(d);
	expect_waiting(d);
	screen_go_on(s);
	for (unsigned i = 0; i < 8; i++)
		expect_info(d, p[i], 1280, 800);
	ck_assert_uint_eq(s->questions, before + 1);
}
END_TEST

/* It does nothing more once this returns, until SIGCONT. */
static void freeze(const struct driver *d)
{
	siginfo_t info;

	kill(d->program->pid, SIGSTOP);
	waitid(P_PID, (id_t)d->program->pid, &info, WSTOPPED);
}

/*
 * QEMU answers, its window is resized, the guest hears of it and asks: all while
 * the device was doing something else. The first answer is not the second's.
 * Which of the two the device sees first is its own affair; it may depend on
 * which of their descriptors came first.
 */
START_TEST(an_answer_is_not_older_than_its_request)
{
	struct driver *d = start_asking(NULL);

	for (unsigned i = 0; i < 6; i++) {
		struct screen *s = d->fe->screen;
		struct virtio_gpu_resp_display_info info = screen_info(s);
		struct posted *first, *second;

		s->mute = true;
		first = post_info(d);
		await_question(s);
		freeze(d);
		screen_answer(s, SCREEN_GET_DISPLAY_INFO, &info, sizeof(info));
		second = post_info(d);
		kill(d->program->pid, SIGCONT);
		await_question(s);
		info.pmodes[0].r.width = 1600;
		screen_answer(s, SCREEN_GET_DISPLAY_INFO, &info, sizeof(info));
		expect_info(d, first, 1280, 800);
		expect_info(d, second, 1600, 800);
		if (i % 2)
			frontend_new_screen(d->fe);
		frontend_settle(d->fe);
	}
}
END_TEST

/* All that is in this socket was said before the request. */
START_TEST(the_next_socket_is_asked_unasked)
{
	struct driver *d = start_asking(NULL);
	struct posted *p;

	d->fe->screen->width = 1600;
	expect_info(d, post_info(d), 1600, 800);
	screen_hold(d->fe->screen);
	p = post_info(d);
	expect_waiting(d);
	frontend_new_screen(d->fe);
	expect_info(d, p, 1280, 800);
}
END_TEST

START_TEST(answers_may_come_byte_by_byte)
{
	struct driver *d = start_asking(NULL);
	struct screen *s = d->fe->screen;
	uint32_t header[] = { SCREEN_GET_DISPLAY_INFO, 4, 408 };
	struct virtio_gpu_resp_display_info info = screen_info(s);
	uint8_t bytes[12 + 408];
	struct posted *p;

	info.pmodes[0].r.width = 1600;
	memcpy(bytes, header, 12);
	memcpy(bytes + 12, &info, 408);
	s->mute = true;
	p = post_info(d);
	await_question(s);
	for (size_t i = 0; i < sizeof(bytes); i++) {
		screen_say(s, bytes + i, 1);
		if (i + 1 < sizeof(bytes) && i % 8 == 0)
			expect_waiting(d);
		else
			frontend_expect_silence(d->fe);
	}
	expect_info(d, p, 1600, 800);
}
END_TEST

/* ---- no answers ---- */

/*
 * It is there, and says nothing: the guest gets what is known, before it gives
 * up, and waits no second time. In the end the screen speaks all the same.
 */
START_TEST(silence_hangs_nothing)
{
	struct driver *d = start_asking(NULL);
	struct screen *s = d->fe->screen;

	screen_hold(s);
	s->width = 1600;
	expect_info(d, post_info(d), 1280, 800);
	for (unsigned i = 0; i < 10; i++)
		expect_info(d, post_info(d), 1280, 800);
	screen_go_on(s);
	frontend_settle(d->fe);
	s->width = 1700;
	expect_info(d, post_info(d), 1700, 800);
}
END_TEST

/*
 * A pause that takes longer than the device's patience, and it is time itself
 * that this is about: the guest's stood still.
 */
START_TEST(a_pause_is_no_silence)
{
	struct driver *d = start_asking(NULL);
	struct screen *s = d->fe->screen;
	uint64_t end = pump_now() + 4000;
	struct posted *p;

	s->width = 1600;
	expect_info(d, post_info(d), 1600, 800);
	screen_hold(s);
	p = post_info(d);
	expect_waiting(d);
	driver_pause(d);
	while (pump_now() < end)
		pump_until_readable(-1, (int)(end - pump_now()));
	driver_resume(d);
	expect_info(d, p, 1280, 800);
}
END_TEST

/* Closed, and no stop follows: no QEMU does that. */
START_TEST(an_end_without_a_stop_hangs_nothing)
{
	struct driver *d = start_asking(NULL);

	d->fe->screen->width = 1600;
	expect_info(d, post_info(d), 1600, 800);
	screen_close(d->fe->screen);
	for (unsigned i = 0; i < 5; i++)
		expect_info(d, post_info(d), 1600, 800);
	/* Rings that were stopped go on without a new one. */
	d->control->base = frontend_get_base(d->fe, CONTROLQ);
	d->cursor->base = frontend_get_base(d->fe, CURSORQ);
	frontend_set_ring(d->fe, d->control);
	frontend_set_ring(d->fe, d->cursor);
	expect_info(d, post_info(d), 1600, 800);
}
END_TEST

static const struct test tests[] = {
	ONCE("monitors", monitors_are_plugged_in_and_out, "H02 H04 H09"),
	ONCE("monitors", monitors_beyond_the_scanouts_are_passed_over, "H01"),
	ONCE("monitors", a_monitor_without_a_size_keeps_its_own, "H03"),
	ONCE("monitors", an_answer_may_be_an_error, "A53"),
	ONCE("monitors", the_size_is_up_to_qemu, NULL),
	ONCE("monitors", a_front_end_may_have_no_display, "A42"),
	ONCE("asking", each_request_asks_anew, "H02"),
	ONCE("asking", requests_share_a_question, NULL),
	ONCE("asking", an_answer_is_not_older_than_its_request, NULL),
	ONCE("asking", the_next_socket_is_asked_unasked, "A51"),
	ONCE("asking", answers_may_come_byte_by_byte, "A51"),
	ONCE("silence", silence_hangs_nothing, "A53"),
	ONCE("silence", a_pause_is_no_silence, "A53"),
	ONCE("silence", an_end_without_a_stop_hangs_nothing, "A53"),
	{ 0 }
};

Suite *qemuasking_suite(void)
{
	return suite_new("qemuasking", tests);
}
