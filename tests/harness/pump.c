/*
 * Waiting, with everything else kept going: see pump.h.
 */
#include "pump.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <time.h>

enum { MAX_WATCHED = 16 };

struct watched {
	int fd;
	void (*ready)(void *arg);
	void *arg;
};

static struct watched watched[MAX_WATCHED];
static unsigned count;

uint64_t pump_now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

void pump_watch(int fd, void (*ready)(void *arg), void *arg)
{
	assert(count < MAX_WATCHED);
	watched[count++] = (struct watched){ fd, ready, arg };
}

void pump_forget(int fd)
{
	for (unsigned i = 0; i < count; i++)
		if (watched[i].fd == fd)
			watched[i--] = watched[--count];
}

/* `ready` may watch and forget, so it is looked up by its fd, not by place. */
static void serve(int fd)
{
	for (unsigned i = 0; i < count; i++) {
		if (watched[i].fd != fd)
			continue;
		watched[i].ready(watched[i].arg);
		return;
	}
}

/* One poll: serves the watched ones, and says whether `fd` was readable. */
static bool turn(int fd, int ms)
{
	struct pollfd fds[MAX_WATCHED + 1];
	unsigned n = count;

	for (unsigned i = 0; i < n; i++)
		fds[i] = (struct pollfd){ watched[i].fd, POLLIN, 0 };
	fds[n] = (struct pollfd){ fd, POLLIN, 0 };
	if (poll(fds, n + 1, ms) < 0) {
		assert(errno == EINTR);
		return false;
	}
	/* What was awaited comes first: a device may answer, then die. */
	if (fds[n].revents)
		return true;
	for (unsigned i = 0; i < n; i++)
		if (fds[i].revents)
			serve(fds[i].fd);
	return false;
}

bool pump_until_readable(int fd, int ms)
{
	uint64_t end = pump_now() + (uint64_t)ms, now;

	while ((now = pump_now()) < end)
		if (turn(fd, (int)(end - now)))
			return true;
	return turn(fd, 0);
}

void pump_once(void)
{
	turn(-1, 0);
}
