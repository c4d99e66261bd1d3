/*
 * The program: its options, its socket, its end. These are QEMU's conventions
 * for back ends, and ours.
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
#include "json.h"
#include "load.h"
#include "suites.h"

static void need_options(void)
{
	if (!program_takes_options())
		suite_skip("it has options of its own");
}

/* A path in the folder of the sockets. Valid until the next call but one. */
static const char *in_folder(const char *name)
{
	static char paths[2][256];
	static unsigned turn;
	char *path = paths[turn++ % 2];

	snprintf(path, sizeof(paths[0]), "%s/%d.%s", program_folder(),
		 getpid(), name);
	return path;
}

static bool is_there(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

static struct program *run_to_the_end(const char *options)
{
	struct program *p = program_run(options);

	program_wait(p);
	if (!WIFEXITED(p->status))
		FAIL("with %s it ended with %s", options,
		     program_how_it_ended(p));
	return p;
}

static void expect_status(const struct program *p, int status)
{
	if (!WIFEXITED(p->status) || WEXITSTATUS(p->status) != status)
		FAIL("it ended with %s, not %d", program_how_it_ended(p),
		     status);
}

/* What it prints with those options, which may send some of it elsewhere. */
static const char *output_of(const char *options, int status)
{
	struct program *p = run_to_the_end(options);

	expect_status(p, status);
	return program_output(p);
}

/* ---- what it tells and exits ---- */

START_TEST(help_lists_the_options)
{
	static const char *const options[] = {
		"--socket-path", "--fd", "--once", "--trace", "--outputs",
		"--resolution", "--print-capabilities", "--help", "--version",
	};
	const char *text;

	need_options();
	text = output_of("--help 2>/dev/null", 0);
	for (unsigned i = 0; i < 9; i++)
		if (!strstr(text, options[i]))
			FAIL("--help does not list %s", options[i]);
	ck_assert_str_eq(output_of("--help >/dev/null", 0), "");
}
END_TEST

static unsigned count_lines(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

START_TEST(the_version_is_a_line)
{
	const char *text;

	need_options();
	text = output_of("--version", 0);
	ck_assert_uint_eq(count_lines(text), 1);
	ck_assert_uint_gt(strlen(text), 2);
	ck_assert_str_eq(output_of("--version >/dev/null", 0), "");
}
END_TEST

/* libvirt reads it before it starts the program: JSON, and nothing else. */
START_TEST(capabilities_are_json)
{
	static const char *const features[] = { "render-node", "virgl" };
	char text[4096], help[65536], word[32];

	need_options();
	snprintf(text, sizeof(text), "%s",
		 output_of("--print-capabilities", 0));
	snprintf(help, sizeof(help), "%s", output_of("--help", 0));
	ck_assert(json_valid(text));
	ck_assert(json_is_string(json_member(text, "type"), "gpu"));
	ck_assert(json_member(text, "features"));
	ck_assert_int_eq(*json_member(text, "features"), '[');
	/* Each stands for an option of that name. */
	for (unsigned i = 0; i < 2; i++) {
		snprintf(word, sizeof(word), "\"%s\"", features[i]);
		if (strstr(text, word) && !strstr(help, features[i]))
			FAIL("there is no --%s", features[i]);
	}
}
END_TEST

/* ---- wrong options ---- */

struct wrong {
	const char *options;
	const char *takes;	/* a word of what it says of it */
};

static const struct wrong wrong[] = {
	{ "--no-such-option", "" }, { "--no-such-option=1", "" },
	{ "-h", "" }, { "word", "" }, { "--", "" }, { "--=1", "" },
	{ "--help=1", "no value" }, { "--version=1", "no value" },
	{ "--once=1", "no value" }, { "--print-capabilities=1", "no value" },
	{ "--socket-path", "PATH" }, { "--socket-path=", "path" },
	{ "--fd", "N" }, { "--fd=", "socket" }, { "--fd=x", "socket" },
	{ "--fd=-1", "socket" }, { "--fd=70000", "socket" },
	{ "--fd=999", "socket" }, { "--fd=0x3", "socket" },
	{ "--fd=2", "socket" }, { "--fd=4294967296", "socket" },
	{ "--outputs", "N" }, { "--outputs=", "16" }, { "--outputs=0", "16" },
	{ "--outputs=17", "16" }, { "--outputs=two", "16" },
	{ "--outputs=1x", "16" }, { "--outputs=-1", "16" },
	{ "--outputs=+1", "16" }, { "--outputs='1 '", "16" },
	{ "--outputs=0x1", "16" }, { "--outputs=4294967297", "16" },
	{ "--outputs=18446744073709551617", "16" },
	{ "--resolution", "WxH" }, { "--resolution=", "x" },
	{ "--resolution=1024", "x" }, { "--resolution=1024x", "x" },
	{ "--resolution=x768", "x" }, { "--resolution=1024x768x2", "x" },
	{ "--resolution=31x32", "32" }, { "--resolution=32x31", "32" },
	{ "--resolution=8193x32", "8192" }, { "--resolution=32x8193", "8192" },
	{ "--resolution=1024X768", "x" }, { "--resolution=-64x64", "x" },
	{ "--resolution='64 x64'", "x" },
	{ "--trace=", "file" }, { "--trace=/no/such/folder/file", "file" },
	{ "--trace=/", "file" }, { "--trace --trace", "twice" },
};

/* One line for a person who looks for the mistake. */
static void expect_complaint(const char *options, const char *takes)
{
	size_t name = strcspn(options, "= ");
	char all[512], rest[512], start[64];
	const char *text;

	snprintf(all, sizeof(all), "%s >/dev/null", options);
	snprintf(rest, sizeof(rest), "%s 2>/dev/null", options);
	snprintf(start, sizeof(start), "%.*s", (int)name, options);
	ck_assert_str_eq(output_of(rest, 2), "");
	text = output_of(all, 2);
	if (count_lines(text) != 1)
		FAIL("%s: %u lines, not one", options, count_lines(text));
	if (!strstr(text, start))
		FAIL("%s: the complaint does not name it", options);
	if (!strstr(strstr(text, start) + name, takes))
		FAIL("%s: no word of what it takes: %s", options, takes);
}

START_TEST(wrong_options_are_told_in_a_line)
{
	need_options();
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		expect_complaint(wrong[i].options, wrong[i].takes);
}
END_TEST

/* Behind good ones too, and before anything else is done. */
START_TEST(nothing_is_done_with_wrong_options)
{
	const char *path = in_folder("early");
	char options[512];

	need_options();
	snprintf(options, sizeof(options),
		 "--socket-path=%s --trace=%s.trace --outputs=0", path, path);
	ck_assert_uint_eq(count_lines(output_of(options, 2)), 1);
	ck_assert(!is_there(path));
}
END_TEST

/* sun_path has room for 107 bytes and a zero. */
START_TEST(a_path_can_be_too_long)
{
	struct program *p;
	char path[128], options[256];
	int len;

	need_options();
	len = snprintf(path, sizeof(path), "%s", in_folder("long"));
	memset(path + len, 'x', sizeof(path) - len);
	path[108] = '\0';
	snprintf(options, sizeof(options), "--socket-path=%s", path);
	expect_complaint(options, "107");
	ck_assert(!is_there(path));
	path[107] = '\0';
	snprintf(options, sizeof(options), "--socket-path=%s", path);
	p = program_run(options);
	p->may_end = false;
	strcpy(p->path, path);
	driver_expect_alive(driver_start_with(&(struct driver_options){
		.program = p }));
}
END_TEST

START_TEST(one_socket_is_asked_for)
{
	struct program *p;
	char options[256];
	int pair[2];

	need_options();
	ck_assert(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	snprintf(options, sizeof(options), "--socket-path=%s",
		 in_folder("both"));
	p = program_start_on(pair[1], options);
	program_wait(p);
	expect_status(p, 2);
	ck_assert(strstr(program_output(p), "--socket-path"));
	ck_assert(strstr(program_output(p), "--fd"));
	ck_assert(!is_there(in_folder("both")));
	ck_assert(strstr(output_of("", 2), "--socket-path"));
}
END_TEST

START_TEST(a_value_may_be_the_next_word)
{
	const char *path = in_folder("words");
	struct driver *d;
	struct program *p;
	char options[256];

	need_options();
	snprintf(options, sizeof(options), "--outputs 5 --socket-path %s",
		 path);
	p = program_run(options);
	p->may_end = false;
	strcpy(p->path, path);
	d = driver_start_with(&(struct driver_options){ .program = p });
	ck_assert_uint_eq(d->scanouts, 5);
	driver_expect_alive(d);
}
END_TEST

/* ---- a socket it is given ---- */

static struct driver *driver_on_fd(struct program **p)
{
	struct driver *d;
	int pair[2];

	ck_assert(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	*p = program_start_on(pair[1], NULL);
	close(pair[1]);
	d = driver_start_with(&(struct driver_options){
		.program = *p, .sock = pair[0] });
	driver_expect_alive(d);
	return d;
}

/* There is nobody to come after that front end. */
START_TEST(a_connected_socket_is_served_to_its_end)
{
	struct program *p;
	struct driver *d;

	need_options();
	d = driver_on_fd(&p);
	p->may_end = true;
	driver_end(d);
	program_wait(p);
	expect_status(p, 0);
	driver_on_fd(&p);
	program_stop(p);
}
END_TEST

START_TEST(a_socket_must_be_connected)
{
	int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct program *p;

	need_options();
	p = program_start_on(sock, NULL);
	program_wait(p);
	expect_status(p, 2);
	ck_assert_uint_eq(count_lines(program_output(p)), 1);
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

	need_options();
	d = driver_start_with(&(struct driver_options){ .options = "--once" });
	p = d->program;
	strcpy(path, p->path);
	driver_expect_alive(d);
	ck_assert(is_there(path));
	p->may_end = true;
	driver_end(d);
	program_wait(p);
	expect_status(p, 0);
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
	expect_status(p, 0);
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

	need_options();
	close(program_connect(p));
	kill(p->pid, SIGKILL);
	program_wait(p);
	ck_assert(is_there(p->path));
	next = start_at(p->path);
	next->may_end = false;
	driver_expect_alive(driver_start_with(&(struct driver_options){
		.program = next }));
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

	need_options();
	path = in_folder("file");
	ck_assert_int_eq(close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC,
				    0600)), 0);
	expect_no_start(path);
	path = in_folder("fifo");
	ck_assert(!mkfifo(path, 0600));
	expect_no_start(path);
	for (unsigned i = 0; i < 2; i++) {
		path = in_folder(i ? "link" : "dangling");
		ck_assert(!symlink(in_folder(targets[i]), path));
		expect_no_start(path);
	}
	expect_no_start(program_folder());
}
END_TEST

START_TEST(a_socket_in_use_is_left_alone)
{
	struct program *p = program_start(NULL);
	struct driver *d;

	need_options();
	close(program_connect(p));
	expect_no_start(p->path);
	d = driver_start_with(&(struct driver_options){ .program = p });
	driver_expect_alive(d);
	expect_no_start(p->path);
	driver_expect_alive(d);
}
END_TEST

/* Whose backlog is full: a connect would wait as long as it stays so. */
START_TEST(a_busy_socket_is_left_alone)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), sock;

	need_options();
	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s",
		 in_folder("busy"));
	ck_assert(!bind(listener, (struct sockaddr *)&addr, sizeof(addr)));
	ck_assert(!listen(listener, 0));
	do
		sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC |
			      SOCK_NONBLOCK, 0);
	while (!connect(sock, (struct sockaddr *)&addr, sizeof(addr)));
	ck_assert_int_eq(errno, EAGAIN);
	expect_no_start(addr.sun_path);
	close(listener);
}
END_TEST

START_TEST(a_path_may_lead_nowhere)
{
	struct program *p;

	need_options();
	p = start_at("/no/such/folder/socket");
	program_wait(p);
	ck_assert(WIFEXITED(p->status) && WEXITSTATUS(p->status));
	ck_assert(strstr(program_output(p), "/no/such/folder/socket"));
}
END_TEST

static const struct test tests[] = {
	ONCE("tells", help_lists_the_options, "A50"),
	ONCE("tells", the_version_is_a_line, "A50"),
	ONCE("tells", capabilities_are_json, "A50 F01"),
	ONCE("wrong", wrong_options_are_told_in_a_line, "A50 F06"),
	ONCE("wrong", nothing_is_done_with_wrong_options, "A50"),
	ONCE("wrong", a_path_can_be_too_long, "A50"),
	ONCE("wrong", one_socket_is_asked_for, "A50"),
	ONCE("right", a_value_may_be_the_next_word, "A50"),
	ONCE("fd", a_connected_socket_is_served_to_its_end, "A50"),
	ONCE("fd", a_socket_must_be_connected, "A50"),
	ONCE("end", once_is_one_front_end, "A50"),
	ONCE("end", a_signal_ends_it, "A50"),
	ONCE("path", a_socket_left_behind_is_taken_over, "A50"),
	ONCE("path", what_is_no_socket_is_left_alone, "A50"),
	ONCE("path", a_socket_in_use_is_left_alone, "A50"),
	ONCE("path", a_busy_socket_is_left_alone, "A50"),
	ONCE("path", a_path_may_lead_nowhere, "A50"),
	{ 0 }
};

Suite *program_suite(void)
{
	return suite_new("program", tests);
}
