/*
 * A device that answers late: stage 1's, with commands of its own.
 *
 * Stage 1 answers each command at once, and yet has what slow ones need: later
 * stages wait for QEMU and for a renderer. Here that is put to use, from outside
 * as ever: the commands are of types no version of virtio-gpu defines, and what
 * they wait for are signals, which reach a device also when its rings are
 * stopped.
 *
 *   HOLD      is pending until SIGUSR1, which finishes the newest first
 *   GATED     is done at once; its fence is held at the gate until SIGUSR1
 *   SIGUSR2   the first monitor gets another size; with --event-queue the
 *             cursor queue is the device's to use: it says one word in a chain
 *
 * If the driver won't be told of that size it says "unheard".
 */
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "displayinfo.h"
#include "gpu.h"
#include "gpusocket.h"
#include "late.h"
#include "log.h"
#include "loop.h"
#include "options.h"
#include "server.h"
#include "trace.h"

enum { MOST = 2048 }; /* more than any ring of the tests has */

struct late {
	struct gpu gpu;
	int signals;
	struct request *held[MOST], *gated[MOST];
	unsigned nheld, ngated;
};

static uint32_t hold(struct request *req)
{
	struct late *late = req->arg;

	if (late->nheld == MOST)
		return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
	late->held[late->nheld++] = req;
	return GPU_PENDING;
}

static uint32_t pass(struct request *req)
{
	(void)req;
	return VIRTIO_GPU_RESP_OK_NODATA;
}

static const struct command_row late_commands[] = {
	{ LATE_CMD_HOLD, "HOLD", sizeof(struct virtio_gpu_ctrl_hdr), 0, hold,
	  NULL },
	{ LATE_CMD_GATED, "GATED", sizeof(struct virtio_gpu_ctrl_hdr), 0, pass,
	  NULL },
	{ 0 }
};

static bool gate(void *arg, struct request *req)
{
	struct late *late = arg;

	if (req->hdr.type != LATE_CMD_GATED || late->ngated == MOST)
		return false;
	late->gated[late->ngated++] = req;
	return true;
}

/* Newest first, whatever became of the device meanwhile. */
static void let_go(struct late *late)
{
	while (late->nheld)
		gpu_finish(late->held[--late->nheld],
			   VIRTIO_GPU_RESP_OK_NODATA);
	while (late->ngated)
		gpu_release(late->gated[--late->ngated]);
}

static void say(struct virtq *vq)
{
	static const uint32_t word = LATE_WORD;
	struct chain *chain = virtq_pop(vq);

	if (chain)
		virtq_reply(chain, &word, sizeof(word));
}

static void change(struct late *late)
{
	struct virtq *vq = &late->gpu.dev.queues[GPU_CURSORQ];
	struct gpu_output output = late->gpu.output[0];

	if (!vq->handle) {
		say(vq);
		return;
	}
	output.width++;
	gpu_set_output(&late->gpu, 0, &output);
}

static void unheard(void *arg)
{
	(void)arg;
	warn("unheard");
}

static const struct device_part part = { .config_unheard = unheard };

static void signalled(void *arg)
{
	struct late *late = arg;
	struct signalfd_siginfo info;

	while (read(late->signals, &info, sizeof(info)) == sizeof(info)) {
		if (info.ssi_signo == SIGUSR1)
			let_go(late);
		else
			change(late);
	}
}

static void take_signals(struct late *late, struct loop *loop)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigaddset(&set, SIGUSR2);
	sigprocmask(SIG_BLOCK, &set, NULL);
	late->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (late->signals < 0)
		die("signalfd:");
	loop_watch(loop, late->signals, POLLIN, signalled, late);
}

/* What is available stays there until there is something to say. */
static void wait_to_speak(void *arg)
{
	(void)arg;
}

static const char *set_event_queue(void *arg, const char *value)
{
	struct late *late = arg;
	struct virtq *vq = &late->gpu.dev.queues[GPU_CURSORQ];

	(void)value;
	vq->handle = NULL;
	vq->available = wait_to_speak;
	return NULL;
}

static const struct option_row late_options[] = {
	{ "event-queue", NULL, "drive the cursor queue", set_event_queue },
	{ 0 }
};

int main(int argc, char **argv)
{
	struct options options = { .summary = "A device that answers late." };
	struct trace *trace = trace_new(&options);
	struct loop *loop = loop_new();
	static struct late late;
	struct gpusocket socket;
	struct server server;
	int status;

	gpu_init(&late.gpu, loop, trace);
	displayinfo_add(&late.gpu, &options);
	gpusocket_add(&socket, &late.gpu.dev);
	gpu_add_commands(&late.gpu, GPU_CONTROLQ, late_commands, &late);
	options_add(&options, late_options, &late);
	late.gpu.gate = gate;
	late.gpu.gate_arg = &late;
	device_add_part(&late.gpu.dev, &part, &late);
	take_signals(&late, loop);

	server_init(&server, loop, "{ \"type\": \"gpu\" }", &options);
	server_add(&server, &late.gpu.dev, &options);
	options_parse(&options, argc, argv);
	status = serve(&server);

	let_go(&late);
	gpu_free(&late.gpu);
	loop_unwatch(loop, late.signals);
	close(late.signals);
	loop_free(loop);
	trace_free(trace);
	return status;
}
