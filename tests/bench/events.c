/*
 * How long does it take from a line in the script's FIFO until the guest has the
 * event, and how many go through a second?
 *
 * Beside a process that reads lines from a FIFO and says so in shared memory,
 * which is what any such device has to do at least. There is no program of
 * somebody else's to compare with: QEMU's own back end for input devices passes on
 * what an evdev node of the host says, and a machine for tests has none.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "inputlane.h"

enum { ROWS = 4, SAMPLES = 2000 };

struct row {
	const char *name;
	enum desk_device device;
	struct inputlines lines;
	struct figure middle,
		late; /* one a time: median, 99th percentile; us */
	struct figure events, frames, cpu_us; /* as many as go through */
};

/* ---- how late ---- */

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Users are slow: between two of their events a device goes to sleep. */
static void let_it_sleep(void)
{
	double end = seconds() + 100e-6;

	while (seconds() < end)
		;
}

/* `once` does one more of something and says how long it took. */
static void sample(struct row *row, unsigned run, double (*once)(void *arg),
		   void *arg)
{
	static double took[SAMPLES];
	double end = seconds() + SLICE_MS * 1e-3;
	unsigned n = 0;

	while (n < SAMPLES && seconds() < end) {
		let_it_sleep();
		took[n++] = once(arg);
	}
	qsort(took, n, sizeof(*took), compare);
	row->middle.run[run] = took[n / 2] * 1e6;
	row->late.run[run] = took[n - 1 - n / 100] * 1e6;
}

struct turn {
	struct inputlane *lane;
	const struct inputlines *lines;
};

static double one_line(void *arg)
{
	const struct turn *turn = arg;

	return inputlane_once(turn->lane, turn->lines);
}

/* ---- a process and nothing else ---- */

struct partner {
	pid_t pid;
	int ends[2];
	unsigned *lines; /* it has read */
};

static void count_lines(const struct partner *p)
{
	struct pollfd fd = { p->ends[0], POLLIN, 0 };
	char line[64];

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		poll(&fd, 1, -1);
		if (read(p->ends[0], line, sizeof(line)) > 0)
			__atomic_add_fetch(p->lines, 1, __ATOMIC_RELEASE);
	}
}

static struct partner start_partner(void)
{
	struct partner p = { .pid = 0 };

	p.lines = mmap(NULL, sizeof(*p.lines), PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (p.lines == MAP_FAILED || pipe2(p.ends, O_CLOEXEC)) {
		fprintf(stderr, "bench: no partner\n");
		exit(1);
	}
	p.pid = fork();
	if (!p.pid)
		count_lines(&p);
	bench_place(p.pid);
	return p;
}

static void end_partner(const struct partner *p)
{
	kill(p->pid, SIGKILL);
	waitpid(p->pid, NULL, 0);
	close(p->ends[0]);
	close(p->ends[1]);
	munmap(p->lines, sizeof(*p->lines));
}

static double bare_line(void *arg)
{
	const struct partner *p = arg;
	unsigned before = __atomic_load_n(p->lines, __ATOMIC_ACQUIRE);
	double began = seconds();

	if (write(p->ends[1], "motion 1 -1\n", 12) != 12)
		exit(1);
	while (__atomic_load_n(p->lines, __ATOMIC_ACQUIRE) == before)
		;
	return seconds() - began;
}

/* ---- how many ---- */

static void measure_many(struct row *row, struct inputlane *lane, unsigned run)
{
	pid_t pid = lane->in->d->program->pid;
	double cpu = seconds_of(pid);
	struct inputcount count = inputlane_keep(lane, &row->lines,
						 seconds() + SLICE_MS * 1e-3);

	row->events.run[run] = (double)count.events / count.took;
	row->frames.run[run] = (double)(count.lines * row->lines.frames) /
			       count.took;
	row->cpu_us.run[run] = (seconds_of(pid) - cpu) / (double)count.events *
			       1e6;
}

/* ---- the table ---- */

static void print(const struct bench *b, const struct row *bare,
		  const struct row *rows)
{
	fprintf(b->out, "\n%-26s%22s%32s\n", "From script to used buffer",
		"one line, us", "as many as go through, a second");
	fprintf(b->out, "%-26s%12s%10s%12s%11s%9s\n", "", "median", "99 %",
		"events", "frames", "CPU us");
	fprintf(b->out, "%-26s%12.1f%10.1f\n", bare->name,
		median(&bare->middle), median(&bare->late));
	for (unsigned i = 0; i < ROWS; i++)
		fprintf(b->out, "%-26s%12.1f%10.1f%12.0f%11.0f%9.2f\n",
			rows[i].name, median(&rows[i].middle),
			median(&rows[i].late), median(&rows[i].events),
			median(&rows[i].frames), median(&rows[i].cpu_us));
}

static void measure_all(struct row *bare, struct partner *partner,
			struct row *rows, struct inputlane *lanes)
{
	for (unsigned run = 0; run < RUNS; run++) {
		sample(bare, run, bare_line, partner);
		for (unsigned i = 0; i < ROWS; i++) {
			struct inputlane *lane = &lanes[rows[i].device];
			struct turn turn = { lane, &rows[i].lines };

			sample(&rows[i], run, one_line, &turn);
			measure_many(&rows[i], lane, run);
		}
	}
}

static void measure_events(const struct bench *b)
{
	static struct row bare = { .name = "bare FIFO and memory" };
	static struct row rows[ROWS] = {
		{ .name = "key a",
		  .device = KEYBOARD,
		  .lines = { "key a\n", 2, 4, 0 } },
		{ .name = "key leftctrl+c",
		  .device = KEYBOARD,
		  .lines = { "key leftctrl+c\n", 4, 8, 0 } },
		{ .name = "motion 1 -1",
		  .device = MOUSE,
		  .lines = { "motion 1 -1\n", 1, 3, 0 } },
		{ .name = "wheel 1",
		  .device = MOUSE,
		  .lines = { "wheel 1\n", 1, 3, 0 } },
	};
	struct desk *desk = inputlane_desk(b, DESK_KEYBOARD | DESK_MOUSE);
	struct inputlane lanes[DESK_DEVICES];
	struct driver *d = bench_start_with(b, OURS, "none", desk_options(desk),
					    RAM_DEFAULT);
	struct partner partner;

	desk_is_at(desk, d->program);
	inputlane_init(&lanes[KEYBOARD], desk, KEYBOARD);
	inputlane_init(&lanes[MOUSE], desk, MOUSE);
	partner = start_partner();
	bench_place(d->program->pid);
	measure_all(&bare, &partner, rows, lanes);
	print(b, &bare, rows);
	end_partner(&partner);
	inputlane_free(&lanes[KEYBOARD]);
	inputlane_free(&lanes[MOUSE]);
	bench_end(d);
	inputlane_clear(desk);
}

void bench_input(const struct bench *b)
{
	if (!inputlane_possible(b))
		return;
	measure_events(b);
	bench_pointing(b);
}
