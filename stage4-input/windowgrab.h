/*
 * A mouse that says how far it moved needs no pointer: Ctrl+Alt+G takes it, and
 * the keyboard with it, until the same keys or the loss of the focus free them.
 * The title says which keys these are.
 *
 *   free       the host's pointer is over the window, and so is the tablet's
 *   grabbed    the host's pointer is hidden and stays; motion is the mouse's
 */
#ifndef WINDOWGRAB_H
#define WINDOWGRAB_H

#include <stdbool.h>

struct port;
struct window;
struct windows;

struct windowgrab {
	struct windows *windows;
	const struct port *mouse; /* without a path there is nothing to grab */
	struct window *window;	  /* which has it; NULL: none */
};

/* `mouse` is where the mouse waits for its front end. */
void windowgrab_add(struct windowgrab *grab, struct windows *windows,
		    const struct port *mouse);

bool windowgrab_holds(const struct windowgrab *grab);

#endif
