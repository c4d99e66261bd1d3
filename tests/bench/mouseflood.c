/*
 * Does somebody who moves a mouse have fewer pictures? They are one thread's work
 * in the device: what it does for the one it can't do for the other.
 *
 * A picture is a transfer and a flush of all of 1920x1080, which goes to QEMU's
 * display; the guest waits for both. Beside it nothing moves; or a mouse, or a
 * tablet, a thousand times a second, as good ones do; or as often as goes through.
 * All of it in turn; a row's pictures are a share of the first one's in the same
 * run, and only that one has a number of its own.
 */
#include <pthread.h>
#include <stdio.h>

#include "commands.h"
#include "inputlane.h"
#include "sink.h"

enum { WIDTH = 1920, HEIGHT = 1080, BYTES = WIDTH * HEIGHT * 4, ROWS = 4 };

struct row {
	const char *name;
	enum desk_device device;
	struct inputlines lines; /* no line: nothing moves */
	struct figure pictures, frames;
};

/* The guest whose pictures they are, and whose mouse. */
struct guest {
	struct desk *desk;
	struct driver *d;
	struct lane pictures;
	struct inputlane lanes[DESK_DEVICES];
	struct sink sink;
};

/* Somebody moves it meanwhile, on a thread of its own. */
struct hand {
	struct inputlane *lane;
	const struct inputlines *lines;
	double end;
	struct inputcount count;
};

static void *move(void *arg)
{
	struct hand *hand = arg;

	hand->count = inputlane_keep(hand->lane, hand->lines, hand->end);
	return NULL;
}

static void add_picture(struct guest *g)
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

	create_2d(g->d, 1, BGRX, WIDTH, HEIGHT);
	attach_backing(g->d, 1, pages_new(g->d->ram, BYTES, 4096, 4096));
	set_scanout(g->d, 0, 1, all);
	lane_init(&g->pictures, g->d);
	lane_add(&g->pictures, &transfer, sizeof(transfer), 24);
	lane_add(&g->pictures, &flush_it, sizeof(flush_it), 24);
}

static void start(struct guest *g, const struct bench *b)
{
	struct desk *desk = inputlane_desk(b, DESK_MOUSE | DESK_TABLET);

	g->desk = desk;
	g->d = bench_start_with(b, OURS, "qemu", desk_options(desk), 24 << 20);
	desk_is_at(desk, g->d->program);
	driver_display_info(g->d);
	add_picture(g);
	inputlane_init(&g->lanes[MOUSE], desk, MOUSE);
	inputlane_init(&g->lanes[TABLET], desk, TABLET);
	sink_start(&g->sink, g->d);
	bench_place(g->d->program->pid);
}

static void stop(struct guest *g)
{
	sink_stop(&g->sink);
	inputlane_free(&g->lanes[MOUSE]);
	inputlane_free(&g->lanes[TABLET]);
	bench_end(g->d);
	inputlane_clear(g->desk);
}

static void measure(struct guest *g, struct row *row, unsigned run)
{
	double began = seconds(), end = began + SLICE_MS * 1e-3, took;
	struct hand hand = { .lane = &g->lanes[row->device],
			     .lines = &row->lines,
			     .end = end };
	pthread_t thread;
	unsigned n = 0;

	if (row->lines.line)
		pthread_create(&thread, NULL, move, &hand);
	for (; seconds() < end; n++)
		lane_once(&g->pictures, 0, 2);
	took = seconds() - began;
	row->pictures.run[run] = n / took;
	if (!row->lines.line)
		return;
	pthread_join(thread, NULL);
	row->frames.run[run] = (double)hand.count.lines / hand.count.took;
}

static void print(const struct bench *b, const struct row *rows)
{
	fprintf(b->out, "\n%-40s%9s%12s%12s\n",
		"Pictures a second, 1920x1080, beside", "moves", "pictures",
		"ratio");
	fprintf(b->out, "%-40s%9d%12.0f%12.2f\n", rows[0].name, 0,
		median(&rows[0].pictures), 1.0);
	for (unsigned i = 1; i < ROWS; i++)
		fprintf(b->out, "%-40s%9.0f%12s%12.2f\n", rows[i].name,
			median(&rows[i].frames), "",
			median_ratio(&rows[i].pictures, &rows[0].pictures));
}

void bench_pointing(const struct bench *b)
{
	static struct row rows[ROWS] = {
		{ .name = "nothing" },
		{ .name = "a mouse, 1000 a second",
		  .device = MOUSE,
		  .lines = { "motion 1 -1\n", 1, 3, 1000 } },
		{ .name = "a tablet, 1000 a second",
		  .device = TABLET,
		  .lines = { "move 960 540\n", 1, 3, 1000 } },
		{ .name = "a mouse, as often as goes through",
		  .device = MOUSE,
		  .lines = { "motion 1 -1\n", 1, 3, 0 } },
	};
	static struct guest guest;

	start(&guest, b);
	for (unsigned run = 0; run < RUNS; run++)
		for (unsigned i = 0; i < ROWS; i++)
			measure(&guest, &rows[i], run);
	print(b, rows);
	stop(&guest);
}
