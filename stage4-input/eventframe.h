/*
 * A frame: what happened to an input device at one moment, closed by SYN_REPORT.
 *
 *   { EV_ABS ABS_X 16383 } { EV_ABS ABS_Y 8191 } { EV_SYN SYN_REPORT 0 }
 *
 * The guest acts on whole frames only, so a driver gets a whole one or nothing
 * of it. It posts one buffer for each event; rings of QEMU's front end may have
 * as few as four entries (QEMU 11.1), which is why no frame has more events.
 *
 * virtio 1.3, section 5.8.6; the kernel's Documentation/input/event-codes.rst.
 */
#ifndef EVENTFRAME_H
#define EVENTFRAME_H

#include <linux/virtio_input.h>
#include <stdbool.h>
#include <stdint.h>

struct text;

enum { FRAME_EVENTS = 4 };

struct eventframe {
	struct virtio_input_event events[FRAME_EVENTS];
	unsigned count;
	uint64_t began_us; /* clock_us() */
};

/* Zeroed memory is an empty frame. At most three events, then the end. */
void eventframe_add(struct eventframe *frame, uint16_t type, uint16_t code,
		    int32_t value);
void eventframe_end(struct eventframe *frame);

/*
 * Motion behind motion of the same kind: the later position counts, relative
 * steps add up. False: they are something else, and nothing was changed.
 */
bool eventframe_merge(struct eventframe *frame, const struct eventframe *next);

/* " KEY 30=1", for the trace. */
void eventframe_describe(const struct eventframe *frame, struct text *fields);

#endif
