/*
 * The part of ICCCM and EWMH that SDL asks for: see manager.h.
 */
#include "manager.h"

#include <X11/Xatom.h>
#include <X11/Xutil.h>

#include "pump.h"
#include "trail.h"

static Atom atom(Display *display, const char *name)
{
	return XInternAtom(display, name, False);
}

static void set(Display *display, Window w, const char *name, Atom type,
		const void *words, int count)
{
	XChangeProperty(display, w, atom(display, name), type, 32,
			PropModeReplace, words, count);
}

/* ICCCM 4.1.3.1 */
static void set_state(Display *display, Window w, long state)
{
	long words[] = { state, None };

	set(display, w, "WM_STATE", atom(display, "WM_STATE"), words, 2);
}

static void map(Display *display, Window w)
{
	set_state(display, w, NormalState);
	XMapWindow(display, w);
}

static void configure(Display *display, const XConfigureRequestEvent *event)
{
	XWindowChanges changes = {
		.x = event->x,
		.y = event->y,
		.width = event->width,
		.height = event->height,
	};

	XConfigureWindow(display, event->window,
			 (unsigned)event->value_mask &
				 (CWX | CWY | CWWidth | CWHeight),
			 &changes);
}

/* Where a window was before it filled the screen. */
static void fill_screen(Display *display, Window w, bool fill)
{
	static XWindowAttributes before;
	Atom state = atom(display, "_NET_WM_STATE_FULLSCREEN");

	set(display, w, "_NET_WM_STATE", XA_ATOM, &state, fill);
	if (fill) {
		XGetWindowAttributes(display, w, &before);
		XMoveResizeWindow(display, w, 0, 0, XSERVER_WIDTH,
				  XSERVER_HEIGHT);
	} else {
		XMoveResizeWindow(display, w, before.x, before.y,
				  (unsigned)before.width,
				  (unsigned)before.height);
	}
}

/* data.l[0] is 1 to set it, 0 to take it away (EWMH, _NET_WM_STATE). */
static void message(Display *display, const XClientMessageEvent *event)
{
	const long *l = event->data.l;
	Atom full = atom(display, "_NET_WM_STATE_FULLSCREEN");

	if (event->message_type == atom(display, "_NET_WM_STATE") &&
	    ((Atom)l[1] == full || (Atom)l[2] == full))
		fill_screen(display, event->window, l[0] == 1);
}

static void serve(void *arg)
{
	struct xserver *x = arg;
	XEvent event;

	while (XPending(x->display)) {
		XNextEvent(x->display, &event);
		if (event.type == MapRequest)
			map(x->display, event.xmaprequest.window);
		else if (event.type == ConfigureRequest)
			configure(x->display, &event.xconfigurerequest);
		else if (event.type == ClientMessage)
			message(x->display, &event.xclient);
	}
	XFlush(x->display);
}

void manager_minimise(struct xserver *x, Window w)
{
	trail_step("the window is minimised");
	set_state(x->display, w, IconicState);
	XUnmapWindow(x->display, w);
	xserver_sync(x);
}

void manager_restore(struct xserver *x, Window w)
{
	trail_step("the window is back");
	map(x->display, w);
	xserver_sync(x);
}

/* SDL looks for this window, to know that there is a manager. */
void manager_start(struct xserver *x)
{
	Display *display = x->display;
	Window root = DefaultRootWindow(display);
	Window own = XCreateSimpleWindow(display, root, -1, -1, 1, 1, 0, 0, 0);
	Atom supported[] = {
		atom(display, "_NET_SUPPORTING_WM_CHECK"),
		atom(display, "_NET_WM_STATE"),
		atom(display, "_NET_WM_STATE_FULLSCREEN"),
	};

	XSelectInput(display, root,
		     SubstructureRedirectMask | SubstructureNotifyMask);
	set(display, root, "_NET_SUPPORTING_WM_CHECK", XA_WINDOW, &own, 1);
	set(display, own, "_NET_SUPPORTING_WM_CHECK", XA_WINDOW, &own, 1);
	set(display, root, "_NET_SUPPORTED", XA_ATOM, supported, 3);
	xserver_sync(x);
	x->serve = serve;
	pump_watch(ConnectionNumber(display), serve, x);
}
