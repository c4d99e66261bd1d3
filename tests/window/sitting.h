/*
 * A user who sits at a window of ours, with devices under their hands and the
 * drivers of these in the guest.
 *
 *   struct sitting *s = sit_down(DESK_KEYBOARD, "");
 *
 *   xserver_key(s->x, KEY_A, true);
 *   EXPECT_FRAME(s->in[KEYBOARD], { EV_KEY, KEY_A, 1 });
 *
 * The X server numbers its keys as Linux does, 8 higher.
 */
#ifndef SITTING_H
#define SITTING_H

#include "inputdriver.h"
#include "windowed.h"

enum { SITTING_WIDTH = 200, SITTING_HEIGHT = 150 };

struct sitting {
	struct xserver *x;
	struct desk *desk;
	struct driver *d; /* the GPU's */
	struct inputdriver *in[DESK_DEVICES];
	Window w; /* the first scanout's, at 300, 300 */
	int left, top;
};

/*
 * The devices of DESK_..., the first scanout with a picture of 200x150, the focus
 * if there is a keyboard, and the mouse at 1, 1 if there is a tablet. Skips the test where the program has
 * no such devices. `layout` is setxkbmap's words.
 */
struct sitting *sit_down(unsigned devices, const char *options);
struct sitting *sit_down_at(const char *layout, unsigned devices,
			    const char *options);

/* The window gets the focus, and the program has noticed. */
void sitting_focus(struct sitting *s);

/* A key is pressed and let go, and the guest is told just that. */
void sitting_type(struct sitting *s, uint16_t code);

/* The mouse goes to that point of the window. */
void sitting_point(struct sitting *s, int x, int y);
/* FAILs unless the tablet's next frame is that pixel of `width` times `height`. */
void expect_place(struct sitting *s, uint32_t x, uint32_t y, uint32_t width,
		  uint32_t height);
/* The same behind others: windows that come and go move the pointer as well. */
void await_place(struct sitting *s, uint32_t x, uint32_t y, uint32_t width,
		 uint32_t height);

#endif
