/*
 * Reads, waits and goes on.
 */
#define _GNU_SOURCE
#include "inputscript.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "loop.h"
#include "options.h"
#include "scriptwords.h"
#include "seat.h"
#include "trace.h"

/* ---- lines ---- */

/* False: the line makes no sense, and `fault` says why. */
static bool parse(struct inputscript *script, const struct scriptline *line,
		  struct text *fault)
{
	if (!line->fault)
		return script_parse(&script->command, line->text, fault);
	text_add(fault, "%s", line->fault);
	return false;
}

/* Begins the next command, if there is a line for it. */
static bool next_command(struct inputscript *script)
{
	struct scriptline line;

	while (scriptlines_next(&script->lines, script->ended, &line)) {
		struct text fault = { .len = 0 };

		if (!parse(script, &line, &fault))
			guest_error(&script->limit, "%s:%lu: %s", script->path,
				    script->lines.number, fault.bytes);
		else if (script->command.verb)
			return true;
	}
	return false;
}

static void close_source(struct inputscript *script)
{
	if (script->source < 0)
		return;
	loop_unwatch(script->loop, script->source);
	close(script->source);
	script->source = -1;
}

/* ---- going on ---- */

static void set_timer(struct inputscript *script, uint64_t us)
{
	struct itimerspec in = {
		.it_value = { (time_t)(us / MILLION),
			      (long)(us % MILLION * 1000) },
	};

	if (!us)
		in.it_value.tv_nsec = 1;
	if (timerfd_settime(script->timer, 0, &in, NULL) < 0)
		warn("timerfd:");
}

static enum script_waits step(struct inputscript *script)
{
	struct script_command *command = &script->command;

	switch (script_step(command, script->seat)) {
	case SCRIPT_PAUSE:
		set_timer(script, command->us);
		return SCRIPT_FOR_TIME;
	case SCRIPT_READY:
		return SCRIPT_FOR_READY;
	case SCRIPT_WAIT:
		set_timer(script, command->us);
		command->verb = NULL;
		return SCRIPT_FOR_TIME;
	case SCRIPT_DONE:
		command->verb = NULL;
	}
	return SCRIPT_FOR_NOTHING;
}

static void readable(void *arg);

static bool busy(const struct inputscript *script)
{
	const struct script_command *command = &script->command;

	return seat_busy(script->seat, command->verb ? command->devices : 0);
}

/* What is done before a driver is there goes nowhere, which is seldom meant. */
static void mind_nobody(struct inputscript *script)
{
	unsigned devices = script->command.devices;

	if (!devices || script->unheard || seat_attended(script->seat, devices))
		return;
	script->unheard = true;
	warn("%s:%lu: no driver is there, so nobody hears of it; 'wait ready' "
	     "waits for all",
	     script->path, script->lines.number);
}

static enum script_waits do_next(struct inputscript *script)
{
	if (busy(script))
		return SCRIPT_FOR_ROOM;
	if (!script->command.verb && !next_command(script))
		return SCRIPT_FOR_LINES;
	if (busy(script))
		return SCRIPT_FOR_ROOM;
	mind_nobody(script);
	return step(script);
}

enum { LONG_US = 2 * 1000 * 1000 };

/* Does what can be done by now. */
static void go_on(struct inputscript *script)
{
	enum script_waits waits;

	script->complained = false;
	script->waits = SCRIPT_FOR_NOTHING;
	do
		waits = do_next(script);
	while (waits == SCRIPT_FOR_NOTHING);
	script->waits = waits;
	if (waits == SCRIPT_FOR_ROOM)
		set_timer(script, LONG_US);
	if (waits == SCRIPT_FOR_LINES && script->ended)
		close_source(script);
	else if (waits == SCRIPT_FOR_LINES)
		loop_watch(script->loop, script->source, POLLIN, readable,
			   script);
	else
		loop_unwatch(script->loop, script->source);
}

/* A regular file is always readable, a FIFO that we hold open never ends. */
static void readable(void *arg)
{
	struct inputscript *script = arg;
	ssize_t n = scriptlines_read(&script->lines, script->source);

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n < 0)
		warn("%s:", script->path);
	script->ended = n <= 0;
	go_on(script);
}

/* An unbound driver can't be told from a paused one, and may never come back. */
static void complain(struct inputscript *script)
{
	if (script->complained)
		return;
	script->complained = true;
	warn("%s:%lu: waits for a driver that is paused or takes no events",
	     script->path, script->lines.number);
}

static void timed_out(void *arg)
{
	struct inputscript *script = arg;
	uint64_t times;

	if (read(script->timer, &times, sizeof(times)) != sizeof(times))
		return;
	if (script->waits == SCRIPT_FOR_ROOM)
		complain(script);
	else
		go_on(script);
}

/*
 * This may be in the middle of a queue's or a device's work, so the script goes on
 * in the loop's next round.
 */
static void seat_turned(void *arg)
{
	struct inputscript *script = arg;

	if (script->waits == SCRIPT_FOR_ROOM && busy(script))
		return;
	if (script->waits == SCRIPT_FOR_READY && !seat_ready(script->seat))
		return;
	if (script->waits == SCRIPT_FOR_ROOM ||
	    script->waits == SCRIPT_FOR_READY) {
		script->waits = SCRIPT_FOR_NOTHING;
		set_timer(script, 0);
	}
}

/* ---- the option ---- */

static void check_lines(struct inputscript *script)
{
	struct scriptline line;

	while (scriptlines_next(&script->lines, script->ended, &line)) {
		struct text fault = { .len = 0 };

		if (parse(script, &line, &fault))
			continue;
		warn("%s:%lu: %s", script->path, script->lines.number,
		     fault.bytes);
		exit(2);
	}
}

/* All of it, and then back to its beginning. NULL, or why it can't be read. */
static const char *check_file(struct inputscript *script)
{
	ssize_t n;

	while ((n = scriptlines_read(&script->lines, script->source)) > 0)
		check_lines(script);
	if (n < 0 || lseek(script->source, 0, SEEK_SET) < 0)
		return strerrordesc_np(errno);
	script->ended = true;
	check_lines(script);
	script->ended = false;
	script->lines = (struct scriptlines){ .number = 0 };
	script->command.verb = NULL;
	return NULL;
}

/* A FIFO is held open for writing, too: so it outlives those who write. */
static const char *open_source(struct inputscript *script, const char *path)
{
	struct stat st;
	const char *why = NULL;

	if (stat(path, &st) < 0)
		return strerrordesc_np(errno);
	if (!S_ISREG(st.st_mode) && !S_ISFIFO(st.st_mode))
		return "takes a file or a FIFO";
	script->path = path;
	script->source = open(path, (S_ISFIFO(st.st_mode) ? O_RDWR : O_RDONLY) |
					    O_NONBLOCK | O_CLOEXEC);
	if (script->source < 0)
		return strerrordesc_np(errno);
	if (S_ISREG(st.st_mode))
		why = check_file(script);
	if (!why)
		loop_watch(script->loop, script->source, POLLIN, readable,
			   script);
	return why;
}

static const char *set_script(void *arg, const char *value)
{
	close_source(arg);
	return open_source(arg, value);
}

static const struct option_row script_options[] = {
	{ "input-script", "FILE|FIFO", "do what it says, a line each",
	  set_script },
	{ 0 }
};

void inputscript_add(struct inputscript *script, struct seat *seat,
		     struct loop *loop, struct options *options)
{
	*script = (struct inputscript){
		.seat = seat,
		.loop = loop,
		.source = -1,
		.timer = timerfd_create(CLOCK_MONOTONIC,
					TFD_CLOEXEC | TFD_NONBLOCK),
	};
	if (script->timer < 0)
		die("timerfd:");
	loop_watch(loop, script->timer, POLLIN, timed_out, script);
	seat_watch(seat, seat_turned, script);
	options_add(options, script_options, script);
}

void inputscript_free(struct inputscript *script)
{
	close_source(script);
	loop_unwatch(script->loop, script->timer);
	close(script->timer);
}
