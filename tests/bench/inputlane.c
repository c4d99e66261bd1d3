/*
 * Lines in, events out: see inputlane.h.
 */
#define _GNU_SOURCE
#include "inputlane.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ring_split.h"

enum { BUFFERS = 64, EVENT = sizeof(struct virtio_input_event), CHUNK = 2048 };

static const struct axes axes = { .num = BUFFERS, .event_idx = true };

bool inputlane_possible(const struct bench *b)
{
	char line[512];

	if (strstr(b->command[OURS], "{}"))
		return false;
	snprintf(line, sizeof(line),
		 "%s --help | grep -q -e --input-script=", b->command[OURS]);
	return !system(line);
}

struct desk *inputlane_desk(const struct bench *b, unsigned devices)
{
	program_configure(b->command[OURS], b->folder);
	return desk_new(devices);
}

void inputlane_clear(struct desk *desk)
{
	close(desk->hands);
	unlink(desk->script);
	free(desk);
}

/* ---- the ring ---- */

/* What was offered has to be seen before it is looked at who wants a kick. */
static void kick(struct inputlane *lane, uint16_t before)
{
	uint16_t event;

	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	event = split_avail_event(lane->ring);
	if (vring_need_event(event, lane->offered, before))
		ring_kick_now(lane->ring);
}

static void offer(struct inputlane *lane, uint16_t head)
{
	split_offer(lane->ring, head);
	lane->offered++;
}

void inputlane_init(struct inputlane *lane, struct desk *desk,
		    enum desk_device device)
{
	struct input_options o = { .axes = &axes, .desk = desk, .lazy = true };

	lane->in = input_start_with(device, &o);
	lane->in->d->guarded = false;
	lane->ring = lane->in->d->control;
	lane->offered = 0;
	for (uint16_t i = 0; i < BUFFERS; i++) {
		uint64_t at = ram_alloc(lane->in->d->ram, EVENT, 8, "event");

		split_set_desc(lane->ring, i,
			       (struct vring_desc){ at, EVENT,
						    VRING_DESC_F_WRITE, 0 });
		offer(lane, i);
	}
	kick(lane, 0);
}

void inputlane_free(struct inputlane *lane)
{
	input_end(lane->in);
}

unsigned inputlane_take(struct inputlane *lane)
{
	struct ring *r = lane->ring;
	uint16_t before = lane->offered;

	while (r->split.seen != split_used_idx(r))
		offer(lane, (uint16_t)split_used_elem(r, r->split.seen++).id);
	if (lane->offered != before)
		kick(lane, before);
	return (uint16_t)(lane->offered - before);
}

/* Until there are events, or room in the FIFO if `line` is to be written. */
static void rest(struct inputlane *lane, bool line, int ms)
{
	struct pollfd fds[2] = { { lane->ring->call, POLLIN, 0 },
				 { lane->in->desk->hands, POLLOUT, 0 } };
	eventfd_t count;

	split_set_used_event(lane->ring, lane->ring->split.seen);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (lane->ring->split.seen != split_used_idx(lane->ring))
		return;
	poll(fds, line ? 2 : 1, ms);
	if (fds[0].revents)
		eventfd_read(lane->ring->call, &count);
}

/* ---- the script ---- */

double inputlane_once(struct inputlane *lane, const struct inputlines *lines)
{
	double began = seconds();
	unsigned taken = 0;

	desk_do_lines(lane->in->desk, lines->line);
	while (taken < lines->events)
		taken += inputlane_take(lane);
	return seconds() - began;
}

/* As many lines as are written at once: of a FIFO, all or none. */
static unsigned fill_chunk(char *chunk, const char *line)
{
	size_t len = strlen(line);
	unsigned n = 0;

	for (*chunk = '\0'; (n + 1) * len < CHUNK; n++)
		memcpy(chunk + n * len, line, len + 1);
	return n;
}

/* Returns how many lines it wrote. */
static unsigned write_lines(const struct inputlane *lane, const char *lines,
			    unsigned n)
{
	ssize_t len = (ssize_t)strlen(lines);

	return write(lane->in->desk->hands, lines, (size_t)len) == len ? n : 0;
}

static int ms_until(double time)
{
	double ms = (time - seconds()) * 1e3;

	return ms > 0 ? (int)ms + 1 : 0;
}

struct inputcount inputlane_keep(struct inputlane *lane,
				 const struct inputlines *lines, double end)
{
	struct inputcount count = { .lines = 0 };
	double began = seconds(), due = began;
	char chunk[CHUNK];
	unsigned n = fill_chunk(chunk, lines->line);

	while (seconds() < end) {
		unsigned taken = inputlane_take(lane), written = 0;

		if (!lines->per_second) {
			written = write_lines(lane, chunk, n);
		} else if (seconds() >= due) {
			written = write_lines(lane, lines->line, 1);
			due += 1. / lines->per_second;
		}
		count.events += taken;
		count.lines += written;
		if (!taken && !written)
			rest(lane, !lines->per_second,
			     ms_until(lines->per_second && due < end ? due
								     : end));
	}
	while (count.events < count.lines * lines->events) {
		count.events += inputlane_take(lane);
		if (count.events < count.lines * lines->events)
			rest(lane, false, -1);
	}
	count.took = seconds() - began;
	return count;
}
