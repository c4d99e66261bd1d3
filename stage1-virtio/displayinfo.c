/*
 * Monitors side by side, from left to right, as on a desk.
 */
#include "displayinfo.h"

#include <stdio.h>
#include <string.h>

#include "gpu.h"
#include "options.h"
#include "trace.h"

uint32_t monitor_size(int64_t size)
{
	if (size < MONITOR_MIN_SIZE)
		return MONITOR_MIN_SIZE;
	return size < MONITOR_MAX_SIZE ? (uint32_t)size : MONITOR_MAX_SIZE;
}

/* There are always sixteen entries; those of no output stay empty. */
uint32_t get_display_info(struct request *req)
{
	const struct gpu *gpu = req->gpu;
	struct virtio_gpu_resp_display_info *info = gpu_reply(req,
							      sizeof(*info));
	uint32_t x = 0;

	if (!info)
		return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
	for (unsigned i = 0; i < gpu->config.num_scanouts; i++) {
		const struct gpu_output *output = &gpu->output[i];

		info->pmodes[i].r = (struct virtio_gpu_rect){
			.x = x,
			.width = output->width,
			.height = output->height,
		};
		info->pmodes[i].enabled = output->enabled;
		if (output->enabled)
			x += output->width;
	}
	return VIRTIO_GPU_RESP_OK_DISPLAY_INFO;
}

void describe_display_info(const struct request *req, struct text *fields)
{
	const struct gpu *gpu = req->gpu;

	for (unsigned i = 0; i < gpu->config.num_scanouts; i++)
		text_add(fields, " %ux%u%s", gpu->output[i].width,
			 gpu->output[i].height,
			 gpu->output[i].enabled ? "" : " off");
}

static const struct command_row display_commands[] = {
	{ VIRTIO_GPU_CMD_GET_DISPLAY_INFO, "GET_DISPLAY_INFO",
	  sizeof(struct virtio_gpu_ctrl_hdr), 0, get_display_info,
	  describe_display_info },
	{ 0 }
};

/* ---- options ---- */

static const char *set_resolution(void *arg, const char *value)
{
	struct gpu *gpu = arg;
	const char *takes = "takes WIDTHxHEIGHT, each from 32 to 8192";
	const char *height = strchr(value, 'x');
	unsigned long w, h;
	char width[8];

	if (!height || height - value >= (ptrdiff_t)sizeof(width))
		return takes;
	snprintf(width, sizeof(width), "%.*s", (int)(height - value), value);
	if (!parse_number(width, MONITOR_MIN_SIZE, MONITOR_MAX_SIZE, &w) ||
	    !parse_number(height + 1, MONITOR_MIN_SIZE, MONITOR_MAX_SIZE, &h))
		return takes;
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		gpu->output[i].width = w;
		gpu->output[i].height = h;
	}
	return NULL;
}

static const char *set_outputs(void *arg, const char *value)
{
	struct gpu *gpu = arg;
	unsigned long n;

	if (!parse_number(value, 1, VIRTIO_GPU_MAX_SCANOUTS, &n))
		return "takes a number from 1 to 16";
	gpu->config.num_scanouts = n;
	return NULL;
}

static const struct option_row display_options[] = {
	{ "resolution", "WxH", "each monitor's preferred mode (1280x800)",
	  set_resolution },
	{ "outputs", "N", "how many monitors there are, 1 to 16 (1)",
	  set_outputs },
	{ 0 }
};

void displayinfo_add(struct gpu *gpu, struct options *options)
{
	gpu_add_commands(gpu, GPU_CONTROLQ, display_commands, gpu);
	options_add(options, display_options, gpu);
}
