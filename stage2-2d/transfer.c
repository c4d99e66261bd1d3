/*
 * The command's checks; the copy itself is the resource's (image.c).
 */
#include "transfer.h"

#include "backing.h"
#include "checked.h"
#include "gpu.h"
#include "resource.h"
#include "trace.h"

/*
 * `offset` is where the rectangle's first pixel lies in the backing. The
 * specification calls it a destination, which the rectangle already says; Linux
 * sends y * pitch + x * 4 (virtio_gpu_update_dumb_bo()), old kernels always 0,
 * and QEMU reads it as a source as well.
 */
static uint32_t transfer_to_host_2d(struct request *req)
{
	const struct virtio_gpu_transfer_to_host_2d *cmd =
		(const void *)req->cmd;
	struct resource *res = resource_find(req->arg, cmd->resource_id);
	uint32_t answer;

	if (!res) {
		req->why = "no such resource";
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	}
	if (!rect_inside(&cmd->r, res->width, res->height)) {
		req->why = "rectangle is not inside the resource";
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	}
	if (!res->backing) {
		req->why = "resource has no backing";
		return VIRTIO_GPU_RESP_ERR_UNSPEC;
	}
	if (rect_empty(&cmd->r))
		return VIRTIO_GPU_RESP_OK_NODATA;
	answer = backing_check(res->backing, &req->why);
	if (answer != VIRTIO_GPU_RESP_OK_NODATA)
		return answer;
	gpu_copied(req, rect_pixels(&cmd->r) * PIXEL_BYTES);
	req->why = "backing ends before the rectangle does";
	return res->ops->transfer(res, &cmd->r, cmd->offset);
}

static void describe(const struct request *req, struct text *fields)
{
	const struct virtio_gpu_transfer_to_host_2d *cmd =
		(const void *)req->cmd;

	text_add(fields, " id=%u %ux%u+%u+%u offset=%llu", cmd->resource_id,
		 cmd->r.width, cmd->r.height, cmd->r.x, cmd->r.y,
		 (unsigned long long)cmd->offset);
}

static const struct command_row transfer_commands[] = {
	{ VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, "TRANSFER_TO_HOST_2D",
	  sizeof(struct virtio_gpu_transfer_to_host_2d), 0, transfer_to_host_2d,
	  describe },
	{ 0 }
};

void transfer_add(struct resources *resources)
{
	gpu_add_commands(resources->gpu, GPU_CONTROLQ, transfer_commands,
			 resources);
}
