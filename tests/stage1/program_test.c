/*
 * The program around the device: the socket it serves, what may lie in its
 * place, and the end.
 *
 * QEMU's docs/interop/vhost-user.rst, "Backend program conventions".
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "driver.h"
#include "load.h"
#include "pump.h"
#include "suites.h"

static bool is_there(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

/* ---- a socket it is given ---- */

static struct driver *driver_on_fd(struct program **p)
{
	struct driver *d;
	int pair[2];

	ck_assert(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	*p = program_start_on(pair[1], NULL);
	close(pair[1]);
	d = driver_start_with(
		&(struct driver_options){ .program = *p, .sock = pair[0] });
	driver_expect_alive(d);
	return d;
}

/* There is nobody to come after that front end. */
START_TEST(a_connected_socket_is_served_to_its_end)
{
	struct program *p;
	struct driver *d;

	program_need_options();
	d = driver_on_fd(&p);
	p->may_end = true;
	driver_end(d);
	program_expect_status(p, 0);
	driver_on_fd(&p);
	program_stop(p);
}
END_TEST

START_TEST(a_socket_must_be_connected)
{
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct program *p;

	program_need_options();
	p = program_start_on(sock, NULL);
	program_expect_status(p, 2);
	ck_assert(strstr(program_output(p), "--fd"));
	close(sock);
}
END_TEST

/* ---- the end ---- */

START_TEST(once_is_one_front_end)
{
	struct program *p;
	struct driver *d;
	char path[108];

	program_need_options();
	d = driver_start_with(&(struct driver_options){ .options = "--once" });
	p = d->program;
	strcpy(path, p->path);
	driver_expect_alive(d);
	ck_assert(is_there(path));
	p->may_end = true;
	driver_end(d);
	program_expect_status(p, 0);
	ck_assert(!is_there(path));
}
END_TEST

/* Whatever it is doing, it ends with status 0 and leaves no socket behind. */
static void end_by(struct program *p, int signal_number)
{
	kill(p->pid, signal_number);
	program_wait(p);
	if (suite_portable() && WIFSIGNALED(p->status))
		suite_skip("it leaves the signal to the system");
	program_expect_status(p, 0);
	if (is_there(p->path) && !suite_portable())
		FAIL("its socket is still there");
}

START_TEST(a_signal_ends_it)
{
	static const int signals[] = { SIGTERM, SIGINT };

	for (unsigned i = 0; i < 2; i++) {
		struct program *p = program_start(NULL);
		struct driver *d;
		int sock = program_connect(p);

		/* Within a message. */
		ck_assert_int_eq(send(sock, "\1\0\0", 3, MSG_NOSIGNAL), 3);
		end_by(p, signals[i]);
		close(sock);
		d = driver_start(_axes);
		load_post(d, CONTROLQ, 16);
		end_by(d->program, signals[i]);
		p = program_start(NULL);
		close(program_connect(p));
		end_by(p, signals[i]);
	}
}
END_TEST

/* ---- what lies at its path ---- */

static struct program *start_at(const char *path)
{
	char options[256];
	struct program *p;

	snprintf(options, sizeof(options), "--socket-path=%s", path);
	p = program_run(options);
	strcpy(p->path, path);
	return p;
}

/* Its last run was killed. */
START_TEST(a_socket_left_behind_is_taken_over)
{
	struct program *p = program_start(NULL), *next;

	program_need_options();
	close(program_connect(p));
	kill(p->pid, SIGKILL);
	program_wait(p);
	ck_assert(is_there(p->path));
	next = start_at(p->path);
	next->may_end = false;
	driver_expect_alive(
		driver_start_with(&(struct driver_options){ .program = next }));
}
END_TEST

static void expect_no_start(const char *path)
{
	struct program *p = start_at(path);

	program_wait(p);
	if (!WIFEXITED(p->status) || !WEXITSTATUS(p->status))
		FAIL("at %s it ended with %s", path, program_how_it_ended(p));
	if (!strstr(program_output(p), path))
		FAIL("it does not say that it is %s", path);
	ck_assert(is_there(path));
}

START_TEST(what_is_no_socket_is_left_alone)
{
	static const char *const targets[] = { "file", "nowhere" };
	const char *path;

	program_need_options();
	path = program_own_path("file");
	ck_assert_int_eq(close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC,
				    0600)),
			 0);
	expect_no_start(path);
	path = program_own_path("fifo");
	ck_assert(!mkfifo(path, 0600));
	expect_no_start(path);
	for (unsigned i = 0; i < 2; i++) {
		path = program_own_path(i ? "link" : "dangling");
		ck_assert(!symlink(program_own_path(targets[i]), path));
		expect_no_start(path);
	}
	expect_no_start("/tmp");
}
END_TEST

START_TEST(a_socket_in_use_is_left_alone)
{
	struct program *p = program_start(NULL);
	struct driver *d;

	program_need_options();
	close(program_connect(p));
	expect_no_start(p->path);
	d = driver_start_with(&(struct driver_options){ .program = p });
	driver_expect_alive(d);
	expect_no_start(p->path);
	driver_expect_alive(d);
}
END_TEST

/* Whoever looks whether it is there is no front end. */
START_TEST(a_second_program_is_no_front_end)
{
	struct program *p = program_start("--once");
	uint64_t end = pump_now() + PATIENCE_MS;

	program_need_options();
	while (access(p->path, F_OK) && pump_now() < end)
		pump_until_readable(-1, 1);
	expect_no_start(p->path);
	driver_expect_alive(
		driver_start_with(&(struct driver_options){ .program = p }));
}
END_TEST

/* Whose backlog is full: a connect would wait as long as it stays so. */
START_TEST(a_busy_socket_is_left_alone)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), sock;

	program_need_options();
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s",
		 program_own_path("busy"));
	ck_assert(!bind(listener, (struct sockaddr *)&addr, sizeof(addr)));
	ck_assert(!listen(listener, 0));
	do
		sock = socket(AF_UNIX,
			      SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	while (!connect(sock, (struct sockaddr *)&addr, sizeof(addr)));
	ck_assert_int_eq(errno, EAGAIN);
	expect_no_start(addr.sun_path);
	close(listener);
}
END_TEST

START_TEST(a_path_may_lead_nowhere)
{
	struct program *p;

	program_need_options();
	p = start_at("/no/such/folder/socket");
	program_wait(p);
	ck_assert(WIFEXITED(p->status) && WEXITSTATUS(p->status));
	ck_assert(strstr(program_output(p), "/no/such/folder/socket"));
}
END_TEST

static const struct test tests[] = {
	ONCE("fd", a_connected_socket_is_served_to_its_end, "A50"),
	ONCE("fd", a_socket_must_be_connected, "A50"),
	ONCE("end", once_is_one_front_end, "A50"),
	ONCE("end", a_signal_ends_it, "A50"),
	ONCE("path", a_socket_left_behind_is_taken_over, "A50"),
	ONCE("path", what_is_no_socket_is_left_alone, "A50"),
	ONCE("path", a_socket_in_use_is_left_alone, "A50"),
	ONCE("path", a_second_program_is_no_front_end, "A50"),
	ONCE("path", a_busy_socket_is_left_alone, "A50"),
	ONCE("path", a_path_may_lead_nowhere, "A50"),
	{ 0 }
};

Suite *program_suite(void)
{
	return suite_new("program", tests);
}
