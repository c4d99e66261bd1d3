/*
 * What the parts of the benchmark share: two programs at work, chains that are
 * ready, and figures.
 *
 * Speeds of other runs, or machines, don't compare. So all that is compared is
 * measured in turn, a slice each, several times over; what is shown is the
 * median of the runs, and of ratios the median of each run's ratio.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "driver.h"

enum { RUNS = 7, SLICE_MS = 200 };

/* The program that is measured, and the one beside it. */
enum { OURS, THEIRS, SUBJECTS };

struct bench {
	const char *command[SUBJECTS];
	unsigned subjects; /* 1: there is none beside ours */
	const char *folder;
	FILE *out; /* for the tables: stdout is the harness' */
};

/* The program's name without its folder. */
const char *bench_name(const struct bench *b, unsigned subject);

/*
 * Starts one of them, its stderr at /dev/null, with a driver that has `ram`
 * bytes of memory. `display` is where pictures go, if it has a choice.
 */
struct driver *bench_start(const struct bench *b, unsigned subject,
			   const char *display, uint64_t ram);
/* The same with more options. */
struct driver *bench_start_with(const struct bench *b, unsigned subject,
				const char *display, const char *more,
				uint64_t ram);
/*
 * We and that process, which has one thread, get a processor each, as a guest
 * and its device have: on one and the same they wake each other many times as
 * fast.
 */
void bench_place(pid_t pid);
/* Ends its driver and the program. */
void bench_end(struct driver *d);
/* Says so if the program has no 2D commands. */
bool bench_has_2d(struct driver *d);

double seconds(void);
double seconds_of(pid_t pid); /* of CPU time */

/* One value for each run. */
struct figure {
	double run[RUNS];
};

double median(const struct figure *f);
double least(const struct figure *f), most(const struct figure *f);
/* Of a / b, run by run. */
double median_ratio(const struct figure *a, const struct figure *b);
/* "  1.23 (bar 1.00)"; a bar of 0 is none, and so is a figure that is NaN. */
const char *with_bar(double value, double bar);

/*
 * A ring whose chains are made once; offering one again is all that the driver's
 * side does. Chain i is descriptor 2i, the request, and 2i + 1, room for the
 * response, if it has any.
 */
enum { LANE_CHAINS = 128 };

struct lane {
	struct driver *d;
	struct ring *ring;
	unsigned count;
	uint64_t response[LANE_CHAINS]; /* 0: there is no room for it */
};

/* From here on driver_send() may not use that ring: the control ring. */
void lane_init(struct lane *lane, struct driver *d);
/* The same on either of the driver's. */
void lane_init_on(struct lane *lane, struct driver *d, struct ring *ring);
/* Returns its number: the next one. */
unsigned lane_add(struct lane *lane, const void *request, uint32_t len,
		  uint32_t room);
/* Offers `n` chains at once and waits for all of them. */
void lane_once(struct lane *lane, unsigned first, unsigned n);
/*
 * Keeps `n` chains in flight until that time, and waits for the last of them.
 * Returns how many were answered.
 */
unsigned lane_keep(struct lane *lane, unsigned first, unsigned n, double end);
/* Ends the program if an answer is an error; each has room for one. */
void lane_check(struct lane *lane, unsigned first, unsigned n);

/* The parts. */
void bench_roundtrips(const struct bench *b),
	bench_transfers(const struct bench *b),
	bench_resources(const struct bench *b),
	bench_frames(const struct bench *b), bench_moves(const struct bench *b),
	bench_input(const struct bench *b);
/* A part of the last. */
void bench_pointing(const struct bench *b);

#endif
