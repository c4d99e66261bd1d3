/*
 * What the tests of the hasty device share: lines by the thousand, and a model of
 * what the guest believes.
 */
#ifndef HASTY_H
#define HASTY_H

#include "inputdriver.h"

suite_maker starved_suite, convergence_suite, paused_suite;

/* As the guest has it: keys that are down, the place, all steps that were made. */
struct belief {
	bool down[KEY_CNT];
	uint32_t x, y;
	int64_t dx, dy, wheel, hwheel; /* wheels: in 120ths */
	unsigned frames;
};

/* A driver without any buffers. */
struct inputdriver *hasty_start(const struct axes *axes,
				enum desk_device device);

/* One line for its device: "down 30". */
void hasty_do(struct inputdriver *in, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Returns when the device has done all lines: it says so. Also how many frames
 * wait.
 */
unsigned hasty_await(struct inputdriver *in);

/* Takes a frame; it may not tell what is believed already. */
void hasty_believe(struct inputdriver *in, struct belief *b);
/*
 * Posts buffers and takes frames for as long as there are any; the driver is as
 * it was afterwards, with buffers for another few.
 */
void hasty_catch_up(struct inputdriver *in, struct belief *b);

#endif
