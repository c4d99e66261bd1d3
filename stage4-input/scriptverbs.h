/*
 * The commands of a script: what a user can do, a line each.
 *
 *   "key leftctrl+c"  --script_parse()-->  command  --script_step()-->  seat
 *
 * The verbs, and what they take, are the table at the end of scriptverbs.c; the
 * chapter says what they mean.
 */
#ifndef SCRIPTVERBS_H
#define SCRIPTVERBS_H

#include <stdbool.h>
#include <stdint.h>

#include "scriptlines.h"

struct seat;
struct text;

enum { SCRIPT_KEYS = 8 }; /* that one command presses */

/* A line that was understood. It depends on the verb what is of use. */
struct script_command {
	const struct script_verb *verb; /* NULL: there is nothing to do */
	unsigned devices;		/* SEAT_...: that it is for */
	uint16_t codes[SCRIPT_KEYS];	/* of keys and buttons */
	unsigned count;
	unsigned scanout;
	int32_t x, y;
	uint64_t us; /* to wait */
	bool ready;  /* wait for drivers */
	char text[SCRIPT_LINE];
	unsigned typed; /* characters of it */
};

/*
 * Understands a line, and cuts it up. Comments and blank lines are commands
 * without a verb. False: `fault`, which was empty, says what is wrong.
 */
bool script_parse(struct script_command *command, char *line,
		  struct text *fault);

enum script_step {
	SCRIPT_DONE,
	SCRIPT_PAUSE, /* step again, command->us from now */
	SCRIPT_WAIT,  /* done, but for the time: command->us from now */
	SCRIPT_READY, /* step again, once the seat is ready */
};

/*
 * The next step of a command that has a verb. None makes more frames than
 * EVENTQ_FRAMES, so with a seat that isn't busy no frame is dropped.
 */
enum script_step script_step(struct script_command *command, struct seat *seat);

#endif
