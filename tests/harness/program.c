/*
 * The device under test, as a process: see program.h.
 *
 * It stays in the test's process group: when a test is out of time, `check`
 * kills the whole group.
 */
#define _GNU_SOURCE
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "pump.h"
#include "suite.h"
#include "trail.h"
#include "wire.h"

static const char *command, *folder;
static const char *display = ""; /* how it is told to show us its pictures */
static struct program *programs;

/* Has it a line in --help with both words? */
static bool has_option(const char *option, const char *value)
{
	char line[4096], text[256];
	bool found = false;
	FILE *help;

	snprintf(line, sizeof(line), "exec %s --help 2>&1", command);
	help = popen(line, "r");
	while (help && fgets(text, sizeof(text), help))
		found |= strstr(text, option) && strstr(text, value);
	if (help)
		pclose(help);
	return found;
}

void program_configure(const char *new_command, const char *new_folder)
{
	command = new_command;
	folder = new_folder;
	if (program_takes_options() && has_option("--display=", "qemu"))
		display = "--display=qemu";
}

const char *program_own_path(const char *name)
{
	static char paths[2][256];
	static unsigned turn;
	char *path = paths[turn++ % 2];

	snprintf(path, sizeof(paths[0]), "%s/%d.%s", folder, getpid(), name);
	return path;
}

bool program_takes_options(void)
{
	return !strstr(command, "{}");
}

void program_need_options(void)
{
	if (!program_takes_options())
		suite_skip("it has options of its own");
}

/*
 * The shell splits the command line as the user would expect. Memory from
 * malloc() is never zero by chance (mallopt(3)): none is relied on uncleared.
 */
static void become_device(const struct program *p, const char *line)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(p->output, 1);
	dup2(p->output, 2);
	signal(SIGPIPE, SIG_DFL);
	setenv("MALLOC_PERTURB_", "90", 0);
	execl("/bin/sh", "sh", "-c", line, (char *)NULL);
	_exit(127);
}

static void reap(struct program *p)
{
	if (!p->ended && waitpid(p->pid, &p->status, 0) == p->pid)
		p->ended = true;
	pump_forget(p->pidfd);
}

/* Called during any wait of the test's. */
static void ended(void *arg)
{
	struct program *p = arg;

	reap(p);
	if (!p->may_end)
		FAIL("the device ended: %s", program_how_it_ended(p));
}

static struct program *new_program(void)
{
	static unsigned number;
	struct program *p = calloc(1, sizeof(*p));

	snprintf(p->path, sizeof(p->path), "%s/%d.%u", folder, getpid(),
		 number++);
	p->output = memfd_create("device output", MFD_CLOEXEC);
	fcntl(p->output, F_SETFL, O_APPEND);
	return p;
}

/* `inherited`: a descriptor it gets, or -1. */
static void launch(struct program *p, int inherited)
{
	p->starts++;
	p->pid = fork();
	if (p->pid < 0)
		FAIL("fork: %s", strerror(errno));
	if (!p->pid) {
		if (inherited >= 0)
			fcntl(inherited, F_SETFD, 0);
		become_device(p, p->line);
	}
	p->pidfd = (int)syscall(SYS_pidfd_open, p->pid, 0);
	pump_watch(p->pidfd, ended, p);
}

static struct program *spawn(struct program *p, const char *line, int inherited)
{
	p->line = strdup(line);
	launch(p, inherited);
	p->next = programs;
	programs = p;
	return p;
}

struct program *program_start(const char *options)
{
	struct program *p = new_program();
	const char *hole = strstr(command, "{}");
	char line[4096];

	if (!options)
		options = "";
	trail_step("the device starts %s", options);
	if (hole)
		snprintf(line, sizeof(line), "exec %.*s%s%s %s",
			 (int)(hole - command), command, p->path, hole + 2,
			 options);
	else
		snprintf(line, sizeof(line), "exec %s --socket-path=%s %s %s",
			 command, p->path, display, options);
	return spawn(p, line, -1);
}

struct program *program_start_on(int sock, const char *options)
{
	char line[4096];

	trail_step("the device starts on a socket");
	snprintf(line, sizeof(line), "exec %s --fd=%d %s %s", command, sock,
		 display, options ? options : "");
	return spawn(new_program(), line, sock);
}

struct program *program_run(const char *options)
{
	struct program *p = new_program();
	char line[4096];

	trail_step("the device is run with %s", options);
	snprintf(line, sizeof(line), "exec %s %s", command, options);
	p->may_end = true;
	return spawn(p, line, -1);
}

/* For the next front end: this one has ended with the last. */
static void launch_again(struct program *p)
{
	trail_step("the device starts again");
	close(p->pidfd);
	p->may_end = p->ended = false;
	p->status = 0;
	launch(p, -1);
}

/*
 * The socket is there some time after the start, and takes connections a
 * moment later. Nothing tells when: this is the one place that has to ask
 * again and again.
 */
int program_connect_to(struct program *p, const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	uint64_t end = pump_now() + 2 * PATIENCE_MS;
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	while (connect(fd, (struct sockaddr *)&addr, sizeof(addr))) {
		if (errno != ENOENT && errno != ECONNREFUSED)
			FAIL("connect: %s", strerror(errno));
		if (pump_now() > end)
			FAIL("the device does not listen on its socket");
		pump_until_readable(-1, 1);
		if (p->ended && !program_takes_options())
			launch_again(p);
	}
	return fd;
}

int program_connect(struct program *p)
{
	return program_connect_to(p, p->path);
}

/* A connection that was answered, and hung up: none waits in the backlog. */
static void visit(struct program *p)
{
	struct message m = message(VU_GET_FEATURES), reply;
	int sock = program_connect(p);

	if (!wire_send(sock, &m) ||
	    wire_receive(sock, &reply, PATIENCE_MS) != WIRE_MESSAGE)
		FAIL("GET_FEATURES was not answered");
	p->may_end = true;
	close(sock);
}

void program_need_to_stay(void)
{
	struct program *p;

	if (program_takes_options())
		return;
	p = program_start(NULL);
	visit(p);
	visit(p);
	if (p->starts > 1)
		suite_skip("it ends with its front end");
	program_stop(p);
}

static void await_end(struct program *p)
{
	p->may_end = true;
	if (!p->ended && !pump_until_readable(p->pidfd, 2 * PATIENCE_MS))
		FAIL("the device did not end");
	reap(p);
}

int program_wait(struct program *p)
{
	p->judged = true;
	await_end(p);
	return p->status;
}

void program_expect_status(struct program *p, int status)
{
	program_wait(p);
	if (!WIFEXITED(p->status) || WEXITSTATUS(p->status) != status)
		FAIL("the device ended with %s, not %d",
		     program_how_it_ended(p), status);
}

static void forget(struct program *p)
{
	struct program **at = &programs;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	close(p->pidfd);
	close(p->output);
	free(p->line);
	free(p);
}

/*
 * Others may leave the signal to the system. Or they end with their front end,
 * each in a way of its own: only a crash is none.
 */
static bool may_end_so(const struct program *p)
{
	return !p->status || p->judged ||
	       (suite_portable() &&
		(WIFEXITED(p->status) || p->status == SIGTERM ||
		 p->status == SIGPIPE));
}

void program_stop(struct program *p)
{
	p->may_end = true;
	if (!p->ended)
		kill(p->pid, SIGTERM);
	await_end(p);
	if (!may_end_so(p))
		FAIL("the device ended with %s, not 0",
		     program_how_it_ended(p));
	forget(p);
}

const char *program_how_it_ended(const struct program *p)
{
	static char text[64];

	if (WIFSIGNALED(p->status))
		snprintf(text, sizeof(text), "signal %d (%s)",
			 WTERMSIG(p->status), strsignal(WTERMSIG(p->status)));
	else
		snprintf(text, sizeof(text), "exit status %d",
			 WEXITSTATUS(p->status));
	return text;
}

const char *program_output(const struct program *p)
{
	static char text[65536];
	ssize_t len = pread(p->output, text, sizeof(text) - 1, 0);

	text[len > 0 ? len : 0] = '\0';
	return text;
}

unsigned program_said(const struct program *p, const char *text)
{
	const char *at = program_output(p);
	unsigned n = 0;

	while ((at = strstr(at, text))) {
		n++;
		at += strlen(text);
	}
	return n;
}

void program_stop_all(void)
{
	while (programs)
		program_stop(programs);
}

void program_abandon_all(void)
{
	for (struct program *p = programs; p; p = p->next) {
		const char *text = program_output(p);

		if (*text)
			trail_note("the device's output:");
		trail_quote(text, strlen(text));
		if (!p->ended)
			kill(p->pid, SIGKILL);
	}
}
