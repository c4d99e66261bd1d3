/*
 * From a window's size to a monitor's.
 */
#include "resize.h"

#include "displayinfo.h"
#include "gpu.h"
#include "log.h"
#include "trace.h"
#include "uplink.h"

static void trace_wish(struct trace *trace, unsigned scanout,
		       const struct gpu_output *output)
{
	struct text fields = { .len = 0 };

	text_add(&fields, " scanout=%u %ux%u", scanout, output->width,
		 output->height);
	trace_message(trace, "window", "resized", &fields, "ok");
}

static void wished(void *arg, const struct uplink_event *event)
{
	struct resize *resize = arg;
	struct gpu_output output = resize->gpu->output[event->what];

	output.width = monitor_size(event->a);
	output.height = monitor_size(event->b);
	trace_wish(resize->gpu->dev.trace, event->what, &output);
	gpu_set_output(resize->gpu, event->what, &output);
}

void resize_wish(struct resize *resize, unsigned scanout, struct size size)
{
	uplink_send(resize->uplink, &(struct uplink_event){
					    .handle = wished,
					    .arg = resize,
					    .what = scanout,
					    .a = (int32_t)size.width,
					    .b = (int32_t)size.height,
				    });
}

static void config_unheard(void *arg)
{
	struct resize *resize = arg;

	if (!resize->said)
		warn("the guest can't be told of the window's new size by this "
		     "front end: it keeps its mode, which is scaled");
	resize->said = true;
}

static const struct device_part part = {
	.config_unheard = config_unheard,
};

void resize_add(struct resize *resize, struct gpu *gpu, struct uplink *uplink)
{
	*resize = (struct resize){ .gpu = gpu, .uplink = uplink };
	device_add_part(&gpu->dev, &part, resize);
}
