/*
 * The dispatcher: from chain to handler, from handler to used ring.
 */
#include "gpu.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fences.h"
#include "trace.h"

/* ---- requests ---- */

static struct request *request_new(struct gpu *gpu, struct chain *chain)
{
	struct request *req = gpu->spare;

	if (req)
		gpu->spare = req->spare;
	else
		req = malloc(sizeof(*req));
	if (!req)
		return NULL;
	*req = (struct request){
		.gpu = gpu,
		.chain = chain,
		.began_us = clock_us(),
	};
	return req;
}

static void request_free(struct request *req)
{
	struct gpu *gpu = req->gpu;

	fences_remove(req);
	free(req->reply);
	req->spare = gpu->spare;
	gpu->spare = req;
}

/* ---- replies ---- */

void *gpu_reply(struct request *req, size_t size)
{
	assert(!req->reply && size >= sizeof(*req->reply));
	req->reply = calloc(1, size);
	req->reply_size = req->reply ? size : 0;
	return req->reply;
}

/* A fence comes back with its context and ring; else nothing does (5.7.6.7). */
static struct virtio_gpu_ctrl_hdr response(const struct request *req)
{
	struct virtio_gpu_ctrl_hdr hdr = { .type = req->result };

	if (!request_fenced(req))
		return hdr;
	hdr.flags = VIRTIO_GPU_FLAG_FENCE;
	hdr.fence_id = req->hdr.fence_id;
	hdr.ctx_id = req->hdr.ctx_id;
	if (request_has_ring(req)) {
		hdr.flags |= VIRTIO_GPU_FLAG_INFO_RING_IDX;
		hdr.ring_idx = req->hdr.ring_idx;
	}
	return hdr;
}

static bool is_error(uint32_t type)
{
	return type >= VIRTIO_GPU_RESP_ERR_UNSPEC;
}

/* What the response takes; a request that failed has a header to say so. */
static size_t response_size(const struct request *req)
{
	if (req->reply && !is_error(req->result))
		return req->reply_size;
	return sizeof(struct virtio_gpu_ctrl_hdr);
}

/*
 * Half a response would pass for a whole one, so where there is no room the
 * driver gets an error, and nothing where there is none for that either. The
 * command is done by then, and stays done. On the cursor queue no room is usual:
 * Linux gives none there at all.
 */
static size_t fit_response(struct request *req)
{
	uint64_t room = req->chain->writable_len;
	size_t size = response_size(req);

	if (room >= size)
		return size;
	if (room < sizeof(struct virtio_gpu_ctrl_hdr))
		return 0;
	req->result = VIRTIO_GPU_RESP_ERR_UNSPEC;
	req->why = "no room for the response";
	return sizeof(struct virtio_gpu_ctrl_hdr);
}

static void report(const struct request *req, size_t used)
{
	const struct command_row *row = req->row;
	const char *queue = req->chain->vq->name;
	const char *result = gpu_response_name(req->result);
	struct text fields = { .len = 0 };
	char name[32];

	if (row)
		snprintf(name, sizeof(name), "%s", row->name);
	else if (req->size < sizeof(req->hdr))
		snprintf(name, sizeof(name), "no command");
	else
		snprintf(name, sizeof(name), "command %#x", req->hdr.type);
	if (is_error(req->result))
		guest_error(&req->gpu->dev.limit, "%s: %s: %s: %s", queue, name,
			    result, req->why ? req->why : "refused");
	if (!trace_on(req->gpu->dev.trace))
		return;
	if (row && row->describe && req->size >= row->size)
		row->describe(req, &fields);
	if (request_fenced(req))
		text_add(&fields, " fence=%llu",
			 (unsigned long long)req->hdr.fence_id);
	trace_request(req->gpu->dev.trace, queue, name, &fields,
		      used ? result : "unanswered", req->began_us);
}

static void answer(struct request *req)
{
	size_t size = fit_response(req);
	struct virtio_gpu_ctrl_hdr hdr = response(req);
	const void *data = &hdr;

	report(req, size);
	if (size > sizeof(hdr)) {
		*req->reply = hdr;
		data = req->reply;
	}
	virtq_reply(req->chain, data, size);
	request_free(req);
}

void gpu_release(struct request *req)
{
	struct request *next;

	req->settled = true;
	if (req->queued && fences_blocked(req))
		return;
	for (; req; req = next) {
		next = req->queued ? fences_follower(req) : NULL;
		answer(req);
	}
}

void gpu_finish(struct request *req, uint32_t type)
{
	struct gpu *gpu = req->gpu;

	assert(type != GPU_PENDING);
	req->result = type;
	if (!req->queued || !gpu->gate || !gpu->gate(gpu->gate_arg, req))
		gpu_release(req);
}

/* What an ordinary command takes is about what it takes to copy this much. */
enum { BYTES_PER_CHAIN = 64 << 10 };

void gpu_copied(const struct request *req, uint64_t bytes)
{
	virtq_spend(req->chain->vq, bytes / BYTES_PER_CHAIN);
}

/* ---- commands ---- */

static const struct command_row *find_row(struct request *req)
{
	const struct gpu *gpu = req->gpu;

	for (unsigned t = gpu->command_tables; t-- > 0;) {
		const struct command_row *row = gpu->commands[t].rows;

		if (gpu->commands[t].queue != req->chain->vq->index)
			continue;
		for (; row->name; row++) {
			if (row->type != req->hdr.type ||
			    !device_has(&gpu->dev, row->feature))
				continue;
			req->arg = gpu->commands[t].arg;
			return row;
		}
	}
	return NULL;
}

static uint32_t refuse(struct request *req, uint32_t type, const char *why)
{
	req->why = why;
	return type;
}

/* Fewer bytes than the command takes: were they sent, but could not be read? */
static uint32_t refuse_short(struct request *req, const char *why)
{
	if (req->size < req->chain->readable_len)
		why = "request outside guest memory";
	return refuse(req, VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER, why);
}

static uint32_t run(struct request *req)
{
	if (req->size < sizeof(req->hdr))
		return refuse_short(req, "request shorter than a header");
	if (request_fenced(req))
		fences_add(req);
	if (request_has_ring(req) && req->hdr.ring_idx >= GPU_MAX_RINGS)
		return refuse(req, VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER,
			      "no context has such a ring");
	req->row = find_row(req);
	if (!req->row)
		return refuse(req, VIRTIO_GPU_RESP_ERR_UNSPEC,
			      "no such command on this queue");
	if (req->size < req->row->size)
		return refuse_short(req, "request shorter than its structure");
	return req->row->handle(req);
}

static void take(void *arg, struct chain *chain)
{
	struct gpu *gpu = arg;
	struct request *req = request_new(gpu, chain);
	uint32_t type;

	if (!req) {
		warn("no memory for a request");
		virtq_reply(chain, NULL, 0);
		return;
	}
	req->size = chain_read(chain, 0, req->cmd, sizeof(req->cmd));
	type = run(req);
	if (type != GPU_PENDING)
		gpu_finish(req, type);
}

void gpu_add_commands(struct gpu *gpu, unsigned queue,
		      const struct command_row *rows, void *arg)
{
	assert(gpu->command_tables < DEVICE_TABLES);
	gpu->commands[gpu->command_tables].queue = queue;
	gpu->commands[gpu->command_tables].rows = rows;
	gpu->commands[gpu->command_tables++].arg = arg;
}

/* ---- the device ---- */

/*
 * Those that wait for others are answered, to nobody; those that are pending
 * wait for nobody any more, and nobody for them.
 */
static void reset(void *arg)
{
	struct gpu *gpu = arg;
	struct request *req;

	while ((req = TAILQ_FIRST(&gpu->fenced))) {
		fences_remove(req);
		if (req->settled)
			answer(req);
	}
	gpu->config.events_read = 0;
	gpu->dev.config_changed = false;
}

static const struct device_part gpu_part = { .reset = reset };

void gpu_init(struct gpu *gpu, struct loop *loop, struct trace *trace)
{
	*gpu = (struct gpu){ 0 };
	TAILQ_INIT(&gpu->fenced);
	device_init(&gpu->dev, "gpu", loop, trace);
	device_add_part(&gpu->dev, &gpu_part, gpu);
	gpu_config_init(gpu);
	gpu->dev.queues[GPU_CONTROLQ].name = "controlq";
	gpu->dev.queues[GPU_CURSORQ].name = "cursorq";
	for (unsigned i = 0; i < DEVICE_QUEUES; i++) {
		gpu->dev.queues[i].handle = take;
		gpu->dev.queues[i].arg = gpu;
	}
}

void gpu_free(struct gpu *gpu)
{
	struct request *req;

	device_free(&gpu->dev);
	while ((req = gpu->spare)) {
		gpu->spare = req->spare;
		free(req);
	}
}
