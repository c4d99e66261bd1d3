/*
 * Sums, products and rectangles that can't wrap.
 */
#include "checked.h"

bool add_ok(uint64_t a, uint64_t b, uint64_t *sum)
{
	return !__builtin_add_overflow(a, b, sum);
}

bool mul_ok(uint64_t a, uint64_t b, uint64_t *product)
{
	return !__builtin_mul_overflow(a, b, product);
}

/* x + width may be 2^32 and more, so it is the room that is compared. */
bool rect_inside(const struct virtio_gpu_rect *r, uint32_t width,
		 uint32_t height)
{
	return r->x <= width && r->width <= width - r->x && r->y <= height &&
	       r->height <= height - r->y;
}

bool rect_empty(const struct virtio_gpu_rect *r)
{
	return !r->width || !r->height;
}

uint64_t rect_pixels(const struct virtio_gpu_rect *r)
{
	return (uint64_t)r->width * r->height;
}

static uint32_t min(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint32_t max(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

bool rect_intersect(const struct virtio_gpu_rect *a,
		    const struct virtio_gpu_rect *b,
		    struct virtio_gpu_rect *shared)
{
	uint32_t left = max(a->x, b->x), top = max(a->y, b->y);
	uint32_t right = min(a->x + a->width, b->x + b->width);
	uint32_t bottom = min(a->y + a->height, b->y + b->height);

	if (left >= right || top >= bottom)
		return false;
	*shared = (struct virtio_gpu_rect){
		.x = left,
		.y = top,
		.width = right - left,
		.height = bottom - top,
	};
	return true;
}

struct virtio_gpu_rect rect_union(const struct virtio_gpu_rect *a,
				  const struct virtio_gpu_rect *b)
{
	struct virtio_gpu_rect both;

	if (rect_empty(a))
		return *b;
	if (rect_empty(b))
		return *a;
	both.x = min(a->x, b->x);
	both.y = min(a->y, b->y);
	both.width = max(a->x + a->width, b->x + b->width) - both.x;
	both.height = max(a->y + a->height, b->y + b->height) - both.y;
	return both;
}
