/*
 * RESOURCE_CREATE_2D, and what can be done with the image it makes.
 */
#include "image.h"

#include <malloc.h>
#include <stdlib.h>

#include "backing.h"
#include "checked.h"
#include "gpu.h"
#include "resource.h"
#include "trace.h"

/*
 * None of the 2D commands says how far apart the rows of a picture are, neither
 * in the guest's pages nor here. What Linux' driver, QEMU and all others have
 * agreed on is width * 4, without padding.
 */
struct image {
	struct resource res; /* first: an image is a resource */
	size_t stride; /* bytes from row to row, here and in the backing */
	void *memory;
	uint8_t *pixels; /* therein */
};

/* Where a guest's pages begin: copying is slower if one of both doesn't. */
enum { CACHE_LINE = 64 };

static const struct image *image_of(const struct resource *res)
{
	return (const struct image *)res;
}

static void destroy(struct resource *res)
{
	struct image *image = (struct image *)res;

	free(image->memory);
	free(image);
}

/* Whole rows lie one behind the other on both sides: one copy does. */
static void copy_in(const struct image *image, const struct virtio_gpu_rect *r,
		    struct walk walk)
{
	size_t row = (size_t)r->width * PIXEL_BYTES;
	uint8_t *to = image->pixels + r->y * image->stride +
		      (size_t)r->x * PIXEL_BYTES;

	if (row == image->stride) {
		walk_copy(&walk, to, row * r->height);
		return;
	}
	for (uint32_t y = 0; y < r->height; y++, to += image->stride) {
		if (y)
			walk_skip(&walk, image->stride - row);
		walk_copy(&walk, to, row);
	}
}

/* Of the last row only what the rectangle has of it need be there. */
static bool in_backing(const struct image *image,
		       const struct virtio_gpu_rect *r, uint64_t offset)
{
	uint64_t rows, end;

	return mul_ok(r->height - 1, image->stride, &rows) &&
	       add_ok(offset, rows, &end) &&
	       add_ok(end, (uint64_t)r->width * PIXEL_BYTES, &end) &&
	       end <= image->res.backing->size;
}

static uint32_t transfer(struct resource *res, const struct virtio_gpu_rect *r,
			 uint64_t offset)
{
	const struct image *image = image_of(res);

	if (!in_backing(image, r, offset))
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	copy_in(image, r, walk_begin(res->backing, offset));
	return VIRTIO_GPU_RESP_OK_NODATA;
}

static void read_pixels(const struct resource *res,
			const struct virtio_gpu_rect *r, uint32_t *to,
			size_t stride)
{
	const struct image *image = image_of(res);
	const uint8_t *from = image->pixels + r->y * image->stride +
			      (size_t)r->x * PIXEL_BYTES;
	uint8_t *row = (uint8_t *)to;

	if (r->width == res->width && stride == image->stride) {
		format_to_xrgb(res->format, from, to,
			       (size_t)r->width * r->height);
		return;
	}
	for (uint32_t y = 0; y < r->height; y++) {
		format_to_xrgb(res->format, from, (uint32_t *)row, r->width);
		from += image->stride;
		row += stride;
	}
}

static const struct resource_ops image_ops = {
	.destroy = destroy,
	.transfer = transfer,
	.read = read_pixels,
};

/* Zeroed: what was here before may have been another guest's. */
static struct resource *image_new(uint32_t width, uint32_t height)
{
	struct image *image = calloc(1, sizeof(*image));

	if (!image)
		return NULL;
	image->res.ops = &image_ops;
	image->stride = (size_t)width * PIXEL_BYTES;
	image->memory = calloc(1, height * image->stride + CACHE_LINE);
	if (!image->memory) {
		free(image);
		return NULL;
	}
	image->pixels = image->memory;
	image->pixels += -(uintptr_t)image->memory % CACHE_LINE;
	return &image->res;
}

static struct resource *image_paid(struct resources *resources, uint32_t width,
				   uint32_t height)
{
	uint64_t cost = (uint64_t)width * height * PIXEL_BYTES +
			sizeof(struct image) + CACHE_LINE;
	struct resource *res;

	if (!hostmem_take(resources, cost))
		return NULL;
	res = image_new(width, height);
	if (res)
		res->cost = cost;
	else
		hostmem_give(resources, cost);
	return res;
}

static uint32_t resource_create_2d(struct request *req)
{
	const struct virtio_gpu_resource_create_2d *cmd =
		(const void *)req->cmd;
	const struct format *format = format_find(cmd->format);
	struct resources *resources = req->arg;
	struct resource *res;
	uint32_t answer = resource_check(resources, cmd->resource_id,
					 cmd->width, cmd->height, &req->why);

	if (answer != VIRTIO_GPU_RESP_OK_NODATA)
		return answer;
	if (!format) {
		req->why = "no such format";
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	}
	res = image_paid(resources, cmd->width, cmd->height);
	if (!res) {
		req->why = "more than --max-hostmem, or than the host has";
		return VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY;
	}
	res->id = cmd->resource_id;
	res->width = cmd->width;
	res->height = cmd->height;
	res->format = format;
	resource_insert(resources, res);
	return VIRTIO_GPU_RESP_OK_NODATA;
}

static void describe(const struct request *req, struct text *fields)
{
	const struct virtio_gpu_resource_create_2d *cmd =
		(const void *)req->cmd;
	const struct format *format = format_find(cmd->format);

	text_add(fields, " id=%u %ux%u %s", cmd->resource_id, cmd->width,
		 cmd->height, format ? format->name : "format ?");
}

static const struct command_row image_commands[] = {
	{ VIRTIO_GPU_CMD_RESOURCE_CREATE_2D, "RESOURCE_CREATE_2D",
	  sizeof(struct virtio_gpu_resource_create_2d), 0, resource_create_2d,
	  describe },
	{ 0 }
};

/*
 * Memory of that size and more comes from the kernel at each calloc(), zeroed
 * when it is touched, and goes back at each free(). Left to itself the C library
 * would soon keep it, and clear a whole picture in every CREATE_2D.
 */
enum { OF_THE_KERNEL = 256 << 10 };

void image_add(struct resources *resources)
{
	mallopt(M_MMAP_THRESHOLD, OF_THE_KERNEL);
	gpu_add_commands(resources->gpu, GPU_CONTROLQ, image_commands,
			 resources);
}
