/*
 * --display=qemu: what QEMU answers, or doesn't. Its display info is what the
 * guest gets, as fresh as can be; whatever else comes through the socket does no
 * harm, and keeps nobody waiting. That requests outlive pauses, and no reset, is
 * in monitors_test.c.
 *
 * QEMU's docs/interop/vhost-user-gpu.rst.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "commands.h"
#include "edid_read.h"
#include "pump.h"
#include "sequence.h"
#include "suites.h"

static struct driver *start_with(const char *options)
{
	struct driver *d;

	program_need_options();
	d = driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .options = options });
	driver_display_info(d);
	return d;
}

static struct driver *start(void)
{
	return start_with(NULL);
}

static struct posted *post_info(struct driver *d)
{
	struct virtio_gpu_ctrl_hdr cmd =
		driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 0);

	return driver_post(d, &(struct request){ REQUEST(cmd), .room = 408 });
}

static void expect_info(struct driver *d, struct posted *p, uint32_t width,
			uint32_t height)
{
	struct reply r = driver_collect(d, p);

	EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_DISPLAY_INFO, 408);
	ck_assert_uint_eq(r.display_info.pmodes[0].r.width, width);
	ck_assert_uint_eq(r.display_info.pmodes[0].r.height, height);
}

/* Nothing of it has been answered. */
static void expect_waiting(struct driver *d)
{
	struct used u;

	frontend_settle(d->fe);
	if (ring_poll(d->control, &u))
		FAIL("the device did not wait for the screen's answer");
}

static void await_question(struct screen *s)
{
	free(screen_await(s, SCREEN_GET_DISPLAY_INFO));
}

static void expect_open(const struct screen *s)
{
	char byte;

	if (!recv(s->fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK))
		FAIL("the device has closed its end, and QEMU reads for ever");
}

/* It has nothing to do, and a new socket works as the first did. */
static void expect_fresh_start(struct driver *d)
{
	driver_expect_answer(d, CURSORQ);
	program_expect_rest(d->program);
	driver_pause(d);
	driver_resume(d);
	d->fe->screen->width = 1600;
	expect_info(d, post_info(d), 1600, 800);
	d->fe->screen->width = 1280;
	expect_info(d, post_info(d), 1280, 800);
	expect_screen(d);
}

/* ---- good answers ---- */

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
	struct driver *d = start_with("--outputs=3");
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
	struct driver *d = start_with("--outputs=2");
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
	struct driver *d = start();
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

/* QEMU decides, and the user is told if he thought to. */
START_TEST(the_size_is_up_to_qemu)
{
	struct driver *d = start_with("--resolution=640x480");

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
	struct driver *d = start();
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
	struct driver *d = start();
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

/*
 * QEMU answers, its window is resized, the guest hears of it and asks: all while
 * the device was doing something else. The first answer is not the second's.
 * Which of the two the device sees first is its own affair; it may depend on
 * which of their descriptors came first.
 */
START_TEST(an_answer_is_not_older_than_its_request)
{
	struct driver *d = start();

	for (unsigned i = 0; i < 6; i++) {
		struct screen *s = d->fe->screen;
		struct virtio_gpu_resp_display_info info = screen_info(s);
		struct posted *first, *second;

		s->mute = true;
		first = post_info(d);
		await_question(s);
		kill(d->program->pid, SIGSTOP);
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
	struct driver *d = start();
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
	struct driver *d = start();
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
	struct driver *d = start();
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
	struct driver *d = start();
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
	struct driver *d = start();

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

/* ---- wrong answers ---- */

struct wrong {
	const char *what;
	uint32_t request, flags, size;
	bool unasked;
};

static const struct wrong wrongs[] = {
	{ "an answer too short", SCREEN_GET_DISPLAY_INFO, 4, 407, false },
	{ "an answer too long", SCREEN_GET_DISPLAY_INFO, 4, 409, false },
	{ "an empty answer", SCREEN_GET_DISPLAY_INFO, 4, 0, false },
	{ "a vast answer", SCREEN_GET_DISPLAY_INFO, 4, 0xffffffff, false },
	{ "an answer that says it is none", SCREEN_GET_DISPLAY_INFO, 0, 408,
	  false },
	{ "an answer to another question", SCREEN_GET_EDID, 4, 1056, false },
	{ "an answer to nobody knows what", 0x7777, 4, 408, false },
	{ "an answer to no question", SCREEN_GET_DISPLAY_INFO, 4, 408, true },
	{ "an answer that was given before", SCREEN_GET_PROTOCOL_FEATURES, 4, 8,
	  true },
	{ "a question", SCREEN_GET_DISPLAY_INFO, 0, 0, true },
	{ "an order", SCREEN_SCANOUT, 0, 12, true },
};

/* Says it, and looks how the device goes on. */
static void go_wrong(struct driver *d, const struct wrong *w)
{
	uint32_t header[] = { w->request, w->flags, w->size };
	static const uint8_t payload[4096] = { 1, 2, 3 };
	struct screen *s = d->fe->screen;
	struct posted *p = NULL;

	trail_step("the screen says %s", w->what);
	expect_screen(d);
	s->mute = true;
	if (!w->unasked) {
		p = post_info(d);
		await_question(s);
	}
	screen_say(s, header, sizeof(header));
	screen_say(s, payload, w->size < 4096 ? w->size : 4096);
	if (p)
		expect_info(d, p, 1280, 800);
	frontend_settle(d->fe);
	/* There is nobody to ask any more. */
	expect_info(d, post_info(d), 1280, 800);
	screen_expect_quiet(s);
}

START_TEST(wrong_answers_are_the_last)
{
	struct driver *d = start();
	const struct wrong *w = wrongs;

	show_new(d, 0, 7, BGRX, 64, 48);
	for (unsigned i = 0; i < sizeof(wrongs) / sizeof(*wrongs); i++) {
		go_wrong(d, &w[i]);
		show(d, 7, 64, 48);
		expect_open(d->fe->screen);
		expect_fresh_start(d);
		ck_assert_uint_ge(program_said(d->program,
					       "QEMU's display socket: "),
				  1);
	}
}
END_TEST

/* An error in place of the display info: the guest gets what is known. */
START_TEST(an_answer_may_be_an_error)
{
	struct driver *d = start();
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

/* ---- no sockets ---- */

static void give(struct driver *d, int fd)
{
	struct message m = message(VU_GPU_SET_SOCKET);

	m.fds[m.nfds++] = fd;
	ck_assert_str_eq(outcome_name(frontend_try(d->fe, &m)),
			 outcome_name(ACCEPTED));
	close(fd);
}

START_TEST(what_is_no_socket_shows_nothing)
{
	struct driver *d = start();
	int pipes[2];

	show_new(d, 0, 7, BGRX, 64, 48);
	ck_assert(!pipe(pipes));
	for (unsigned i = 0; i < 6; i++) {
		trail_step("another fd that is no socket");
		give(d, i == 0	 ? open("/dev/null", O_RDWR)
			: i == 1 ? open("/dev/zero", O_RDONLY)
			: i == 2 ? eventfd(1, EFD_CLOEXEC)
			: i == 3 ? dup(pipes[0])
			: i == 4 ? dup(pipes[1])
				 : socket(AF_UNIX, SOCK_STREAM, 0));
		show(d, 7, 64, 48);
		expect_info(d, post_info(d), 1280, 800);
		program_expect_rest(d->program);
	}
	expect_fresh_start(d);
}
END_TEST

static const struct test tests[] = {
	ONCE("monitors", monitors_are_plugged_in_and_out, "H02 H04 H09"),
	ONCE("monitors", monitors_beyond_the_scanouts_are_passed_over, "H01"),
	ONCE("monitors", a_monitor_without_a_size_keeps_its_own, "H03"),
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
	ONCE("wrong", wrong_answers_are_the_last, "A51 A53"),
	ONCE("wrong", an_answer_may_be_an_error, "A53"),
	ONCE("wrong", what_is_no_socket_shows_nothing, "A51 A53"),
	{ 0 }
};

Suite *qemuanswers_suite(void)
{
	return suite_new("qemuanswers", tests);
}
