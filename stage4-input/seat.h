/*
 * The seat: what one user has before them, and does.
 *
 *   windows (windowinput.c)  --\                       /--> keyboard
 *                               >--  seat_key(), ...  ----> tablet
 *   a script (inputscript.c) --/                       \--> mouse
 *
 * Any of the devices may have no driver, or no front end even: what is done to it
 * goes nowhere then. All of it is the device thread's.
 */
#ifndef SEAT_H
#define SEAT_H

#include <stdbool.h>
#include <stdint.h>

#include "input.h"

struct options;
struct port;
struct scanouts;
struct server;

/* For those who ask for some of them. */
enum seat_devices {
	SEAT_KEYBOARD = 1 << 0,
	SEAT_TABLET = 1 << 1,
	SEAT_MOUSE = 1 << 2,
	SEAT_POINTERS = SEAT_TABLET | SEAT_MOUSE,
	SEAT_ALL = SEAT_KEYBOARD | SEAT_POINTERS,
};

struct seat {
	struct input keyboard, tablet, mouse;
	const struct port *keyboard_port, *tablet_port, *mouse_port;
	const struct scanouts *scanouts;
	struct input
		*pointer; /* buttons and wheels are its: see seat_button() */
};

/* Adds --keyboard-socket, --tablet-socket and --mouse-socket. */
void seat_init(struct seat *seat, const struct scanouts *scanouts,
	       struct trace *trace, struct server *server,
	       struct options *options);
void seat_free(struct seat *seat);

/* KEY_A, as linux/input-event-codes.h has it; one of keytable.h's. */
void seat_key(struct seat *seat, uint16_t code, bool down);

/* The pointer is on that pixel of that scanout; beside it, on the nearest. */
void seat_point(struct seat *seat, unsigned scanout, int32_t x, int32_t y);
/* The mouse moved by so many of its steps. */
void seat_motion(struct seat *seat, int32_t dx, int32_t dy);

/*
 * BTN_LEFT and so on, and wheels (input_wheel()). They are the tablet's or the
 * mouse's, whichever moved last: a user has one hand for both.
 */
void seat_button(struct seat *seat, uint16_t code, bool down);
void seat_wheel(struct seat *seat, uint16_t axis, int32_t by);

/* Nobody looks here any more: whatever is held is up. */
void seat_release(struct seat *seat);

/* Each device that was given a socket has a driver. */
bool seat_ready(const struct seat *seat);
/*
 * Who sends much had better wait: some driver is behind, or one of those devices
 * is paused.
 */
bool seat_busy(const struct seat *seat, unsigned devices);
/* One of those devices has a driver, paused or not. */
bool seat_attended(const struct seat *seat, unsigned devices);
/*
 * Calls fn(arg) whenever either may have changed. It may be called out of any of
 * the functions above: it does no more than take note.
 */
void seat_watch(struct seat *seat, void (*fn)(void *arg), void *arg);

#endif
