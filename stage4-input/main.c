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
	static struct seat seat;   /* likewise */
	static struct inputscript script;
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
	seat_init(&seat, &scanouts, trace, &server, &options);
	inputscript_add(&script, &seat, loop, &options);
	windows_add(&windows, &display, &server, &uplink, &options);

	add_plane(&plane, &resources, &display, &windows, &png, &qemu,
		  &options);

	options_parse(&options, argc, argv);
	status = display_run(&display, &server);

	cursoroverlay_free(&plane.over_windows);
	cursoroverlay_free(&plane.over_files);
	inputscript_free(&script);
	seat_free(&seat);
	gpu_free(&gpu);
	uplink_free(&uplink);
	loop_free(loop);
	trace_free(trace);
	return status;
}
