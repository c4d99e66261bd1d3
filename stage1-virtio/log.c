/*
 * One line a fault, on stderr. Each line is built first and written whole, so
 * that lines of QEMU and of the device sharing a terminal don't mix.
 */
#define _GNU_SOURCE
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINES_A_SECOND = 10 };

static void line(const char *fmt, va_list ap)
{
	int error = errno;
	char text[512];
	size_t len = strlen(fmt);

	vsnprintf(text, sizeof(text), fmt, ap);
	if (len && fmt[len - 1] == ':')
		fprintf(stderr, "%s: %s %s\n", program_invocation_short_name,
			text, strerror(error));
	else
		fprintf(stderr, "%s: %s\n", program_invocation_short_name,
			text);
}

void die(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line(fmt, ap);
	va_end(ap);
	exit(1);
}

void warn(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	line(fmt, ap);
	va_end(ap);
}

void guest_error(struct log_limit *limit, const char *fmt, ...)
{
	uint64_t second = clock_us() / 1000000;
	va_list ap;

	if (limit->second != second) {
		if (limit->left_out)
			warn("%u more lines left out", limit->left_out);
		*limit = (struct log_limit){ .second = second };
	}
	if (limit->lines == LINES_A_SECOND) {
		limit->left_out++;
		return;
	}
	limit->lines++;

	va_start(ap, fmt);
	line(fmt, ap);
	va_end(ap);
}

uint64_t clock_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}
