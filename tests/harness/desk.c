/*
 * A user's desk: see desk.h.
 */
#define _GNU_SOURCE
#include "desk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "program.h"
#include "pump.h"
#include "trail.h"

static const char *const names[DESK_DEVICES] = { "keyboard", "tablet",
						 "mouse" };

const char *desk_name(enum desk_device device)
{
	return names[device];
}

/* A test may have several desks. */
static void choose_path(char path[108], const char *name, unsigned number)
{
	char own[64];

	snprintf(own, sizeof(own), "%s%u", name, number);
	snprintf(path, 108, "%s", program_own_path(own));
}

static void add_option(struct desk *desk, const char *name, const char *path)
{
	size_t len = strlen(desk->options);

	snprintf(desk->options + len, sizeof(desk->options) - len, "--%s=%s ",
		 name, path);
}

/* Open for both: so it opens at once, and has no end when others close it. */
static void open_script(struct desk *desk)
{
	if (mkfifo(desk->script, 0600))
		FAIL("%s: %s", desk->script, strerror(errno));
	desk->hands = open(desk->script, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (desk->hands < 0)
		FAIL("%s: %s", desk->script, strerror(errno));
}

struct desk *desk_new(unsigned devices)
{
	static unsigned number;
	struct desk *desk = calloc(1, sizeof(*desk));
	char option[32];

	program_need_options();
	desk->devices = devices;
	for (unsigned i = 0; i < DESK_DEVICES; i++) {
		if (!(devices & 1u << i))
			continue;
		choose_path(desk->paths[i], names[i], number);
		snprintf(option, sizeof(option), "%s-socket", names[i]);
		add_option(desk, option, desk->paths[i]);
	}
	choose_path(desk->script, "script", number++);
	open_script(desk);
	add_option(desk, "input-script", desk->script);
	return desk;
}

const char *desk_options(const struct desk *desk)
{
	return desk->options;
}

void desk_is_at(struct desk *desk, struct program *p)
{
	desk->program = p;
}

struct desk *desk_start(unsigned devices, const char *more)
{
	struct desk *desk = desk_new(devices);
	char line[1024];

	snprintf(line, sizeof(line), "--display=none %s %s", desk->options,
		 more ? more : "");
	desk_is_at(desk, program_run(line));
	desk->program->may_end = false;
	return desk;
}

/* ---- the script ---- */

static int unread(const struct desk *desk)
{
	int n = 0;

	if (ioctl(desk->hands, FIONREAD, &n))
		FAIL("FIONREAD: %s", strerror(errno));
	return n;
}

/* Nothing tells when a FIFO was read, or has room for what is there to say. */
static void wait_a_moment(uint64_t end)
{
	if (pump_now() > end)
		FAIL("the script is not read");
	pump_until_readable(-1, 1);
}

void desk_do_lines(struct desk *desk, const char *lines)
{
	uint64_t end = pump_now() + PATIENCE_MS;
	size_t len = strlen(lines);

	while (len) {
		ssize_t n = write(desk->hands, lines, len);

		if (n > 0) {
			lines += n;
			len -= (size_t)n;
			end = pump_now() + PATIENCE_MS;
		} else {
			wait_a_moment(end);
		}
	}
}

void desk_do(struct desk *desk, const char *fmt, ...)
{
	char line[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line) - 1, fmt, args);
	va_end(args);
	trail_step("script: %s", line);
	strcat(line, "\n");
	desk_do_lines(desk, line);
}

void desk_await_read(struct desk *desk)
{
	uint64_t end = pump_now() + PATIENCE_MS;

	while (unread(desk))
		wait_a_moment(end);
}
