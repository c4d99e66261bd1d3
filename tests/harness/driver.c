/*
 * The guest's virtio-gpu driver: its life from probe to end. Requests are in
 * request.c. See driver.h.
 */
#include "driver.h"

#include <linux/virtio_config.h>
#include <linux/virtio_ids.h>
#include <stdlib.h>
#include <string.h>

#include "sequence.h"

static struct driver *drivers;

struct driver *driver_start(const struct axes *axes)
{
	return driver_start_with(&(struct driver_options){ .axes = axes });
}

struct driver *driver_start_with(const struct driver_options *o)
{
	struct driver *d = driver_probe(o);

	driver_go(d);
	return d;
}

/* What this driver acknowledges of what the device offers. */
static uint64_t choose_features(const struct driver *d,
				const struct driver_options *o)
{
	uint64_t need = axes_features(&d->axes);
	uint64_t like = BIT(VIRTIO_F_VERSION_1) | BIT(VU_F_PROTOCOL_FEATURES) |
			BIT(VIRTIO_GPU_F_EDID) | o->with;

	if (need & ~d->fe->offered)
		suite_skip("features not offered: %#llx",
			   (unsigned long long)(need & ~d->fe->offered));
	return ((like & d->fe->offered) | need) & ~o->without;
}

static struct ring *open_ring(struct driver *d, unsigned index, uint32_t num)
{
	struct ring *r = ring_new(d->ram, index, num, d->axes.packed);

	r->event_idx = d->axes.event_idx;
	r->indirect = d->axes.indirect;
	r->kicks = KICKS_AS_TOLD;
	ring_restart(r, d->axes.near_wrap ? ring_base_near_wrap(r)
					  : ring_base_zero(r));
	d->fe->rings[index] = r;
	return r;
}

static void read_gpu_config(struct driver *d)
{
	struct virtio_gpu_config config;
	uint8_t bytes[64];

	/* Linux reads it twice: num_scanouts, then num_capsets. */
	for (int i = 0; i < 2; i++)
		if (!frontend_get_config(d->fe, 0, bytes,
					 d->fe->dialect->config_size))
			FAIL("GET_CONFIG was refused");
	memcpy(&config, bytes, sizeof(config));
	d->scanouts = config.num_scanouts;
	/* vhost-user-gpu-pci puts its own number there, a back end may too. */
	if (!d->scanouts && suite_portable())
		d->scanouts = 1;
	if (!d->scanouts || d->scanouts > VIRTIO_GPU_MAX_SCANOUTS)
		FAIL("num_scanouts is %u: Linux gives up", d->scanouts);
}

/* Any answer will do: stage 1 knows no cursor commands. */
static void move_cursor(struct driver *d)
{
	struct virtio_gpu_update_cursor move = {
		.hdr = driver_header(VIRTIO_GPU_CMD_MOVE_CURSOR, 0),
	};

	driver_send(d, &(struct request){ REQUEST(move), .room = 24,
					  .queue = CURSORQ });
}

static void expect_gpu_answer(struct driver *d, unsigned queue)
{
	if (queue == CURSORQ)
		move_cursor(d);
	else
		driver_display_info(d);
}

static const struct driver_kind gpu_kind = {
	.read_config = read_gpu_config,
	.expect_answer = expect_gpu_answer,
};

static struct frontend *connect_as(const struct dialect *dialect, int sock,
				   struct program *p)
{
	return sock ? frontend_on(p, dialect, sock)
		    : frontend_connect(p, dialect);
}

struct driver *driver_probe(const struct driver_options *o)
{
	struct driver *d = calloc(1, sizeof(*d));
	uint32_t num;

	d->kind = o->kind ? o->kind : &gpu_kind;
	d->self = o->self;
	d->axes = o->axes ? *o->axes : axes_default;
	d->guarded = true;
	d->next = drivers;
	drivers = d;
	num = d->axes.num;
	trail_note("axes %s", axes_name(&d->axes));
	d->ram = ram_new(d->axes.layout, o->ram ? o->ram : RAM_DEFAULT);
	d->program = o->program ? o->program : program_start(o->options);
	d->fe = connect_as(o->dialect ? o->dialect : dialect_usual(), o->sock,
			   d->program);
	d->fe->ram = d->ram;
	d->control = open_ring(d, CONTROLQ, num);
	d->cursor = open_ring(d, CURSORQ, o->cursor_num ? o->cursor_num : num);
	frontend_realize(d->fe);
	d->kind->read_config(d);
	d->features = choose_features(d, o);
	return d;
}

void driver_go(struct driver *d)
{
	frontend_start(d->fe, d->features);
}

/* Where the device says it is, where all published is consumed and used. */
static void check_base(const struct ring *r)
{
	uint32_t expected = r->ops->position(r);

	if (!r->in_flight && r->base != expected)
		FAIL("GET_VRING_BASE of queue %u: expected %#x, got %#x",
		     r->index, expected, r->base);
}

void driver_pause(struct driver *d)
{
	frontend_stop(d->fe);
	check_base(d->control);
	check_base(d->cursor);
}

void driver_resume(struct driver *d)
{
	frontend_start(d->fe, d->features);
}

void driver_reset(struct driver *d)
{
	frontend_stop(d->fe);
	frontend_reset(d->fe);
	/* What was in flight may have been written, as long as it was. */
	if (d->guarded)
		driver_check_ram(d);
	driver_give_up(d);
	if (d->twin)
		twin_reset(d->twin);
	ring_restart(d->control, ring_base_zero(d->control));
	ring_restart(d->cursor, ring_base_zero(d->cursor));
	frontend_start(d->fe, d->features);
}

void driver_end(struct driver *d)
{
	struct driver **at = &drivers;

	while (*at != d)
		at = &(*at)->next;
	*at = d->next;
	driver_give_up(d);
	if (d->kind->end)
		d->kind->end(d);
	twin_free(d->twin);
	frontend_free(d->fe);
	ring_free(d->control);
	ring_free(d->cursor);
	ram_free(d->ram);
	free(d);
}

struct driver *driver_again(struct driver *d)
{
	struct program *p = d->program;
	struct axes axes = d->axes;

	if (!d->fe->over)
		return d;
	driver_end(d);
	return driver_start_with(
		&(struct driver_options){ .axes = &axes, .program = p });
}

void driver_end_all(void)
{
	while (drivers)
		driver_end(drivers);
}

struct vitals driver_vitals(struct driver *d)
{
	frontend_expect_silence(d->fe);
	return program_vitals(d->program);
}

void driver_expect_no_more(struct driver *d, struct vitals before)
{
	frontend_expect_silence(d->fe);
	program_expect_no_more(d->program, before);
}

struct virtio_gpu_ctrl_hdr driver_header(uint32_t type, uint64_t fence)
{
	return (struct virtio_gpu_ctrl_hdr){
		.type = type,
		.flags = fence ? VIRTIO_GPU_FLAG_FENCE : 0,
		.fence_id = fence,
	};
}

struct virtio_gpu_resp_display_info driver_display_info(struct driver *d)
{
	struct virtio_gpu_ctrl_hdr cmd =
		driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 0);
	struct reply r = driver_send(d,
				     &(struct request){
					     REQUEST(cmd),
					     .room = sizeof(r.display_info) });

	EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_DISPLAY_INFO,
		     sizeof(r.display_info));
	return r.display_info;
}

void driver_expect_answer(struct driver *d, unsigned queue)
{
	d->kind->expect_answer(d, queue);
}

void driver_expect_alive(struct driver *d)
{
	trail_note("is the device alive?");
	driver_expect_answer(d, CONTROLQ);
	driver_expect_answer(d, CURSORQ);
}
