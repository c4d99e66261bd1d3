/*
 * Where a scanout's picture lies in its window.
 *
 *   window, in pixels             +--------------------------+
 *                                 |##|                    |##|   # black
 *   window, in points: what the   |##|      picture       |##|
 *   mouse counts in; fewer on     |##|                    |##|
 *   screens with high density     +--------------------------+
 *
 * The picture keeps its aspect and is as large as fits. At a whole factor each
 * of its pixels becomes a square, and the picture stays as sharp as it is; what
 * would be just a little larger than that is kept at it.
 */
#ifndef VIEWPORT_H
#define VIEWPORT_H

#include <linux/virtio_gpu.h>
#include <stdbool.h>
#include <stdint.h>

struct size {
	uint32_t width, height;
};

struct viewport {
	struct size scanout; /* 0x0: it is off, and no picture is anywhere */
	struct size points;  /* the window's, neither 0 */
	struct size pixels;
	struct virtio_gpu_rect picture; /* of the window's pixels */
	bool whole;			/* its factor is a whole number */
};

/* From scanout to window. */
void viewport_place(struct viewport *view, struct size scanout,
		    struct size points, struct size pixels);

/*
 * From window to scanout: the scanout's pixel that shows at a point of the
 * window. False: that is beside the picture, and it is the nearest one; or the
 * scanout is off, and it is 0, 0.
 */
bool viewport_find(const struct viewport *view, int32_t x, int32_t y,
		   uint32_t *scanout_x, uint32_t *scanout_y);

/* The size for a window that shows a picture unscaled, or smaller in its aspect
 * if there isn't that much room. */
struct size viewport_fit(struct size picture, struct size room);

/* How large it is shown: points for a pixel of the scanout, in hundredths. */
unsigned viewport_percent(const struct viewport *view);

#endif
