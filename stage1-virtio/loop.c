/*
 * poll(2) over an array. A device has a dozen descriptors, so the kernel's scan
 * of them costs less than one system call to maintain an epoll set.
 *
 * What needs care is a callback that unwatches a descriptor whose turn is yet
 * to come in the same round, closes it, and gets the same number for a new one:
 * an entry that is unwatched is dead at once, and the array is only packed
 * between rounds.
 */
#include "loop.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "log.h"

struct watch {
	void (*fn)(void *arg);
	void *arg;
};

struct loop {
	struct pollfd *fds;    /* fd -1: dead, poll(2) passes over it */
	struct watch *watches; /* watches[i] belongs to fds[i] */
	unsigned count, room;
	int stop_fd; /* an eventfd: safe from any thread */
	bool stopping;
};

static void stop_seen(void *arg)
{
	struct loop *loop = arg;
	uint64_t count;

	if (read(loop->stop_fd, &count, sizeof(count)) == sizeof(count))
		loop->stopping = true;
}

struct loop *loop_new(void)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		die("event loop:");
	loop->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->stop_fd < 0)
		die("eventfd:");
	loop_watch(loop, loop->stop_fd, POLLIN, stop_seen, loop);
	return loop;
}

void loop_free(struct loop *loop)
{
	close(loop->stop_fd);
	free(loop->fds);
	free(loop->watches);
	free(loop);
}

static struct pollfd *find(struct loop *loop, int fd)
{
	for (unsigned i = 0; i < loop->count; i++)
		if (loop->fds[i].fd == fd)
			return &loop->fds[i];
	return NULL;
}

static struct pollfd *append(struct loop *loop)
{
	if (loop->count == loop->room) {
		loop->room = loop->room ? 2 * loop->room : 16;
		loop->fds = reallocarray(loop->fds, loop->room,
					 sizeof(*loop->fds));
		loop->watches = reallocarray(loop->watches, loop->room,
					     sizeof(*loop->watches));
		if (!loop->fds || !loop->watches)
			die("event loop:");
	}
	return &loop->fds[loop->count++];
}

void loop_watch(struct loop *loop, int fd, short events, void (*fn)(void *arg),
		void *arg)
{
	struct pollfd *p = find(loop, fd);

	assert(fd >= 0);
	if (!p)
		p = append(loop);
	*p = (struct pollfd){ .fd = fd, .events = events };
	loop->watches[p - loop->fds] = (struct watch){ fn, arg };
}

void loop_unwatch(struct loop *loop, int fd)
{
	struct pollfd *p = find(loop, fd);

	if (p)
		*p = (struct pollfd){ .fd = -1 };
}

static void pack(struct loop *loop)
{
	unsigned kept = 0;

	for (unsigned i = 0; i < loop->count; i++) {
		if (loop->fds[i].fd < 0)
			continue;
		loop->fds[kept] = loop->fds[i];
		loop->watches[kept++] = loop->watches[i];
	}
	loop->count = kept;
}

void loop_run(struct loop *loop)
{
	loop->stopping = false;
	while (!loop->stopping) {
		pack(loop);
		if (poll(loop->fds, loop->count, -1) < 0) {
			if (errno == EINTR)
				continue;
			die("poll:");
		}
		for (unsigned i = 0; i < loop->count; i++) {
			struct watch w = loop->watches[i];

			/* Cleared by loop_unwatch() and loop_watch() alike. */
			if (loop->fds[i].revents)
				w.fn(w.arg);
		}
	}
}

void loop_stop(struct loop *loop)
{
	uint64_t one = 1;

	if (write(loop->stop_fd, &one, sizeof(one)) != sizeof(one))
		warn("event loop:");
}
