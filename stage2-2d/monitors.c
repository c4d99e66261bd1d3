/*
 * Requests about the monitors: answered at once, or when it is known what to
 * answer.
 */
#include "monitors.h"

#include <stdlib.h>

#include "displayinfo.h"
#include "edid.h"
#include "trace.h"

/* ---- waiting ---- */

struct waiting {
	struct request *req;
	uint32_t (*answer)(struct request *req);
	TAILQ_ENTRY(waiting) next;
};

static uint32_t once_known(struct request *req,
			   uint32_t (*answer)(struct request *req))
{
	struct monitors *monitors = req->arg;
	struct waiting *w;

	if (!monitors->ask || !monitors->ask(monitors->ask_arg))
		return answer(req);
	w = malloc(sizeof(*w));
	if (!w)
		return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
	*w = (struct waiting){ .req = req, .answer = answer };
	TAILQ_INSERT_TAIL(&monitors->waiting, w, next);
	return GPU_PENDING;
}

void monitors_known(struct monitors *monitors)
{
	struct waiting *first;

	while ((first = TAILQ_FIRST(&monitors->waiting))) {
		struct waiting w = *first;

		TAILQ_REMOVE(&monitors->waiting, first, next);
		free(first);
		gpu_finish(w.req, w.answer(w.req));
	}
}

/* ---- the commands ---- */

static uint32_t handle_display_info(struct request *req)
{
	return once_known(req, get_display_info);
}

static uint32_t scanout_of(const struct request *req)
{
	const struct virtio_gpu_cmd_get_edid *cmd = (const void *)req->cmd;

	return cmd->scanout;
}

/*
 * Of an output that is off, too: Linux asks for all of them, and complains of
 * errors. `size` is how much of the response's 1024
 * bytes is EDID; the text leaves that open, Linux reads no further.
 */
static uint32_t get_edid(struct request *req)
{
	uint32_t index = scanout_of(req);
	const struct gpu_output *output = &req->gpu->output[index];
	struct edid_monitor monitor = {
		.index = index,
		.width = output->width,
		.height = output->height,
	};
	struct virtio_gpu_resp_edid *resp = gpu_reply(req, sizeof(*resp));

	_Static_assert(EDID_MAX <= sizeof(resp->edid), "it fits");
	if (!resp)
		return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
	resp->size = edid_make(&monitor, resp->edid);
	return VIRTIO_GPU_RESP_OK_EDID;
}

/* Nobody is asked about a monitor there isn't: QEMU would never answer. */
static uint32_t handle_edid(struct request *req)
{
	if (scanout_of(req) < req->gpu->config.num_scanouts)
		return once_known(req, get_edid);
	req->why = "there is no such scanout";
	return VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID;
}

static void describe_edid(const struct request *req, struct text *fields)
{
	const struct virtio_gpu_resp_edid *resp = (const void *)req->reply;
	uint32_t index = scanout_of(req);

	text_add(fields, " scanout=%u", index);
	if (resp)
		text_add(fields, " %ux%u bytes=%u",
			 req->gpu->output[index].width,
			 req->gpu->output[index].height, resp->size);
}

static const struct command_row monitor_commands[] = {
	{ VIRTIO_GPU_CMD_GET_DISPLAY_INFO, "GET_DISPLAY_INFO",
	  sizeof(struct virtio_gpu_ctrl_hdr), 0, handle_display_info,
	  describe_display_info },
	{ VIRTIO_GPU_CMD_GET_EDID, "GET_EDID",
	  sizeof(struct virtio_gpu_cmd_get_edid), 1ull << VIRTIO_GPU_F_EDID,
	  handle_edid, describe_edid },
	{ 0 }
};

static const struct feature_row monitor_features[] = {
	{ 1ull << VIRTIO_GPU_F_EDID, "EDID", 0 }, { 0 }
};

/*
 * At a reset the requests end as if the answer had come: what gpu_finish() gives
 * nobody, nobody gets.
 */
static void reset(void *arg)
{
	monitors_known(arg);
}

static const struct device_part monitors_part = { .reset = reset };

void monitors_add(struct monitors *monitors, struct gpu *gpu)
{
	*monitors = (struct monitors){ 0 };
	TAILQ_INIT(&monitors->waiting);
	device_add_part(&gpu->dev, &monitors_part, monitors);
	device_add_features(&gpu->dev, monitor_features);
	gpu_add_commands(gpu, GPU_CONTROLQ, monitor_commands, monitors);
}
