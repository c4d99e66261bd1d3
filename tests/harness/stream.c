/*
 * The same request by the thousand: see stream.h.
 */
#include "stream.h"

#include <stdlib.h>

enum {
	SIZE = sizeof(struct virtio_gpu_ctrl_hdr),
	LOOK_EVERY = 2048, /* chains: looking at all of RAM takes long */
};

struct stream *stream_open(struct driver *d, unsigned queue, unsigned most)
{
	struct stream *s = calloc(1, sizeof(*s));

	s->d = d;
	s->ring = queue == CURSORQ ? d->cursor : d->control;
	s->most = most < s->ring->num ? most : s->ring->num;
	s->requests = ram_alloc(d->ram, s->most * (uint64_t)SIZE, 8,
				"requests");
	s->responses = ram_alloc(d->ram, s->most * (uint64_t)SIZE, 8,
				 "responses");
	s->free = malloc(s->most * sizeof(*s->free));
	s->buffer = malloc(s->ring->num * sizeof(*s->buffer));
	s->fence = malloc(s->ring->num * sizeof(*s->fence));
	s->pieces = malloc(s->ring->num * sizeof(*s->pieces));
	for (unsigned i = 0; i < s->most; i++)
		s->free[i] = (uint16_t)i;
	return s;
}

void stream_close(struct stream *s)
{
	ram_release(s->d->ram, s->requests);
	ram_release(s->d->ram, s->responses);
	free(s->free);
	free(s->buffer);
	free(s->fence);
	free(s->pieces);
	free(s);
}

static uint64_t request_at(const struct stream *s, unsigned buffer)
{
	return s->requests + buffer * (uint64_t)SIZE;
}

static uint64_t response_at(const struct stream *s, unsigned buffer)
{
	return s->responses + buffer * (uint64_t)SIZE;
}

/* The request's bytes over all pieces but the last, as evenly as it goes. */
static void cut(const struct stream *s, unsigned buffer, struct piece *pieces,
		unsigned n)
{
	unsigned readable = n > 1 ? n - 1 : 1;
	uint32_t at = 0;

	for (unsigned i = 0; i < readable; i++) {
		uint32_t to = SIZE * (i + 1) / readable;

		pieces[i] = (struct piece){ request_at(s, buffer) + at, to - at,
					    false };
		at = to;
	}
	if (n > 1)
		pieces[n - 1] = (struct piece){ response_at(s, buffer), SIZE,
						true };
}

bool stream_add(struct stream *s, unsigned n, enum shape shape)
{
	struct virtio_gpu_ctrl_hdr cmd;
	struct piece pieces[STREAM_PIECES];
	unsigned buffer;
	uint16_t id;

	if (s->ring->in_flight == s->most || !ring_has_room(s->ring, n, shape))
		return false;
	/* Ids go to and fro, and so do the buffers. */
	buffer = s->free[s->ring->in_flight];
	cmd = driver_header(0xff, ++s->added);
	ram_write(s->d->ram, request_at(s, buffer), &cmd, SIZE);
	ram_fill(s->d->ram, response_at(s, buffer), RAM_FILL, SIZE);
	cut(s, buffer, pieces, n);
	id = ring_add(s->ring, pieces, n, shape);
	s->buffer[id] = (uint16_t)buffer;
	s->fence[id] = s->added;
	s->pieces[id] = n;
	return true;
}

void stream_publish(struct stream *s)
{
	ring_publish(s->ring);
	ring_kick(s->ring);
}

/* QEMU's cursor queue has no responses, room or not. */
static bool may_be_silent(const struct stream *s)
{
	return suite_portable() && s->ring == s->d->cursor;
}

static void check(struct stream *s, const struct used *u)
{
	struct virtio_gpu_ctrl_hdr hdr;

	if (!u->len && may_be_silent(s))
		return;
	ram_read(s->d->ram, response_at(s, s->buffer[u->id]), &hdr,
		 sizeof(hdr));
	if (u->written != (s->pieces[u->id] > 1))
		FAIL("used length %u, of %u pieces", u->len, s->pieces[u->id]);
	if (!u->written)
		return;
	if (u->len != SIZE || !reply_is_error(hdr.type))
		FAIL("expected an error, got %s, used %u", reply_name(hdr.type),
		     u->len);
	if (hdr.flags != VIRTIO_GPU_FLAG_FENCE ||
	    hdr.fence_id != s->fence[u->id])
		FAIL("the response to request %llu has fence %llu",
		     (unsigned long long)s->fence[u->id],
		     (unsigned long long)hdr.fence_id);
}

/* The chain's buffer is free again. */
static void over(struct stream *s, const struct used *u)
{
	s->free[s->ring->in_flight] = s->buffer[u->id];
	s->taken++;
	if (s->d->guarded && s->taken % LOOK_EVERY == 0)
		driver_check_ram(s->d);
}

bool stream_take_one(struct stream *s)
{
	struct used u;

	if (!ring_poll(s->ring, &u))
		return false;
	check(s, &u);
	over(s, &u);
	return true;
}

unsigned stream_take(struct stream *s)
{
	unsigned n = 0;

	while (stream_take_one(s))
		n++;
	return n;
}

void stream_wait(struct stream *s)
{
	struct used u = ring_wait(s->ring);

	check(s, &u);
	over(s, &u);
}

void stream_drain(struct stream *s)
{
	while (s->ring->in_flight)
		stream_wait(s);
	if (s->ring->ops->ready(s->ring))
		FAIL("more was used than there was");
	if (s->d->guarded)
		driver_check_ram(s->d);
}
