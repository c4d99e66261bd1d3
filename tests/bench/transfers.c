/*
 * TRANSFER_TO_HOST_2D: how much of the memory's speed is left? Beside memcpy()
 * of as many bytes out of the same guest memory.
 *
 * In pieces of 4 KiB in no order, as a guest's pages are after a while, and of
 * rectangles that are one pixel narrower than the resource, so that rows don't
 * adjoin. What counts is processor time, which others on the machine add least
 * to.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "commands.h"
#include "draws.h"

enum {
	PAGE = 4096,
	SIZES = 2,
	ROWS = 8,
	IN_FLIGHT = 2, /* so that one is at work while the other is awaited */
	MEMORY = 48 << 20,
};

static const struct {
	const char *name;
	uint32_t width, height;
} sizes[SIZES] = { { "1920x1080", 1920, 1080 }, { "3840x2160", 3840, 2160 } };

/* Bit by bit: the size, whether in pieces, whether partial. */
struct row {
	unsigned size;
	bool pieces, partial;
	struct virtio_gpu_rect r;
	double bytes, bar, bar_beside;
	unsigned chain; /* of both programs' lanes */
	struct figure plain, rate[SUBJECTS];
};

struct side {
	struct driver *d;
	struct lane lane;
	uint64_t block; /* the guest memory of all resources */
};

static void make_rows(struct row *rows)
{
	for (unsigned i = 0; i < ROWS; i++) {
		struct row *row = &rows[i];

		*row = (struct row){ .size = i / 4,
				     .pieces = i & 2,
				     .partial = i & 1 };
		row->r = RECT(0, 0, sizes[row->size].width - row->partial,
			      sizes[row->size].height);
		row->bytes = 4. * row->r.width * row->r.height;
		row->bar = row->pieces || row->partial ? 0.6 : 0.85;
		row->bar_beside = row->pieces && row->partial ? 1.5 : 1;
	}
}

/* ---- resources ---- */

static uint32_t id_of(unsigned size, bool pieces)
{
	return 1 + 2 * size + pieces;
}

/* One entry, or one for each page: in an order that has nothing of theirs. */
static void attach(struct side *s, uint32_t id, uint64_t bytes, bool pieces)
{
	uint32_t count = pieces ? (uint32_t)(bytes / PAGE) : 1;
	struct virtio_gpu_mem_entry *entries = calloc(count, sizeof(*entries));

	for (uint32_t i = 0; i < count; i++) {
		uint32_t to = draw_below(i + 1);

		entries[i] = entries[to];
		entries[to].addr = s->block + (uint64_t)i * PAGE;
		entries[to].length = (uint32_t)(bytes / count);
	}
	EXPECT_DONE(try_attach(s->d, id, count, entries, count));
	free(entries);
}

static void make_resources(struct side *s)
{
	s->block = ram_alloc(s->d->ram, 3840ull * 2160 * 4, PAGE, "pixels");
	for (unsigned i = 0; i < 2 * SIZES; i++) {
		uint32_t width = sizes[i / 2].width;
		uint32_t height = sizes[i / 2].height;

		create_2d(s->d, id_of(i / 2, i % 2), BGRX, width, height);
		attach(s, id_of(i / 2, i % 2), 4ull * width * height, i % 2);
	}
}

static void make_chains(struct side *s, struct row *rows)
{
	bench_place(s->d->program->pid);
	lane_init(&s->lane, s->d);
	for (unsigned i = 0; i < ROWS * IN_FLIGHT; i++) {
		struct row *row = &rows[i / IN_FLIGHT];
		struct virtio_gpu_transfer_to_host_2d cmd = {
			.hdr = driver_header(VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D,
					     0),
			.r = row->r,
			.resource_id = id_of(row->size, row->pieces),
		};

		row->chain = lane_add(&s->lane, &cmd, sizeof(cmd), 24) + 1 -
			     IN_FLIGHT;
		if (i % IN_FLIGHT == 0)
			lane_once(&s->lane, s->lane.count - 1, 1);
	}
	lane_check(&s->lane, 0, 1);
}

/* ---- figures ---- */

/* Its target is as a resource is: of this process alone, and written before. */
static double plain_rate(const struct side *s, const struct row *row)
{
	size_t bytes = (size_t)row->bytes;
	const void *from = ram_at(s->d->ram, s->block, bytes);
	char *to = malloc(bytes);
	double began, end;
	unsigned n = 0;

	memset(to, 1, bytes);
	began = seconds_of(getpid());
	for (end = seconds() + SLICE_MS * 1e-3; seconds() < end; n++) {
		memcpy(to, from, bytes);
		/* Somebody may look at it: it has to be done. */
		__asm__ volatile("" : : "r"(to) : "memory");
	}
	end = seconds_of(getpid());
	free(to);
	return n * row->bytes / (end - began);
}

static double rate(struct side *s, const struct row *row)
{
	pid_t pid = s->d->program->pid;
	double began = seconds_of(pid);
	unsigned n = lane_keep(&s->lane, row->chain, IN_FLIGHT,
			       seconds() + SLICE_MS * 1e-3);

	return n * row->bytes / (seconds_of(pid) - began);
}

static void print(const struct bench *b, const struct row *row)
{
	double share = median_ratio(&row->rate[OURS], &row->plain);
	double beside = NAN, ratio = NAN;

	if (b->subjects > 1) {
		beside = median_ratio(&row->rate[THEIRS], &row->plain);
		ratio = median_ratio(&row->rate[OURS], &row->rate[THEIRS]);
	}
	fprintf(b->out, "%s  %-12s%-15s%8.1f   %-15s%8s   %s\n",
		sizes[row->size].name,
		row->pieces ? "4-KiB pieces" : "one piece",
		row->partial ? "  a pixel less" : "  whole width",
		median(&row->rate[OURS]) / 1e9, with_bar(share, row->bar),
		with_bar(beside, 0), with_bar(ratio, row->bar_beside));
}

static bool start(struct side *s, const struct bench *b, unsigned subject,
		  struct row *rows)
{
	s->d = bench_start(b, subject, "none", MEMORY);
	if (!bench_has_2d(s->d))
		return false;
	make_resources(s);
	make_chains(s, rows);
	return true;
}

void bench_transfers(const struct bench *b)
{
	struct side sides[SUBJECTS];
	struct row rows[ROWS];

	make_rows(rows);
	for (unsigned s = 0; s < b->subjects; s++)
		if (!start(&sides[s], b, s, rows))
			return;
	for (unsigned run = 0; run < RUNS; run++)
		for (unsigned i = 0; i < ROWS; i++) {
			rows[i].plain.run[run] = plain_rate(&sides[OURS],
							    &rows[i]);
			for (unsigned s = 0; s < b->subjects; s++)
				rows[i].rate[s].run[run] = rate(&sides[s],
								&rows[i]);
		}
	fprintf(b->out, "\n%-39s%8s   %-15s%8s   %s\n", "Transfers", "GB/s",
		"of memcpy()", "theirs", "beside theirs");
	for (unsigned i = 0; i < ROWS; i++)
		print(b, &rows[i]);
	for (unsigned s = 0; s < b->subjects; s++)
		bench_end(sides[s].d);
}
