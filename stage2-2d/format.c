/*
 * The table of formats, and the way out of them.
 */
#include "format.h"

#include <linux/virtio_gpu.h>
#include <string.h>

static const struct format formats[] = {
	{ VIRTIO_GPU_FORMAT_B8G8R8A8_UNORM, "B8G8R8A8", 2, 1, 0, 3, true },
	{ VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM, "B8G8R8X8", 2, 1, 0, 3, false },
	{ VIRTIO_GPU_FORMAT_A8R8G8B8_UNORM, "A8R8G8B8", 1, 2, 3, 0, true },
	{ VIRTIO_GPU_FORMAT_X8R8G8B8_UNORM, "X8R8G8B8", 1, 2, 3, 0, false },
	{ VIRTIO_GPU_FORMAT_R8G8B8A8_UNORM, "R8G8B8A8", 0, 1, 2, 3, true },
	{ VIRTIO_GPU_FORMAT_X8B8G8R8_UNORM, "X8B8G8R8", 3, 2, 1, 0, false },
	{ VIRTIO_GPU_FORMAT_A8B8G8R8_UNORM, "A8B8G8R8", 3, 2, 1, 0, true },
	{ VIRTIO_GPU_FORMAT_R8G8B8X8_UNORM, "R8G8B8X8", 0, 1, 2, 3, false },
	{ 0 }
};

const struct format *format_find(uint32_t id)
{
	for (const struct format *f = formats; f->name; f++)
		if (f->id == id)
			return f;
	return NULL;
}

/* A word in memory order B, G, R, rest is 0xXXRRGGBB on these hosts. */
static bool is_xrgb(const struct format *f)
{
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ && f->blue == 0 &&
	       f->green == 1 && f->red == 2;
}

void format_to_xrgb(const struct format *f, const void *from, uint32_t *to,
		    size_t count)
{
	const uint8_t *pixel = from;

	if (is_xrgb(f)) {
		memcpy(to, from, count * PIXEL_BYTES);
		return;
	}
	for (size_t i = 0; i < count; i++, pixel += PIXEL_BYTES)
		to[i] = (uint32_t)pixel[f->rest] << 24 |
			(uint32_t)pixel[f->red] << 16 |
			(uint32_t)pixel[f->green] << 8 | pixel[f->blue];
}
