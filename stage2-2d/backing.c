/*
 * RESOURCE_ATTACH_BACKING, RESOURCE_DETACH_BACKING, and the walk.
 */
#include "backing.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "checked.h"
#include "gpu.h"
#include "resource.h"
#include "trace.h"

enum {
	/* 1 GiB in single pages; what Linux has for 8192x8192 is 65536. */
	MAX_ENTRIES = 262144,
	AT_A_TIME = 256, /* entries copied out of the request */
};

/* ---- runs ---- */

static void add_run(struct backing *backing, uint64_t gpa, uint64_t len)
{
	struct run *next = &backing->runs[backing->run_count];

	if (!len)
		return;
	backing->size += len;
	if (backing->run_count && next[-1].gpa + next[-1].len == gpa) {
		next[-1].len += len;
		return;
	}
	*next = (struct run){ gpa, len };
	backing->run_count++;
}

/*
 * The list may be cut anywhere, as all of a request; it is read once, so what is
 * checked is what is used. False: not all of it could be read.
 */
static bool read_entries(struct backing *backing, struct request *req,
			 uint32_t count)
{
	struct virtio_gpu_mem_entry entries[AT_A_TIME];
	uint64_t from = sizeof(struct virtio_gpu_resource_attach_backing);

	while (count) {
		uint32_t n = count < AT_A_TIME ? count : AT_A_TIME;
		size_t bytes = n * sizeof(*entries);

		if (chain_read(req->chain, from, entries, bytes) < bytes)
			return false;
		for (uint32_t i = 0; i < n; i++)
			add_run(backing, entries[i].addr, entries[i].length);
		from += bytes;
		count -= n;
	}
	return true;
}

/* ---- pieces ---- */

struct cutting {
	struct piece *pieces;
	uint32_t count, room;
};

/* There are seldom more pieces than runs: guests have few regions. */
static bool make_room(struct cutting *c)
{
	struct piece *more;

	if (c->count < c->room)
		return true;
	more = reallocarray(c->pieces, c->room * 2ul, sizeof(*more));
	if (!more)
		return false;
	c->pieces = more;
	c->room *= 2;
	return true;
}

static enum backing_state cut(struct cutting *c, const struct run *run,
			      uint64_t at, const struct guestmem *mem)
{
	for (uint64_t done = 0, len; done < run->len; done += len) {
		const uint8_t *host;

		len = run->len - done;
		host = guestmem_piece(mem, run->gpa + done, &len);
		if (!host)
			return BACKING_OUTSIDE;
		if (!make_room(c))
			return BACKING_NO_MEMORY;
		c->pieces[c->count++] = (struct piece){ at + done, len, host };
	}
	return BACKING_WHOLE;
}

/* Only what is used is paid for. */
static struct piece *shrunk(const struct cutting *c)
{
	struct piece *less = NULL;

	if (c->count < c->room)
		less = realloc(c->pieces, c->count * sizeof(*less));
	return less ? less : c->pieces;
}

/* Makes the pieces anew; without memory, guest's or ours, there are none. */
static void translate(struct backing *backing, const struct guestmem *mem)
{
	struct cutting c = { .room = backing->run_count };
	enum backing_state state;
	uint64_t at = 0;

	free(backing->pieces);
	c.pieces = reallocarray(NULL, c.room, sizeof(*c.pieces));
	state = c.pieces ? BACKING_WHOLE : BACKING_NO_MEMORY;
	for (uint32_t i = 0; !state && i < backing->run_count; i++) {
		state = cut(&c, &backing->runs[i], at, mem);
		at += backing->runs[i].len;
	}
	if (state) {
		free(c.pieces);
		c = (struct cutting){ 0 };
	}
	backing->pieces = shrunk(&c);
	backing->piece_count = c.count;
	backing->state = state;
}

/*
 * Another memory table may cut the same runs into more pieces, which are paid
 * for, or are none; and into fewer, which it may not for long: those stay paid.
 */
static void renew(struct backing *backing, struct resources *resources)
{
	uint64_t cost;

	translate(backing, &resources->gpu->dev.mem);
	cost = sizeof(*backing) + backing->run_count * sizeof(*backing->runs) +
	       backing->piece_count * sizeof(*backing->pieces);
	if (cost <= backing->cost)
		return;
	if (hostmem_take(resources, cost - backing->cost)) {
		backing->cost = cost;
		return;
	}
	free(backing->pieces);
	backing->pieces = NULL;
	backing->piece_count = 0;
	backing->state = BACKING_NO_BUDGET;
}

uint32_t backing_check(const struct backing *backing, const char **why)
{
	static const struct {
		uint32_t type;
		const char *why;
	} answers[] = {
		[BACKING_WHOLE] = { VIRTIO_GPU_RESP_OK_NODATA, NULL },
		[BACKING_OUTSIDE] = { VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER,
				      "an entry is not in guest memory" },
		[BACKING_NO_MEMORY] = { VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY,
					"the host has no memory for the list" },
		[BACKING_NO_BUDGET] = { VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY,
					"more than --max-hostmem" },
	};

	*why = answers[backing->state].why;
	return answers[backing->state].type;
}

/* ---- life ---- */

void backing_free(struct backing *backing, struct resources *resources)
{
	if (!backing)
		return;
	hostmem_give(resources, backing->cost);
	free(backing->pieces);
	free(backing->runs);
	free(backing);
}

static struct backing *backing_new(uint32_t entries)
{
	struct backing *backing = calloc(1, sizeof(*backing));

	if (!backing)
		return NULL;
	backing->runs = reallocarray(NULL, entries, sizeof(*backing->runs));
	if (backing->runs)
		return backing;
	free(backing);
	return NULL;
}

/* What neighbours made one left over goes back. */
static void shrink_runs(struct backing *backing)
{
	struct run *runs = realloc(backing->runs,
				   backing->run_count * sizeof(*runs));

	if (runs)
		backing->runs = runs;
}

/* Attaches all of it or nothing. */
static uint32_t fill(struct backing *backing, struct request *req,
		     uint32_t entries)
{
	if (!read_entries(backing, req, entries)) {
		req->why = "list of entries is cut short";
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	}
	if (!backing->size) {
		req->why = "all entries are empty";
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	}
	shrink_runs(backing);
	renew(backing, req->arg);
	return backing_check(backing, &req->why);
}

/* ---- commands ---- */

static uint32_t check_attach(struct request *req, const struct resource *res,
			     uint32_t entries)
{
	uint64_t bytes = (uint64_t)entries *
			 sizeof(struct virtio_gpu_mem_entry);

	if (!res) {
		req->why = "no such resource";
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	}
	if (res->backing) {
		req->why = "resource has a backing";
		return VIRTIO_GPU_RESP_ERR_UNSPEC;
	}
	if (!entries || entries > MAX_ENTRIES) {
		req->why = "a list has 1 to 262144 entries";
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	}
	if (req->chain->readable_len - req->row->size < bytes) {
		req->why = "list of entries is cut short";
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	}
	return VIRTIO_GPU_RESP_OK_NODATA;
}

static uint32_t resource_attach_backing(struct request *req)
{
	const struct virtio_gpu_resource_attach_backing *cmd =
		(const void *)req->cmd;
	struct resource *res = resource_find(req->arg, cmd->resource_id);
	struct backing *backing;
	uint32_t answer = check_attach(req, res, cmd->nr_entries);

	if (answer != VIRTIO_GPU_RESP_OK_NODATA)
		return answer;
	backing = backing_new(cmd->nr_entries);
	if (!backing) {
		req->why = "the host has no memory for the list";
		return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
	}
	answer = fill(backing, req, cmd->nr_entries);
	if (answer == VIRTIO_GPU_RESP_OK_NODATA)
		res->backing = backing;
	else
		backing_free(backing, req->arg);
	return answer;
}

static void describe_attach(const struct request *req, struct text *fields)
{
	const struct virtio_gpu_resource_attach_backing *cmd =
		(const void *)req->cmd;
	const struct resource *res = resource_find(req->arg, cmd->resource_id);

	text_add(fields, " id=%u entries=%u", cmd->resource_id,
		 cmd->nr_entries);
	if (res && res->backing)
		text_add(fields, " bytes=%llu pieces=%u",
			 (unsigned long long)res->backing->size,
			 res->backing->piece_count);
}

/* The image stays, and is shown on: only the guest's pages are let go. */
static uint32_t resource_detach_backing(struct request *req)
{
	const struct virtio_gpu_resource_detach_backing *cmd =
		(const void *)req->cmd;
	struct resource *res = resource_find(req->arg, cmd->resource_id);

	if (!res) {
		req->why = "no such resource";
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	}
	if (!res->backing) {
		req->why = "resource has no backing";
		return VIRTIO_GPU_RESP_ERR_UNSPEC;
	}
	backing_free(res->backing, req->arg);
	res->backing = NULL;
	return VIRTIO_GPU_RESP_OK_NODATA;
}

static void describe_detach(const struct request *req, struct text *fields)
{
	const struct virtio_gpu_resource_detach_backing *cmd =
		(const void *)req->cmd;

	text_add(fields, " id=%u", cmd->resource_id);
}

static const struct command_row backing_commands[] = {
	{ VIRTIO_GPU_CMD_RESOURCE_ATTACH_BACKING, "RESOURCE_ATTACH_BACKING",
	  sizeof(struct virtio_gpu_resource_attach_backing), 0,
	  resource_attach_backing, describe_attach },
	{ VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, "RESOURCE_DETACH_BACKING",
	  sizeof(struct virtio_gpu_resource_detach_backing), 0,
	  resource_detach_backing, describe_detach },
	{ 0 }
};

/* ---- the memory table changed ---- */

static void memory(void *arg)
{
	struct resources *resources = arg;
	struct resource *res;

	for (unsigned i = 0; i < RESOURCE_BUCKETS; i++)
		LIST_FOREACH(res, &resources->buckets[i], bucket)
			if (res->backing)
				renew(res->backing, resources);
}

static const struct device_part backing_part = { .memory = memory };

void backing_add(struct resources *resources)
{
	device_add_part(&resources->gpu->dev, &backing_part, resources);
	gpu_add_commands(resources->gpu, GPU_CONTROLQ, backing_commands,
			 resources);
}

/* ---- the walk ---- */

/* The last piece that begins at or before `offset`. */
struct walk walk_begin(const struct backing *backing, uint64_t offset)
{
	uint32_t first = 0, last = backing->piece_count - 1;

	assert(offset < backing->size);
	while (first < last) {
		uint32_t middle = last - (last - first) / 2;

		if (backing->pieces[middle].at <= offset)
			first = middle;
		else
			last = middle - 1;
	}
	return (struct walk){ &backing->pieces[first],
			      offset - backing->pieces[first].at };
}

void walk_copy(struct walk *walk, void *to, size_t len)
{
	uint8_t *bytes = to;

	while (len) {
		uint64_t n = walk->piece->len - walk->into;

		if (n > len)
			n = len;
		memcpy(bytes, walk->piece->host + walk->into, n);
		walk_skip(walk, n);
		bytes += n;
		len -= n;
	}
}

void walk_skip(struct walk *walk, uint64_t len)
{
	walk->into += len;
	while (walk->into && walk->into >= walk->piece->len) {
		walk->into -= walk->piece->len;
		walk->piece++;
	}
}
