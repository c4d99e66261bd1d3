/*
 * A window is closed: no window is left, and the device ends once its
 * connection has. Who asked is told (--close-fd).
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "windowed.h"

static bool is_listening(const struct program *p)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int sock = socket(AF_UNIX, SOCK_STREAM, 0);
	bool is;

	memcpy(addr.sun_path, p->path, sizeof(addr.sun_path));
	is = !connect(sock, (struct sockaddr *)&addr, sizeof(addr));
	close(sock);
	return is;
}

/* Windows are gone, the guest goes on; its end is the device's. */
static void expect_end(struct xserver *x, struct driver *d)
{
	struct program *p = d->program;

	xserver_wait_gone(x, "");
	driver_expect_alive(d);
	show(d, 7, 200, 150);
	driver_expect_alive(d);
	ck_assert(!p->ended);
	program_expect_rest(p);
	ck_assert_uint_eq(xserver_count(x), 0);
	p->may_end = true;
	driver_end(d);
	program_expect_status(p, 0);
	ck_assert(!is_listening(p));
}

START_TEST(closed_by_its_button)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "");

	show_new(d, 0, 7, BGRX, 200, 150);
	xserver_close(x, xserver_window(x, "Virtual-1 200x150"));
	expect_line(d, "closed: ");
	expect_end(x, d);
}
END_TEST

START_TEST(closed_by_its_key)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "");

	show_new(d, 0, 7, BGRX, 200, 150);
	xserver_press(x, xserver_window(x, "Virtual-1 200x150"), 'q');
	expect_end(x, d);
}
END_TEST

START_TEST(one_of_them_closes_all)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--outputs=2");

	show_new(d, 0, 7, BGRX, 200, 150);
	show_new(d, 1, 8, BGRX, 100, 80);
	xserver_window(x, "Virtual-1 200x150");
	xserver_close(x, xserver_window(x, "Virtual-2 100x80"));
	expect_end(x, d);
}
END_TEST

/* What comes behind it opens no window again. */
START_TEST(closed_stays_closed)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--outputs=2");

	show_new(d, 0, 7, BGRX, 200, 150);
	xserver_close(x, xserver_window(x, "Virtual-1 200x150"));
	xserver_wait_gone(x, "");
	show_new(d, 1, 8, BGRX, 100, 80);
	unref(d, 7);
	show_new(d, 0, 7, BGRX, 200, 150);
	expect_end(x, d);
}
END_TEST

START_TEST(without_a_connection_it_ends_at_once)
{
	struct xserver *x = xserver_start();
	struct program *p = program_start("--display=sdl");

	p->may_end = true;
	xserver_close(x, xserver_window(x, "Virtual-1"));
	program_expect_status(p, 0);
}
END_TEST

START_TEST(a_signal_ends_it_with_its_windows)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "");
	struct program *p = d->program;

	show_new(d, 0, 7, BGRX, 200, 150);
	xserver_window(x, "Virtual-1 200x150");
	p->may_end = true;
	kill(p->pid, SIGINT);
	program_expect_status(p, 0);
	ck_assert_uint_eq(xserver_count(x), 0);
	driver_end(d);
}
END_TEST

/* ---- who wants to know ---- */

/* A pipe whose far end the device has; returns ours. */
static int start_telling(struct xserver *x, struct driver **d)
{
	char option[64];
	int ends[2];

	if (pipe(ends))
		FAIL("no pipe");
	fcntl(ends[0], F_SETFD, FD_CLOEXEC);
	snprintf(option, sizeof(option), "--close-fd=%d", ends[1]);
	*d = windowed_start(x, option);
	close(ends[1]);
	return ends[0];
}

/* Everything that comes up to the end. */
static void expect_told(int fd, const char *expected)
{
	char text[64];
	size_t len = 0;
	ssize_t n;

	do {
		if (!pump_until_readable(fd, XSERVER_WAIT_MS))
			FAIL("the pipe is still open");
		n = read(fd, text + len, sizeof(text) - 1 - len);
		len += n > 0 ? (size_t)n : 0;
	} while (n > 0);
	text[len] = 0;
	ck_assert_str_eq(text, expected);
	close(fd);
}

START_TEST(who_asked_is_told)
{
	struct xserver *x = xserver_start();
	struct driver *d;
	int fd = start_telling(x, &d);

	show_new(d, 0, 7, BGRX, 200, 150);
	xserver_close(x, xserver_window(x, "Virtual-1 200x150"));
	expect_told(fd, "closed\n");
	expect_end(x, d);
}
END_TEST

START_TEST(another_end_says_nothing)
{
	struct xserver *x = xserver_start();
	struct driver *d;
	int fd = start_telling(x, &d);

	show_new(d, 0, 7, BGRX, 200, 150);
	xserver_window(x, "Virtual-1 200x150");
	program_stop(d->program);
	expect_told(fd, "");
}
END_TEST

START_TEST(nobody_may_listen_any_more)
{
	struct xserver *x = xserver_start();
	struct driver *d;

	close(start_telling(x, &d));
	show_new(d, 0, 7, BGRX, 200, 150);
	xserver_close(x, xserver_window(x, "Virtual-1 200x150"));
	expect_line(d, "--close-fd=");
	expect_end(x, d);
}
END_TEST

START_TEST(close_fd_takes_what_can_be_written)
{
	static const char *const wrong[] = { "", "x", "-1", "77", "0" };
	int null = open("/dev/null", O_RDONLY);

	dup2(null, 0);
	for (unsigned i = 0; i < 5; i++) {
		char option[64];
		struct program *p;

		snprintf(option, sizeof(option),
			 "--socket-path=/none --close-fd=%s", wrong[i]);
		p = program_run(option);
		program_expect_status(p, 2);
		ck_assert_uint_eq(program_said(p, "to write to"), 1);
		ck_assert_uint_eq(program_said(p, "\n"), 1);
	}
}
END_TEST

static const struct test tests[] = {
	ONCE("how", closed_by_its_button, NULL),
	ONCE("how", closed_by_its_key, NULL),
	ONCE("how", one_of_them_closes_all, NULL),
	ONCE("how", closed_stays_closed, NULL),
	ONCE("how", without_a_connection_it_ends_at_once, NULL),
	ONCE("how", a_signal_ends_it_with_its_windows, NULL),
	ONCE("told", who_asked_is_told, NULL),
	ONCE("told", another_end_says_nothing, NULL),
	ONCE("told", nobody_may_listen_any_more, NULL),
	ONCE("told", close_fd_takes_what_can_be_written, NULL),
	{ 0 }
};

Suite *closing_suite(void)
{
	return suite_new("closing", tests);
}
