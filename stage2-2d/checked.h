/*
 * Arithmetic on numbers the guest chose.
 *
 * What a check rests on is computed by these, and none of them wraps; behind the
 * check plain arithmetic is safe. QEMU's CVE-2026-3886 was width * height * 4 in
 * 32 bits.
 */
#ifndef CHECKED_H
#define CHECKED_H

#include <linux/virtio_gpu.h>
#include <stdbool.h>
#include <stdint.h>

/* *sum = a + b; *product = a * b. False: it has no room in 64 bits. */
bool add_ok(uint64_t a, uint64_t b, uint64_t *sum);
bool mul_ok(uint64_t a, uint64_t b, uint64_t *product);

/* Does the rectangle lie in an image of that size? An empty one may. */
bool rect_inside(const struct virtio_gpu_rect *r, uint32_t width,
		 uint32_t height);
bool rect_empty(const struct virtio_gpu_rect *r);
uint64_t rect_pixels(const struct virtio_gpu_rect *r);

/*
 * For rectangles that are inside some image: what they share (false: nothing,
 * and *shared is left alone), and the smallest one that holds both, an empty one
 * counting for nothing.
 */
bool rect_intersect(const struct virtio_gpu_rect *a,
		    const struct virtio_gpu_rect *b,
		    struct virtio_gpu_rect *shared);
struct virtio_gpu_rect rect_union(const struct virtio_gpu_rect *a,
				  const struct virtio_gpu_rect *b);

#endif
