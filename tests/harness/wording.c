/*
 * Names for numbers: see wording.h.
 */
#include "wording.h"

#include <linux/virtio_gpu.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct word {
	uint32_t type;
	const char *name;
};

static const struct word commands[] = {
	{ VIRTIO_GPU_CMD_GET_DISPLAY_INFO, "GET_DISPLAY_INFO" },
	{ VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, "RESOURCE_CREATE_2D" },
	{ VIRTIO_GPU_CMD_RESOURCE_UNREF, "RESOURCE_UNREF" },
	{ VIRTIO_GPU_CMD_SET_SCANOUT, "SET_SCANOUT" },
	{ VIRTIO_GPU_CMD_RESOURCE_FLUSH, "RESOURCE_FLUSH" },
	{ VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, "TRANSFER_TO_HOST_2D" },
	{ VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, "RESOURCE_ATTACH_BACKING" },
	{ VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, "RESOURCE_DETACH_BACKING" },
	{ VIRTIO_GPU_CMD_GET_CAPSET_INFO, "GET_CAPSET_INFO" },
	{ VIRTIO_GPU_CMD_GET_CAPSET, "GET_CAPSET" },
	{ VIRTIO_GPU_CMD_GET_EDID, "GET_EDID" },
	{ VIRTIO_GPU_CMD_RESOURCE_ASSIGN_UUID, "RESOURCE_ASSIGN_UUID" },
	{ VIRTIO_GPU_CMD_RESOURCE_CREATE_BLOB, "RESOURCE_CREATE_BLOB" },
	{ VIRTIO_GPU_CMD_SET_SCANOUT_BLOB, "SET_SCANOUT_BLOB" },
	{ VIRTIO_GPU_CMD_CTX_CREATE, "CTX_CREATE" },
	{ VIRTIO_GPU_CMD_CTX_DESTROY, "CTX_DESTROY" },
	{ VIRTIO_GPU_CMD_CTX_ATTACH_RESOURCE, "CTX_ATTACH_RESOURCE" },
	{ VIRTIO_GPU_CMD_CTX_DETACH_RESOURCE, "CTX_DETACH_RESOURCE" },
	{ VIRTIO_GPU_CMD_RESOURCE_CREATE_3D, "RESOURCE_CREATE_3D" },
	{ VIRTIO_GPU_CMD_TRANSFER_TO_HOST_3D, "TRANSFER_TO_HOST_3D" },
	{ VIRTIO_GPU_CMD_TRANSFER_FROM_HOST_3D, "TRANSFER_FROM_HOST_3D" },
	{ VIRTIO_GPU_CMD_SUBMIT_3D, "SUBMIT_3D" },
	{ VIRTIO_GPU_CMD_UPDATE_CURSOR, "UPDATE_CURSOR" },
	{ VIRTIO_GPU_CMD_MOVE_CURSOR, "MOVE_CURSOR" },
	{ 0, NULL },
};

static const struct word replies[] = {
	{ VIRTIO_GPU_RESP_OK_NODATA, "OK_NODATA" },
	{ VIRTIO_GPU_RESP_OK_DISPLAY_INFO, "OK_DISPLAY_INFO" },
	{ VIRTIO_GPU_RESP_OK_CAPSET_INFO, "OK_CAPSET_INFO" },
	{ VIRTIO_GPU_RESP_OK_CAPSET, "OK_CAPSET" },
	{ VIRTIO_GPU_RESP_OK_EDID, "OK_EDID" },
	{ VIRTIO_GPU_RESP_OK_RESOURCE_UUID, "OK_RESOURCE_UUID" },
	{ VIRTIO_GPU_RESP_OK_MAP_INFO, "OK_MAP_INFO" },
	{ VIRTIO_GPU_RESP_ERR_UNSPEC, "ERR_UNSPEC" },
	{ VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY, "ERR_OUT_OF_MEMORY" },
	{ VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID, "ERR_INVALID_SCANOUT_ID" },
	{ VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID, "ERR_INVALID_RESOURCE_ID" },
	{ VIRTIO_GPU_RESP_ERR_INVALID_CONTEXT_ID, "ERR_INVALID_CONTEXT_ID" },
	{ VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER, "ERR_INVALID_PARAMETER" },
	{ 0, NULL },
};

static const char *look_up(const struct word *words, uint32_t type)
{
	static char numbers[4][24];
	static unsigned turn;

	for (; words->name; words++)
		if (words->type == type)
			return words->name;
	turn = (turn + 1) % 4;
	snprintf(numbers[turn], sizeof(numbers[turn]), "type %#x", type);
	return numbers[turn];
}

const char *command_name(uint32_t type)
{
	return look_up(commands, type);
}

const char *reply_name(uint32_t type)
{
	return look_up(replies, type);
}

bool reply_is_error(uint32_t type)
{
	return type >> 8 == VIRTIO_GPU_RESP_ERR_UNSPEC >> 8;
}

/* "64x48 at 0, 0" */
static const char *rect_text(const struct virtio_gpu_rect *r)
{
	static char text[64];

	snprintf(text, sizeof(text), "%ux%u at %u, %u", r->width, r->height,
		 r->x, r->y);
	return text;
}

/* The largest of them, and what is there of a request that is cut short. */
union request {
	struct virtio_gpu_ctrl_hdr hdr;
	struct virtio_gpu_resource_create_2d create;
	struct virtio_gpu_resource_unref unref;
	struct virtio_gpu_set_scanout scanout;
	struct virtio_gpu_resource_flush flush;
	struct virtio_gpu_transfer_to_host_2d transfer;
	struct virtio_gpu_resource_attach_backing attach;
	struct virtio_gpu_resource_detach_backing detach;
	struct virtio_gpu_update_cursor cursor;
};

static void put_cursor(char *text, size_t size,
		       const struct virtio_gpu_update_cursor *r)
{
	snprintf(text, size, " %u: resource %u at %d, %d, hot spot %u, %u",
		 r->pos.scanout_id, r->resource_id, (int32_t)r->pos.x,
		 (int32_t)r->pos.y, r->hot_x, r->hot_y);
}

static void put_arguments(char *text, size_t size, const union request *r)
{
	switch (r->hdr.type) {
	case VIRTIO_GPU_CMD_RESOURCE_CREATE_2D:
		snprintf(text, size, " %u: %ux%u, format %u",
			 r->create.resource_id, r->create.width,
			 r->create.height, r->create.format);
		break;
	case VIRTIO_GPU_CMD_RESOURCE_UNREF:
		snprintf(text, size, " %u", r->unref.resource_id);
		break;
	case VIRTIO_GPU_CMD_SET_SCANOUT:
		snprintf(text, size, " %u: resource %u, %s",
			 r->scanout.scanout_id, r->scanout.resource_id,
			 rect_text(&r->scanout.r));
		break;
	case VIRTIO_GPU_CMD_RESOURCE_FLUSH:
		snprintf(text, size, " %u: %s", r->flush.resource_id,
			 rect_text(&r->flush.r));
		break;
	case VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D:
		snprintf(text, size, " %u: %s, offset %llu",
			 r->transfer.resource_id, rect_text(&r->transfer.r),
			 (unsigned long long)r->transfer.offset);
		break;
	case VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING:
		snprintf(text, size, " %u: %u entries", r->attach.resource_id,
			 r->attach.nr_entries);
		break;
	case VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING:
		snprintf(text, size, " %u", r->detach.resource_id);
		break;
	case VIRTIO_GPU_CMD_UPDATE_CURSOR:
	case VIRTIO_GPU_CMD_MOVE_CURSOR:
		put_cursor(text, size, &r->cursor);
		break;
	}
}

const char *request_text(const void *request, uint32_t len)
{
	static char text[160];
	union request r = { .hdr.type = 0 };
	int n;

	memcpy(&r, request, len < sizeof(r) ? len : sizeof(r));
	n = snprintf(text, sizeof(text), "%s", command_name(r.hdr.type));
	put_arguments(text + n, sizeof(text) - (size_t)n, &r);
	return text;
}
