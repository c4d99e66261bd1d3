/*
 * What a driver knows of the GPU without asking: config space, and the event
 * that tells it to ask again.
 *
 * Of its fields the driver can write one, events_clear, and QEMU passes on the
 * whole structure when it does. vhost-user-gpu-pci answers for events and
 * num_scanouts itself and passes on no event; the generic device has all of it
 * from here.
 *
 * virtio 1.3, section 5.7.4.
 */
#include "gpu.h"

enum { CLEAR = offsetof(struct virtio_gpu_config, events_clear) };

/* events_clear takes its ones out of events_read, and reads as zero. */
static void config_written(void *arg, uint32_t offset, const void *data,
			   uint32_t size)
{
	struct gpu *gpu = arg;
	const uint8_t *bytes = data;

	for (uint32_t i = 0; i < sizeof(gpu->config.events_clear); i++)
		if (CLEAR + i >= offset && CLEAR + i - offset < size)
			gpu->config.events_read &=
				~((uint32_t)bytes[CLEAR + i - offset] << 8 * i);
}

void gpu_config_init(struct gpu *gpu)
{
	gpu->dev.config = &gpu->config;
	gpu->dev.config_size = sizeof(gpu->config);
	gpu->dev.config_written = config_written;
	gpu->dev.config_arg = gpu;
	gpu->config.num_scanouts = 1;
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		gpu->output[i] = (struct gpu_output){ 1280, 800, true };
}

/* The new display info is there before the driver can hear of it (5.7.4.2). */
void gpu_set_output(struct gpu *gpu, unsigned index,
		    const struct gpu_output *output)
{
	gpu->output[index] = *output;
	gpu->config.events_read |= VIRTIO_GPU_EVENT_DISPLAY;
	device_config_changed(&gpu->dev);
}
