/*
 * A keyboard's LEDs, in the titles of the windows:
 *
 *   stage4: Virtual-1 1280x800 Num Caps
 *
 * The host's own keyboard has them as the host wants them: here is what the
 * guest believes.
 */
#ifndef WINDOWLEDS_H
#define WINDOWLEDS_H

struct input;
struct windows;

struct windowleds {
	struct windows *windows;
	const struct input *keyboard;
};

void windowleds_add(struct windowleds *leds, struct windows *windows,
		    struct input *keyboard);

#endif
