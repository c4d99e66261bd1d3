/*
 * The trail of a test: see trail.h.
 *
 * Every line is flushed as it is written. What a process of `check` leaves in
 * its buffers is lost when it fails.
 */
#include "trail.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char *test_file = "";
static int test_line;
static unsigned steps;
static bool quiet_now;
static void (*on_failure)(void);

void trail_begin(const char *file, int line)
{
	test_file = file;
	test_line = line;
	steps = 0;
	quiet_now = false;
}

const char *trail_file(void)
{
	return test_file;
}

int trail_line(void)
{
	return test_line;
}

bool trail_quiet(bool quiet)
{
	bool was = quiet_now;

	quiet_now = quiet;
	return was;
}

/* One line in one write, so that no other process can come between. */
static void put(const char *lead, const char *fmt, va_list args)
{
	char line[512];

	vsnprintf(line, sizeof(line), fmt, args);
	printf("%s%s\n", lead, line);
	fflush(stdout);
}

void trail_step(const char *fmt, ...)
{
	char lead[16];
	va_list args;

	steps++;
	if (quiet_now)
		return;
	snprintf(lead, sizeof(lead), "# %3u. ", steps);
	va_start(args, fmt);
	put(lead, fmt, args);
	va_end(args);
}

void trail_answer(const char *fmt, ...)
{
	va_list args;

	if (quiet_now)
		return;
	va_start(args, fmt);
	put("#> ", fmt, args);
	va_end(args);
}

void trail_note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	put("#      ", fmt, args);
	va_end(args);
}

void trail_on_failure(void (*aftermath)(void))
{
	on_failure = aftermath;
}

#undef _ck_assert_failed

void trail_fail(const char *file, int line, const char *expr, const char *fmt,
		...)
{
	void (*aftermath)(void) = on_failure;
	const char *base = strrchr(file, '/');
	char text[1024] = "", place[64] = "";
	va_list args;

	if (fmt) {
		va_start(args, fmt);
		vsnprintf(text, sizeof(text), fmt, args);
		va_end(args);
	}
	/* FAIL() counts for the test as a whole, ck_assert_...() has a place. */
	if (line != test_line)
		snprintf(place, sizeof(place),
			 "%s:%d: ", base ? base + 1 : file, line);
	on_failure = NULL;
	if (aftermath)
		aftermath();
	_ck_assert_failed(test_file, test_line, expr, "%s%s", place,
			  *text ? text : expr);
}

void trail_skip(const char *reason)
{
	printf("#SKIP %s\n", reason);
	fflush(stdout);
}

void trail_quote(const char *text, size_t len)
{
	const char *end = text + len;

	while (text < end) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));

		if (!stop)
			stop = end;
		trail_note("| %.*s", (int)(stop - text), text);
		text = stop + 1;
	}
}
