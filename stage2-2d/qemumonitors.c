/*
 * Asks QEMU for its display info, and never waits for it.
 */
#include "qemumonitors.h"

#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "displayinfo.h"
#include "gpu.h"
#include "log.h"
#include "loop.h"
#include "monitors.h"
#include "trace.h"

enum { PATIENCE_S = 3 };

/* ---- messages ---- */

static void describe_features(const union qemu_reply *reply,
			      struct text *outcome)
{
	text_add(outcome, "%#llx", (unsigned long long)reply->u64);
}

static void describe_info(const union qemu_reply *reply, struct text *outcome)
{
	const char *gap = "";

	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		const struct virtio_gpu_display_one *one =
			&reply->info.pmodes[i];

		if (!one->enabled)
			continue;
		text_add(outcome, "%s%u: %ux%u", gap, i, one->r.width,
			 one->r.height);
		gap = ", ";
	}
	if (!*gap)
		text_add(outcome, "no monitor");
}

static const struct qemu_kind get_protocol_features = {
	.request = VHOST_USER_GPU_GET_PROTOCOL_FEATURES,
	.name = "GET_PROTOCOL_FEATURES",
	.reply = sizeof(uint64_t),
	.describe = describe_features,
};

static const struct qemu_kind set_protocol_features = {
	.request = VHOST_USER_GPU_SET_PROTOCOL_FEATURES,
	.name = "SET_PROTOCOL_FEATURES",
};

static const struct qemu_kind ask_display_info = {
	.request = VHOST_USER_GPU_GET_DISPLAY_INFO,
	.name = "GET_DISPLAY_INFO",
	.reply = sizeof(struct virtio_gpu_resp_display_info),
	.describe = describe_info,
};

/* ---- patience ---- */

/*
 * Linux waits five seconds for its display info, and makes do without one then.
 * To be told of the monitors as QEMU last had them serves it better.
 */
static void set_timer(struct qemumonitors *qm, bool on)
{
	struct itimerspec in = { .it_value.tv_sec = on ? PATIENCE_S : 0 };

	qm->timing = on;
	if (timerfd_settime(qm->timer, 0, &in, NULL) < 0)
		warn("timerfd:");
}

static void known(struct qemumonitors *qm)
{
	if (qm->timing)
		set_timer(qm, false);
	monitors_known(qm->monitors);
}

/* In a pause the guest's time stands still. */
static void timed_out(void *arg)
{
	struct qemumonitors *qm = arg;
	uint64_t times;

	if (read(qm->timer, &times, sizeof(times)) < 0)
		return;
	if (device_paused(&qm->gpu->dev)) {
		set_timer(qm, true);
		return;
	}
	qm->overdue = true;
	known(qm);
}

static void hang_up(void *arg)
{
	struct qemumonitors *qm = arg;

	qm->hoping = qm->overdue = false;
	set_timer(qm, false);
}

static const struct device_part monitors_part = { .hang_up = hang_up };

/* ---- questions and answers ---- */

/* One that isn't plugged in has no size, and keeps the one it had. */
static void take_entry(struct gpu_output *output,
		       const struct virtio_gpu_display_one *one)
{
	output->enabled = one->enabled;
	if (!one->r.width || !one->r.height)
		return;
	output->width = monitor_size(one->r.width);
	output->height = monitor_size(one->r.height);
}

/*
 * How many there are is not said here: QEMU puts its own number into config
 * space. The driver hears of a change from QEMU as well, so it isn't told.
 */
static void answered(void *arg, const union qemu_reply *reply)
{
	struct qemumonitors *qm = arg;

	if (reply->info.hdr.type == VIRTIO_GPU_RESP_OK_DISPLAY_INFO)
		for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
			take_entry(&qm->gpu->output[i], &reply->info.pmodes[i]);
	qm->overdue = false;
	known(qm);
}

/*
 * An answer that is in the socket already is older than this request, and may be
 * out of date. Who is overdue is not waited for again before it has answered.
 */
static bool ask(void *arg)
{
	struct qemumonitors *qm = arg;

	if (qm->question.busy)
		qemusocket_receive(qm->socket);
	if (!qm->question.busy && !qm->hoping)
		qemusocket_send(qm->socket, &qm->question);
	if (qm->overdue || !(qm->question.busy || qm->hoping))
		return false;
	if (!qm->timing)
		set_timer(qm, true);
	return true;
}

/*
 * There is no need to wait for QEMU's features, as none is acknowledged: they
 * stand for messages that we don't send. An EDID is always ours, since QEMU 7.2
 * has none to give, and pictures go as they are, not as a dmabuf. The question
 * is there for requests that the last socket left without an answer.
 */
static void opened(void *arg)
{
	struct qemumonitors *qm = arg;

	qm->hoping = qm->overdue = false;
	if (qm->timing)
		set_timer(qm, true);
	qemusocket_send(qm->socket, &qm->features);
	qemusocket_send(qm->socket, &qm->acknowledged);
	qemusocket_send(qm->socket, &qm->question);
}

/*
 * If QEMU has closed it to be paused, the next socket comes with the resume, and
 * the guest notices nothing if it is answered then.
 */
static void lost(void *arg, enum loss loss)
{
	struct qemumonitors *qm = arg;

	qm->hoping = loss == LOSS_CLOSED;
	if (!qm->hoping)
		known(qm);
}

static const struct qemu_user monitors_user = { opened, lost };

/* ---- start and end ---- */

void qemumonitors_init(struct qemumonitors *qm, struct gpu *gpu,
		       struct monitors *monitors, struct qemusocket *socket)
{
	*qm = (struct qemumonitors){
		.gpu = gpu,
		.monitors = monitors,
		.socket = socket,
		.features = { .kind = &get_protocol_features },
		.acknowledged = { .kind = &set_protocol_features,
				  .data = &qm->none,
				  .size = sizeof(qm->none) },
		.question = { .kind = &ask_display_info,
			      .replied = answered,
			      .arg = qm },
		.timer = -1,
	};
	qemusocket_add_user(socket, &monitors_user, qm);
}

void qemumonitors_open(struct qemumonitors *qm)
{
	qm->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (qm->timer < 0)
		die("timerfd:");
	loop_watch(qm->gpu->dev.loop, qm->timer, POLLIN, timed_out, qm);
	device_add_part(&qm->gpu->dev, &monitors_part, qm);
	qm->monitors->ask = ask;
	qm->monitors->ask_arg = qm;
}

void qemumonitors_close(struct qemumonitors *qm)
{
	loop_unwatch(qm->gpu->dev.loop, qm->timer);
	close(qm->timer);
}
