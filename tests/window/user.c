/*
 * At a window: see user.h.
 */
#include "user.h"

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
void user_looks(struct user *u)
{
	struct inputdriver *in = u->in[KEYBOARD];
	uint64_t end = pump_now() + XSERVER_WAIT_MS;
	bool quiet = trail_quiet(true);

	xserver_focus(u->x, u->w);
	while (!was_told(in)) {
		if (pump_now() > end)
			FAIL("the window has no focus");
		xserver_key(u->x, KEY_F12, true);
		xserver_key(u->x, KEY_F12, false);
		xserver_wait(u->x);
	}
	xserver_key(u->x, KEY_F11, true);
	xserver_key(u->x, KEY_F11, false);
	skip_until(in, KEY_F11);
	trail_quiet(quiet);
	trail_step("the window has the focus");
}

void user_types(struct user *u, uint16_t code)
{
	xserver_key(u->x, code, true);
	EXPECT_FRAME(u->in[KEYBOARD], { EV_KEY, code, 1 });
	xserver_key(u->x, code, false);
	EXPECT_FRAME(u->in[KEYBOARD], { EV_KEY, code, 0 });
}

/* ---- the pointer ---- */

void user_points(struct user *u, int x, int y)
{
	xserver_point(u->x, u->left + x, u->top + y);
}

/* Both axes go from 0 to 32767, and the guest spreads them over its screens. */
static uint32_t pixel(uint32_t value, uint32_t pixels)
{
	return (uint32_t)((uint64_t)value * pixels / 32768);
}

void expect_place(struct user *u, uint32_t x, uint32_t y, uint32_t width,
		  uint32_t height)
{
	struct inputframe frame = input_frame(u->in[TABLET]);
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

void await_place(struct user *u, uint32_t x, uint32_t y, uint32_t width,
		 uint32_t height)
{
	struct inputframe f;

	trail_step("the tablet is at %u, %u sooner or later", x, y);
	do
		f = input_frame(u->in[TABLET]);
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

struct user *user_start_with(const char *layout, unsigned devices,
			     const char *options)
{
	struct user *u = calloc(1, sizeof(*u));
	char all[1024];

	need_devices();
	u->x = xserver_start();
	xserver_layout(u->x, layout);
	u->desk = desk_new(devices);
	snprintf(all, sizeof(all), "--resolution=%ux%u %s %s", WINDOW_WIDTH,
		 WINDOW_HEIGHT, desk_options(u->desk), options);
	u->d = windowed_start(u->x, all);
	desk_is_at(u->desk, u->d->program);
	for (unsigned i = 0; i < DESK_DEVICES; i++)
		if (devices & 1u << i)
			u->in[i] = input_start_with(i,
						    &(struct input_options){
							    .desk = u->desk });
	show_new(u->d, 0, 7, BGRX, WINDOW_WIDTH, WINDOW_HEIGHT);
	u->w = xserver_window(u->x, "Virtual-1 200x150");
	u->left = u->top = 300;
	xserver_move(u->x, u->w, u->left, u->top);
	expect_scanout(u->x, u->w, u->d, 0);
	if (u->in[TABLET]) {
		user_points(u, 1, 1);
		await_place(u, 1, 1, WINDOW_WIDTH, WINDOW_HEIGHT);
	}
	if (u->in[KEYBOARD])
		user_looks(u);
	return u;
}

struct user *user_start(unsigned devices, const char *options)
{
	return user_start_with("us", devices, options);
}
