/*
 * What the user does in a window, done in the guest.
 *
 *   main thread                      device thread
 *   SDL's events   --uplink.h-->     seat_key(), seat_point(), ...
 *
 * Keys are told by where they are (keytable.h), once, however long they are
 * held: the guest repeats them. The pointer is at a pixel of the scanout,
 * however large it is shown. What is held is let go when nobody looks any more.
 * The window's own keys (windowkeys.h) don't come this far.
 */
#ifndef WINDOWINPUT_H
#define WINDOWINPUT_H

struct seat;
struct windowgrab;
struct windows;

struct windowinput {
	struct windows *windows;
	struct seat *seat;
	const struct windowgrab *grab;
	double rest[2]; /* of the two wheels: less than a 120th of a notch */
};

void windowinput_add(struct windowinput *input, struct windows *windows,
		     struct seat *seat, const struct windowgrab *grab);

#endif
