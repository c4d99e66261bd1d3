/*
 * The device's twin: what its resources hold and its scanouts show, by the
 * plainest code that does. It reads the requests that the device gets, and the
 * same guest pages.
 *
 * The working rule of TRANSFER_TO_HOST_2D, of which the specification says half:
 * row i of the rectangle lies at byte `offset + i * width * 4` of the backing,
 * width being the resource's.
 */
#ifndef TWIN_H
#define TWIN_H

#include <linux/virtio_gpu.h>
#include <stdbool.h>
#include <stdint.h>

#include "pointer.h"

struct picture;
struct ram;

struct twin_resource {
	uint32_t id, width, height;
	const char *order; /* of the bytes in a pixel: "BGRX" */
	uint8_t *bytes;
	struct virtio_gpu_mem_entry *entries; /* NULL: no backing */
	uint32_t count;
	uint64_t size; /* of the backing */
	struct twin_resource *next;
};

struct twin_scanout {
	uint32_t id; /* of its resource; 0: off */
	struct virtio_gpu_rect r;
	struct picture *shown; /* NULL: off */
};

struct twin {
	struct ram *ram;
	uint32_t scanouts;
	struct twin_scanout scanout[VIRTIO_GPU_MAX_SCANOUTS];
	struct pointer pointers[VIRTIO_GPU_MAX_SCANOUTS];
	struct twin_resource *resources;
	bool hostmem_gone; /* what takes host memory can't be had */
};

struct twin *twin_new(struct ram *ram, uint32_t scanouts);
void twin_free(struct twin *t);
void twin_reset(struct twin *t);

/* A set of errors, one bit each. */
#define FAULT(error) (1u << ((error)&0xff))

/*
 * Does what the request asks for and returns 0; or nothing, and returns all the
 * errors that may be answered. FAILs if it is neither a 2D command nor a cursor's.
 */
unsigned twin_do(struct twin *t, const void *request, uint32_t len);

/* Those of the cursor queue; and a resource, or NULL. */
unsigned twin_cursor(struct twin *t,
		     const struct virtio_gpu_update_cursor *cmd);
const struct twin_resource *twin_find(struct twin *t, uint32_t id);

#endif
