/*
 * From what happened to frames; and LEDs.
 */
#include "input.h"

#include <assert.h>

#include "trace.h"

bool input_ready(const struct input *input)
{
	return input->dev.life == DEVICE_RUNNING;
}

bool input_behind(const struct input *input)
{
	return input_ready(input) && input->eventq.count;
}

bool input_paused(const struct input *input)
{
	return device_paused(&input->dev);
}

void input_turned(struct input *input)
{
	if (input->turned)
		input->turned(input->turned_arg);
}

/* ---- events ---- */

static void add(struct input *input, struct eventframe *frame, uint16_t type,
		uint16_t code, int32_t value)
{
	assert(inputconfig_has(&input->config, type, code));
	eventframe_add(frame, type, code, value);
}

static bool send(struct input *input, struct eventframe *frame)
{
	eventframe_end(frame);
	return input_ready(input) && eventq_send(&input->eventq, frame);
}

static void tell_key(struct input *input, uint16_t code)
{
	struct eventframe frame = { .count = 0 };

	add(input, &frame, EV_KEY, code, heldkeys_down(&input->keys, code));
	if (send(input, &frame))
		heldkeys_told(&input->keys, code);
}

static void tell_place(struct input *input)
{
	struct eventframe frame = { .count = 0 };

	add(input, &frame, EV_ABS, ABS_X, input->x);
	add(input, &frame, EV_ABS, ABS_Y, input->y);
	input->owes_place = !send(input, &frame);
}

/* Nobody there: nothing is remembered for a driver that comes later. */
static bool nobody(const struct input *input)
{
	return input->dev.life == DEVICE_IDLE;
}

void input_key(struct input *input, uint16_t code, bool down)
{
	if (nobody(input))
		return;
	heldkeys_set(&input->keys, code, down);
	if (heldkeys_owed(&input->keys, code))
		tell_key(input, code);
}

void input_place(struct input *input, int32_t x, int32_t y)
{
	if (nobody(input))
		return;
	input->x = x;
	input->y = y;
	tell_place(input);
}

void input_motion(struct input *input, int32_t dx, int32_t dy)
{
	struct eventframe frame = { .count = 0 };

	add(input, &frame, EV_REL, REL_X, dx);
	add(input, &frame, EV_REL, REL_Y, dy);
	send(input, &frame);
}

/* Programs that know of the fine steps ignore the whole notches beside them. */
void input_wheel(struct input *input, uint16_t axis, int32_t by)
{
	bool across = axis == REL_HWHEEL;
	uint16_t fine = across ? REL_HWHEEL_HI_RES : REL_WHEEL_HI_RES;
	struct eventframe frame = { .count = 0 };
	int32_t *rest = &input->rest[across];
	int64_t sum = (int64_t)*rest + by;
	int32_t notches = (int32_t)(sum / 120);

	if (!input_ready(input))
		return;
	*rest = (int32_t)(sum % 120);
	add(input, &frame, EV_REL, fine, by);
	if (notches)
		add(input, &frame, EV_REL, axis, notches);
	send(input, &frame);
}

void input_release(struct input *input)
{
	const struct heldkeys *keys = &input->keys;

	for (uint16_t code = 0;
	     (code = heldkeys_next_down(keys, code)) < KEY_CNT; code++)
		input_key(input, code, false);
}

static void tell_owed(struct input *input, bool down)
{
	const struct heldkeys *keys = &input->keys;

	for (uint16_t code = 0;
	     (code = heldkeys_next_owed(keys, code)) < KEY_CNT; code++)
		if (heldkeys_down(keys, code) == down)
			tell_key(input, code);
}

/*
 * What was dropped, or happened in a pause: the guest is told how things are now.
 * What does not fit is owed still, and this is called again. A control key that
 * is up by now must not make a command of the letter that is down.
 */
void input_caught_up(struct input *input)
{
	if (input->owes_place)
		tell_place(input);
	tell_owed(input, false);
	tell_owed(input, true);
}

/* ---- the status queue ---- */

static void set_led(struct input *input, uint16_t code, bool on)
{
	uint32_t bit = 1u << code;

	if (on)
		__atomic_fetch_or(&input->leds, bit, __ATOMIC_RELAXED);
	else
		__atomic_fetch_and(&input->leds, ~bit, __ATOMIC_RELAXED);
	if (input->leds_changed)
		input->leds_changed(input->leds_arg);
}

/* Whatever else a guest would like (sounds, the speed of repetition) we lack. */
static void handle_status(void *arg, struct chain *chain)
{
	struct input *input = arg;
	uint64_t began_us = clock_us();
	struct virtio_input_event event;
	struct text fields = { .len = 0 };
	bool known;

	if (chain_read(chain, 0, &event, sizeof(event)) < sizeof(event)) {
		virtq_reply(chain, NULL, 0);
		return;
	}
	known = event.type == EV_LED &&
		inputconfig_has(&input->config, EV_LED, event.code);
	if (known)
		set_led(input, event.code, event.value);
	virtq_reply(chain, NULL, 0);
	text_add(&fields, " %u %u=%d", event.type, event.code,
		 (int32_t)event.value);
	trace_request(input->dev.trace, input->dev.name, "status", &fields,
		      known ? "LED" : "ignored", began_us);
}

/* ---- its life ---- */

/* A driver comes, or stands still: who waits for one may have to look again. */
static void turn(void *arg)
{
	input_turned(arg);
}

static void resume(void *arg)
{
	input_caught_up(arg);
	input_turned(arg);
}

static void memory(void *arg)
{
	struct input *input = arg;

	eventq_check(&input->eventq);
}

static void reset(void *arg)
{
	struct input *input = arg;

	eventq_forget(&input->eventq);
	inputconfig_reset(&input->config);
	input->keys = (struct heldkeys){ 0 };
	input->rest[0] = input->rest[1] = 0;
	input->owes_place = false;
	if (__atomic_exchange_n(&input->leds, 0, __ATOMIC_RELAXED) &&
	    input->leds_changed)
		input->leds_changed(input->leds_arg);
	input_turned(input);
}

static const struct device_part input_part = {
	.start = turn,
	.pause = turn,
	.resume = resume,
	.reset = reset,
	.memory = memory,
	.hang_up = reset, /* what was asked before any driver was there */
};

void input_init(struct input *input, const char *name, const char *events_name,
		const char *status_name, struct loop *loop, struct trace *trace)
{
	struct virtq *events = &input->dev.queues[INPUT_EVENTQ];
	struct virtq *status = &input->dev.queues[INPUT_STATUSQ];

	*input = (struct input){ 0 };
	device_init(&input->dev, name, loop, trace);
	device_add_part(&input->dev, &input_part, input);
	inputconfig_init(&input->config, &input->dev);
	eventq_init(&input->eventq, input, events);
	events->name = events_name;
	status->name = status_name;
	status->handle = handle_status;
	status->arg = input;
}

void input_free(struct input *input)
{
	device_free(&input->dev);
}
