/*
 * Kicks, calls and errors: counters in eventfds.
 */
#include "notify.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "log.h"

enum { POLL_NS = 1000000 };

void notify_init(struct notify *notify)
{
	*notify = (struct notify){ -1, -1, -1, false };
}

static void replace(int *fd, int by)
{
	if (*fd >= 0)
		close(*fd);
	*fd = by;
}

void notify_release(struct notify *notify)
{
	notify_drop_kick(notify);
	replace(&notify->call, -1);
	replace(&notify->err, -1);
}

void notify_drop_kick(struct notify *notify)
{
	replace(&notify->kick, -1);
	notify->polled = false;
}

static int polling_timer(void)
{
	struct itimerspec every = {
		.it_interval.tv_nsec = POLL_NS,
		.it_value.tv_nsec = POLL_NS,
	};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd < 0)
		warn("polling timer:");
	else
		timerfd_settime(fd, 0, &every, NULL);
	return fd;
}

bool notify_can_use(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	return flags >= 0 && !fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

void notify_set_kick(struct notify *notify, int fd)
{
	notify->polled = fd < 0;
	replace(&notify->kick, notify->polled ? polling_timer() : fd);
}

void notify_set_call(struct notify *notify, int fd)
{
	replace(&notify->call, fd);
}

void notify_set_err(struct notify *notify, int fd)
{
	replace(&notify->err, fd);
}

bool notify_take_kick(struct notify *notify)
{
	uint64_t count;
	ssize_t n = read(notify->kick, &count, sizeof(count));

	return n == sizeof(count) || (n < 0 && errno == EAGAIN);
}

/*
 * EAGAIN: the counter is full, so the other side has one waiting. What fails
 * otherwise is no eventfd: it is of no use, and told of once.
 */
static bool add_one(int fd)
{
	uint64_t one = 1;

	return write(fd, &one, sizeof(one)) >= 0 || errno == EAGAIN;
}

static void tell(int *fd, const char *what)
{
	if (*fd < 0 || add_one(*fd))
		return;
	warn("%s eventfd:", what);
	replace(fd, -1);
}

bool notify_kick(struct notify *notify)
{
	return notify->polled || add_one(notify->kick);
}

void notify_call(struct notify *notify)
{
	tell(&notify->call, "call");
}

void notify_error(struct notify *notify)
{
	tell(&notify->err, "err");
}
