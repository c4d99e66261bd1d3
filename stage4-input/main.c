/*
 * Stage 4: a GPU with pictures and cursors, and a user in front of it.
 */
#include "backing.h"
#include "cursor.h"
#include "cursorfiles.h"
#include "cursoroverlay.h"
#include "display.h"
#include "displayinfo.h"
#include "gpu.h"
#include "gpusocket.h"
#include "image.h"
#include "inputscript.h"
#include "loop.h"
#include "monitors.h"
#include "options.h"
#include "pngdisplay.h"
#include "qemucursor.h"
#include "qemudisplay.h"
#include "resource.h"
#include "scanout.h"
#include "seat.h"
#include "server.h"
#include "trace.h"
#include "transfer.h"
#include "uplink.h"
#include "windowgrab.h"
#include "windowinput.h"
#include "windowleds.h"
#include "windowpointer.h"
#include "windows.h"

/* The cursors, and all that can show them. */
struct plane {
	struct cursors cursors;
	struct cursoroverlay over_windows, over_files;
	struct qemucursor in_qemu;
	struct windowpointer pointer;
};

static void add_plane(struct plane *plane, struct resources *resources,
		      struct display *display, struct windows *windows,
		      struct pngdisplay *png, struct qemudisplay *qemu,
		      struct options *options)
{
	cursors_add(&plane->cursors, resources, display);
	cursoroverlay_init(&plane->over_windows, &windows->overlays,
			   &windows->boxes);
	cursors_show_on(&plane->cursors, &windows->kind, &cursoroverlay_ops,
			&plane->over_windows);
	windowpointer_add(&plane->pointer, windows, &plane->over_windows);
	cursorfiles_add(&plane->over_files, &plane->cursors, png, options);
	qemucursor_init(&plane->in_qemu, &qemu->socket);
	cursors_show_on(&plane->cursors, &qemu->kind, &qemucursor_ops,
			&plane->in_qemu);
}

/* A user: devices under their hands, a script that moves these, and windows. */
struct user {
	struct seat seat;
	struct inputscript script;
	struct windowgrab grab;
	struct windowinput input;
	struct windowleds leds;
};

static void add_user(struct user *user, struct scanouts *scanouts,
		     struct windows *windows, struct trace *trace,
		     struct server *server, struct options *options)
{
	struct seat *seat = &user->seat;

	seat_init(seat, scanouts, trace, server, options);
	inputscript_add(&user->script, seat, server->loop, options);
	windowleds_add(&user->leds, windows, &seat->keyboard);
	windowgrab_add(&user->grab, windows, seat->mouse_port);
	windowinput_add(&user->input, windows, seat, &user->grab);
}

static void free_user(struct user *user)
{
	inputscript_free(&user->script);
	seat_free(&user->seat);
}

int main(int argc, char **argv)
{
	struct options options = {
		.summary =
			"A virtio-gpu device, and virtio-input devices beside it, for "
			"QEMU's vhost-user-gpu-pci and vhost-user-input-pci.",
	};
	struct trace *trace = trace_new(&options);
	struct loop *loop = loop_new();
	struct monitors monitors;
	struct resources resources;
	struct scanouts scanouts;
	struct qemudisplay qemu;
	struct pngdisplay png;
	struct gpusocket socket;
	struct display display;
	struct server server;
	struct windows windows;
	struct uplink uplink;
	static struct plane plane; /* too large for a stack */
	static struct user user;   /* likewise */
	struct gpu gpu;
	int status;

	gpu_init(&gpu, loop, trace);
	displayinfo_add(&gpu, &options);
	gpusocket_add(&socket, &gpu.dev);
	monitors_add(&monitors, &gpu);

	resources_add(&resources, &gpu, &options);
	image_add(&resources);
	backing_add(&resources);
	transfer_add(&resources);
	display_init(&display, &gpu, &options);
	pngdisplay_add(&png, &display);
	qemudisplay_add(&qemu, &display, &gpu, &socket, &monitors);
	scanouts_add(&scanouts, &resources, &display);
	uplink_init(&uplink, loop);

	server_init(&server, loop, "{ \"type\": \"gpu\", \"features\": [ ] }",
		    &options);
	server_add(&server, &gpu.dev, &options);
	windows_add(&windows, &display, &server, &uplink, &options);

	add_plane(&plane, &resources, &display, &windows, &png, &qemu,
		  &options);
	add_user(&user, &scanouts, &windows, trace, &server, &options);

	options_parse(&options, argc, argv);
	status = display_run(&display, &server);

	cursoroverlay_free(&plane.over_windows);
	cursoroverlay_free(&plane.over_files);
	free_user(&user);
	gpu_free(&gpu);
	uplink_free(&uplink);
	loop_free(loop);
	trace_free(trace);
	return status;
}
