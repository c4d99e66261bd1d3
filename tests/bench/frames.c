/*
 * How many pictures a second get from the guest to where they are seen? A
 * picture is a transfer and a flush of all of it; the guest waits for both.
 *
 * Where pictures are left out on purpose the guest's rate is one thing and what
 * arrives is another. Peak memory is VmHWM, which counts the guest's own pages.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "bench.h"
#include "commands.h"
#include "screen.h"
#include "sink.h"

enum { WIDTH = 1920, HEIGHT = 1080, BYTES = WIDTH * HEIGHT * 4, ROWS = 4 };

struct row {
	unsigned subject;
	const char *display;
	struct driver *d;
	struct lane lane;
	struct figure guest, arrived;
	int watch;	  /* the folder of pictures; 0: not looked at */
	struct sink sink; /* QEMU's end of the socket, where it is looked at */
};

/* ---- sinks ---- */

/* Pictures moved into place since it was last asked. */
static unsigned count_files(int watch)
{
	char events[4096]
		__attribute__((aligned(__alignof__(struct inotify_event))));
	unsigned count = 0;
	ssize_t len;

	while ((len = read(watch, events, sizeof(events))) > 0)
		for (ssize_t at = 0; at < len; count++)
			at += (ssize_t)sizeof(struct inotify_event) +
			      ((struct inotify_event *)(events + at))->len;
	return count;
}

static unsigned count_arrived(struct row *row)
{
	if (row->watch)
		return count_files(row->watch);
	return sink_messages(&row->sink, SCREEN_UPDATE);
}

/* ---- programs ---- */

static void add_frame(struct row *row)
{
	struct virtio_gpu_rect all = RECT(0, 0, WIDTH, HEIGHT);
	struct virtio_gpu_transfer_to_host_2d transfer = {
		.hdr.type = VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D,
		.r = all,
		.resource_id = 1,
	};
	struct virtio_gpu_resource_flush flush_it = {
		.hdr.type = VIRTIO_GPU_CMD_RESOURCE_FLUSH,
		.r = all,
		.resource_id = 1,
	};

	create_2d(row->d, 1, BGRX, WIDTH, HEIGHT);
	attach_backing(row->d, 1, pages_new(row->d->ram, BYTES, 4096, 4096));
	set_scanout(row->d, 0, 1, all);
	lane_init(&row->lane, row->d);
	lane_add(&row->lane, &transfer, sizeof(transfer), 24);
	lane_add(&row->lane, &flush_it, sizeof(flush_it), 24);
}

/* Where its files go; the device makes the folder. */
static const char *png_folder(const struct bench *b)
{
	static char path[256];

	snprintf(path, sizeof(path), "png:%s/pictures", b->folder);
	return path;
}

static bool start(struct row *row, const struct bench *b)
{
	bool png = !strcmp(row->display, "png");
	const char *display = png ? png_folder(b) : row->display;

	row->d = bench_start(b, row->subject, display, 24 << 20);
	if (!bench_has_2d(row->d))
		return false;
	driver_display_info(row->d);
	add_frame(row);
	if (png) {
		row->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
		inotify_add_watch(row->watch, display + strlen("png:"),
				  IN_MOVED_TO);
	} else {
		sink_start(&row->sink, row->d);
	}
	return true;
}

static void stop(struct row *row, const struct bench *b)
{
	char path[300];

	if (!row->watch)
		sink_stop(&row->sink);
	bench_end(row->d);
	if (!row->watch)
		return;
	close(row->watch);
	snprintf(path, sizeof(path), "%s/scanout0.png",
		 png_folder(b) + strlen("png:"));
	unlink(path);
	rmdir(png_folder(b) + strlen("png:"));
}

/* ---- figures ---- */

static void measure(struct row *row, unsigned run)
{
	double began = seconds(), took;
	unsigned n = 0;

	count_arrived(row);
	for (; seconds() - began < SLICE_MS * 1e-3; n++)
		lane_once(&row->lane, 0, 2);
	took = seconds() - began;
	row->guest.run[run] = n / took;
	row->arrived.run[run] = count_arrived(row) / took;
	lane_check(&row->lane, 0, 2);
}

/* In megabytes. */
static double peak_memory(pid_t pid)
{
	char path[64], line[256];
	double kb = NAN;
	FILE *status;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	status = fopen(path, "re");
	while (status && fgets(line, sizeof(line), status))
		sscanf(line, "VmHWM: %lf", &kb);
	if (status)
		fclose(status);
	return kb / 1000;
}

static void print(const struct bench *b, const struct row *row)
{
	fprintf(b->out, "%-16s%-24s%9.0f%12.0f%12.1f\n",
		bench_name(b, row->subject), row->display, median(&row->guest),
		median(&row->arrived), peak_memory(row->d->program->pid));
}

void bench_frames(const struct bench *b)
{
	static struct row rows[ROWS] = {
		{ .subject = OURS, .display = "none" },
		{ .subject = OURS, .display = "png" },
		{ .subject = OURS, .display = "qemu" },
		{ .subject = THEIRS, .display = "qemu" },
	};
	unsigned count = b->subjects > 1 ? ROWS : ROWS - 1;

	for (unsigned i = 0; i < count; i++)
		if (!start(&rows[i], b))
			return;
	for (unsigned run = 0; run < RUNS; run++)
		for (unsigned i = 0; i < count; i++)
			measure(&rows[i], run);
	fprintf(b->out, "\n%-40s%9s%12s%12s\n", "Pictures a second, 1920x1080",
		"guest", "arrived", "peak MB");
	for (unsigned i = 0; i < count; i++)
		print(b, &rows[i]);
	if (count == ROWS)
		fprintf(b->out, "%-40s%21s\n",
			"  to QEMU's display, beside theirs",
			with_bar(median_ratio(&rows[2].arrived,
					      &rows[3].arrived),
				 0));
	for (unsigned i = 0; i < count; i++)
		stop(&rows[i], b);
}
