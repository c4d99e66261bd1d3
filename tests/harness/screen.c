/*
 * The screen, far end of the device's display socket: see screen.h.
 */
#include "screen.h"

#include <errno.h>
#include <linux/virtio_gpu.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "picture.h"
#include "pump.h"
#include "suite.h"
#include "trail.h"

enum {
	REPLY = 4,
	MAX_PAYLOAD = 64 << 20,
	SOCKET_BYTES = 208 << 10, /* what it holds, wherever tests run */
};

/* ---- answers ---- */

void screen_say(struct screen *s, const void *bytes, size_t len)
{
	ssize_t n = send(s->fd, bytes, len, MSG_NOSIGNAL);

	(void)n; /* the device may be gone */
}

void screen_answer(struct screen *s, uint32_t request, const void *payload,
		   uint32_t size)
{
	struct screen_header h = { request, REPLY, size };

	s->questions++;
	screen_say(s, &h, sizeof(h));
	screen_say(s, payload, size);
}

static struct virtio_gpu_display_one display_one(uint32_t width,
						 uint32_t height)
{
	return (struct virtio_gpu_display_one){
		.r = { .width = width, .height = height },
		.enabled = width != 0,
	};
}

struct virtio_gpu_resp_display_info screen_info(const struct screen *s)
{
	struct virtio_gpu_resp_display_info info = {
		.hdr.type = VIRTIO_GPU_RESP_OK_DISPLAY_INFO,
		.pmodes[0] = display_one(s->width, s->height),
	};

	for (unsigned i = 1; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		info.pmodes[i] = display_one(s->more[i - 1].width,
					     s->more[i - 1].height);
	return info;
}

static void answer_display_info(struct screen *s)
{
	struct virtio_gpu_resp_display_info info = screen_info(s);

	screen_answer(s, SCREEN_GET_DISPLAY_INFO, &info, sizeof(info));
}

static void answer_edid(struct screen *s)
{
	struct virtio_gpu_resp_edid edid = {
		.hdr.type = VIRTIO_GPU_RESP_OK_EDID,
	};

	screen_answer(s, SCREEN_GET_EDID, &edid, sizeof(edid));
}

/* ---- messages ---- */

static void keep(struct screen *s, struct screen_message *m)
{
	m->next = NULL;
	*s->last = m;
	s->last = &m->next;
}

static void take(struct screen *s, struct screen_message *m)
{
	switch (s->mute ? 0 : m->request) {
	case SCREEN_GET_PROTOCOL_FEATURES:
		screen_answer(s, m->request, &s->features, sizeof(s->features));
		break;
	case SCREEN_GET_DISPLAY_INFO:
		answer_display_info(s);
		break;
	case SCREEN_GET_EDID:
		answer_edid(s);
		break;
	case SCREEN_DMABUF_UPDATE:
		screen_answer(s, m->request, NULL, 0);
		keep(s, m);
		return;
	case SCREEN_SET_PROTOCOL_FEATURES:
		break;
	default:
		keep(s, m);
		return;
	}
	free(m);
}

/* Room for the payload, now that the header is whole. */
static void begin_payload(struct screen *s)
{
	const struct screen_header *h = &s->header;

	if (h->size > MAX_PAYLOAD)
		FAIL("the screen got message %u with %u bytes", h->request,
		     h->size);
	/* QEMU doesn't look at them, and its own back end doesn't set them. */
	if (h->flags && !suite_portable())
		FAIL("the screen got message %u with flags %#x", h->request,
		     h->flags);
	s->coming = malloc(sizeof(*s->coming) + h->size);
	s->coming->request = h->request;
	s->coming->size = h->size;
}

static void take_whole(struct screen *s)
{
	struct screen_message *m = s->coming;

	s->coming = NULL;
	s->got = 0;
	take(s, m);
}

/* 0: nothing there; -1: the device closed its end. */
static ssize_t receive(struct screen *s, size_t limit)
{
	size_t head = sizeof(s->header), want = head - s->got;
	uint8_t *to = (uint8_t *)&s->header + s->got;
	ssize_t n;

	if (s->coming) {
		want = head + s->header.size - s->got;
		to = s->coming->payload + s->got - head;
	}
	n = recv(s->fd, to, want < limit ? want : limit, MSG_DONTWAIT);
	if (n <= 0)
		return n < 0 && errno == EAGAIN ? 0 : -1;
	s->got += (size_t)n;
	if (s->got == head)
		begin_payload(s);
	if (s->coming && s->got == head + s->header.size)
		take_whole(s);
	return n;
}

size_t screen_sip(struct screen *s, size_t bytes)
{
	size_t left = bytes;
	ssize_t n;

	while (left && (n = receive(s, left)) > 0)
		left -= (size_t)n;
	return bytes - left;
}

/* Called during any wait: takes all that has come. */
static void readable(void *arg)
{
	struct screen *s = arg;
	ssize_t n;

	while ((n = receive(s, SIZE_MAX)) > 0)
		;
	if (n < 0)
		pump_forget(s->fd);
}

struct screen_message *screen_await(struct screen *s, uint32_t request)
{
	uint64_t end = pump_now() + PATIENCE_MS;
	struct screen_message *m;

	while (!(m = screen_next(s))) {
		if (pump_now() > end)
			FAIL("the screen has waited for message %u", request);
		pump_until_readable(-1, 5);
	}
	if (m->request != request)
		FAIL("the screen got message %u in place of %u", m->request,
		     request);
	return m;
}

struct screen *screen_open(uint64_t features, int *peer)
{
	struct screen *s = calloc(1, sizeof(*s));
	int pair[2], half = SOCKET_BYTES / 2; /* the kernel doubles it */

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		FAIL("no socket pair for the screen");
	setsockopt(pair[1], SOL_SOCKET, SO_SNDBUF, &half, sizeof(half));
	*peer = pair[1];
	s->fd = pair[0];
	s->features = features;
	s->width = 1280;
	s->height = 800;
	s->last = &s->first;
	pump_watch(s->fd, readable, s);
	return s;
}

void screen_hold(struct screen *s)
{
	pump_forget(s->fd);
}

void screen_go_on(struct screen *s)
{
	pump_watch(s->fd, readable, s);
}

void screen_close(struct screen *s)
{
	if (s->fd < 0)
		return;
	pump_forget(s->fd);
	close(s->fd);
	s->fd = -1;
}

void screen_free(struct screen *s)
{
	struct screen_message *m;

	screen_close(s);
	free(s->coming);
	while ((m = screen_next(s)))
		free(m);
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		picture_free(s->pictures[i]);
	free(s);
}

struct screen_message *screen_next(struct screen *s)
{
	struct screen_message *m = s->first;

	if (!m)
		return NULL;
	s->first = m->next;
	if (!s->first)
		s->last = &s->first;
	return m;
}

void screen_expect_quiet(struct screen *s)
{
	pump_once();
	if (s->first)
		FAIL("the screen should be left alone, but got message %u",
		     s->first->request);
}
