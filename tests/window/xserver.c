/*
 * Xvfb as a process, and Xlib to see what it shows: see xserver.h.
 */
#define _GNU_SOURCE
#include "xserver.h"

#include <X11/Xatom.h>
#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>
#include <X11/extensions/Xfixes.h>
#include <X11/keysym.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "pump.h"
#include "trail.h"

enum { LOOK_MS = 10 };

/* ---- the process ---- */

/* Its number is its own for ever: a test's end is not awaited by the next. */
static void become_server(int ready)
{
	char name[16], fd[16], screen[32];
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	dup2(null, 1);
	dup2(null, 2);
	fcntl(ready, F_SETFD, 0);
	snprintf(name, sizeof(name), ":%d", getpid());
	snprintf(fd, sizeof(fd), "%d", ready);
	snprintf(screen, sizeof(screen), "%dx%dx24", XSERVER_WIDTH,
		 XSERVER_HEIGHT);
	execlp("Xvfb", "Xvfb", name, "-displayfd", fd, "-screen", "0", screen,
	       "-nolisten", "tcp", "-noreset", (char *)NULL);
	_exit(127);
}

/* It says its number, and the line's end, once it can be connected to. */
static void wait_ready(int fd)
{
	char byte = 0;

	while (byte != '\n')
		if (!pump_until_readable(fd, XSERVER_WAIT_MS) ||
		    read(fd, &byte, 1) <= 0)
			FAIL("Xvfb did not start");
}

/* A window may go while it is looked at. */
static int ignore_error(Display *display, XErrorEvent *event)
{
	(void)display, (void)event;
	return 0;
}

struct xserver *xserver_start(void)
{
	struct xserver *x = calloc(1, sizeof(*x));
	char name[16];
	int ready[2];

	trail_step("an X server starts");
	if (pipe2(ready, O_CLOEXEC))
		FAIL("no pipe");
	x->pid = fork();
	if (!x->pid)
		become_server(ready[1]);
	close(ready[1]);
	wait_ready(ready[0]);
	close(ready[0]);
	snprintf(name, sizeof(name), ":%d", x->pid);
	setenv("DISPLAY", name, 1);
	unsetenv("WAYLAND_DISPLAY");
	x->display = XOpenDisplay(name);
	if (!x->display)
		FAIL("Xvfb takes no connection at %s", name);
	XSetErrorHandler(ignore_error);
	return x;
}

void xserver_kill(struct xserver *x)
{
	trail_step("the X server is killed");
	kill(x->pid, SIGKILL);
	waitpid(x->pid, NULL, 0);
}

/* Xlib may have read events while it waited for something else. */
void xserver_sync(struct xserver *x)
{
	XSync(x->display, False);
	if (x->serve)
		x->serve(x);
}

void xserver_wait(struct xserver *x)
{
	xserver_sync(x);
	pump_until_readable(-1, LOOK_MS);
}

/* ---- its windows ---- */

static bool has_title(struct xserver *x, Window w, const char *title)
{
	Atom name = XInternAtom(x->display, "_NET_WM_NAME", False);
	unsigned long count, left;
	unsigned char *text = NULL;
	bool has = false;
	Atom type;
	int format;

	if (!XGetWindowProperty(x->display, w, name, 0, 256, False,
				AnyPropertyType, &type, &format, &count, &left,
				&text) &&
	    text)
		has = strstr((char *)text, title) != NULL;
	if (text)
		XFree(text);
	return has;
}

static bool is_shown(struct xserver *x, Window w)
{
	XWindowAttributes a;

	return XGetWindowAttributes(x->display, w, &a) &&
	       a.map_state == IsViewable;
}

/* The shown windows in whose title that stands, at most `room` of them. */
static unsigned find(struct xserver *x, const char *title, Window *found,
		     unsigned room)
{
	Window root = DefaultRootWindow(x->display), parent, *all = NULL;
	unsigned count = 0, n = 0;

	XQueryTree(x->display, root, &root, &parent, &all, &count);
	for (unsigned i = 0; i < count && n < room; i++)
		if (is_shown(x, all[i]) && has_title(x, all[i], title))
			found[n++] = all[i];
	if (all)
		XFree(all);
	return n;
}

unsigned xserver_count(struct xserver *x)
{
	Window all[32];

	return find(x, "", all, 32);
}

Window xserver_window(struct xserver *x, const char *title)
{
	uint64_t end = pump_now() + XSERVER_WAIT_MS;
	Window w;

	trail_step("a window '%s'", title);
	while (!find(x, title, &w, 1)) {
		if (pump_now() > end)
			FAIL("there is no window '%s'", title);
		xserver_wait(x);
	}
	return w;
}

void xserver_wait_gone(struct xserver *x, const char *title)
{
	uint64_t end = pump_now() + XSERVER_WAIT_MS;
	Window w;

	trail_step("no window '%s'", title);
	while (find(x, title, &w, 1)) {
		if (pump_now() > end)
			FAIL("there still is a window '%s'", title);
		xserver_wait(x);
	}
}

/* ---- looking ---- */

struct picture *xserver_look(struct xserver *x, Window w)
{
	XWindowAttributes a;
	struct picture *p;
	XImage *image;

	if (!XGetWindowAttributes(x->display, w, &a))
		return NULL;
	image = XGetImage(x->display, w, 0, 0, (unsigned)a.width,
			  (unsigned)a.height, AllPlanes, ZPixmap);
	if (!image)
		return NULL;
	p = picture_new((uint32_t)a.width, (uint32_t)a.height);
	for (int y = 0; y < a.height; y++)
		memcpy(p->pixels + (size_t)y * p->width,
		       image->data + (size_t)y * image->bytes_per_line,
		       p->width * sizeof(uint32_t));
	XDestroyImage(image);
	return p;
}

/* ---- a user ---- */

/* What of a window lies outside of the screen could not be looked at. */
void xserver_resize(struct xserver *x, Window w, unsigned width,
		    unsigned height)
{
	XWindowAttributes a = { .x = 0 };

	trail_step("the window is made %ux%u", width, height);
	XGetWindowAttributes(x->display, w, &a);
	if (a.x + (int)width > XSERVER_WIDTH)
		a.x = 0;
	if (a.y + (int)height > XSERVER_HEIGHT)
		a.y = 0;
	XMoveResizeWindow(x->display, w, a.x, a.y, width, height);
	xserver_sync(x);
}

void xserver_move(struct xserver *x, Window w, int left, int top)
{
	XMoveWindow(x->display, w, left, top);
	xserver_sync(x);
}

void xserver_point(struct xserver *x, int left, int top)
{
	trail_step("the mouse is at %d, %d", left, top);
	XTestFakeMotionEvent(x->display, -1, left, top, CurrentTime);
	xserver_sync(x);
}

/* A pointer is hidden by one that is clear all over. */
static bool pointer_is_seen(struct xserver *x)
{
	XFixesCursorImage *image = XFixesGetCursorImage(x->display);
	bool seen = false;

	for (int i = 0; image && i < image->width * image->height; i++)
		seen |= (image->pixels[i] & 0xff000000) != 0;
	if (image)
		XFree(image);
	return seen;
}

void xserver_wait_pointer(struct xserver *x, bool seen)
{
	uint64_t end = pump_now() + XSERVER_WAIT_MS;

	trail_step("its pointer is %s", seen ? "seen" : "hidden");
	while (pointer_is_seen(x) != seen) {
		if (pump_now() > end)
			FAIL("the mouse's pointer is%s seen",
			     seen ? " not" : "");
		xserver_wait(x);
	}
}

void xserver_push(struct xserver *x, int dx, int dy)
{
	trail_step("the mouse is moved by %d, %d", dx, dy);
	XTestFakeRelativeMotionEvent(x->display, dx, dy, CurrentTime);
	xserver_sync(x);
}

void xserver_button(struct xserver *x, unsigned button, bool down)
{
	trail_step("button %u is %s", button, down ? "pressed" : "let go");
	XTestFakeButtonEvent(x->display, button, down, CurrentTime);
	xserver_sync(x);
}

static void focus(struct xserver *x, Window w)
{
	XSetInputFocus(x->display, w, RevertToNone, CurrentTime);
}

void xserver_focus(struct xserver *x, Window w)
{
	trail_step(w ? "the window gets the focus" : "no window has the focus");
	focus(x, w);
	xserver_sync(x);
}

/* As X's "evdev" rules have it. */
void xserver_key(struct xserver *x, unsigned code, bool down)
{
	trail_step("key %u is %s", code, down ? "pressed" : "let go");
	XTestFakeKeyEvent(x->display, code + 8, down, CurrentTime);
	xserver_sync(x);
}

/* The window's events are its program's, and ours as well from here on. */
void xserver_await_repeats(struct xserver *x, Window w, unsigned times)
{
	uint64_t end = pump_now() + XSERVER_WAIT_MS;
	unsigned seen = 0;
	XEvent event;

	trail_step("it is held down until it was repeated %u times", times);
	XSelectInput(x->display, w, KeyPressMask);
	while (seen < times) {
		if (pump_now() > end)
			FAIL("the X server repeats no keys");
		xserver_wait(x);
		while (XCheckTypedEvent(x->display, KeyPress, &event))
			seen++;
	}
	XSelectInput(x->display, w, NoEventMask);
}

bool xserver_keys_are_grabbed(struct xserver *x)
{
	int r = XGrabKeyboard(x->display, DefaultRootWindow(x->display), False,
			      GrabModeAsync, GrabModeAsync, CurrentTime);

	XUngrabKeyboard(x->display, CurrentTime);
	return r == AlreadyGrabbed;
}

void xserver_layout(struct xserver *x, const char *layout)
{
	char command[128];

	trail_step("the keyboard's layout is %s", layout);
	snprintf(command, sizeof(command), "setxkbmap %s", layout);
	if (system(command))
		FAIL("'%s' failed", command);
	xserver_sync(x);
}

static void key(struct xserver *x, KeySym sym, Bool down)
{
	XTestFakeKeyEvent(x->display, XKeysymToKeycode(x->display, sym), down,
			  CurrentTime);
}

void xserver_type(struct xserver *x, Window w, char letter)
{
	focus(x, w);
	key(x, (KeySym)letter, True);
	key(x, (KeySym)letter, False);
	xserver_sync(x);
}

/* Within 2 ms SDL takes a key's next press for its repetition. */
void xserver_type_with(struct xserver *x, Window w, KeySym held, char letter)
{
	focus(x, w);
	key(x, held, True);
	xserver_type(x, w, letter);
	key(x, held, False);
	xserver_wait(x);
}

void xserver_press(struct xserver *x, Window w, char letter)
{
	trail_step("Ctrl, Alt and %c are pressed", letter);
	focus(x, w);
	key(x, XK_Control_L, True);
	xserver_type_with(x, w, XK_Alt_L, letter);
	key(x, XK_Control_L, False);
	xserver_wait(x);
}

/* What a window manager does when its button is pressed. */
void xserver_close(struct xserver *x, Window w)
{
	XEvent event = { .xclient = {
				 .type = ClientMessage,
				 .window = w,
				 .message_type = XInternAtom(x->display,
							     "WM_PROTOCOLS",
							     False),
				 .format = 32,
			 } };

	trail_step("the window is closed");
	event.xclient.data.l[0] = (long)XInternAtom(x->display,
						    "WM_DELETE_WINDOW", False);
	XSendEvent(x->display, w, False, NoEventMask, &event);
	xserver_sync(x);
}
