/*
 * The choice of a display, and the two threads.
 */
#include "display.h"

#include <assert.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "options.h"
#include "resource.h"
#include "server.h"

/* ---- pictures ---- */

void view_read(const struct view *view, const struct virtio_gpu_rect *r,
	       uint32_t *to, size_t stride)
{
	struct virtio_gpu_rect in_resource = {
		.x = view->x + r->x,
		.y = view->y + r->y,
		.width = r->width,
		.height = r->height,
	};

	view->res->ops->read(view->res, &in_resource, to, stride);
}

void display_scanout(struct display *display, unsigned scanout, uint32_t width,
		     uint32_t height)
{
	const struct display_kind *kind = display->kind;

	if (kind && kind->ops)
		kind->ops->scanout(kind->ops_arg, scanout, width, height);
}

void display_update(struct display *display, unsigned scanout,
		    const struct virtio_gpu_rect *r, const struct view *view)
{
	const struct display_kind *kind = display->kind;

	if (kind && kind->ops)
		kind->ops->update(kind->ops_arg, scanout, r, view);
}

unsigned display_copies(const struct display *display)
{
	return display->kind ? display->kind->copies : 0;
}

uint64_t display_held(const struct display *display, unsigned scanout)
{
	const struct display_kind *kind = display->kind;

	return kind && kind->ops ? kind->ops->held(kind->ops_arg, scanout) : 0;
}

/* ---- the choice ---- */

/* "png:DIR" is of the kind "png", with the value DIR. */
static bool names(const struct display_kind *kind, const char *value,
		  const char **rest)
{
	size_t len = strlen(kind->name);

	if (strncmp(value, kind->name, len))
		return false;
	if (!kind->value)
		return !value[len];
	*rest = value + len + 1;
	return value[len] == ':' && **rest;
}

/* `auto` takes what needs no value and says what it misses. */
static const struct display_kind *choose(const struct display *display)
{
	const char *why = NULL;

	for (unsigned i = 0; i < display->count; i++) {
		const struct display_kind *kind = display->kinds[i];

		if (!kind->missing)
			continue;
		why = kind->missing(kind->arg);
		if (!why)
			return kind;
	}
	warn("no window: %s; --display=png:DIR keeps pictures",
	     why ? why : "this program has none");
	return NULL;
}

static const char *set_display(void *arg, const char *value)
{
	struct display *display = arg;

	display->kind = NULL;
	display->is_auto = !strcmp(value, "auto");
	if (display->is_auto || !strcmp(value, "none"))
		return NULL;
	for (unsigned i = 0; i < display->count; i++)
		if (names(display->kinds[i], value, &display->value)) {
			display->kind = display->kinds[i];
			return NULL;
		}
	return display->takes;
}

void display_init(struct display *display, struct gpu *gpu,
		  struct options *options)
{
	*display = (struct display){
		.gpu = gpu,
		.is_auto = true,
		.takes = "takes auto, none",
		.rows = { { "display", "HOW", display->takes + strlen("takes "),
			    set_display } },
	};
	options_add(options, display->rows, display);
}

void display_add(struct display *display, const struct display_kind *kind)
{
	size_t len = strlen(display->takes);

	assert(display->count < DISPLAY_KINDS);
	display->kinds[display->count++] = kind;
	snprintf(display->takes + len, sizeof(display->takes) - len, ", %s%s%s",
		 kind->name, kind->value ? ":" : "",
		 kind->value ? kind->value : "");
}

/* ---- the threads ---- */

static void *device_thread(void *arg)
{
	struct display *display = arg;

	display->status = server_run(display->server);
	if (display->kind->stop)
		display->kind->stop(display->kind->arg);
	return NULL;
}

static void run_both(struct display *display)
{
	pthread_t thread;

	if (pthread_create(&thread, NULL, device_thread, display))
		die("no second thread");
	display->kind->run(display->kind->arg);
	pthread_join(thread, NULL);
}

static _Noreturn void give_up(struct display *display, const char *why)
{
	const struct display_kind *kind = display->kind;

	server_close(display->server);
	die("--display=%s%s%s: %s", kind->name, kind->value ? ":" : "",
	    kind->value ? display->value : "", why);
}

/* Ports first: a program that can't serve shows no window. */
int display_run(struct display *display, struct server *server)
{
	const struct display_kind *kind;
	const char *why = NULL;

	display->server = server;
	server_open(server);
	if (display->is_auto)
		display->kind = choose(display);
	kind = display->kind;
	if (kind && kind->open)
		why = kind->open(kind->arg, display->value);
	if (why)
		give_up(display, why);
	if (kind && kind->run)
		run_both(display);
	else
		display->status = server_run(server);
	if (kind && kind->close)
		kind->close(kind->arg);
	return display->status;
}
