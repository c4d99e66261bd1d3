/*
 * How fast does the device answer? GET_DISPLAY_INFO over the control queue, with
 * 1, 16 and 64 requests in flight, beside what two processes can do that only
 * wake each other through eventfds.
 *
 *   roundtrips COMMAND       as suites take it: {} for the socket, or options
 *
 * The driver's side does as little as it can: chains are made once and only
 * their heads are offered again. Rows are measured in turn, several times over,
 * and the median is shown: numbers of other runs, or machines, don't compare.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "driver.h"
#include "ring_split.h"

enum { RUNS = 7, SLICE_MS = 400, RING = 128, ROWS = 4 };

/* One row: round trips a second, and CPU time the other process spends on one. */
struct row {
	const char *name;
	unsigned depth; /* requests in flight; 0: no device at all */
	double rate[RUNS], cpu_us[RUNS];
};

static double now(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

static clockid_t clock_of(pid_t pid)
{
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock)) {
		fprintf(stderr, "roundtrips: the device has ended\n");
		exit(1);
	}
	return clock;
}

static void wait_for(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };
	eventfd_t count;

	poll(&p, 1, -1);
	eventfd_read(fd, &count);
}

/* ---- two processes and nothing else ---- */

struct partner {
	pid_t pid;
	int there, back;
};

static struct partner start_partner(void)
{
	struct partner p = { 0, eventfd(0, EFD_NONBLOCK),
			     eventfd(0, EFD_NONBLOCK) };

	p.pid = fork();
	if (p.pid)
		return p;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	for (;;) {
		wait_for(p.there);
		eventfd_write(p.back, 1);
	}
}

static unsigned ping_pong(const struct partner *p, double end)
{
	unsigned n = 0;

	while (now(CLOCK_MONOTONIC) < end) {
		eventfd_write(p->there, 1);
		wait_for(p->back);
		n++;
	}
	return n;
}

/* ---- the device ---- */

/* Chain i is descriptor 2i, the request, and 2i + 1, room for the response. */
static void make_chains(struct driver *d)
{
	struct virtio_gpu_ctrl_hdr cmd =
		driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 0);
	uint32_t room = sizeof(struct virtio_gpu_resp_display_info);

	for (uint16_t i = 0; i < RING; i += 2) {
		uint64_t request = ram_alloc(d->ram, sizeof(cmd), 8, "request");

		ram_write(d->ram, request, &cmd, sizeof(cmd));
		split_set_desc(d->control, i,
			       (struct vring_desc){ request, sizeof(cmd),
						    VRING_DESC_F_NEXT, i + 1 });
		split_set_desc(d->control, i + 1u,
			       (struct vring_desc){
				       ram_alloc(d->ram, room, 8, "response"),
				       room, VRING_DESC_F_WRITE, 0 });
	}
}

/* Takes what is there and offers the same chains again: how many. */
static unsigned turn_round(struct ring *r, bool again)
{
	unsigned n = 0;

	wait_for(r->call);
	while (r->split.seen != split_used_idx(r)) {
		uint32_t head = split_used_elem(r, r->split.seen++).id;

		if (again)
			split_offer(r, (uint16_t)head);
		n++;
	}
	if (again)
		ring_kick_now(r);
	return n;
}

static unsigned requests(struct ring *r, unsigned depth, double end)
{
	unsigned n = 0, in_flight = depth;

	for (unsigned i = 0; i < depth; i++)
		split_offer(r, (uint16_t)(2 * i));
	ring_kick_now(r);
	while (now(CLOCK_MONOTONIC) < end)
		n += turn_round(r, true);
	while (in_flight)
		in_flight -= turn_round(r, false);
	return n + depth;
}

/* ---- the table ---- */

static void measure(struct row *row, unsigned run, const struct partner *p,
		    struct driver *d)
{
	clockid_t clock = clock_of(row->depth ? d->program->pid : p->pid);
	double cpu = now(clock), began = now(CLOCK_MONOTONIC);
	double end = began + SLICE_MS * 1e-3;
	unsigned n = row->depth ? requests(d->control, row->depth, end)
				: ping_pong(p, end);

	row->rate[run] = n / (now(CLOCK_MONOTONIC) - began);
	row->cpu_us[run] = (now(clock) - cpu) / n * 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double median(double *values)
{
	qsort(values, RUNS, sizeof(*values), compare);
	return values[RUNS / 2];
}

static void show(struct row *rows)
{
	double bare = median(rows[0].rate);

	printf("%-22s%14s%20s%12s\n", "", "round trips/s", "min ... max",
	       "CPU us each");
	for (unsigned i = 0; i < ROWS; i++) {
		double rate = median(rows[i].rate);

		printf("%-22s%14.0f%10.0f%10.0f%12.2f%8.2f x\n", rows[i].name,
		       rate, rows[i].rate[0], rows[i].rate[RUNS - 1],
		       median(rows[i].cpu_us), rate / bare);
	}
	printf("Median of %d runs of %d ms in turn; CPU time is that of the "
	       "device,\nor of the process at the eventfds' other end.\n",
	       RUNS, SLICE_MS);
}

int main(int argc, char **argv)
{
	static const struct axes axes = { .num = RING };
	static struct row rows[ROWS] = {
		{ .name = "eventfd ping-pong" },
		{ .name = "1 request in flight", .depth = 1 },
		{ .name = "16", .depth = 16 },
		{ .name = "64", .depth = 64 },
	};
	char folder[] = "/tmp/roundtrips-XXXXXX";
	struct partner partner = start_partner();
	struct driver *d;

	if (argc != 2 || !mkdtemp(folder)) {
		fprintf(stderr, "usage: roundtrips COMMAND\n");
		return 2;
	}
	trail_quiet(true);
	program_configure(argv[1], folder);
	d = driver_start(&axes);
	make_chains(d);
	for (unsigned run = 0; run < RUNS; run++)
		for (unsigned i = 0; i < ROWS; i++)
			measure(&rows[i], run, &partner, d);
	show(rows);
	driver_end_all();
	program_stop_all();
	rmdir(folder);
	kill(partner.pid, SIGKILL);
	return waitpid(partner.pid, NULL, 0) != partner.pid;
}
