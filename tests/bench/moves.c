/*
 * How often a second can a cursor be moved, and what is QEMU's display told?
 *
 * As from Linux, a command has no room for an answer. Once the image is there a
 * move is a few bytes: whoever sends more, or a part of the picture, redraws.
 * What waits while the socket is full is replaced by what comes after it, by
 * ours, so that more moves may come than are told; theirs waits for room.
 */
#include <stdio.h>
#include <unistd.h>

#include "bench.h"
#include "commands.h"
#include "sink.h"

enum {
	WIDTH = 640,
	HEIGHT = 480,
	SIDE = 64,
	BYTES = SIDE * SIDE * 4,
	SCREEN_ID = 1,
	CURSOR_ID,
	DEPTHS = 2
};

static const unsigned depths[DEPTHS] = { 1, 16 };

struct row {
	unsigned depth;
	struct figure moves[SUBJECTS], told[SUBJECTS];
	double bytes[SUBJECTS]; /* that the display got for each message */
	unsigned redraws[SUBJECTS];
};

struct side {
	struct driver *d;
	struct lane lane;
	struct sink sink;
};

/* ---- programs ---- */

static void add_picture(struct driver *d, uint32_t id, uint32_t width,
			uint32_t height)
{
	struct virtio_gpu_rect all = RECT(0, 0, width, height);

	create_2d(d, id, BGRX, width, height);
	attach_backing(d, id,
		       pages_new(d->ram, 4ull * width * height, 4096, 4096));
	transfer_to_host(d, id, all, 0);
}

static struct virtio_gpu_update_cursor command(uint32_t type, uint32_t x)
{
	return (struct virtio_gpu_update_cursor){
		.hdr.type = type,
		.pos = { .x = x, .y = x / 2 },
		.resource_id = CURSOR_ID,
	};
}

/* By chains of its own, as the sink reads at the screen's end already. */
static void show_picture(struct side *s)
{
	struct virtio_gpu_rect all = RECT(0, 0, WIDTH, HEIGHT);
	struct virtio_gpu_set_scanout scanout = {
		.hdr.type = VIRTIO_GPU_CMD_SET_SCANOUT,
		.r = all,
		.resource_id = SCREEN_ID,
	};
	struct virtio_gpu_resource_flush flush_it = {
		.hdr.type = VIRTIO_GPU_CMD_RESOURCE_FLUSH,
		.r = all,
		.resource_id = SCREEN_ID,
	};
	struct lane lane;

	lane_init(&lane, s->d);
	lane_add(&lane, &scanout, sizeof(scanout), 24);
	lane_add(&lane, &flush_it, sizeof(flush_it), 24);
	lane_once(&lane, 0, 2);
	lane_check(&lane, 0, 2);
}

/*
 * Messages keep their order: behind that of the image only moves are told. False:
 * it doesn't come, as from a program without cursors.
 */
static bool image_comes(struct side *s)
{
	double end = seconds() + 5;

	while (!sink_messages(&s->sink, SCREEN_CURSOR_UPDATE)) {
		if (seconds() > end)
			return false;
		usleep(1000);
	}
	sink_messages(&s->sink, SCREEN_UPDATE);
	return true;
}

/* A move for each chain, and behind them what shows the image first. */
static void make_chains(struct side *s)
{
	struct virtio_gpu_update_cursor cmd =
		command(VIRTIO_GPU_CMD_UPDATE_CURSOR, 0);

	bench_place(s->d->program->pid);
	lane_init_on(&s->lane, s->d, s->d->cursor);
	for (uint32_t i = 0; i < depths[DEPTHS - 1]; i++) {
		struct virtio_gpu_update_cursor move =
			command(VIRTIO_GPU_CMD_MOVE_CURSOR, 10 * i);

		lane_add(&s->lane, &move, sizeof(move), 0);
	}
	lane_once(&s->lane, lane_add(&s->lane, &cmd, sizeof(cmd), 0), 1);
}

static bool start(struct side *s, const struct bench *b, unsigned subject)
{
	s->d = bench_start(b, subject, "qemu", 8 << 20);
	if (!bench_has_2d(s->d))
		return false;
	driver_display_info(s->d);
	add_picture(s->d, SCREEN_ID, WIDTH, HEIGHT);
	add_picture(s->d, CURSOR_ID, SIDE, SIDE);
	sink_start(&s->sink, s->d);
	show_picture(s);
	make_chains(s);
	return image_comes(s);
}

static void stop(struct side *s)
{
	sink_stop(&s->sink);
	bench_end(s->d);
}

/* ---- figures ---- */

static unsigned told(struct side *s)
{
	return sink_messages(&s->sink, SCREEN_CURSOR_POS);
}

/* What is on its way when it ends is counted with the next run: a few in a
 * thousand. */
static void measure(struct row *row, struct side *s, unsigned subject,
		    unsigned run)
{
	double began, took;
	unsigned n, messages;

	told(s);
	sink_bytes(&s->sink);
	began = seconds();
	n = lane_keep(&s->lane, 0, row->depth, began + SLICE_MS * 1e-3);
	took = seconds() - began;
	messages = told(s);
	row->moves[subject].run[run] = n / took;
	row->told[subject].run[run] = messages / took;
	row->bytes[subject] = messages ? (double)sink_bytes(&s->sink) / messages
				       : 0;
	row->redraws[subject] += sink_messages(&s->sink, SCREEN_UPDATE);
}

static void print(const struct bench *b, const struct row *row,
		  unsigned subject)
{
	fprintf(b->out, "%-16s%3u in flight %20.0f%12.0f%12.0f%9u\n",
		bench_name(b, subject), row->depth,
		median(&row->moves[subject]), median(&row->told[subject]),
		row->bytes[subject], row->redraws[subject]);
	if (subject != THEIRS)
		return;
	fprintf(b->out, "%-38s%14s%12s\n", "  beside theirs",
		with_bar(median_ratio(&row->moves[OURS], &row->moves[THEIRS]),
			 0),
		with_bar(median_ratio(&row->told[OURS], &row->told[THEIRS]),
			 0));
}

static void print_all(const struct bench *b, const struct row *rows)
{
	fprintf(b->out, "\n%-40s%10s%12s%12s%9s\n", "Cursor moves a second",
		"guest", "told", "bytes each", "redraws");
	for (unsigned i = 0; i < DEPTHS; i++)
		for (unsigned s = 0; s < b->subjects; s++)
			print(b, &rows[i], s);
}

void bench_moves(const struct bench *b)
{
	static struct side sides[SUBJECTS];
	static struct row rows[DEPTHS];

	for (unsigned s = 0; s < b->subjects; s++)
		if (!start(&sides[s], b, s))
			return;
	for (unsigned i = 0; i < DEPTHS; i++) {
		rows[i].depth = depths[i];
		for (unsigned run = 0; run < RUNS; run++)
			for (unsigned s = 0; s < b->subjects; s++)
				measure(&rows[i], &sides[s], s, run);
	}
	print_all(b, rows);
	for (unsigned s = 0; s < b->subjects; s++)
		stop(&sides[s]);
}
