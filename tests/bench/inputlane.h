/*
 * The guest's side of an event queue, as quick as it can be, and the user's side
 * of the script: lines in, events out.
 *
 *   a line  --FIFO-->  device  --used ring-->  inputlane_take()
 *
 * Buffers are made once and given back as soon as they are used, as Linux does;
 * kicks and calls are left out where the other side asks for none (EVENT_IDX).
 */
#ifndef INPUTLANE_H
#define INPUTLANE_H

#include "bench.h"
#include "inputdriver.h"

struct inputlane {
	struct inputdriver *in;
	struct ring *ring;
	uint16_t offered; /* avail.idx */
};

/* What is written: the same lines again and again. */
struct inputlines {
	const char *line;
	unsigned frames, events; /* that each brings about, SYN included */
	unsigned per_second;	 /* 0: as many as go through */
};

struct inputcount {
	uint64_t lines, events;
	double took;
};

/* False: the program is somebody else's, or has no such devices. */
bool inputlane_possible(const struct bench *b);
/* A desk for bench_start_with(); the program's paths lie in the folder. */
struct desk *inputlane_desk(const struct bench *b, unsigned devices);
/* It is empty again: behind bench_end(). */
void inputlane_clear(struct desk *desk);
void inputlane_init(struct inputlane *lane, struct desk *desk,
		    enum desk_device device);
/* Its driver's connection ends, the program goes on. */
void inputlane_free(struct inputlane *lane);

/* Takes the events that are there: how many. */
unsigned inputlane_take(struct inputlane *lane);

/* Writes one line, and returns as soon as its events are there: seconds. */
double inputlane_once(struct inputlane *lane, const struct inputlines *lines);
/*
 * Lines until that time, and then waits for the events of all of them: each
 * line's have to come. Not for more threads than one at a time.
 */
struct inputcount inputlane_keep(struct inputlane *lane,
				 const struct inputlines *lines, double end);

#endif
