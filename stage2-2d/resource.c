/*
 * The table of resources, RESOURCE_UNREF, and the budget.
 */
#include "resource.h"

#include <assert.h>
#include <stdlib.h>

#include "backing.h"
#include "gpu.h"
#include "options.h"
#include "trace.h"

static unsigned bucket(uint32_t id)
{
	return id % RESOURCE_BUCKETS;
}

struct resource *resource_find(struct resources *resources, uint32_t id)
{
	struct resource *res;

	LIST_FOREACH(res, &resources->buckets[bucket(id)], bucket)
		if (res->id == id)
			return res;
	return NULL;
}

/*
 * No driver relies on these codes, Linux only logs them; they are the ones QEMU
 * gives where it checks. Id 0 means "none" wherever an id may be left out, so no
 * resource can have it.
 */
uint32_t resource_check(struct resources *resources, uint32_t id,
			uint32_t width, uint32_t height, const char **why)
{
	if (!id || resource_find(resources, id)) {
		*why = id ? "id is in use" : "id 0 means no resource";
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	}
	if (!width || !height || width > RESOURCE_MAX_SIZE ||
	    height > RESOURCE_MAX_SIZE) {
		*why = "width and height are 1 to 16384";
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	}
	return VIRTIO_GPU_RESP_OK_NODATA;
}

void resource_insert(struct resources *resources, struct resource *res)
{
	LIST_INSERT_HEAD(&resources->buckets[bucket(res->id)], res, bucket);
}

/*
 * Linux unrefs without detaching the backing, and what is still shown: whoever
 * holds on to the resource is told first.
 */
static void destroy(struct resources *resources, struct resource *res)
{
	uint64_t cost = res->cost;

	for (unsigned i = 0; i < resources->watcher_count; i++)
		resources->watchers[i].gone(resources->watchers[i].arg, res);
	backing_free(res->backing, resources);
	LIST_REMOVE(res, bucket);
	res->ops->destroy(res);
	hostmem_give(resources, cost);
}

void resources_watch(struct resources *resources,
		     void (*gone)(void *arg, struct resource *res), void *arg)
{
	unsigned i = resources->watcher_count++;

	assert(i < RESOURCE_WATCHERS);
	resources->watchers[i].gone = gone;
	resources->watchers[i].arg = arg;
}

/* ---- the budget ---- */

void resources_mind(struct resources *resources, uint64_t (*unpaid)(void *arg),
		    void *arg)
{
	resources->unpaid = unpaid;
	resources->unpaid_arg = arg;
}

bool hostmem_take(struct resources *resources, uint64_t bytes)
{
	uint64_t left = resources->max_hostmem - resources->hostmem;
	uint64_t unpaid = 0;

	if (resources->unpaid)
		unpaid = resources->unpaid(resources->unpaid_arg);
	if (unpaid > left || bytes > left - unpaid)
		return false;
	resources->hostmem += bytes;
	return true;
}

void hostmem_give(struct resources *resources, uint64_t bytes)
{
	assert(bytes <= resources->hostmem);
	resources->hostmem -= bytes;
}

static const char *set_max_hostmem(void *arg, const char *value)
{
	struct resources *resources = arg;
	unsigned long mib;

	if (!parse_number(value, 1, 1048576, &mib))
		return "takes a number of MiB from 1 to 1048576";
	resources->max_hostmem = (uint64_t)mib << 20;
	return NULL;
}

static const struct option_row resource_options[] = {
	{ "max-hostmem", "MIB",
	  "what a guest's pictures may take of this host's memory (1024)",
	  set_max_hostmem },
	{ 0 }
};

/* ---- commands ---- */

static uint32_t resource_unref(struct request *req)
{
	const struct virtio_gpu_resource_unref *cmd = (const void *)req->cmd;
	struct resources *resources = req->arg;
	struct resource *res = resource_find(resources, cmd->resource_id);

	if (!res) {
		req->why = "no such resource";
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	}
	destroy(resources, res);
	return VIRTIO_GPU_RESP_OK_NODATA;
}

static void describe_unref(const struct request *req, struct text *fields)
{
	const struct virtio_gpu_resource_unref *cmd = (const void *)req->cmd;

	text_add(fields, " id=%u", cmd->resource_id);
}

static const struct command_row resource_commands[] = {
	{ VIRTIO_GPU_CMD_RESOURCE_UNREF, "RESOURCE_UNREF",
	  sizeof(struct virtio_gpu_resource_unref), 0, resource_unref,
	  describe_unref },
	{ 0 }
};

/* ---- reset ---- */

static void reset(void *arg)
{
	struct resources *resources = arg;
	struct resource *res;

	for (unsigned i = 0; i < RESOURCE_BUCKETS; i++)
		while ((res = LIST_FIRST(&resources->buckets[i])))
			destroy(resources, res);
	assert(!resources->hostmem);
}

static const struct device_part resource_part = { .reset = reset };

void resources_add(struct resources *resources, struct gpu *gpu,
		   struct options *options)
{
	*resources = (struct resources){
		.gpu = gpu,
		.max_hostmem = (uint64_t)1 << 30,
	};
	device_add_part(&gpu->dev, &resource_part, resources);
	gpu_add_commands(gpu, GPU_CONTROLQ, resource_commands, resources);
	options_add(options, resource_options, resources);
}
