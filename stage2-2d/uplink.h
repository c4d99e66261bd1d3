/*
 * From whoever shows pictures back to the device: a window was resized, or
 * closed; later a key was pressed.
 *
 * Any thread sends; the events are handled on the loop's thread, in order.
 */
#ifndef UPLINK_H
#define UPLINK_H

#include <pthread.h>
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
	struct uplink_event events[UPLINK_ROOM];
	unsigned first, count;
};

void uplink_init(struct uplink *uplink, struct loop *loop);
void uplink_free(struct uplink *uplink);

/* Returns at once; waits for room if the device thread is that far behind. */
void uplink_send(struct uplink *uplink, const struct uplink_event *event);

#endif
