/*
 * What the program says to the person who started it: one line a fault, on
 * stderr, after the program's name.
 *
 * Four kinds of fault get four answers. Ours: assert(). The host's (a socket,
 * memory): die() at start-up, warn() later. The front end's: guest_error() and a
 * refusal, or the connection ends. The guest's: guest_error() and a typed error.
 */
#ifndef LOG_H
#define LOG_H

#include <stdint.h>

/* A format that ends in ':' gets strerror(errno) appended, in all three. */
_Noreturn void die(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void warn(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/*
 * Who sends us requests and messages can be wrong a million times a second, and
 * must not be able to fill the host's disk with it: ten lines a second, then a count of those left out.
 * Zeroed memory is a fresh limit.
 */
struct log_limit {
	uint64_t second; /* the one `lines` counts in */
	unsigned lines;
	unsigned left_out;
};

void guest_error(struct log_limit *limit, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* Monotonic, in microseconds. */
uint64_t clock_us(void);

#endif
