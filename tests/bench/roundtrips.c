/*
 * How fast does the device answer, whatever it is asked? Beside what two
 * processes can do that only wake each other through eventfds, and beside the
 * other program.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"
#include "commands.h"

enum { DEEP = 64, ROWS = 5 };

/* A request, and how many of it are in flight. */
struct row {
	const char *name;
	bool transfer; /* or GET_DISPLAY_INFO */
	unsigned depth;
	double bar; /* beside the other program; 0: none */
	struct figure rate[SUBJECTS], cpu_us;
};

/* ---- two processes and nothing else ---- */

struct partner {
	pid_t pid;
	int there, back;
};

static void wait_for(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };
	eventfd_t count;

	poll(&p, 1, -1);
	eventfd_read(fd, &count);
}

static struct partner start_partner(void)
{
	struct partner p = { 0, eventfd(0, EFD_NONBLOCK),
			     eventfd(0, EFD_NONBLOCK) };

	p.pid = fork();
	if (p.pid) {
		bench_place(p.pid);
		return p;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		wait_for(p.there);
		eventfd_write(p.back, 1);
	}
}

static void end_partner(const struct partner *p)
{
	kill(p->pid, SIGKILL);
	waitpid(p->pid, NULL, 0);
	close(p->there);
	close(p->back);
}

static double ping_pong(const struct partner *p)
{
	double began = seconds(), end = began + SLICE_MS * 1e-3;
	unsigned n = 0;

	for (; seconds() < end; n++) {
		eventfd_write(p->there, 1);
		wait_for(p->back);
	}
	return n / (seconds() - began);
}

/* ---- the device ---- */

/* One program, and where its chains begin. */
struct side {
	struct driver *d;
	struct lane lane;
	unsigned infos, transfers;
	bool has_2d;
};

static unsigned add_many(struct lane *lane, const void *request, uint32_t len,
			 uint32_t room)
{
	unsigned first = lane_add(lane, request, len, room);

	for (unsigned i = 1; i < DEEP; i++)
		lane_add(lane, request, len, room);
	return first;
}

/* As little as a command with a fence can have to do. */
static const struct virtio_gpu_transfer_to_host_2d transfer = {
	.hdr = { .type = VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D,
		 .flags = VIRTIO_GPU_FLAG_FENCE,
		 .fence_id = 9 },
	.r = { 0, 0, 4, 4 },
	.resource_id = 1,
};

static const struct virtio_gpu_ctrl_hdr display_info = {
	.type = VIRTIO_GPU_CMD_GET_DISPLAY_INFO,
};

static void start(struct side *s, const struct bench *b, unsigned subject)
{
	s->d = bench_start(b, subject, "none", RAM_DEFAULT);
	s->has_2d = bench_has_2d(s->d);
	if (s->has_2d) {
		create_2d(s->d, 1, BGRX, 64, 64);
		attach_backing(s->d, 1, pages_whole(s->d->ram, 64 * 64 * 4));
	}
	bench_place(s->d->program->pid);
	lane_init(&s->lane, s->d);
	s->transfers = add_many(&s->lane, &transfer, sizeof(transfer), 24);
	s->infos = add_many(&s->lane, &display_info, sizeof(display_info),
			    sizeof(struct virtio_gpu_resp_display_info));
}

/* The other program answers GET_DISPLAY_INFO only if it is answered itself. */
static bool is_measured(const struct row *row, const struct side *s,
			unsigned subject)
{
	return row->transfer ? s->has_2d : subject == OURS;
}

static void measure(struct row *row, struct side *s, unsigned subject,
		    unsigned run)
{
	unsigned first = row->transfer ? s->transfers : s->infos;
	double cpu = seconds_of(s->d->program->pid), began = seconds();
	unsigned n = lane_keep(&s->lane, first, row->depth,
			       began + SLICE_MS * 1e-3);

	row->rate[subject].run[run] = n / (seconds() - began);
	if (subject == OURS)
		row->cpu_us.run[run] = (seconds_of(s->d->program->pid) - cpu) /
				       n * 1e6;
	lane_check(&s->lane, first, row->depth);
}

static void measure_all(const struct bench *b, struct row *rows,
			struct side *sides, unsigned run)
{
	for (unsigned i = 0; i < ROWS; i++)
		for (unsigned s = 0; s < b->subjects; s++)
			if (is_measured(&rows[i], &sides[s], s))
				measure(&rows[i], &sides[s], s, run);
}

/* ---- the table ---- */

static void print(const struct bench *b, const struct row *row)
{
	const struct figure *ours = &row->rate[OURS];
	const struct figure *theirs = &row->rate[THEIRS];

	fprintf(b->out, "%-26s%9.0f%9.0f%9.0f%9.2f", row->name, median(ours),
		least(ours), most(ours), median(&row->cpu_us));
	if (b->subjects > 1 && row->transfer)
		fprintf(b->out, "%9.0f   %s", median(theirs),
			with_bar(median_ratio(ours, theirs), row->bar));
	fprintf(b->out, "\n");
}

static void print_all(const struct bench *b, const struct row *rows,
		      const struct figure *bare, const struct side *sides)
{
	bool beside = b->subjects > 1;

	fprintf(b->out, "\n%-26s%9s%18s%9s%9s\n", "Round trips a second",
		bench_name(b, OURS), "min ... max", "CPU us",
		beside ? "theirs" : "");
	fprintf(b->out, "%-26s%9.0f%9.0f%9.0f\n", "bare eventfds", median(bare),
		least(bare), most(bare));
	for (unsigned i = 0; i < ROWS; i++)
		if (sides[OURS].has_2d || !rows[i].transfer)
			print(b, &rows[i]);
}

void bench_roundtrips(const struct bench *b)
{
	static struct row rows[ROWS] = {
		{ .name = "GET_DISPLAY_INFO, 1 a time", .depth = 1 },
		{ .name = "  16 in flight", .depth = 16 },
		{ .name = "  64", .depth = 64 },
		{ "fenced 4x4 transfer, 1", true, 1, .bar = 1 },
		{ "  64 in flight", true, 64, .bar = 1.3 },
	};
	struct side sides[SUBJECTS];
	struct partner partner = start_partner();
	struct figure bare;

	for (unsigned s = 0; s < b->subjects; s++)
		start(&sides[s], b, s);
	for (unsigned run = 0; run < RUNS; run++) {
		bare.run[run] = ping_pong(&partner);
		measure_all(b, rows, sides, run);
	}
	print_all(b, rows, &bare, sides);
	for (unsigned s = 0; s < b->subjects; s++)
		bench_end(sides[s].d);
	end_partner(&partner);
}
