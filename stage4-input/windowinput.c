/*
 * From SDL's events to the seat's.
 */
#include "windowinput.h"

#include <linux/input-event-codes.h>

#include "keytable.h"
#include "seat.h"
#include "server.h"
#include "uplink.h"
#include "windowgrab.h"
#include "windows.h"

/* ---- on the device's thread ---- */

static void do_key(void *seat, const struct uplink_event *event)
{
	seat_key(seat, (uint16_t)event->what, event->a);
}

static void do_button(void *seat, const struct uplink_event *event)
{
	seat_button(seat, (uint16_t)event->what, event->a);
}

static void do_point(void *seat, const struct uplink_event *event)
{
	seat_point(seat, event->what, event->a, event->b);
}

static void do_motion(void *seat, const struct uplink_event *event)
{
	seat_motion(seat, event->a, event->b);
}

static void do_wheel(void *seat, const struct uplink_event *event)
{
	seat_wheel(seat, (uint16_t)event->what, event->a);
}

static void do_release(void *seat, const struct uplink_event *event)
{
	(void)event;
	seat_release(seat);
}

/* ---- on the main thread ---- */

static void send(const struct windowinput *input,
		 void (*handle)(void *arg, const struct uplink_event *event),
		 uint32_t what, int32_t a, int32_t b)
{
	uplink_send(input->windows->uplink, &(struct uplink_event){
						    .handle = handle,
						    .arg = input->seat,
						    .what = what,
						    .a = a,
						    .b = b,
					    });
}

/* SDL repeats keys as the host has it set; the guest has that set as well. */
static void key(const struct windowinput *input, const SDL_KeyboardEvent *event)
{
	const struct key_row *row = key_of_scancode(event->keysym.scancode);

	if (row && !event->repeat)
		send(input, do_key, row->code, event->state == SDL_PRESSED, 0);
}

/*
 * A mouse that isn't grabbed points, which takes a tablet: without one, clicks
 * would land wherever the guest's pointer is.
 */
static bool reaches(const struct windowinput *input)
{
	return windowgrab_holds(input->grab) || input->seat->tablet_port->path;
}

static void point(const struct windowinput *input, const struct window *window,
		  int32_t x, int32_t y)
{
	uint32_t scanout_x, scanout_y;

	viewport_find(&window->view, x, y, &scanout_x, &scanout_y);
	if (window->view.scanout.width)
		send(input, do_point, window->scanout, (int32_t)scanout_x,
		     (int32_t)scanout_y);
}

/* Where SDL has to put the pointer back, the first motion is one of nothing. */
static void move(const struct windowinput *input, const struct window *window,
		 const SDL_MouseMotionEvent *event)
{
	if (!windowgrab_holds(input->grab))
		point(input, window, event->x, event->y);
	else if (event->xrel || event->yrel)
		send(input, do_motion, 0, event->xrel, event->yrel);
}

static uint16_t button_code(uint8_t button)
{
	switch (button) {
	case SDL_BUTTON_LEFT:
		return BTN_LEFT;
	case SDL_BUTTON_MIDDLE:
		return BTN_MIDDLE;
	case SDL_BUTTON_RIGHT:
		return BTN_RIGHT;
	case SDL_BUTTON_X1:
		return BTN_SIDE;
	case SDL_BUTTON_X2:
		return BTN_EXTRA;
	default:
		return 0;
	}
}

/*
 * A release always goes out, also behind the end of a grab: the seat knows whose
 * it is. The pointer's place goes ahead of a press: a picture that was resized, or a
 * driver that has just come, has it elsewhere.
 */
static void button(const struct windowinput *input, const struct window *window,
		   const SDL_MouseButtonEvent *event)
{
	uint16_t code = button_code(event->button);
	bool down = event->state == SDL_PRESSED;

	if (!code || (down && !reaches(input)))
		return;
	if (down && !windowgrab_holds(input->grab))
		point(input, window, event->x, event->y);
	send(input, do_button, code, down, 0);
}

/* SDL counts up and right, as Linux does, but in notches and bits of them. */
static void turn(struct windowinput *input, uint16_t axis, double notches)
{
	double *rest = &input->rest[axis == REL_HWHEEL];
	int32_t by;

	*rest += notches * 120;
	by = (int32_t)*rest;
	*rest -= by;
	if (by)
		send(input, do_wheel, axis, by, 0);
}

/* The guest has its own opinion on which way is up: it gets the wheel's. */
static void wheel(struct windowinput *input, const SDL_MouseWheelEvent *event)
{
	int sign = event->direction == SDL_MOUSEWHEEL_FLIPPED ? -1 : 1;

	if (!reaches(input))
		return;
	turn(input, REL_WHEEL, (double)event->preciseY * sign);
	turn(input, REL_HWHEEL, (double)event->preciseX * sign);
}

static bool handle(void *arg, struct window *window, const SDL_Event *event)
{
	struct windowinput *input = arg;

	if (!window)
		return false;
	switch (event->type) {
	case SDL_KEYDOWN:
	case SDL_KEYUP:
		key(input, &event->key);
		return true;
	case SDL_MOUSEMOTION:
		move(input, window, &event->motion);
		return true;
	case SDL_MOUSEBUTTONDOWN:
	case SDL_MOUSEBUTTONUP:
		button(input, window, &event->button);
		return true;
	case SDL_MOUSEWHEEL:
		wheel(input, &event->wheel);
		return true;
	case SDL_WINDOWEVENT:
		if (event->window.event == SDL_WINDOWEVENT_FOCUS_LOST)
			send(input, do_release, 0, 0, 0);
		return false;
	default:
		return false;
	}
}

void windowinput_add(struct windowinput *input, struct windows *windows,
		     struct seat *seat, const struct windowgrab *grab)
{
	*input = (struct windowinput){
		.windows = windows,
		.seat = seat,
		.grab = grab,
	};
	windows_add_handler(windows, &(struct window_handler){ .handle = handle,
							       .arg = input });
}
