/*
 * Programs, chains and figures: see bench.h.
 */
#define _GNU_SOURCE
#include "bench.h"

#include <math.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "ring_split.h"

enum { RING = 256 };

_Static_assert(2 * LANE_CHAINS <= RING, "two descriptors a chain");

/* ---- programs ---- */

const char *bench_name(const struct bench *b, unsigned subject)
{
	static char names[SUBJECTS][64];
	const char *command = b->command[subject];
	size_t len = strcspn(command, " ");
	char *name;

	snprintf(names[subject], sizeof(names[0]), "%.*s", (int)len, command);
	name = strrchr(names[subject], '/');
	return name ? name + 1 : names[subject];
}

static bool has_displays(const char *command)
{
	char line[512];

	if (strstr(command, "{}"))
		return false;
	snprintf(line, sizeof(line),
		 "%s --help | grep -q -e --display=", command);
	return !system(line);
}

/* The `nth` of the processors there are for us; false: there are fewer. */
static bool find_processor(unsigned nth, cpu_set_t *one)
{
	static cpu_set_t all;

	if (!CPU_COUNT(&all))
		sched_getaffinity(0, sizeof(all), &all);
	CPU_ZERO(one);
	for (int i = 0; i < CPU_SETSIZE; i++)
		if (CPU_ISSET(i, &all) && !nth--) {
			CPU_SET(i, one);
			return true;
		}
	return false;
}

void bench_place(pid_t pid)
{
	cpu_set_t here, there;

	if (!find_processor(0, &here) || !find_processor(1, &there))
		return;
	sched_setaffinity(0, sizeof(here), &here);
	sched_setaffinity(pid, sizeof(there), &there);
}

struct driver *bench_start_with(const struct bench *b, unsigned subject,
				const char *display, const char *more,
				uint64_t ram)
{
	static const struct axes axes = { .num = RING };
	bool choice = has_displays(b->command[subject]);
	struct driver *d;
	char line[1024];

	program_configure(b->command[subject], b->folder);
	snprintf(line, sizeof(line), "%s%s %s 2>/dev/null",
		 choice ? "--display=" : "", choice ? display : "", more);
	d = driver_start_with(&(struct driver_options){
		.axes = &axes, .options = line, .ram = ram });
	d->guarded = false;
	return d;
}

struct driver *bench_start(const struct bench *b, unsigned subject,
			   const char *display, uint64_t ram)
{
	return bench_start_with(b, subject, display, "", ram);
}

void bench_end(struct driver *d)
{
	struct program *p = d->program;
	char path[sizeof(p->path)];

	strcpy(path, p->path);
	p->may_end = true;
	driver_end(d);
	program_stop(p);
	/* Not every program tidies up its socket. */
	unlink(path);
}

bool bench_has_2d(struct driver *d)
{
	struct virtio_gpu_resource_unref cmd = {
		.hdr = driver_header(VIRTIO_GPU_CMD_RESOURCE_UNREF, 0),
		.resource_id = 1,
	};
	struct reply r =
		driver_send(d, &(struct request){ REQUEST(cmd), .room = 24 });

	return r.hdr.type == VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
}

/* ---- figures ---- */

static double clock_seconds(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec * 1e-9;
}

double seconds(void)
{
	return clock_seconds(CLOCK_MONOTONIC);
}

double seconds_of(pid_t pid)
{
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock)) {
		fprintf(stderr, "bench: a program has ended\n");
		exit(1);
	}
	return clock_seconds(clock);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double ranked(const struct figure *f, unsigned rank)
{
	struct figure sorted = *f;

	qsort(sorted.run, RUNS, sizeof(*sorted.run), compare);
	return sorted.run[rank];
}

double median(const struct figure *f)
{
	return ranked(f, RUNS / 2);
}

double least(const struct figure *f)
{
	return ranked(f, 0);
}

double most(const struct figure *f)
{
	return ranked(f, RUNS - 1);
}

double median_ratio(const struct figure *a, const struct figure *b)
{
	struct figure ratio;

	for (unsigned i = 0; i < RUNS; i++)
		ratio.run[i] = a->run[i] / b->run[i];
	return median(&ratio);
}

const char *with_bar(double value, double bar)
{
	static char texts[4][32];
	static unsigned turn;
	char *text = texts[turn++ % 4];
	int len;

	if (isnan(value))
		return "-";
	len = snprintf(text, sizeof(texts[0]), "%.2f", value);
	if (bar > 0)
		snprintf(text + len, sizeof(texts[0]) - (size_t)len,
			 " (bar %.2f)", bar);
	return text;
}

/* ---- chains ---- */

void lane_init_on(struct lane *lane, struct driver *d, struct ring *ring)
{
	*lane = (struct lane){ .d = d, .ring = ring };
}

void lane_init(struct lane *lane, struct driver *d)
{
	lane_init_on(lane, d, d->control);
}

static void set_desc(struct ring *ring, unsigned index, uint64_t addr,
		     uint32_t len, uint16_t flags)
{
	split_set_desc(ring, index,
		       (struct vring_desc){ addr, len, flags,
					    (uint16_t)(index + 1) });
}

unsigned lane_add(struct lane *lane, const void *request, uint32_t len,
		  uint32_t room)
{
	struct ram *ram = lane->d->ram;
	uint64_t at = ram_alloc(ram, len, 8, "request");
	uint64_t to = room ? ram_alloc(ram, room, 8, "response") : 0;
	unsigned head = 2 * lane->count;

	if (lane->count == LANE_CHAINS) {
		fprintf(stderr, "bench: too many chains\n");
		exit(1);
	}
	ram_write(ram, at, request, len);
	set_desc(lane->ring, head, at, len, room ? VRING_DESC_F_NEXT : 0);
	if (room)
		set_desc(lane->ring, head + 1, to, room, VRING_DESC_F_WRITE);
	lane->response[lane->count] = to;
	return lane->count++;
}

static void wait_for(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };
	eventfd_t count;

	poll(&p, 1, -1);
	eventfd_read(fd, &count);
}

/* Takes what is there and may offer the same chains again: how many. */
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

static void offer(struct lane *lane, unsigned first, unsigned n)
{
	for (unsigned i = first; i < first + n; i++)
		split_offer(lane->ring, (uint16_t)(2 * i));
	ring_kick_now(lane->ring);
}

void lane_once(struct lane *lane, unsigned first, unsigned n)
{
	offer(lane, first, n);
	while (n)
		n -= turn_round(lane->ring, false);
}

unsigned lane_keep(struct lane *lane, unsigned first, unsigned n, double end)
{
	unsigned answered = 0, in_flight = n;

	offer(lane, first, n);
	while (seconds() < end)
		answered += turn_round(lane->ring, true);
	while (in_flight)
		in_flight -= turn_round(lane->ring, false);
	return answered + n;
}

void lane_check(struct lane *lane, unsigned first, unsigned n)
{
	struct virtio_gpu_ctrl_hdr hdr;

	for (unsigned i = first; i < first + n; i++) {
		ram_read(lane->d->ram, lane->response[i], &hdr, sizeof(hdr));
		if (hdr.type < VIRTIO_GPU_RESP_ERR_UNSPEC)
			continue;
		fprintf(stderr, "bench: %s was answered\n",
			reply_name(hdr.type));
		exit(1);
	}
}
