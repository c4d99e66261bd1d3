/*
 * --trace: everything that passes between front end, driver and device, a line
 * each, from the handshake's first message to the last completion.
 *
 *        0.000412  gpu      SET_VRING_NUM ring=0 num=64 -> ok
 *        0.913377  gpu      start
 *        0.913502  controlq GET_DISPLAY_INFO -> OK_DISPLAY_INFO 3 us
 *        |         |        |                |                  |
 *        |         |        what, decoded    what became of it  how long
 *        |         device or queue
 *        seconds since the program's start
 *
 * A line is written when a thing is done, so what a message or request sets off
 * stands above it: start above the SET_VRING_ENABLE that caused it.
 */
#ifndef TRACE_H
#define TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The fields of a message or request, as they are put together. */
struct text {
	char bytes[512]; /* NUL-terminated; what doesn't fit is cut */
	size_t len;
};

void text_add(struct text *text, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

struct trace;
struct options;

/* Off until --trace is given, whose row this adds to the options. */
struct trace *trace_new(struct options *options);
void trace_free(struct trace *trace);

/* Whether it is worth putting fields together. */
bool trace_on(const struct trace *trace);

/* A vhost-user message to `device`; `outcome` is "ok", "refused", a reply. */
void trace_message(struct trace *trace, const char *device, const char *name,
		   const struct text *fields, const char *outcome);

/* A request that was answered, and the time at which it was taken. */
void trace_request(struct trace *trace, const char *queue, const char *name,
		   const struct text *fields, const char *result,
		   uint64_t began_us);

/* A turn of the device's life: "start", "pause", "resume", "reset". */
void trace_life(struct trace *trace, const char *device, const char *turn);

#endif
