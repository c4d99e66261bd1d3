/*
 * A user who sits down: desk, screen, and a guest with a driver for each device.
 *
 * A tablet's place is one on a screen, and without a picture on one that is
 * offered.
 */
#ifndef SITTING_H
#define SITTING_H

#include "commands.h"
#include "inputdriver.h"

enum { SCREEN_WIDTH = 640, SCREEN_HEIGHT = 480, TABLET_STEPS = 32768 };

struct sitting {
	struct desk *desk;
	struct driver *gpu;
	struct inputdriver *in[DESK_DEVICES]; /* NULL: not asked for */
};

/* `devices` as DESK_ALL; all drivers are on those axes. */
struct sitting sit_down(const struct axes *axes, unsigned devices);

/* Each of the three without a GPU, at one desk, on the test's axes. */
void start_each(struct inputdriver *in[DESK_DEVICES]);
#define WITH_EACH(in) \
	struct inputdriver *in##s[DESK_DEVICES], *in; \
	start_each(in##s); \
	for (unsigned in##_i = 0; \
	     in##_i < DESK_DEVICES && (in = in##s[in##_i], true); in##_i++)

/* Shows a new picture of that size on the scanout; `id` is the resource's. */
void light_up(struct driver *gpu, uint32_t scanout, uint32_t id, uint32_t width,
	      uint32_t height);

/* Where the tablet is if it points at that pixel of so many. */
uint32_t place_of(uint32_t pixel, uint32_t pixels);

/*
 * What each device can do without a screen: a key, or the left button, goes down
 * or up. Returns its code.
 */
uint16_t press(struct inputdriver *in);
uint16_t let_go(struct inputdriver *in);
/* ... and its driver is told. */
void expect_press(struct inputdriver *in);
void expect_let_go(struct inputdriver *in);

#endif
