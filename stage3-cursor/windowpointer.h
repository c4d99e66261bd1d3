/*
 * The host's own pointer: hidden over a window in which the guest shows one.
 */
#ifndef WINDOWPOINTER_H
#define WINDOWPOINTER_H

#include <stdbool.h>

struct cursoroverlay;
struct window;
struct windows;

struct windowpointer {
	struct cursoroverlay *overlay;
	const struct window *under; /* the pointer; NULL: none of ours */
	bool hidden;
};

void windowpointer_add(struct windowpointer *pointer, struct windows *windows,
		       struct cursoroverlay *overlay);

#endif
