/*
 * A user who sits down: see sitting.h.
 */
#include "sitting.h"

#include <stddef.h>

void light_up(struct driver *gpu, uint32_t scanout, uint32_t id, uint32_t width,
	      uint32_t height)
{
	create_2d(gpu, id, VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM, width, height);
	set_scanout(gpu, scanout, id, RECT(0, 0, width, height));
}

struct sitting sit_down(const struct axes *axes, unsigned devices)
{
	struct sitting s = { .desk = desk_new(devices) };

	s.gpu = driver_start_2d_with(&(struct driver_options){
		.axes = axes, .options = desk_options(s.desk) });
	desk_is_at(s.desk, s.gpu->program);
	light_up(s.gpu, 0, 1, SCREEN_WIDTH, SCREEN_HEIGHT);
	for (unsigned i = 0; i < DESK_DEVICES; i++)
		if (devices & 1u << i)
			s.in[i] = input_start_with(i, &(struct input_options){
							      .axes = axes,
							      .desk = s.desk });
	return s;
}

void start_each(struct inputdriver *in[DESK_DEVICES])
{
	struct desk *desk = desk_start(DESK_ALL, NULL);

	for (unsigned i = 0; i < DESK_DEVICES; i++)
		in[i] = input_start_with(i,
					 &(struct input_options){
						 .axes = _axes, .desk = desk });
}

/* The middle of the pixel. */
uint32_t place_of(uint32_t pixel, uint32_t pixels)
{
	return (2 * pixel + 1) * (TABLET_STEPS / 2) / pixels;
}

static uint16_t code_of(const struct inputdriver *in)
{
	return in->device == KEYBOARD ? KEY_A : BTN_LEFT;
}

static uint16_t act(struct inputdriver *in, const char *verb)
{
	desk_do(in->desk, "%s %s", verb, in->device == KEYBOARD ? "a" : "left");
	return code_of(in);
}

uint16_t press(struct inputdriver *in)
{
	return act(in, "down");
}

uint16_t let_go(struct inputdriver *in)
{
	return act(in, "up");
}

void expect_press(struct inputdriver *in)
{
	EXPECT_FRAME(in, { EV_KEY, press(in), 1 });
}

void expect_let_go(struct inputdriver *in)
{
	EXPECT_FRAME(in, { EV_KEY, let_go(in), 0 });
}
