/*
 * The trace as text. A line is written whole and at once, so that it can be
 * watched with tail -f and is complete when the program dies.
 */
#include "trace.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "log.h"
#include "options.h"

struct trace {
	FILE *file; /* NULL: off */
	uint64_t began_us;
};

void text_add(struct text *text, const char *fmt, ...)
{
	size_t room = sizeof(text->bytes) - text->len;
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text->bytes + text->len, room, fmt, ap);
	va_end(ap);
	if (n > 0)
		text->len += (size_t)n < room ? (size_t)n : room - 1;
}

static const char *set_trace(void *arg, const char *value)
{
	struct trace *trace = arg;

	if (trace->file)
		return "is given twice";
	trace->file = value ? fopen(value, "we") : stderr;
	if (!trace->file)
		return "takes a file that can be written";
	setvbuf(trace->file, NULL, _IOLBF, 0);
	return NULL;
}

static const struct option_row trace_options[] = {
	{ "trace", "[=FILE]", "every message and request, decoded (to stderr)",
	  set_trace },
	{ 0 }
};

struct trace *trace_new(struct options *options)
{
	struct trace *trace = calloc(1, sizeof(*trace));

	if (!trace)
		die("trace:");
	trace->began_us = clock_us();
	options_add(options, trace_options, trace);
	return trace;
}

void trace_free(struct trace *trace)
{
	if (trace->file && trace->file != stderr)
		fclose(trace->file);
	free(trace);
}

bool trace_on(const struct trace *trace)
{
	return trace->file;
}

static void line(struct trace *trace, const char *who, const char *what,
		 const struct text *fields, const char *rest)
{
	uint64_t us = clock_us() - trace->began_us;

	if (!trace->file)
		return;
	fprintf(trace->file, "%5u.%06u  %-8s %s%s%s\n",
		(unsigned)(us / 1000000), (unsigned)(us % 1000000), who, what,
		fields ? fields->bytes : "", rest);
}

void trace_message(struct trace *trace, const char *device, const char *name,
		   const struct text *fields, const char *outcome)
{
	char rest[128];

	snprintf(rest, sizeof(rest), " -> %s", outcome);
	line(trace, device, name, fields, rest);
}

void trace_request(struct trace *trace, const char *queue, const char *name,
		   const struct text *fields, const char *result,
		   uint64_t began_us)
{
	char rest[128];

	snprintf(rest, sizeof(rest), " -> %s %u us", result,
		 (unsigned)(clock_us() - began_us));
	line(trace, queue, name, fields, rest);
}

void trace_life(struct trace *trace, const char *device, const char *turn)
{
	line(trace, device, turn, NULL, "");
}
