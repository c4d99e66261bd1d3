/*
 * Xvfb as a process, and Xlib to see what it shows: see xserver.h.
 */
#define _GNU_SOURCE
#include "xserver.h"

#include <X11/Xatom.h>
#include <X11/Xutil.h>
#include <X11/extensions/XTest.h>
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

enum { WAIT_MS = 2 * PATIENCE_MS, LOOK_MS = 10 };

/* ---- the process ---- */

static void become_server(int number)
{
	char fd[16], screen[32];
	int null = open("/dev/null", O_RDWR);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(null, 1);
	dup2(null, 2);
	fcntl(number, F_SETFD, 0);
	snprintf(fd, sizeof(fd), "%d", number);
	snprintf(screen, sizeof(screen), "%dx%dx24", XSERVER_WIDTH,
		 XSERVER_HEIGHT);
	execlp("Xvfb", "Xvfb", "-displayfd", fd, "-screen", "0", screen,
	       "-nolisten", "tcp", "-noreset", (char *)NULL);
	_exit(127);
}

/* It says its number once it can be connected to. */
static void read_number(int fd, char *name, size_t room)
{
	ssize_t n = -1;

	if (pump_until_readable(fd, WAIT_MS))
		n = read(fd, name + 1, room - 2);
	if (n <= 0)
		FAIL("Xvfb did not start");
	name[0] = ':';
	name[1 + n] = 0;
	name[strcspn(name, "\n")] = 0;
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
	char name[32];
	int number[2];

	if (pipe2(number, O_CLOEXEC))
		FAIL("no pipe");
	x->pid = fork();
	if (!x->pid)
		become_server(number[1]);
	close(number[1]);
	read_number(number[0], name, sizeof(name));
	close(number[0]);
	setenv("DISPLAY", name, 1);
	unsetenv("WAYLAND_DISPLAY");
	x->display = XOpenDisplay(name);
	if (!x->display)
		FAIL("Xvfb takes no connection");
	XSetErrorHandler(ignore_error);
	trail_step("an X server starts");
	return x;
}

void xserver_kill(struct xserver *x)
{
	trail_step("the X server is killed");
	kill(x->pid, SIGKILL);
	waitpid(x->pid, NULL, 0);
}

void xserver_sync(struct xserver *x)
{
	XSync(x->display, False);
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
	uint64_t end = pump_now() + WAIT_MS;
	Window w;

	trail_step("a window '%s'", title);
	while (!find(x, title, &w, 1)) {
		if (pump_now() > end)
			FAIL("there is no window '%s'", title);
		pump_until_readable(-1, LOOK_MS);
	}
	return w;
}

void xserver_wait_gone(struct xserver *x, const char *title)
{
	uint64_t end = pump_now() + WAIT_MS;
	Window w;

	trail_step("no window '%s'", title);
	while (find(x, title, &w, 1)) {
		if (pump_now() > end)
			FAIL("there still is a window '%s'", title);
		pump_until_readable(-1, LOOK_MS);
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

void xserver_expect(struct xserver *x, Window w, const struct picture *p)
{
	uint64_t end = pump_now() + WAIT_MS;
	struct picture *got = xserver_look(x, w);

	trail_step("the window shows %ux%u", p->width, p->height);
	while (!picture_same(p, got)) {
		if (pump_now() > end)
			picture_expect(p, got, "window");
		picture_free(got);
		pump_until_readable(-1, LOOK_MS);
		got = xserver_look(x, w);
	}
	picture_free(got);
}

/* ---- a user ---- */

void xserver_resize(struct xserver *x, Window w, unsigned width,
		    unsigned height)
{
	trail_step("the window is made %ux%u", width, height);
	XResizeWindow(x->display, w, width, height);
	xserver_sync(x);
}

void xserver_move(struct xserver *x, Window w, int left, int top)
{
	XMoveWindow(x->display, w, left, top);
	xserver_sync(x);
}

static void key(struct xserver *x, KeySym sym, Bool down)
{
	XTestFakeKeyEvent(x->display, XKeysymToKeycode(x->display, sym), down,
			  CurrentTime);
}

void xserver_press(struct xserver *x, Window w, char letter)
{
	trail_step("Ctrl, Alt and %c are pressed", letter);
	XSetInputFocus(x->display, w, RevertToNone, CurrentTime);
	key(x, XK_Control_L, True);
	key(x, XK_Alt_L, True);
	key(x, (KeySym)letter, True);
	key(x, (KeySym)letter, False);
	key(x, XK_Alt_L, False);
	key(x, XK_Control_L, False);
	xserver_sync(x);
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
