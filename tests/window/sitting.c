/*
 * At a window: see sitting.h.
 */
#include "sitting.h"

#include <stdio.h>
#include <stdlib.h>

#include "commands.h"

/* ---- the keyboard ---- */

static bool was_told(struct inputdriver *in)
{
	struct ring *r = in->d->control;

	return r->ops->ready(r);
}

/* Of what came before it. */
static void skip_until(struct inputdriver *in, uint16_t code)
{
	struct inputframe frame;

	do
		frame = input_frame(in);
	while (frame.events[0].type != EV_KEY || frame.events[0].code != code ||
	       frame.events[0].value);
}

/* SDL takes its time to believe in a focus: until then keys are nobody's. */
void sitting_focus(struct sitting *s)
{
	struct inputdriver *in = s->in[KEYBOARD];
	uint64_t end = pump_now() + XSERVER_WAIT_MS;
	bool quiet = trail_quiet(true);

	xserver_focus(s->x, s->w);
	while (!was_told(in)) {
		if (pump_now() > end)
			FAIL("the window has no focus");
		xserver_key(s->x, KEY_F12, true);
		xserver_key(s->x, KEY_F12, false);
		xserver_wait(s->x);
	}
	xserver_key(s->x, KEY_F11, true);
	xserver_key(s->x, KEY_F11, false);
	skip_until(in, KEY_F11);
	trail_quiet(quiet);
	trail_step("the window has the focus");
}

void sitting_type(struct sitting *s, uint16_t code)
{
	xserver_key(s->x, code, true);
	EXPECT_FRAME(s->in[KEYBOARD], { EV_KEY, code, 1 });
	xserver_key(s->x, code, false);
	EXPECT_FRAME(s->in[KEYBOARD], { EV_KEY, code, 0 });
}

/* ---- the pointer ---- */

void sitting_point(struct sitting *s, int x, int y)
{
	xserver_point(s->x, s->left + x, s->top + y);
}

/* Both axes go from 0 to 32767, and the guest spreads them over its screens. */
static uint32_t pixel(uint32_t value, uint32_t pixels)
{
	return (uint32_t)((uint64_t)value * pixels / 32768);
}

void expect_place(struct sitting *s, uint32_t x, uint32_t y, uint32_t width,
		  uint32_t height)
{
	struct inputframe frame = input_frame(s->in[TABLET]);
	const struct virtio_input_event *e = frame.events;

	if (frame.count != 2 || e[0].type != EV_ABS || e[0].code != ABS_X ||
	    e[1].type != EV_ABS || e[1].code != ABS_Y)
		FAIL("expected a place; got %s", inputframe_text(&frame));
	trail_step("that is %u, %u", pixel(e[0].value, width),
		   pixel(e[1].value, height));
	if (pixel(e[0].value, width) != x || pixel(e[1].value, height) != y)
		FAIL("expected the place %u, %u of %ux%u; got %s", x, y, width,
		     height, inputframe_text(&frame));
}

void await_place(struct sitting *s, uint32_t x, uint32_t y, uint32_t width,
		 uint32_t height)
{
	struct inputframe f;

	trail_step("the tablet is at %u, %u sooner or later", x, y);
	do
		f = input_frame(s->in[TABLET]);
	while (pixel(f.events[0].value, width) != x ||
	       pixel(f.events[1].value, height) != y);
}

/* ---- all of it ---- */

static void need_devices(void)
{
	struct program *p = program_run("--help");

	program_wait(p);
	if (!program_said(p, "--keyboard-socket="))
		suite_skip("it has no input devices");
}

struct sitting *sit_down_at(const char *layout, unsigned devices,
			    const char *options)
{
	struct sitting *s = calloc(1, sizeof(*s));
	char all[1024];

	need_devices();
	s->x = xserver_start();
	xserver_layout(s->x, layout);
	s->desk = desk_new(devices);
	snprintf(all, sizeof(all), "--resolution=%ux%u %s %s", SITTING_WIDTH,
		 SITTING_HEIGHT, desk_options(s->desk), options);
	s->d = windowed_start(s->x, all);
	desk_is_at(s->desk, s->d->program);
	for (unsigned i = 0; i < DESK_DEVICES; i++)
		if (devices & 1u << i)
			s->in[i] = input_start_with(i,
						    &(struct input_options){
							    .desk = s->desk });
	show_new(s->d, 0, 7, BGRX, SITTING_WIDTH, SITTING_HEIGHT);
	s->w = xserver_window(s->x, "Virtual-1 200x150");
	s->left = s->top = 300;
	xserver_move(s->x, s->w, s->left, s->top);
	expect_scanout(s->x, s->w, s->d, 0);
	if (s->in[TABLET]) {
		sitting_point(s, 1, 1);
		await_place(s, 1, 1, SITTING_WIDTH, SITTING_HEIGHT);
	}
	if (s->in[KEYBOARD])
		sitting_focus(s);
	return s;
}

struct sitting *sit_down(unsigned devices, const char *options)
{
	return sit_down_at("us", devices, options);
}
