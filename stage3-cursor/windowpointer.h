/*
 * The host's own pointer: hidden over a picture in which the guest shows one.
 *
 *   +--------------------------+
 *   |##|                    |##|   # beside the picture: seen
 *   |##|      picture       |##|   over it: hidden, if a part of the guest's
 *   |##|                    |##|   cursor lies in it; seen, if none does
 *   +--------------------------+
 *
 * The guest's is where the guest puts it, which needs not be where the host's
 * is: that a guest hears of the mouse is another device's business.
 */
#ifndef WINDOWPOINTER_H
#define WINDOWPOINTER_H

#include <stdbool.h>

struct cursoroverlay;
struct windows;

struct windowpointer {
	struct windows *windows;
	struct cursoroverlay *overlay;
	bool hidden;
};

void windowpointer_add(struct windowpointer *pointer, struct windows *windows,
		       struct cursoroverlay *overlay);

#endif
