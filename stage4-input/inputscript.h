/*
 * --input-script=FILE|FIFO: a user who follows a script.
 *
 *   move 200 150
 *   click
 *   type ls -l
 *   key enter
 *
 * A file is checked before anything starts; what is wrong with it ends the
 * program. A FIFO is somebody's who may be wrong in the next line, too: those lines
 * are left out, and warned of.
 *
 * No line is read before the one before it is with the guest. So a script waits
 * for drivers that are behind, and for one that is paused if the next line is for
 * its device; who writes into a FIFO waits for the script.
 */
#ifndef INPUTSCRIPT_H
#define INPUTSCRIPT_H

#include <stdbool.h>

#include "log.h"
#include "scriptlines.h"
#include "scriptverbs.h"

struct loop;
struct options;
struct seat;

enum script_waits {
	SCRIPT_FOR_NOTHING, /* it goes on as soon as it is its turn */
	SCRIPT_FOR_LINES,   /* more of them have to be read */
	SCRIPT_FOR_TIME,
	SCRIPT_FOR_ROOM,  /* with a driver */
	SCRIPT_FOR_READY, /* for all drivers */
};

struct inputscript {
	struct seat *seat;
	struct loop *loop;
	const char *path;
	int source; /* -1: there is none, or it has come to its end */
	int timer;
	bool ended; /* nothing more can be read */
	enum script_waits waits;
	bool complained; /* that it waits for room */
	bool unheard;	 /* somebody was told that nobody is there */
	struct scriptlines lines;
	struct script_command command; /* that was begun */
	struct log_limit limit;
};

/* Adds the option. Without it there is no script. */
void inputscript_add(struct inputscript *script, struct seat *seat,
		     struct loop *loop, struct options *options);
void inputscript_free(struct inputscript *script);

#endif
