/*
 * SET_SCANOUT, RESOURCE_FLUSH, and what ends a picture.
 */
#include "scanout.h"

#include "checked.h"
#include "display.h"
#include "gpu.h"
#include "resource.h"
#include "trace.h"

/* Bytes that pictures of that size take behind the scanout. */
static uint64_t picture_cost(const struct scanouts *scanouts,
			     const struct virtio_gpu_rect *r)
{
	return (uint64_t)r->width * r->height * PIXEL_BYTES *
	       display_copies(scanouts->display);
}

/*
 * What is left of pictures that a scanout has shown, or showed in another size:
 * who shows them lets go of them when it can. Meanwhile the guest has nothing
 * else for it.
 */
static uint64_t unpaid(void *arg)
{
	struct scanouts *scanouts = arg;
	uint64_t bytes = 0;

	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		uint64_t held = display_held(scanouts->display, i);

		if (held > scanouts->scanout[i].cost)
			bytes += held - scanouts->scanout[i].cost;
	}
	return bytes;
}

/* The new cost counts at once: what is held there already is part of it. */
static bool pay(struct scanouts *scanouts, struct scanout *scanout,
		uint64_t cost)
{
	uint64_t before = scanout->cost;

	scanout->cost = cost;
	if (cost <= before)
		hostmem_give(scanouts->resources, before - cost);
	else if (!hostmem_take(scanouts->resources, cost - before))
		scanout->cost = before;
	return scanout->cost == cost;
}

static void turn_off(struct scanouts *scanouts, unsigned i)
{
	struct scanout *scanout = &scanouts->scanout[i];

	if (!scanout->res)
		return;
	pay(scanouts, scanout, 0);
	*scanout = (struct scanout){ 0 };
	display_scanout(scanouts->display, i, 0, 0);
}

/* All of the new binding, or the old one. */
static bool bind(struct scanouts *scanouts, unsigned i, struct resource *res,
		 const struct virtio_gpu_rect *r)
{
	struct scanout *scanout = &scanouts->scanout[i];
	uint64_t cost = picture_cost(scanouts, r);
	bool resized = scanout->r.width != r->width ||
		       scanout->r.height != r->height;

	if (!pay(scanouts, scanout, cost))
		return false;
	*scanout = (struct scanout){ res, *r, cost };
	if (resized)
		display_scanout(scanouts->display, i, r->width, r->height);
	return true;
}

/* The part of the scanout's picture that lies in `r` of the resource. */
static void show(struct scanouts *scanouts, unsigned i,
		 const struct virtio_gpu_rect *r)
{
	const struct scanout *scanout = &scanouts->scanout[i];
	struct view view = { scanout->res, scanout->r.x, scanout->r.y };
	struct virtio_gpu_rect part;

	if (!rect_intersect(r, &scanout->r, &part))
		return;
	part.x -= scanout->r.x;
	part.y -= scanout->r.y;
	display_update(scanouts->display, i, &part, &view);
}

/* ---- commands ---- */

/*
 * Linux turns a scanout off with the size it had still in the request
 * (virtio_gpu_primary_plane_update()), so without a resource the rectangle means
 * nothing. A scanout whose output is unplugged may be set all the same.
 */
static uint32_t set_scanout(struct request *req)
{
	const struct virtio_gpu_set_scanout *cmd = (const void *)req->cmd;
	struct scanouts *scanouts = req->arg;
	struct resource *res;

	if (cmd->scanout_id >= req->gpu->config.num_scanouts) {
		req->why = "no such scanout";
		return VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID;
	}
	if (!cmd->resource_id) {
		turn_off(scanouts, cmd->scanout_id);
		return VIRTIO_GPU_RESP_OK_NODATA;
	}
	res = resource_find(scanouts->resources, cmd->resource_id);
	if (!res) {
		req->why = "no such resource";
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	}
	if (rect_empty(&cmd->r) ||
	    !rect_inside(&cmd->r, res->width, res->height)) {
		req->why = "rectangle is empty or not inside the resource";
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	}
	if (!bind(scanouts, cmd->scanout_id, res, &cmd->r)) {
		req->why = "more than --max-hostmem";
		return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
	}
	return VIRTIO_GPU_RESP_OK_NODATA;
}

static void describe_set(const struct request *req, struct text *fields)
{
	const struct virtio_gpu_set_scanout *cmd = (const void *)req->cmd;

	text_add(fields, " scanout=%u id=%u", cmd->scanout_id,
		 cmd->resource_id);
	if (cmd->resource_id)
		text_add(fields, " %ux%u+%u+%u", cmd->r.width, cmd->r.height,
			 cmd->r.x, cmd->r.y);
}

/* The rectangle counts in the resource; each scanout has its own origin. */
static uint32_t resource_flush(struct request *req)
{
	const struct virtio_gpu_resource_flush *cmd = (const void *)req->cmd;
	struct scanouts *scanouts = req->arg;
	struct resource *res = resource_find(scanouts->resources,
					     cmd->resource_id);

	if (!res) {
		req->why = "no such resource";
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	}
	if (!rect_inside(&cmd->r, res->width, res->height)) {
		req->why = "rectangle is not inside the resource";
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	}
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		if (scanouts->scanout[i].res != res)
			continue;
		show(scanouts, i, &cmd->r);
		gpu_copied(req, rect_pixels(&cmd->r) * PIXEL_BYTES);
	}
	return VIRTIO_GPU_RESP_OK_NODATA;
}

static void describe_flush(const struct request *req, struct text *fields)
{
	const struct virtio_gpu_resource_flush *cmd = (const void *)req->cmd;

	text_add(fields, " id=%u %ux%u+%u+%u", cmd->resource_id, cmd->r.width,
		 cmd->r.height, cmd->r.x, cmd->r.y);
}

static const struct command_row scanout_commands[] = {
	{ VIRTIO_GPU_CMD_SET_SCANOUT, "SET_SCANOUT",
	  sizeof(struct virtio_gpu_set_scanout), 0, set_scanout, describe_set },
	{ VIRTIO_GPU_CMD_RESOURCE_FLUSH, "RESOURCE_FLUSH",
	  sizeof(struct virtio_gpu_resource_flush), 0, resource_flush,
	  describe_flush },
	{ 0 }
};

/* A resource goes, at a reset all of them: whoever shows it goes dark. */
static void gone(void *arg, struct resource *res)
{
	struct scanouts *scanouts = arg;

	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		if (scanouts->scanout[i].res == res)
			turn_off(scanouts, i);
}

void scanouts_add(struct scanouts *scanouts, struct resources *resources,
		  struct display *display)
{
	*scanouts = (struct scanouts){
		.resources = resources,
		.display = display,
	};
	resources_watch(resources, gone, scanouts);
	resources_mind(resources, unpaid, scanouts);
	gpu_add_commands(resources->gpu, GPU_CONTROLQ, scanout_commands,
			 scanouts);
}
