/*
 * Resources: the guest's pictures, by the ids it gave them.
 *
 * A resource has a size, a format, and pixels on the host; CREATE_2D makes one,
 * UNREF ends it. Where its pixels lie and how they get there is a matter of its
 * ops: stage 2 knows one kind, the image in our own memory (image.c).
 *
 *   guest pages --> backing --TRANSFER--> pixels --FLUSH--> whoever shows them
 *                  (backing.h)           (image.h)         (scanout.h)
 *
 * All that a guest makes the host keep is paid from one budget, --max-hostmem.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#ifndef RESOURCE_H
#define RESOURCE_H

#include <linux/virtio_gpu.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "format.h"

struct backing;
struct gpu;
struct options;
struct resource;

enum {
	RESOURCE_MAX_SIZE = 16384, /* pixels, in either direction */
	RESOURCE_BUCKETS = 1024,
	RESOURCE_WATCHERS = 4,
};

struct resource_ops {
	/* Frees it; its backing is gone by then, and nobody shows it. */
	void (*destroy)(struct resource *res);
	/*
	 * Copies `r`, which lies inside and isn't empty, out of the backing,
	 * which is whole and where its first pixel lies `offset` bytes from the start. Returns a
	 * response's type; unless it is OK_NODATA nothing was copied.
	 */
	uint32_t (*transfer)(struct resource *res,
			     const struct virtio_gpu_rect *r, uint64_t offset);
	/* Puts `r`, of the same kind, as x8r8g8b8 into rows `stride` bytes
	 * apart. */
	void (*read)(const struct resource *res,
		     const struct virtio_gpu_rect *r, uint32_t *to,
		     size_t stride);
};

struct resource {
	const struct resource_ops *ops;
	uint32_t id;		/* never 0 */
	uint32_t width, height; /* pixels, neither 0 */
	const struct format *format;
	struct backing *backing; /* NULL: none attached */
	uint64_t cost;		 /* bytes of the budget it holds */
	LIST_ENTRY(resource) bucket;
};

struct resources {
	struct gpu *gpu;
	LIST_HEAD(, resource) buckets[RESOURCE_BUCKETS];
	uint64_t hostmem, max_hostmem; /* bytes: taken, to be had */
	/* Bytes in use that are not paid for any more; NULL: none. */
	uint64_t (*unpaid)(void *arg);
	void *unpaid_arg;

	/* Those who may have to let go of a resource before it goes. */
	struct {
		void (*gone)(void *arg, struct resource *res);
		void *arg;
	} watchers[RESOURCE_WATCHERS];
	unsigned watcher_count;
};

/* The commands for them, and --max-hostmem. All go at a reset. */
void resources_add(struct resources *resources, struct gpu *gpu,
		   struct options *options);

/* Each is told of every resource that goes, while it is still whole. */
void resources_watch(struct resources *resources,
		     void (*gone)(void *arg, struct resource *res), void *arg);

/* These bytes aren't to be had as well, whoever asks; there is one of these. */
void resources_mind(struct resources *resources, uint64_t (*unpaid)(void *arg),
		    void *arg);

/* NULL: there is none of that id. */
struct resource *resource_find(struct resources *resources, uint32_t id);

/* May such a resource be made? The answer's type, OK_NODATA if it may. */
uint32_t resource_check(struct resources *resources, uint32_t id,
			uint32_t width, uint32_t height, const char **why);
/* From now on it is found, by an id that was free. */
void resource_insert(struct resources *resources, struct resource *res);

/* Takes bytes from the budget; false, and takes none, if they aren't there. */
bool hostmem_take(struct resources *resources, uint64_t bytes);
void hostmem_give(struct resources *resources, uint64_t bytes);

#endif
