/*
 * The guest's virtio-input driver: its life and config space. The queues are in
 * inputqueues.c. See inputdriver.h.
 */
#include "inputdriver.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "sequence.h"

/* ---- its life ---- */

static void read_config(struct driver *d)
{
	struct inputdriver *in = d->self;

	in->d = d;
	in->buffers = calloc(d->control->num, sizeof(*in->buffers));
	in->order = calloc(d->control->num, sizeof(*in->order));
	if (!frontend_get_config(d->fe, 0, in->config, INPUT_CONFIG))
		FAIL("GET_CONFIG was refused");
	/* Linux' first question, too: without a name there is no device. */
	if (!input_ask(in, VIRTIO_INPUT_CFG_ID_NAME, 0).size)
		FAIL("it has no name");
}

/* The status queue answers by itself, the event queue when something happens. */
static void expect_answer(struct driver *d, unsigned queue)
{
	if (queue == STATUSQ)
		input_status(d->self, EV_LED, LED_MISC, 0);
	else
		frontend_settle(d->fe);
}

static void give_up(struct driver *d)
{
	struct inputdriver *in = d->self;

	for (unsigned i = 0; i < d->control->num; i++)
		input_drop_buffer(in, (uint16_t)i);
	in->first = in->posted = 0;
}

static void end(struct driver *d)
{
	struct inputdriver *in = d->self;

	free(in->buffers);
	free(in->order);
	free(in);
}

static const struct driver_kind input_kind = {
	.read_config = read_config,
	.expect_answer = expect_answer,
	.give_up = give_up,
	.end = end,
};

struct inputdriver *input_probe(enum desk_device device,
				const struct input_options *o)
{
	struct inputdriver *in = calloc(1, sizeof(*in));

	in->device = device;
	in->lazy = o->lazy;
	in->desk = o->desk ? o->desk : desk_start(1u << device, NULL);
	trail_step("connect to the %s", desk_name(device));
	driver_probe(&(struct driver_options){
		.axes = o->axes,
		.dialect = o->dialect ? o->dialect : &qemu_input_10_0,
		.program = in->desk->program,
		.sock = program_connect_to(in->desk->program,
					   in->desk->paths[device]),
		.kind = &input_kind,
		.self = in,
		.with = o->with,
		.without = o->without,
	});
	return in;
}

void input_go(struct inputdriver *in)
{
	driver_go(in->d);
	if (!in->lazy)
		input_fill(in);
}

struct inputdriver *input_start_with(enum desk_device device,
				     const struct input_options *o)
{
	struct inputdriver *in = input_probe(device, o);

	input_go(in);
	return in;
}

struct inputdriver *input_start(const struct axes *axes,
				enum desk_device device)
{
	return input_start_with(device,
				&(struct input_options){ .axes = axes });
}

void input_reset(struct inputdriver *in)
{
	driver_reset(in->d);
	if (!in->lazy)
		input_fill(in);
}

void input_pause(struct inputdriver *in)
{
	driver_pause(in->d);
}

void input_resume(struct inputdriver *in)
{
	driver_resume(in->d);
}

void input_end(struct inputdriver *in)
{
	driver_end(in->d);
}

/* ---- config space ---- */

static void write_config(struct inputdriver *in, uint32_t offset,
			 const void *bytes, uint32_t size)
{
	if (frontend_set_config(in->d->fe, offset, bytes, size) != ACCEPTED)
		FAIL("SET_CONFIG of %u bytes at %u was refused", size, offset);
}

/* A driver writes a byte: QEMU sends all it last read, with that one changed. */
static void write_as_qemu(struct inputdriver *in, uint32_t offset, uint8_t byte)
{
	in->config[offset] = byte;
	write_config(in, 0, in->config, INPUT_CONFIG);
}

static void write_question(struct inputdriver *in, enum input_ways way,
			   const uint8_t pair[2])
{
	switch (way) {
	case ASK_AS_QEMU:
		write_as_qemu(in, 0, pair[0]);
		write_as_qemu(in, 1, pair[1]);
		break;
	case ASK_BYTEWISE:
		write_config(in, 0, &pair[0], 1);
		write_config(in, 1, &pair[1], 1);
		break;
	case ASK_SUBSEL_FIRST:
		write_config(in, 1, &pair[1], 1);
		write_config(in, 0, &pair[0], 1);
		break;
	default:
		write_config(in, 0, pair, 2);
	}
}

struct virtio_input_config input_ask_in(struct inputdriver *in,
					enum input_ways way, uint8_t select,
					uint8_t subsel)
{
	struct virtio_input_config answer;
	bool quiet;

	trail_step("config %#x, %#x", select, subsel);
	quiet = trail_quiet(true);
	write_question(in, way, (const uint8_t[]){ select, subsel });
	if (!frontend_get_config(in->d->fe, 0, in->config, INPUT_CONFIG))
		FAIL("GET_CONFIG was refused");
	memcpy(&answer, in->config, sizeof(answer));
	trail_quiet(quiet);
	trail_answer("%u bytes", answer.size);
	if (answer.select != select || answer.subsel != subsel)
		FAIL("asked for %#x, %#x, but config space says %#x, %#x",
		     select, subsel, answer.select, answer.subsel);
	return answer;
}

struct virtio_input_config input_ask(struct inputdriver *in, uint8_t select,
				     uint8_t subsel)
{
	return input_ask_in(in, ASK_AS_QEMU, select, subsel);
}

bool input_has_bit(const struct virtio_input_config *c, unsigned bit)
{
	return bit / 8 < c->size && c->u.bitmap[bit / 8] >> bit % 8 & 1;
}

unsigned input_bits(const struct virtio_input_config *c)
{
	unsigned n = 0;

	for (unsigned bit = 0; bit < sizeof(c->u) * 8; bit++)
		n += input_has_bit(c, bit);
	return n;
}
