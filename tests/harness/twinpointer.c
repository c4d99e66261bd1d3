/*
 * The twin's cursors: see twin.h.
 */
#include "twin.h"

#include <string.h>

/* Each pixel's fourth byte is alpha, whatever the format's name says of it. */
static uint32_t pixel_of(const struct twin_resource *res, const uint8_t *bytes)
{
	static const char *const places[] = { "AX", "R", "G", "B" };
	uint32_t pixel = 0;

	for (unsigned i = 0; i < 4; i++)
		pixel = pixel << 8 | bytes[strcspn(res->order, places[i])];
	return pixel;
}

static void take_image(struct pointer *p, const struct twin_resource *res)
{
	for (unsigned i = 0; i < POINTER_PIXELS; i++)
		p->pixels[i] = pixel_of(res, res->bytes + (size_t)i * 4);
	p->has_image = true;
}

static uint32_t clamp(uint32_t hot)
{
	return hot < POINTER_EDGE ? hot : POINTER_EDGE - 1;
}

static void place(struct pointer *p, const struct virtio_gpu_update_cursor *cmd)
{
	p->x = (int32_t)cmd->pos.x;
	p->y = (int32_t)cmd->pos.y;
	p->visible = cmd->resource_id && p->has_image;
}

static unsigned update(struct twin *t, struct pointer *p,
		       const struct virtio_gpu_update_cursor *cmd)
{
	const struct twin_resource *res = twin_find(t, cmd->resource_id);

	if (cmd->resource_id && !res)
		return FAULT(VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID);
	if (res && (res->width != POINTER_EDGE || res->height != POINTER_EDGE))
		return FAULT(VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
	if (res) {
		take_image(p, res);
		p->hot_x = clamp(cmd->hot_x);
		p->hot_y = clamp(cmd->hot_y);
	}
	place(p, cmd);
	return 0;
}

unsigned twin_cursor(struct twin *t, const struct virtio_gpu_update_cursor *cmd)
{
	struct pointer *p;

	if (cmd->pos.scanout_id >= t->scanouts)
		return FAULT(VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID);
	p = &t->pointers[cmd->pos.scanout_id];
	if (cmd->hdr.type == VIRTIO_GPU_CMD_UPDATE_CURSOR)
		return update(t, p, cmd);
	place(p, cmd);
	return 0;
}
