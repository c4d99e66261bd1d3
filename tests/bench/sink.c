/*
 * Reads away what comes.
 */
#include "sink.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "driver.h"

enum { ROOM = 1 << 20 };

/* True: `len` bytes were there. */
static bool read_away(int fd, void *buf, size_t room, size_t len)
{
	while (len) {
		ssize_t n = recv(fd, buf, len < room ? len : room, 0);

		if (n <= 0)
			return false;
		len -= (size_t)n;
	}
	return true;
}

static void *read_messages(void *arg)
{
	struct sink *sink = arg;
	int fd = sink->d->fe->screen->fd;
	struct screen_header header;
	char *buf = malloc(ROOM);

	while (read_away(fd, &header, sizeof(header), sizeof(header)) &&
	       read_away(fd, buf, ROOM, header.size)) {
		if (header.request < SINK_KINDS)
			__atomic_add_fetch(&sink->messages[header.request], 1,
					   __ATOMIC_RELAXED);
		__atomic_add_fetch(&sink->bytes, sizeof(header) + header.size,
				   __ATOMIC_RELAXED);
	}
	free(buf);
	return NULL;
}

void sink_start(struct sink *sink, struct driver *d)
{
	*sink = (struct sink){ .d = d };
	pthread_create(&sink->reader, NULL, read_messages, sink);
}

void sink_stop(struct sink *sink)
{
	shutdown(sink->d->fe->screen->fd, SHUT_RD);
	pthread_join(sink->reader, NULL);
}

unsigned sink_messages(struct sink *sink, enum screen_request request)
{
	return __atomic_exchange_n(&sink->messages[request], 0,
				   __ATOMIC_RELAXED);
}

uint64_t sink_bytes(struct sink *sink)
{
	return __atomic_exchange_n(&sink->bytes, 0, __ATOMIC_RELAXED);
}
