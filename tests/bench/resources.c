/*
 * How soon can the guest make a resource and let it go? CREATE_2D,
 * ATTACH_BACKING of all its pages and UNREF, in turn. Processor time counts.
 */
#include <stdio.h>
#include <stdlib.h>

#include "bench.h"
#include "commands.h"

enum { PAGE = 4096, WIDTH = 1920, HEIGHT = 1080, PIECES = 2025 };

/* Resources in a batch, one after the other, and commands for each. */
enum { LIVES = 16, LIFE = 3 };

_Static_assert(PIECES *PAGE == WIDTH * HEIGHT * 4, "all pages of a picture");

struct side {
	struct driver *d;
	struct lane lane;
	struct figure rate;
};

/* Every other page, so that no two of them adjoin. */
static void add_attach(struct side *s, uint64_t block)
{
	struct {
		struct virtio_gpu_resource_attach_backing cmd;
		struct virtio_gpu_mem_entry entries[PIECES];
	} *request = calloc(1, sizeof(*request));

	request->cmd.hdr.type = VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING;
	request->cmd.resource_id = 1;
	request->cmd.nr_entries = PIECES;
	for (unsigned i = 0; i < PIECES; i++) {
		request->entries[i].addr = block + 2ull * i * PAGE;
		request->entries[i].length = PAGE;
	}
	lane_add(&s->lane, request, sizeof(*request), 24);
	free(request);
}

static void add_life(struct side *s, uint64_t block)
{
	struct virtio_gpu_resource_create_2d create = {
		.hdr.type = VIRTIO_GPU_CMD_RESOURCE_CREATE_2D,
		.resource_id = 1,
		.format = BGRX,
		.width = WIDTH,
		.height = HEIGHT,
	};
	struct virtio_gpu_resource_unref unref_it = {
		.hdr.type = VIRTIO_GPU_CMD_RESOURCE_UNREF,
		.resource_id = 1,
	};

	lane_add(&s->lane, &create, sizeof(create), 24);
	add_attach(s, block);
	lane_add(&s->lane, &unref_it, sizeof(unref_it), 24);
}

static bool start(struct side *s, const struct bench *b, unsigned subject)
{
	uint64_t block;

	s->d = bench_start(b, subject, "none", 24 << 20);
	if (!bench_has_2d(s->d))
		return false;
	bench_place(s->d->program->pid);
	lane_init(&s->lane, s->d);
	block = ram_alloc(s->d->ram, 2ull * PIECES * PAGE, PAGE, "pixels");
	for (unsigned i = 0; i < LIVES; i++)
		add_life(s, block);
	return true;
}

static void measure(struct side *s, unsigned run)
{
	double began = seconds_of(s->d->program->pid);
	double end = seconds() + SLICE_MS * 1e-3;
	unsigned n = 0;

	for (; seconds() < end; n += LIVES)
		lane_once(&s->lane, 0, LIVES * LIFE);
	s->rate.run[run] = n / (seconds_of(s->d->program->pid) - began);
	lane_check(&s->lane, 0, LIVES * LIFE);
}

static void print(const struct bench *b, const struct side *sides)
{
	fprintf(b->out, "\n%-39s%8s%16s", "Resources a second of CPU time",
		"ours", "");
	fprintf(b->out, b->subjects > 1 ? "%10s   beside theirs\n" : "\n",
		"theirs");
	fprintf(b->out, "create, attach %d pieces, unref%13.0f", PIECES,
		median(&sides[OURS].rate));
	if (b->subjects > 1)
		fprintf(b->out, "%26.0f   %s", median(&sides[THEIRS].rate),
			with_bar(median_ratio(&sides[OURS].rate,
					      &sides[THEIRS].rate),
				 1));
	fprintf(b->out, "\n");
}

void bench_resources(const struct bench *b)
{
	struct side sides[SUBJECTS];

	for (unsigned s = 0; s < b->subjects; s++)
		if (!start(&sides[s], b, s))
			return;
	for (unsigned run = 0; run < RUNS; run++)
		for (unsigned s = 0; s < b->subjects; s++)
			measure(&sides[s], run);
	print(b, sides);
	for (unsigned s = 0; s < b->subjects; s++)
		bench_end(sides[s].d);
}
