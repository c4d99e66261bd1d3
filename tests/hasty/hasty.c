/*
 * See hasty.h.
 */
#include "hasty.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pump.h"

struct inputdriver *hasty_start(const struct axes *axes,
				enum desk_device device)
{
	return input_start_with(device, &(struct input_options){
						.axes = axes, .lazy = true });
}

void hasty_do(struct inputdriver *in, const char *fmt, ...)
{
	char line[128];
	va_list args;

	va_start(args, fmt);
	vsnprintf(line, sizeof(line), fmt, args);
	va_end(args);
	desk_do(in->desk, "%s %s", desk_name(in->device), line);
}

unsigned hasty_await(struct inputdriver *in)
{
	static unsigned number;
	uint64_t end = pump_now() + 4 * PATIENCE_MS;
	const char *said;
	char text[32];

	hasty_do(in, "say %u", ++number);
	snprintf(text, sizeof(text), "said %u, ", number);
	while (!(said = strstr(program_output(in->d->program), text))) {
		if (pump_now() > end)
			FAIL("the device does not come to an end");
		pump_until_readable(-1, 1);
	}
	frontend_settle(in->d->fe);
	return (unsigned)strtoul(said + strlen(text), NULL, 10);
}

static void believe_event(struct belief *b, const struct virtio_input_event *e)
{
	int32_t value = (int32_t)e->value;

	if (e->type == EV_KEY) {
		if (e->code >= KEY_CNT || b->down[e->code] == !!value)
			FAIL("key %u is %d already", e->code, value);
		b->down[e->code] = value;
	} else if (e->type == EV_ABS) {
		*(e->code == ABS_X ? &b->x : &b->y) = e->value;
	} else if (e->code == REL_X) {
		b->dx += value;
	} else if (e->code == REL_Y) {
		b->dy += value;
	} else if (e->code == REL_WHEEL_HI_RES) {
		b->wheel += value;
	} else if (e->code == REL_HWHEEL_HI_RES) {
		b->hwheel += value;
	}
}

void hasty_believe(struct inputdriver *in, struct belief *b)
{
	struct inputframe frame = input_frame(in);

	for (unsigned i = 0; i < frame.count; i++)
		believe_event(b, &frame.events[i]);
	b->frames++;
}

void hasty_catch_up(struct inputdriver *in, struct belief *b)
{
	struct ring *r = in->d->control;

	in->d->guarded = false;
	do {
		while (r->ops->ready(r))
			hasty_believe(in, b);
		input_fill(in);
		frontend_settle(in->d->fe);
	} while (r->ops->ready(r));
	in->d->guarded = true;
	driver_check_ram(in->d);
}
