/*
 * A user who sits at a window of ours, with devices under their hands and the
 * drivers of these in the guest.
 *
 *   struct user *u = user_start(DESK_KEYBOARD, "");
 *
 *   xserver_key(u->x, KEY_A, true);
 *   EXPECT_FRAME(u->in[KEYBOARD], { EV_KEY, KEY_A, 1 });
 *
 * The X server numbers its keys as Linux does, 8 higher.
 */
#ifndef USER_H
#define USER_H

#include "inputdriver.h"
#include "windowed.h"

enum { WINDOW_WIDTH = 200, WINDOW_HEIGHT = 150 };

struct user {
	struct xserver *x;
	struct desk *desk;
	struct driver *d; /* the GPU's */
	struct inputdriver *in[DESK_DEVICES];
	Window w; /* the first scanout's, at 300, 300 */
	int left, top;
};

/*
 * The devices of DESK_..., the first scanout with a picture of 200x150, the
 * focus if there is a keyboard, and the mouse at 1, 1 if there is a tablet.
 * Skips the test where the program has no such devices. `layout` is words of
 * setxkbmap.
 */
struct user *user_start(unsigned devices, const char *options);
struct user *user_start_with(const char *layout, unsigned devices,
			     const char *options);

/* The window gets the focus, and the program has noticed. */
void user_looks(struct user *u);

/* A key is pressed and let go, and the guest is told just that. */
void user_types(struct user *u, uint16_t code);

/* The mouse goes to that point of the window. */
void user_points(struct user *u, int x, int y);
/* FAILs unless the tablet's next frame is that pixel of so many. */
void expect_place(struct user *u, uint32_t x, uint32_t y, uint32_t width,
		  uint32_t height);
/* The same behind others: windows that come and go move the pointer as well. */
void await_place(struct user *u, uint32_t x, uint32_t y, uint32_t width,
		 uint32_t height);

#endif
