/*
 * The twin's commands: see twin.h. What becomes of pixels is at the end.
 */
#include "twin.h"

#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "ram.h"
#include "trail.h"

enum {
	UNSPEC = FAULT(VIRTIO_GPU_RESP_ERR_UNSPEC),
	SCANOUT = FAULT(VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID),
	RESOURCE = FAULT(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID),
	PARAMETER = FAULT(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER),
	MEMORY = FAULT(VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY),
	MAX_SIZE = 16384,
	MAX_ENTRIES = 262144,
};

/* ---- resources ---- */

static struct twin_resource **find(struct twin *t, uint32_t id)
{
	struct twin_resource **at = &t->resources;

	while (*at && (*at)->id != id)
		at = &(*at)->next;
	return at;
}

const struct twin_resource *twin_find(struct twin *t, uint32_t id)
{
	return *find(t, id);
}

static const char *order_of(uint32_t format)
{
	switch (format) {
	case VIRTIO_GPU_FORMAT_B8G8R8A8_UNORM:
		return "BGRA";
	case VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM:
		return "BGRX";
	case VIRTIO_GPU_FORMAT_A8R8G8B8_UNORM:
		return "ARGB";
	case VIRTIO_GPU_FORMAT_X8R8G8B8_UNORM:
		return "XRGB";
	case VIRTIO_GPU_FORMAT_R8G8B8A8_UNORM:
		return "RGBA";
	case VIRTIO_GPU_FORMAT_X8B8G8R8_UNORM:
		return "XBGR";
	case VIRTIO_GPU_FORMAT_A8B8G8R8_UNORM:
		return "ABGR";
	case VIRTIO_GPU_FORMAT_R8G8B8X8_UNORM:
		return "RGBX";
	}
	return NULL;
}

static void turn_off(struct twin_scanout *s)
{
	picture_free(s->shown);
	*s = (struct twin_scanout){ .id = 0 };
}

static unsigned create(struct twin *t,
		       const struct virtio_gpu_resource_create_2d *cmd)
{
	struct twin_resource *res;
	unsigned faults = 0;

	if (!cmd->resource_id || *find(t, cmd->resource_id))
		faults |= RESOURCE;
	if (!order_of(cmd->format) || !cmd->width || !cmd->height ||
	    cmd->width > MAX_SIZE || cmd->height > MAX_SIZE)
		faults |= PARAMETER;
	if (t->hostmem_gone)
		faults |= MEMORY;
	if (faults)
		return faults;
	res = calloc(1, sizeof(*res));
	res->id = cmd->resource_id;
	res->width = cmd->width;
	res->height = cmd->height;
	res->order = order_of(cmd->format);
	res->bytes = calloc((size_t)res->width * res->height, 4);
	res->next = t->resources;
	t->resources = res;
	return 0;
}

static void destroy(struct twin *t, struct twin_resource **at)
{
	struct twin_resource *res = *at;

	for (unsigned i = 0; i < t->scanouts; i++)
		if (t->scanout[i].id == res->id)
			turn_off(&t->scanout[i]);
	*at = res->next;
	free(res->bytes);
	free(res->entries);
	free(res);
}

static unsigned unref(struct twin *t, const struct virtio_gpu_resource_unref *c)
{
	struct twin_resource **at = find(t, c->resource_id);

	if (!*at)
		return RESOURCE;
	destroy(t, at);
	return 0;
}

/* ---- backing ---- */

/* What the region has from there on; 0: there is none. */
static uint64_t room_at(const struct ram *ram, uint64_t gpa)
{
	for (unsigned i = 0; i < ram->count; i++) {
		const struct vu_region *r = &ram->regions[i].vu;

		if (gpa - r->gpa < r->size)
			return r->size - (gpa - r->gpa);
	}
	return 0;
}

/* Where regions adjoin, it may lie in several. */
static bool in_ram(const struct ram *ram, uint64_t gpa, uint64_t len)
{
	uint64_t room;

	while (len) {
		room = room_at(ram, gpa);
		if (!room)
			return false;
		if (room >= len)
			return true;
		gpa += room;
		len -= room;
	}
	return true;
}

static unsigned check_entries(const struct twin *t,
			      const struct virtio_gpu_mem_entry *e, uint32_t n,
			      uint64_t *size)
{
	*size = 0;
	for (uint32_t i = 0; i < n; i++) {
		if (!in_ram(t->ram, e[i].addr, e[i].length))
			return PARAMETER;
		*size += e[i].length;
	}
	return *size ? 0 : PARAMETER;
}

static unsigned attach(struct twin *t,
		       const struct virtio_gpu_resource_attach_backing *cmd,
		       uint32_t len)
{
	const struct virtio_gpu_mem_entry *entries = (const void *)(cmd + 1);
	struct twin_resource *res = *find(t, cmd->resource_id);
	uint32_t n = cmd->nr_entries;
	unsigned faults = 0;
	uint64_t size = 0;

	if (!res)
		faults |= RESOURCE;
	else if (res->entries)
		faults |= UNSPEC;
	if (!n || n > MAX_ENTRIES ||
	    (len - sizeof(*cmd)) / sizeof(*entries) < n)
		faults |= PARAMETER;
	else
		faults |= check_entries(t, entries, n, &size);
	if (t->hostmem_gone)
		faults |= MEMORY;
	if (faults)
		return faults;
	res->entries = malloc(n * sizeof(*entries));
	memcpy(res->entries, entries, n * sizeof(*entries));
	res->count = n;
	res->size = size;
	return 0;
}

static unsigned detach(struct twin *t,
		       const struct virtio_gpu_resource_detach_backing *cmd)
{
	struct twin_resource *res = *find(t, cmd->resource_id);

	if (!res)
		return RESOURCE;
	if (!res->entries)
		return UNSPEC;
	free(res->entries);
	res->entries = NULL;
	return 0;
}

/* All of it, one entry behind the other. */
static uint8_t *read_backing(struct twin *t, const struct twin_resource *res)
{
	uint8_t *bytes = malloc(res->size), *to = bytes;

	for (uint32_t i = 0; i < res->count; i++) {
		ram_read(t->ram, res->entries[i].addr, to,
			 res->entries[i].length);
		to += res->entries[i].length;
	}
	return bytes;
}

/* ---- pixels ---- */

static bool inside(const struct virtio_gpu_rect *r,
		   const struct twin_resource *res)
{
	return (uint64_t)r->x + r->width <= res->width &&
	       (uint64_t)r->y + r->height <= res->height;
}

/* In 128 bits nothing wraps. */
static bool has_all(const struct twin_resource *res,
		    const struct virtio_gpu_rect *r, uint64_t offset)
{
	__uint128_t end = offset;

	if (!r->width || !r->height)
		return true;
	end += (__uint128_t)(r->height - 1) * res->width * 4 + r->width * 4ull;
	return end <= res->size;
}

static void copy_rows(struct twin_resource *res, const uint8_t *from,
		      const struct virtio_gpu_rect *r)
{
	for (uint32_t i = 0; i < r->height; i++)
		memcpy(res->bytes +
			       ((size_t)(r->y + i) * res->width + r->x) * 4,
		       from + (size_t)i * res->width * 4, r->width * 4ull);
}

static unsigned transfer(struct twin *t,
			 const struct virtio_gpu_transfer_to_host_2d *cmd)
{
	struct twin_resource *res = *find(t, cmd->resource_id);
	unsigned faults = 0;
	uint8_t *bytes;

	if (!res)
		return RESOURCE;
	if (!res->entries)
		faults |= UNSPEC;
	if (!inside(&cmd->r, res))
		faults |= PARAMETER;
	if (res->entries && !has_all(res, &cmd->r, cmd->offset))
		faults |= PARAMETER;
	if (faults || !cmd->r.width || !cmd->r.height)
		return faults;
	bytes = read_backing(t, res);
	copy_rows(res, bytes + cmd->offset, &cmd->r);
	free(bytes);
	return 0;
}

static unsigned set_scanout(struct twin *t,
			    const struct virtio_gpu_set_scanout *cmd)
{
	struct twin_scanout *s = &t->scanout[cmd->scanout_id % 16];
	struct twin_resource *res = *find(t, cmd->resource_id);
	unsigned faults = cmd->scanout_id < t->scanouts ? 0 : SCANOUT;
	size_t count = (size_t)cmd->r.width * cmd->r.height;

	if (cmd->resource_id && !res)
		faults |= RESOURCE;
	if (res && (!count || !inside(&cmd->r, res)))
		faults |= PARAMETER;
	if (res && t->hostmem_gone)
		faults |= MEMORY;
	if (faults)
		return faults;
	turn_off(s);
	if (!res)
		return 0;
	s->id = res->id;
	s->r = cmd->r;
	s->shown = picture_new(s->r.width, s->r.height);
	while (count-- > 0)
		s->shown->pixels[count] = PICTURE_ANY;
	return 0;
}

/* The colour at x, y of a resource, wherever its bytes are. */
static uint32_t colour(const struct twin_resource *res, uint32_t x, uint32_t y)
{
	const uint8_t *pixel = res->bytes + ((size_t)y * res->width + x) * 4;
	uint32_t red = pixel[strchr(res->order, 'R') - res->order];
	uint32_t green = pixel[strchr(res->order, 'G') - res->order];
	uint32_t blue = pixel[strchr(res->order, 'B') - res->order];

	return red << 16 | green << 8 | blue;
}

static bool contains(const struct virtio_gpu_rect *r, uint32_t x, uint32_t y)
{
	return x - r->x < r->width && y - r->y < r->height;
}

/* Pixel for pixel of the flushed rectangle: is it one of the scanout's? */
static void update(struct twin_scanout *s, const struct twin_resource *res,
		   const struct virtio_gpu_rect *r)
{
	for (uint32_t y = r->y; y < r->y + r->height; y++)
		for (uint32_t x = r->x; x < r->x + r->width; x++)
			if (contains(&s->r, x, y))
				s->shown->pixels[(size_t)(y - s->r.y) *
							 s->r.width +
						 (x - s->r.x)] = colour(res, x,
									y);
}

static unsigned flush(struct twin *t,
		      const struct virtio_gpu_resource_flush *cmd)
{
	struct twin_resource *res = *find(t, cmd->resource_id);

	if (!res)
		return RESOURCE;
	if (!inside(&cmd->r, res))
		return PARAMETER;
	for (unsigned i = 0; i < t->scanouts; i++)
		if (t->scanout[i].id == res->id)
			update(&t->scanout[i], res, &cmd->r);
	return 0;
}

unsigned twin_do(struct twin *t, const void *request, uint32_t len)
{
	const struct virtio_gpu_ctrl_hdr *hdr = request;

	switch (hdr->type) {
	case VIRTIO_GPU_CMD_RESOURCE_CREATE_2D:
		return create(t, request);
	case VIRTIO_GPU_CMD_RESOURCE_UNREF:
		return unref(t, request);
	case VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING:
		return attach(t, request, len);
	case VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING:
		return detach(t, request);
	case VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D:
		return transfer(t, request);
	case VIRTIO_GPU_CMD_SET_SCANOUT:
		return set_scanout(t, request);
	case VIRTIO_GPU_CMD_RESOURCE_FLUSH:
		return flush(t, request);
	case VIRTIO_GPU_CMD_UPDATE_CURSOR:
	case VIRTIO_GPU_CMD_MOVE_CURSOR:
		return twin_cursor(t, request);
	}
	FAIL("the twin does not know type %#x", hdr->type);
}

struct twin *twin_new(struct ram *ram, uint32_t scanouts)
{
	struct twin *t = calloc(1, sizeof(*t));

	t->ram = ram;
	t->scanouts = scanouts;
	return t;
}

void twin_reset(struct twin *t)
{
	while (t->resources)
		destroy(t, &t->resources);
	memset(t->pointers, 0, sizeof(t->pointers));
}

void twin_free(struct twin *t)
{
	if (t)
		twin_reset(t);
	free(t);
}
