/*
 * From whoever shows pictures back to the device: a window was resized, or
 * closed, a key was pressed.
 *
 * Any thread sends; the events are handled on the loop's thread, in order.
 */
#ifndef UPLINK_H
#define UPLINK_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct loop;

enum { UPLINK_ROOM = 256 };

struct uplink_event {
	void (*handle)(void *arg, const struct uplink_event *event);
	void *arg;
	uint32_t what; /* these are the handler's business */
	int32_t a, b, c;
};

struct uplink {
	struct loop *loop;
	int fd; /* an eventfd */
	pthread_mutex_t lock;
	pthread_cond_t room; /* there is some, where there was none */
	struct uplink_event events[UPLINK_ROOM];
	unsigned first, count;
	bool closed; /* nobody listens any more */
};

void uplink_init(struct uplink *uplink, struct loop *loop);
void uplink_free(struct uplink *uplink);

/* Returns at once, unless the device thread is UPLINK_ROOM events behind: then it
 * waits for room. */
void uplink_send(struct uplink *uplink, const struct uplink_event *event);
/* The loop has ended: from now on events go nowhere, and nobody waits. */
void uplink_close(struct uplink *uplink);

#endif
