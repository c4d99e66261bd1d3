/*
 * Stage 1: a GPU that shows a monitor, and nothing on it.
 */
#include "displayinfo.h"
#include "gpu.h"
#include "gpusocket.h"
#include "loop.h"
#include "options.h"
#include "server.h"
#include "trace.h"

int main(int argc, char **argv)
{
	struct options options = {
		.summary = "A virtio-gpu device with monitors, for QEMU's "
			   "vhost-user-gpu-pci.",
	};
	struct trace *trace = trace_new(&options);
	struct loop *loop = loop_new();
	struct server server;
	struct gpusocket socket;
	struct gpu gpu;
	int status;

	gpu_init(&gpu, loop, trace);
	displayinfo_add(&gpu, &options);
	gpusocket_add(&socket, &gpu.dev);

	server_init(&server, loop, "{ \"type\": \"gpu\", \"features\": [ ] }",
		    &options);
	server_add(&server, &gpu.dev, &options);
	options_parse(&options, argc, argv);
	status = serve(&server);

	gpu_free(&gpu);
	loop_free(loop);
	trace_free(trace);
	return status;
}
