/*
 * An X server that has no screen, and one who looks at it, types, and handles
 * windows with the mouse. There is no window manager: what that would do to a
 * window is done to it from here.
 */
#ifndef XSERVER_H
#define XSERVER_H

#include <X11/Xlib.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "picture.h"
#include "pump.h"

enum {
	XSERVER_WIDTH = 1600,
	XSERVER_HEIGHT = 1200,
	XSERVER_WAIT_MS = 2 * PATIENCE_MS, /* for anything it shall show */
};

struct xserver {
	pid_t pid;
	Display *display;
	void (*serve)(void *arg); /* its events; NULL: nobody wants them */
};

/* DISPLAY is set for programs started from here on. It ends with the test. */
struct xserver *xserver_start(void);
/* It goes down, as when a user logs out. */
void xserver_kill(struct xserver *x);

/*
 * The window in whose title that text stands; waits until it is shown, or
 * with xserver_wait_gone() until there is none.
 */
Window xserver_window(struct xserver *x, const char *title);
void xserver_wait_gone(struct xserver *x, const char *title);
/* How many windows are shown. */
unsigned xserver_count(struct xserver *x);

struct picture *xserver_look(struct xserver *x, Window w);

/* What a user does. The key is a letter's, with Ctrl and Alt held down. */
void xserver_resize(struct xserver *x, Window w, unsigned width,
		    unsigned height);
void xserver_press(struct xserver *x, Window w, char letter);
/* The letter alone, and with one key held down. */
void xserver_type(struct xserver *x, Window w, char letter);
void xserver_type_with(struct xserver *x, Window w, KeySym held, char letter);
/*
 * A key by the place where it is: KEY_A; a button by X's number, 4 to 7 being
 * the wheel's up, down, left and right; both pressed or let go. And the mouse is
 * moved by so much.
 */
void xserver_key(struct xserver *x, unsigned code, bool down);
void xserver_button(struct xserver *x, unsigned button, bool down);
void xserver_push(struct xserver *x, int dx, int dy);
/* Waits until the key that is held down was repeated that often. */
void xserver_await_repeats(struct xserver *x, Window w, unsigned times);
/* The window that gets keys; None: none does. */
void xserver_focus(struct xserver *x, Window w);
/* Does a program get all keys, whoever has the focus? */
bool xserver_keys_are_grabbed(struct xserver *x);
/* What keys mean: "us -variant intl", words of setxkbmap. */
void xserver_layout(struct xserver *x, const char *layout);
void xserver_close(struct xserver *x, Window w);
void xserver_move(struct xserver *x, Window w, int left, int top);
void xserver_point(struct xserver *x, int left, int top); /* the mouse */

/* Waits until the mouse has a pointer that can be seen, or one that can't. */
void xserver_wait_pointer(struct xserver *x, bool seen);

/* All requests to the server are done, and what they caused is sent. */
void xserver_sync(struct xserver *x);
/* A moment passes, for what is looked at again and again. */
void xserver_wait(struct xserver *x);

#endif
