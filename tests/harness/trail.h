/*
 * The trail: what the test did so far, step by step, and how it ended.
 *
 *   1. GET_FEATURES                              -> 0x175000000
 *   2. GET_DISPLAY_INFO, fence 7                 -> OK_DISPLAY_INFO, used 408
 *
 * Each frontend_*() and driver_*() call leaves a step, its answer follows.
 * They are written out at once, as comment lines of the TAP stream, so that
 * they survive a crash or a test that hangs. Who reads the stream (verdict.h)
 * keeps them back and shows them only for a test that fails.
 */
#ifndef TRAIL_H
#define TRAIL_H

#include <stdbool.h>
#include <stddef.h>

#include <check.h>

/* A new test: its place in the source is where its failures are counted. */
void trail_begin(const char *file, int line);

/* A numbered step; its answer, appended to it; a line that is neither. */
void trail_step(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void trail_answer(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void trail_note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* True: leave no steps from here on (for loops of thousands). Returns what was
 * before. */
bool trail_quiet(bool quiet);

/* Text of somebody else's (the device's stderr), a note per line. */
void trail_quote(const char *text, size_t len);

/* What trail_skip() does, see suite.h. */
void trail_skip(const char *reason);

const char *trail_file(void);
int trail_line(void);

/*
 * Ends the test as failed. One line of text: what was expected, what came.
 * Plain ck_assert_...() does as well and shows the same trail.
 */
#define FAIL(...) trail_fail(trail_file(), trail_line(), "", __VA_ARGS__)

/* FAIL() unless `cond`. */
#define EXPECT(cond, ...) \
	do { \
		if (!(cond)) \
			FAIL(__VA_ARGS__); \
	} while (0)

/*
 * Where the macros of `check` end up, too: what the device printed has to be
 * shown first, since `check` leaves without a chance to clean up.
 */
void trail_fail(const char *file, int line, const char *expr, const char *fmt,
		...) __attribute__((noreturn, format(printf, 4, 5)));
#define _ck_assert_failed trail_fail

/* What to call before a failure is told. */
void trail_on_failure(void (*aftermath)(void));

#endif
