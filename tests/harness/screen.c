/*
 * The screen, far end of the device's display socket: see screen.h.
 */
#include "screen.h"

#include <linux/virtio_gpu.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "picture.h"
#include "pump.h"
#include "trail.h"

struct screen_header {
	uint32_t request, flags, size;
};

enum { REPLY = 4, MAX_PAYLOAD = 64 << 20 };

static void answer(struct screen *s, uint32_t request, const void *payload,
		   uint32_t size)
{
	struct screen_header h = { request, REPLY, size };

	s->questions++;
	send(s->fd, &h, sizeof(h), MSG_NOSIGNAL);
	send(s->fd, payload, size, MSG_NOSIGNAL);
}

static void answer_display_info(struct screen *s)
{
	struct virtio_gpu_resp_display_info info = {
		.hdr.type = VIRTIO_GPU_RESP_OK_DISPLAY_INFO,
		.pmodes[0] = { .enabled = 1,
			       .r = { .width = s->width,
				      .height = s->height } },
	};

	answer(s, SCREEN_GET_DISPLAY_INFO, &info, sizeof(info));
}

static void answer_edid(struct screen *s)
{
	struct virtio_gpu_resp_edid edid = {
		.hdr.type = VIRTIO_GPU_RESP_OK_EDID,
	};

	answer(s, SCREEN_GET_EDID, &edid, sizeof(edid));
}

static void keep(struct screen *s, struct screen_message *m)
{
	m->next = NULL;
	*s->last = m;
	s->last = &m->next;
}

static void take(struct screen *s, struct screen_message *m)
{
	switch (m->request) {
	case SCREEN_GET_PROTOCOL_FEATURES:
		answer(s, m->request, &s->features, sizeof(s->features));
		break;
	case SCREEN_GET_DISPLAY_INFO:
		answer_display_info(s);
		break;
	case SCREEN_GET_EDID:
		answer_edid(s);
		break;
	case SCREEN_DMABUF_UPDATE:
		answer(s, m->request, NULL, 0);
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

static bool receive(int fd, void *buf, size_t len)
{
	return !len || recv(fd, buf, len, MSG_WAITALL) == (ssize_t)len;
}

/* Called during any wait: something came, or the device closed its end. */
static void readable(void *arg)
{
	struct screen *s = arg;
	struct screen_message *m;
	struct screen_header h;

	if (!receive(s->fd, &h, sizeof(h))) {
		pump_forget(s->fd);
		return;
	}
	if (h.size > MAX_PAYLOAD)
		FAIL("the screen got message %u with %u bytes", h.request,
		     h.size);
	m = malloc(sizeof(*m) + h.size);
	m->request = h.request;
	m->size = h.size;
	if (!receive(s->fd, m->payload, h.size))
		FAIL("the screen got part of message %u", h.request);
	take(s, m);
}

struct screen *screen_open(uint64_t features, int *peer)
{
	struct screen *s = calloc(1, sizeof(*s));
	struct timeval patience = { .tv_sec = PATIENCE_MS / 1000 };
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		FAIL("no socket pair for the screen");
	*peer = pair[1];
	s->fd = pair[0];
	s->features = features;
	s->width = 1280;
	s->height = 800;
	s->last = &s->first;
	setsockopt(s->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
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
