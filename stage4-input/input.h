/*
 * A virtio-input device: keyboard, tablet or mouse.
 *
 *   seat.c  --input_key(), ...-->  frames  --eventq.c-->  driver
 *                                  LEDs    <--statusq---
 *   config space: what it is, and what it can ever send (inputconfig.c)
 *
 * It has two queues and no requests: events go out on one, and what the guest
 * wants of the device, LEDs, comes in on the other.
 *
 * virtio 1.3, section 5.8.
 */
#ifndef INPUT_H
#define INPUT_H

#include <linux/virtio_input.h>
#include <stdbool.h>
#include <stdint.h>

#include "device.h"
#include "eventq.h"
#include "heldkeys.h"
#include "inputconfig.h"

enum { INPUT_EVENTQ, INPUT_STATUSQ }; /* virtio 1.3, 5.8.2 */

struct input {
	struct device dev; /* first: a device is what it is */
	struct inputconfig config;
	struct eventq eventq;
	struct heldkeys keys;

	int32_t x, y;	 /* of the tablet, the latest */
	bool owes_place; /* and the guest has not been told */
	int32_t rest[2]; /* of the two wheels: less than a notch */

	/* input_ready(), _behind() or _paused() may say something else now. */
	void (*turned)(void *arg);
	void *turned_arg;

	uint32_t leds; /* bits 1 << LED_CAPSL; any thread reads them */
	void (*leds_changed)(void *arg);
	void *leds_arg;
};

/*
 * A device that says it can do nothing: inputmodels.h makes keyboards of it. The
 * names are for log and trace, and live as long as the device.
 */
void input_init(struct input *input, const char *name, const char *events_name,
		const char *status_name, struct loop *loop,
		struct trace *trace);
void input_free(struct input *input);

/* There is a driver, and it isn't paused. */
bool input_ready(const struct input *input);
/* There is a driver, and it is behind: frames wait for it. */
bool input_behind(const struct input *input);
/* There is a driver, and it is paused: or gone, which nobody can tell yet. */
bool input_paused(const struct input *input);

/*
 * What happens to the device, each a frame. It must have been advertised. While
 * there is no driver it is forgotten; while the driver is paused, or too slow,
 * keys and place are remembered, and told as they are by then.
 */
void input_key(struct input *input, uint16_t code, bool down);
void input_place(struct input *input, int32_t x, int32_t y);
void input_motion(struct input *input, int32_t dx, int32_t dy);
/* REL_WHEEL or REL_HWHEEL, by so many 120ths of a notch; up and right count up. */
void input_wheel(struct input *input, uint16_t axis, int32_t by);
/* All keys and buttons are up. */
void input_release(struct input *input);

/* For eventq.c: frames were dropped, and now nothing waits any more. */
void input_caught_up(struct input *input);
/* Nothing waits any more. */
void input_turned(struct input *input);

#endif
