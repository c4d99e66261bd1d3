/*
 * The event loop: file descriptor -> callback.
 *
 * One loop belongs to one thread, any thread; everything the guest can see
 * happens in its callbacks. Only loop_stop() may be called from elsewhere.
 */
#ifndef LOOP_H
#define LOOP_H

#include <poll.h>

struct loop;

/* Both end the program if memory or descriptors run out: it is start-up. */
struct loop *loop_new(void);
void loop_free(struct loop *loop);

/*
 * Call fn(arg) whenever `fd` is ready for `events` (POLLIN, POLLOUT or both) or
 * has hung up. Watching a watched fd replaces what was asked for before. The
 * fd stays the caller's; unwatch it before closing it. A callback may watch
 * and unwatch anything, itself included.
 */
void loop_watch(struct loop *loop, int fd, short events, void (*fn)(void *arg),
		void *arg);
void loop_unwatch(struct loop *loop, int fd);

/* Returns once loop_stop() was called; a second run starts afresh. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

#endif
