/*
 * Waiting, with everything else kept going.
 *
 * A test waits for one thing at a time: a call, a reply, the end of a process.
 * Meanwhile the other ends it plays must not go deaf: the screen answers the
 * device's questions, and a device that dies is noticed at once. They watch
 * their file descriptors here and are served during every wait.
 *
 * Nothing sleeps to let time pass; every wait ends with an event or with the
 * deadline, and a deadline that passes is a failure.
 */
#ifndef PUMP_H
#define PUMP_H

#include <stdbool.h>
#include <stdint.h>

/* How long the device may take for any one thing, in milliseconds. */
enum { PATIENCE_MS = 5000 };

/* Milliseconds of the monotonic clock. */
uint64_t pump_now(void);

/* Calls `ready` during waits whenever `fd` is readable. At most 16 of them. */
void pump_watch(int fd, void (*ready)(void *arg), void *arg);
void pump_forget(int fd);

/*
 * Waits until `fd` is readable (or its other end closed), serving the watched
 * ones. False: `ms` milliseconds passed first.
 */
bool pump_until_readable(int fd, int ms);

/* Serves what is ready now, waiting for nothing. */
void pump_once(void);

#endif
