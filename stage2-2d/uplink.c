/*
 * A ring of events with a lock, and an eventfd that says it isn't empty.
 */
#include "uplink.h"

#include <poll.h>
#include <stdbool.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "log.h"
#include "loop.h"

static bool take(struct uplink *uplink, struct uplink_event *event)
{
	bool there;

	pthread_mutex_lock(&uplink->lock);
	there = uplink->count > 0;
	if (there) {
		*event = uplink->events[uplink->first];
		uplink->first = (uplink->first + 1) % UPLINK_ROOM;
		uplink->count--;
		pthread_cond_signal(&uplink->room);
	}
	pthread_mutex_unlock(&uplink->lock);
	return there;
}

/* The eventfd is emptied first: what comes behind that rings again. */
static void rung(void *arg)
{
	struct uplink *uplink = arg;
	struct uplink_event event;
	uint64_t count;

	if (read(uplink->fd, &count, sizeof(count)) < 0)
		return;
	while (take(uplink, &event))
		event.handle(event.arg, &event);
}

void uplink_send(struct uplink *uplink, const struct uplink_event *event)
{
	uint64_t one = 1;

	pthread_mutex_lock(&uplink->lock);
	while (uplink->count == UPLINK_ROOM && !uplink->closed)
		pthread_cond_wait(&uplink->room, &uplink->lock);
	if (!uplink->closed)
		uplink->events[(uplink->first + uplink->count++) %
			       UPLINK_ROOM] = *event;
	pthread_mutex_unlock(&uplink->lock);
	if (write(uplink->fd, &one, sizeof(one)) < 0)
		warn("uplink:");
}

void uplink_close(struct uplink *uplink)
{
	pthread_mutex_lock(&uplink->lock);
	uplink->closed = true;
	pthread_cond_broadcast(&uplink->room);
	pthread_mutex_unlock(&uplink->lock);
}

void uplink_init(struct uplink *uplink, struct loop *loop)
{
	*uplink = (struct uplink){ .loop = loop };
	pthread_mutex_init(&uplink->lock, NULL);
	pthread_cond_init(&uplink->room, NULL);
	uplink->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (uplink->fd < 0)
		die("eventfd:");
	loop_watch(loop, uplink->fd, POLLIN, rung, uplink);
}

void uplink_free(struct uplink *uplink)
{
	loop_unwatch(uplink->loop, uplink->fd);
	close(uplink->fd);
	pthread_cond_destroy(&uplink->room);
	pthread_mutex_destroy(&uplink->lock);
}
