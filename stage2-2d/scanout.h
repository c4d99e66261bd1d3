/*
 * Scanouts: which part of which resource each monitor shows.
 *
 *   resource 7                      scanout 0     scanout 1
 *   +-----------------------+       +--------+    +--------+
 *   |  +--------+           |  ---> |        |    |        |
 *   |  |   r    |+--------+ |       +--------+    +--------+
 *   |  +--------+|   r    | |  --------------------> ^
 *   |            +--------+ |     Rectangles may overlap, several scanouts
 *   +-----------------------+     may show one resource, each has one or none.
 *
 * SET_SCANOUT binds, RESOURCE_FLUSH makes what was transferred visible on every
 * scanout that shows the resource. Between the two the old picture stays, or
 * black where the size is new.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#ifndef SCANOUT_H
#define SCANOUT_H

#include <linux/virtio_gpu.h>
#include <stdint.h>

struct display;
struct resource;
struct resources;

struct scanout {
	struct resource *res;	  /* NULL: it is off */
	struct virtio_gpu_rect r; /* of the resource */
	uint64_t cost;		  /* of the host's budget; 0: it is off */
};

struct scanouts {
	struct resources *resources;
	struct display *display;
	struct scanout scanout[VIRTIO_GPU_MAX_SCANOUTS];
};

/* SET_SCANOUT and RESOURCE_FLUSH. */
void scanouts_add(struct scanouts *scanouts, struct resources *resources,
		  struct display *display);

#endif
