/*
 * Frames, put together and described.
 */
#include "eventframe.h"

#include <assert.h>
#include <linux/input-event-codes.h>

#include "log.h"
#include "trace.h"

static void put(struct eventframe *frame, uint16_t type, uint16_t code,
		int32_t value)
{
	assert(frame->count < FRAME_EVENTS);
	frame->events[frame->count++] = (struct virtio_input_event){
		.type = type,
		.code = code,
		.value = (uint32_t)value,
	};
}

void eventframe_add(struct eventframe *frame, uint16_t type, uint16_t code,
		    int32_t value)
{
	assert(type != EV_SYN && frame->count < FRAME_EVENTS - 1);
	put(frame, type, code, value);
}

void eventframe_end(struct eventframe *frame)
{
	put(frame, EV_SYN, SYN_REPORT, 0);
	frame->began_us = clock_us();
}

static bool is_motion(const struct virtio_input_event *event)
{
	return event->type == EV_ABS || event->type == EV_REL;
}

/* The last event is SYN_REPORT in both. */
static bool alike(const struct eventframe *a, const struct eventframe *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count - 1; i++)
		if (!is_motion(&a->events[i]) ||
		    a->events[i].type != b->events[i].type ||
		    a->events[i].code != b->events[i].code)
			return false;
	return true;
}

static uint32_t add_steps(uint32_t a, uint32_t b)
{
	int64_t sum = (int64_t)(int32_t)a + (int32_t)b;

	if (sum > INT32_MAX)
		return INT32_MAX;
	return sum < INT32_MIN ? (uint32_t)INT32_MIN : (uint32_t)sum;
}

bool eventframe_merge(struct eventframe *frame, const struct eventframe *next)
{
	if (!alike(frame, next))
		return false;
	for (unsigned i = 0; i < frame->count - 1; i++) {
		struct virtio_input_event *event = &frame->events[i];
		uint32_t value = next->events[i].value;

		event->value = event->type == EV_REL
				       ? add_steps(event->value, value)
				       : value;
	}
	return true;
}

static const char *const type_names[] = {
	[EV_KEY] = "KEY",
	[EV_REL] = "REL",
	[EV_ABS] = "ABS",
};

void eventframe_describe(const struct eventframe *frame, struct text *fields)
{
	for (unsigned i = 0; i < frame->count - 1; i++)
		text_add(fields, " %s %u=%d", type_names[frame->events[i].type],
			 frame->events[i].code,
			 (int32_t)frame->events[i].value);
}
