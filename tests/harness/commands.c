/*
 * The 2D commands of the driver: see commands.h.
 */
#include "commands.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draws.h"
#include "picture.h"
#include "pump.h"

const uint32_t all_formats[FORMATS] = {
	VIRTIO_GPU_FORMAT_B8G8R8A8_UNORM, VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM,
	VIRTIO_GPU_FORMAT_A8R8G8B8_UNORM, VIRTIO_GPU_FORMAT_X8R8G8B8_UNORM,
	VIRTIO_GPU_FORMAT_R8G8B8A8_UNORM, VIRTIO_GPU_FORMAT_X8B8G8R8_UNORM,
	VIRTIO_GPU_FORMAT_A8B8G8R8_UNORM, VIRTIO_GPU_FORMAT_R8G8B8X8_UNORM,
};

struct driver *driver_start_2d_with(const struct driver_options *o)
{
	struct driver *d = driver_start_with(o);

	d->twin = twin_new(d->ram, d->scanouts);
	return d;
}

struct driver *driver_start_2d(const struct axes *axes)
{
	return driver_start_2d_with(&(struct driver_options){ .axes = axes });
}

/* ---- sending ---- */

/* "OK_NODATA", or the errors of a set. */
static const char *names_of(unsigned faults)
{
	static char text[160];

	strcpy(text, faults ? "" : "OK_NODATA");
	for (unsigned i = 0; i < 32; i++) {
		if (!(faults & 1u << i))
			continue;
		strcat(text, *text ? " or " : "");
		strcat(text, reply_name(VIRTIO_GPU_RESP_ERR_UNSPEC + i));
	}
	return text;
}

static bool allowed(unsigned faults, uint32_t type)
{
	if (!faults)
		return type == VIRTIO_GPU_RESP_OK_NODATA;
	return reply_is_error(type) &&
	       (suite_portable() || faults & FAULT(type));
}

static void ask_twin(struct driver *d, const struct request *r,
		     const struct reply *reply)
{
	unsigned faults = twin_do(d->twin, r->bytes, r->len);

	if (r->queue == CURSORQ && suite_portable() && !reply->used)
		return;
	if (reply->used != sizeof(reply->hdr) ||
	    !allowed(faults, reply->hdr.type))
		FAIL("%s: expected %s, used 24; got %s, used %u",
		     request_text(r->bytes, r->len), names_of(faults),
		     reply_name(reply->hdr.type), reply->used);
}

/* Ascending offsets, as many as there is room for in the ring. */
static void draw_cuts(const struct driver *d, uint32_t len, uint32_t cuts[4])
{
	unsigned n = draw_below(4);

	while (n && !ring_has_room(d->control, n + 2, SHAPE_AXES))
		n--;
	for (unsigned i = 0; i < n; i++) {
		uint32_t from = i ? cuts[i - 1] : 0;

		cuts[i] = from + 1 + draw_below((len - from) / 2);
	}
	cuts[n] = 0;
}

static struct reply send_fickle(struct driver *d, const struct request *r)
{
	struct virtio_gpu_ctrl_hdr *hdr = malloc(r->len);
	struct request other = *r;
	uint32_t cuts[4];
	struct reply reply;

	memcpy(hdr, r->bytes, r->len);
	if (draw_below(2))
		hdr->flags |= VIRTIO_GPU_FLAG_FENCE;
	hdr->fence_id = draw();
	draw_cuts(d, r->len, cuts);
	other.bytes = hdr;
	other.cuts = cuts;
	reply = driver_send(d, &other);
	if (hdr->flags & VIRTIO_GPU_FLAG_FENCE && reply.used &&
	    (reply.hdr.flags != VIRTIO_GPU_FLAG_FENCE ||
	     reply.hdr.fence_id != hdr->fence_id))
		FAIL("the fence does not come back with the reply");
	free(hdr);
	return reply;
}

struct reply try_2d(struct driver *d, const struct request *r)
{
	struct reply reply = d->fickle && !r->cuts ? send_fickle(d, r)
						   : driver_send(d, r);

	if (d->twin)
		ask_twin(d, r, &reply);
	return reply;
}

/* A structure that begins with a header. */
#define SEND(d, cmd) try_2d(d, &(struct request){ REQUEST(cmd), .room = 24 })
#define HEADER(name) .hdr = { .type = VIRTIO_GPU_CMD_##name }

struct reply try_create(struct driver *d, uint32_t id, uint32_t format,
			uint32_t width, uint32_t height)
{
	struct virtio_gpu_resource_create_2d cmd = {
		HEADER(RESOURCE_CREATE_2D), .resource_id = id,
		.format = format,	    .width = width,
		.height = height,
	};

	return SEND(d, cmd);
}

struct reply try_unref(struct driver *d, uint32_t id)
{
	struct virtio_gpu_resource_unref cmd = {
		HEADER(RESOURCE_UNREF),
		.resource_id = id,
	};

	return SEND(d, cmd);
}

struct reply try_attach(struct driver *d, uint32_t id, uint32_t count,
			const struct virtio_gpu_mem_entry *entries, uint32_t n)
{
	struct virtio_gpu_resource_attach_backing cmd = {
		HEADER(RESOURCE_ATTACH_BACKING),
		.resource_id = id,
		.nr_entries = count,
	};
	uint32_t len = (uint32_t)(sizeof(cmd) + n * sizeof(*entries));
	uint8_t *bytes = malloc(len);
	struct reply r;

	memcpy(bytes, &cmd, sizeof(cmd));
	if (n)
		memcpy(bytes + sizeof(cmd), entries, n * sizeof(*entries));
	r = try_2d(d, &(struct request){ bytes, len, .room = 24 });
	free(bytes);
	return r;
}

struct reply try_detach(struct driver *d, uint32_t id)
{
	struct virtio_gpu_resource_detach_backing cmd = {
		HEADER(RESOURCE_DETACH_BACKING),
		.resource_id = id,
	};

	return SEND(d, cmd);
}

struct reply try_transfer(struct driver *d, uint32_t id,
			  struct virtio_gpu_rect r, uint64_t offset)
{
	struct virtio_gpu_transfer_to_host_2d cmd = {
		HEADER(TRANSFER_TO_HOST_2D),
		.r = r,
		.offset = offset,
		.resource_id = id,
	};

	return SEND(d, cmd);
}

struct reply try_scanout(struct driver *d, uint32_t scanout, uint32_t id,
			 struct virtio_gpu_rect r)
{
	struct virtio_gpu_set_scanout cmd = {
		HEADER(SET_SCANOUT),
		.r = r,
		.scanout_id = scanout,
		.resource_id = id,
	};

	return SEND(d, cmd);
}

struct reply try_flush(struct driver *d, uint32_t id, struct virtio_gpu_rect r)
{
	struct virtio_gpu_resource_flush cmd = {
		HEADER(RESOURCE_FLUSH),
		.r = r,
		.resource_id = id,
	};

	return SEND(d, cmd);
}

/* ---- the same, to succeed ---- */

void create_2d(struct driver *d, uint32_t id, uint32_t format, uint32_t width,
	       uint32_t height)
{
	EXPECT_DONE(try_create(d, id, format, width, height));
}

void unref(struct driver *d, uint32_t id)
{
	EXPECT_DONE(try_unref(d, id));
}

void attach_backing(struct driver *d, uint32_t id, const struct pages *p)
{
	EXPECT_DONE(try_attach(d, id, p->count, p->entries, p->count));
}

void detach_backing(struct driver *d, uint32_t id)
{
	EXPECT_DONE(try_detach(d, id));
}

void transfer_to_host(struct driver *d, uint32_t id, struct virtio_gpu_rect r,
		      uint64_t offset)
{
	EXPECT_DONE(try_transfer(d, id, r, offset));
}

/* Collected in the other order, so that the second really is there, too. */
void transfer_and(struct driver *d, uint32_t id, struct virtio_gpu_rect r,
		  const struct request *then)
{
	struct virtio_gpu_transfer_to_host_2d transfer = {
		.hdr = driver_header(VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, 1),
		.r = r,
		.resource_id = id,
	};
	struct posted *first, *second;
	struct reply reply;

	first = driver_add(d,
			   &(struct request){ REQUEST(transfer), .room = 24 });
	second = driver_add(d, then);
	driver_publish(d, CONTROLQ);
	reply = driver_collect(d, second);
	EXPECT_REPLY(reply, VIRTIO_GPU_RESP_OK_NODATA, 24);
	reply = driver_collect(d, first);
	EXPECT_REPLY(reply, VIRTIO_GPU_RESP_OK_NODATA, 24);
	twin_do(d->twin, &transfer, sizeof(transfer));
	twin_do(d->twin, then->bytes, then->len);
}

void set_scanout(struct driver *d, uint32_t scanout, uint32_t id,
		 struct virtio_gpu_rect r)
{
	EXPECT_DONE(try_scanout(d, scanout, id, r));
}

void scanout_off(struct driver *d, uint32_t scanout)
{
	set_scanout(d, scanout, 0, RECT(0, 0, 0, 0));
}

void flush(struct driver *d, uint32_t id, struct virtio_gpu_rect r)
{
	EXPECT_DONE(try_flush(d, id, r));
}

uint64_t offset_of(const struct virtio_gpu_rect *r, uint32_t width)
{
	return ((uint64_t)r->y * width + r->x) * 4;
}

void show(struct driver *d, uint32_t id, uint32_t width, uint32_t height)
{
	transfer_to_host(d, id, RECT(0, 0, width, height), 0);
	flush(d, id, RECT(0, 0, width, height));
}

struct pages *show_new(struct driver *d, uint32_t scanout, uint32_t id,
		       uint32_t format, uint32_t width, uint32_t height)
{
	struct pages *p = pages_new(d->ram, (uint64_t)width * height * 4, 1024,
				    4096);

	create_2d(d, id, format, width, height);
	attach_backing(d, id, p);
	set_scanout(d, scanout, id, RECT(0, 0, width, height));
	show(d, id, width, height);
	return p;
}

/* ---- looking ---- */

static bool screen_is_right(struct driver *d)
{
	struct screen *s = d->fe->screen;

	pump_once();
	screen_look(s);
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		if (!picture_same(d->twin->scanout[i].shown, s->pictures[i]) ||
		    !pointer_same(&d->twin->pointers[i], &s->pointers[i]))
			return false;
	return true;
}

/*
 * The device asks its screen, and what it sent before is there with the question.
 * More may have waited for its turn behind that, so it is made to ask again.
 */
enum { QUESTIONS = 6 };

void expect_screen(struct driver *d)
{
	bool quiet;

	trail_step("look at the screen");
	quiet = trail_quiet(true);
	for (unsigned i = 0; i < QUESTIONS; i++) {
		driver_display_info(d);
		if (screen_is_right(d))
			break;
	}
	trail_quiet(quiet);
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		char what[32];

		snprintf(what, sizeof(what), "scanout %u", i);
		picture_expect(d->twin->scanout[i].shown,
			       d->fe->screen->pictures[i], what);
		snprintf(what, sizeof(what), "cursor of scanout %u", i);
		pointer_expect(&d->twin->pointers[i],
			       &d->fe->screen->pointers[i], what);
	}
}
