/*
 * A queue's three notifications, each an eventfd that the front end handed us:
 *
 *   kick   driver -> device   look at the ring
 *   call   device -> driver   look at the ring
 *   err    device -> driver   this ring is beyond use
 *
 * With KVM the kick is an ioeventfd and the call an irqfd: neither goes through
 * QEMU. The call changes while the device runs (the guest masks and unmasks its
 * interrupts), so nobody but this module keeps a copy.
 *
 * (vhost-user.rst, SET_VRING_KICK, SET_VRING_CALL, SET_VRING_ERR.)
 */
#ifndef NOTIFY_H
#define NOTIFY_H

#include <stdbool.h>

struct notify {
	int kick, call, err; /* -1: none; ours to close */
	bool polled;	     /* `kick` is a timer in the driver's place */
};

void notify_init(struct notify *notify);
/* Closes all of them. */
void notify_release(struct notify *notify);

/*
 * From now on the fd never blocks: one that did would hold up all of the device,
 * whose only thread reads it. False: it can't be had so. Still the caller's.
 */
bool notify_can_use(int fd);

/*
 * Take an fd over, and close the one before. A driver that does not kick (fd
 * -1) is polled: `kick` becomes a timer that goes off every millisecond.
 */
void notify_set_kick(struct notify *notify, int fd);
void notify_set_call(struct notify *notify, int fd);
void notify_set_err(struct notify *notify, int fd);
void notify_drop_kick(struct notify *notify);

/* Takes a kick off the fd, if there is one. False: that is no eventfd. */
bool notify_take_kick(struct notify *notify);
/* A kick of our own, which comes back through the event loop. False: as above. */
bool notify_kick(struct notify *notify);

void notify_call(struct notify *notify);
void notify_error(struct notify *notify);

#endif
