/*
 * A user's desk: a keyboard, a tablet, a mouse, and hands that follow a script.
 *
 *   struct desk *desk = desk_start(DESK_KEYBOARD | DESK_TABLET, NULL);
 *
 *   desk_do(desk, "down leftshift");
 *
 * The program under test gets a socket for each device, and a FIFO to read the
 * script from (--input-script), to which a line is written at a time. With a GPU
 * beside them:
 *
 *   struct desk *desk = desk_new(DESK_ALL);
 *   struct driver *d = driver_start_with(&(struct driver_options){
 *           .options = desk_options(desk) });
 *
 *   desk_is_at(desk, d->program);
 */
#ifndef DESK_H
#define DESK_H

#include <stdbool.h>

struct program;

enum desk_device { KEYBOARD, TABLET, MOUSE, DESK_DEVICES };
enum {
	DESK_KEYBOARD = 1 << KEYBOARD,
	DESK_TABLET = 1 << TABLET,
	DESK_MOUSE = 1 << MOUSE,
	DESK_ALL = DESK_KEYBOARD | DESK_TABLET | DESK_MOUSE,
};

struct desk {
	struct program *program; /* NULL: not started yet */
	unsigned devices;	 /* DESK_KEYBOARD ... */
	char paths[DESK_DEVICES][108];
	char script[108]; /* path of the FIFO */
	int hands;	  /* our end of it */
	char options[640];
};

/* "keyboard"; of one of them. */
const char *desk_name(enum desk_device device);

/*
 * Chooses the paths and makes the FIFO; skips the test where the program has
 * options of its own. Valid until the test ends.
 */
struct desk *desk_new(unsigned devices);
/* For the program's command line. */
const char *desk_options(const struct desk *desk);
/* It was started with them. */
void desk_is_at(struct desk *desk, struct program *p);

/* Starts the program without a GPU's socket. `more` options may be NULL. */
struct desk *desk_start(unsigned devices, const char *more);

/* A line of the script; or many, with the newlines in. */
void desk_do(struct desk *desk, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
void desk_do_lines(struct desk *desk, const char *lines);

/*
 * Returns when all lines were read: a message that is answered then was sent
 * behind what they have brought about, unless the script waits for something.
 */
void desk_await_read(struct desk *desk);

#endif
