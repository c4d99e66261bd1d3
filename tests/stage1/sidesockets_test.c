/*
 * The two sockets beside the first: the back-end channel, where the device
 * asks, and the display socket. Either may be replaced, fall silent or be gone
 * at any time, and the rings don't notice.
 *
 * QEMU's docs/interop/vhost-user.rst, "Back-end communication", and
 * vhost-user-gpu.rst.
 */
#include <sys/socket.h>
#include <unistd.h>

#include "driver.h"
#include "guard.h"
#include "sequence.h"
#include "suites.h"

static const uint32_t requests[] = { VU_SET_BACKEND_REQ_FD, VU_GPU_SET_SOCKET };

/* Sends one end along and returns the other. */
static int give_socket(struct driver *d, uint32_t request)
{
	struct message m = message(request);
	int pair[2];

	ck_assert(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	m.fds[m.nfds++] = pair[1];
	ck_assert_str_eq(outcome_name(frontend_try(d->fe, &m)),
			 outcome_name(ACCEPTED));
	close(pair[1]);
	return pair[0];
}

/* Behind whatever it has asked there. */
static void expect_end_of_file(int fd)
{
	char bytes[4096];
	ssize_t n;

	do
		n = recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT);
	while (n > 0);
	if (n)
		FAIL("the device has not closed its end");
}

static void expect_open(int fd)
{
	char byte;

	if (!recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK))
		FAIL("the device has closed its end");
}

START_TEST(a_new_socket_replaces_the_old)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 2; i++) {
		int first = give_socket(d, requests[i]);
		int second = give_socket(d, requests[i]);

		driver_expect_alive(d);
		expect_end_of_file(first);
		expect_open(second);
		close(first);
		close(second);
	}
	driver_expect_alive(d);
}
END_TEST

START_TEST(replaced_sockets_are_closed)
{
	struct driver *d = driver_start(_axes);
	struct vitals before;

	close(give_socket(d, VU_SET_BACKEND_REQ_FD));
	close(give_socket(d, VU_GPU_SET_SOCKET));
	driver_expect_alive(d);
	before = driver_vitals(d);
	for (unsigned i = 0; i < 100; i++)
		close(give_socket(d, requests[i % 2]));
	driver_expect_alive(d);
	driver_expect_no_more(d, before);
}
END_TEST

/* QEMU closes the display socket at each stop, and ends whenever it likes. */
START_TEST(the_far_end_may_close)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 2; i++) {
		uint64_t before;

		close(give_socket(d, requests[i]));
		before = driver_vitals(d).cpu_us;
		for (unsigned j = 0; j < 5; j++)
			driver_expect_alive(d);
		driver_pause(d);
		driver_resume(d);
		driver_expect_alive(d);
		/* End of file is readable for ever: don't keep looking. */
		ck_assert_uint_lt(driver_vitals(d).cpu_us, before + 500000);
	}
}
END_TEST

/* A reset by the peer, with bytes unread, is no end of file. */
START_TEST(the_far_end_may_talk_nonsense)
{
	static const char nonsense[4096] = { 1, 2, 3 };
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 2; i++) {
		int fd = give_socket(d, requests[i]);

		for (unsigned j = 0; j < 4; j++) {
			ssize_t n = send(fd, nonsense, sizeof(nonsense),
					 MSG_DONTWAIT | MSG_NOSIGNAL);

			(void)n;
			driver_expect_alive(d);
		}
		close(fd);
		driver_expect_alive(d);
	}
}
END_TEST

START_TEST(a_socket_must_come_along)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 2; i++) {
		struct message m = message(requests[i]);
		int fd = give_socket(d, requests[i]);

		frontend_try_wrong(d->fe, &m);
		if (!d->fe->over)
			expect_open(fd);
		d = driver_again(d);
		driver_expect_alive(d);
		close(fd);
	}
}
END_TEST

/* No config has changed, so there is nothing to say. */
START_TEST(the_channel_is_silent)
{
	struct driver *d = driver_start(_axes);
	int fd = give_socket(d, VU_SET_BACKEND_REQ_FD);
	char byte;

	driver_expect_alive(d);
	driver_pause(d);
	driver_resume(d);
	driver_reset(d);
	driver_expect_alive(d);
	ck_assert_int_lt(recv(fd, &byte, 1, MSG_DONTWAIT), 0);
	close(fd);
}
END_TEST

/* Others know what a cursor is. */
static void expect_dark_screen(struct driver *d)
{
	driver_expect_answer(d, CONTROLQ);
	if (!suite_portable())
		driver_expect_answer(d, CURSORQ);
	screen_expect_quiet(d->fe->screen);
}

/* Nor is there a picture before a driver has shown one. */
START_TEST(the_screen_stays_dark)
{
	struct driver *d = driver_start(_axes);

	expect_dark_screen(d);
	driver_pause(d);
	driver_resume(d);
	expect_dark_screen(d);
}
END_TEST

/*
 * A device may ask its screen before it answers. If the ring is stopped before
 * the screen has spoken, the request waits until the ring is there again.
 */
START_TEST(a_screen_may_answer_too_late)
{
	struct driver *d = driver_start(_axes);
	struct virtio_gpu_ctrl_hdr cmd =
		driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 0);
	struct message call = message_vring_fd(VU_SET_VRING_CALL, CONTROLQ,
					       d->control->call);
	struct posted *p;
	struct reply r;

	screen_hold(d->fe->screen);
	p = driver_post(d, &(struct request){ REQUEST(cmd), .room = 408 });
	frontend_settle(d->fe);
	d->control->base = frontend_get_base(d->fe, CONTROLQ);
	driver_check_ram(d);
	screen_go_on(d->fe->screen);
	frontend_settle(d->fe);
	guard_check(d->ram);
	frontend_tell(d->fe, &call);
	frontend_set_ring(d->fe, d->control);
	r = driver_collect(d, p);
	EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_DISPLAY_INFO, 408);
	driver_expect_alive(d);
}
END_TEST

/* The generic device has no display socket, and a front end no channel. */
START_TEST(neither_is_needed)
{
	struct driver *d = driver_probe(&(struct driver_options){
		.axes = _axes, .dialect = &qemu_generic });

	frontend_tell_u64(d->fe, VU_SET_PROTOCOL_FEATURES,
			  d->fe->protocol & ~BIT(VU_BACKEND_REQ));
	driver_go(d);
	driver_expect_alive(d);
	driver_pause(d);
	driver_resume(d);
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

static const struct test tests[] = {
	ONCE("both", a_new_socket_replaces_the_old, "A42 A51"),
	ONCE("both", replaced_sockets_are_closed, "A05 A42 A51"),
	ONCE("both", the_far_end_may_close, "A42 A51 A55"),
	ONCE("both", the_far_end_may_talk_nonsense, "A42 A55"),
	ONCE("both", a_socket_must_come_along, "A42 A51"),
	ONCE("channel", the_channel_is_silent, "A40"),
	ONCE("screen", the_screen_stays_dark, "A54"),
	ON_ALL_AXES("screen", a_screen_may_answer_too_late, "A34 A35"),
	ON_ALL_AXES("both", neither_is_needed, "A42 A51"),
	{ 0 }
};

Suite *sidesockets_suite(void)
{
	return suite_new("sidesockets", tests);
}
