/*
 * Who gets what.
 */
#include "seat.h"

#include <linux/input-event-codes.h>

#include "gpu.h"
#include "inputmodels.h"
#include "resource.h"
#include "scanout.h"
#include "server.h"

void seat_key(struct seat *seat, uint16_t code, bool down)
{
	input_key(&seat->keyboard, code, down);
}

/* ---- where the pointer is ---- */

static bool all_off(const struct scanouts *scanouts)
{
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		if (scanouts->scanout[i].res)
			return false;
	return true;
}

/*
 * A tablet knows nothing of screens: the guest spreads its range over all of
 * them. They stand side by side, from left to right, tops aligned, as
 * GET_DISPLAY_INFO has them (displayinfo.c); guests that place them otherwise
 * have to be told which device belongs to which screen. As long as none shows
 * anything they are as they are offered: the guest may have another GPU.
 */
static struct virtio_gpu_rect screen(const struct seat *seat, unsigned i)
{
	const struct gpu *gpu = seat->scanouts->resources->gpu;
	const struct scanout *scanout = &seat->scanouts->scanout[i];
	struct virtio_gpu_rect none = { 0 };

	if (scanout->res)
		return scanout->r;
	if (!all_off(seat->scanouts) || i >= gpu->config.num_scanouts ||
	    !gpu->output[i].enabled)
		return none;
	return (struct virtio_gpu_rect){ .width = gpu->output[i].width,
					 .height = gpu->output[i].height };
}

/* The middle of a pixel, so that no rounding takes it to the next one. */
static int32_t spread(uint64_t pixel, uint64_t pixels)
{
	return (int32_t)((2 * pixel + 1) * (TABLET_MAX + 1) / (2 * pixels));
}

static uint32_t inside(int32_t at, uint32_t size)
{
	if (at < 0)
		return 0;
	return (uint32_t)at < size ? (uint32_t)at : size - 1;
}

void seat_point(struct seat *seat, unsigned scanout, int32_t x, int32_t y)
{
	struct virtio_gpu_rect here = screen(seat, scanout);
	uint64_t left = 0, width = 0, height = 0;

	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		struct virtio_gpu_rect r = screen(seat, i);

		if (i == scanout)
			left = width;
		width += r.width;
		if (height < r.height)
			height = r.height;
	}
	if (!here.width)
		return;
	seat->pointer = &seat->tablet;
	input_place(&seat->tablet, spread(left + inside(x, here.width), width),
		    spread(inside(y, here.height), height));
}

void seat_motion(struct seat *seat, int32_t dx, int32_t dy)
{
	seat->pointer = &seat->mouse;
	input_motion(&seat->mouse, dx, dy);
}

/* ---- buttons ---- */

/* Before anything moved: whichever there is. */
static struct input *pointer(const struct seat *seat)
{
	struct input *other = seat->pointer == &seat->tablet
				      ? (struct input *)&seat->mouse
				      : (struct input *)&seat->tablet;

	return input_ready(seat->pointer) ? seat->pointer : other;
}

/* It is let go where it was pressed. */
void seat_button(struct seat *seat, uint16_t code, bool down)
{
	if (down) {
		input_key(pointer(seat), code, true);
		return;
	}
	input_key(&seat->tablet, code, false);
	input_key(&seat->mouse, code, false);
}

void seat_wheel(struct seat *seat, uint16_t axis, int32_t by)
{
	input_wheel(pointer(seat), axis, by);
}

/* ---- all of it ---- */

void seat_release(struct seat *seat)
{
	input_release(&seat->keyboard);
	input_release(&seat->tablet);
	input_release(&seat->mouse);
}

static bool served(const struct port *port, const struct input *input)
{
	return !port->path || input_ready(input);
}

bool seat_ready(const struct seat *seat)
{
	return served(seat->keyboard_port, &seat->keyboard) &&
	       served(seat->tablet_port, &seat->tablet) &&
	       served(seat->mouse_port, &seat->mouse);
}

/* Of those devices. */
static bool any(const struct seat *seat, unsigned devices,
		bool (*is)(const struct input *input))
{
	return (devices & SEAT_KEYBOARD && is(&seat->keyboard)) ||
	       (devices & SEAT_TABLET && is(&seat->tablet)) ||
	       (devices & SEAT_MOUSE && is(&seat->mouse));
}

bool seat_busy(const struct seat *seat, unsigned devices)
{
	return any(seat, SEAT_ALL, input_behind) ||
	       any(seat, devices, input_paused);
}

bool seat_attended(const struct seat *seat, unsigned devices)
{
	return any(seat, devices, input_ready) ||
	       any(seat, devices, input_paused);
}

static void watch(struct input *input, void (*fn)(void *arg), void *arg)
{
	input->turned = fn;
	input->turned_arg = arg;
}

void seat_watch(struct seat *seat, void (*fn)(void *arg), void *arg)
{
	watch(&seat->keyboard, fn, arg);
	watch(&seat->tablet, fn, arg);
	watch(&seat->mouse, fn, arg);
}

void seat_init(struct seat *seat, const struct scanouts *scanouts,
	       struct trace *trace, struct server *server,
	       struct options *options)
{
	seat->scanouts = scanouts;
	seat->pointer = &seat->tablet;
	keyboard_init(&seat->keyboard, server->loop, trace);
	tablet_init(&seat->tablet, server->loop, trace);
	mouse_init(&seat->mouse, server->loop, trace);
	seat->keyboard_port =
		server_add_port(server, &seat->keyboard.dev, "keyboard-socket",
				"a keyboard, for vhost-user-input-pci",
				options);
	seat->tablet_port =
		server_add_port(server, &seat->tablet.dev, "tablet-socket",
				"a tablet: a pointer that need not be grabbed",
				options);
	seat->mouse_port =
		server_add_port(server, &seat->mouse.dev, "mouse-socket",
				"a mouse, which says how far it moved",
				options);
}

void seat_free(struct seat *seat)
{
	input_free(&seat->keyboard);
	input_free(&seat->tablet);
	input_free(&seat->mouse);
}
