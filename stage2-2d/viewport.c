/*
 * The two ways between a window and a scanout.
 */
#include "viewport.h"

/* A whole factor is kept up to this much more room than it takes. */
enum { KEEP_OF = 20, KEEP = 19 };

static uint32_t min(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* a * b / c, rounded, and at least 1. */
static uint32_t share(uint32_t a, uint32_t b, uint32_t c)
{
	uint32_t result = (uint32_t)(((uint64_t)a * b + c / 2) / c);

	return result ? result : 1;
}

/* The largest of the picture's aspect in that room; neither has an empty side. */
static struct size fill(struct size picture, struct size room)
{
	struct size size = room;

	if ((uint64_t)room.width * picture.height <=
	    (uint64_t)room.height * picture.width)
		size.height = share(room.width, picture.height, picture.width);
	else
		size.width = share(room.height, picture.width, picture.height);
	return size;
}

struct size viewport_fit(struct size picture, struct size room)
{
	if (picture.width <= room.width && picture.height <= room.height)
		return picture;
	return fill(picture, room);
}

void viewport_place(struct viewport *view, struct size scanout,
		    struct size points, struct size pixels)
{
	struct size size;
	uint32_t factor;

	*view = (struct viewport){ scanout, points, pixels, { 0 }, false };
	if (!scanout.width || !scanout.height)
		return;
	size = fill(scanout, pixels);
	factor = min(pixels.width / scanout.width,
		     pixels.height / scanout.height);
	view->whole = factor && (uint64_t)factor * scanout.width * KEEP_OF >=
					(uint64_t)size.width * KEEP;
	if (view->whole)
		size = (struct size){ factor * scanout.width,
				      factor * scanout.height };
	view->picture = (struct virtio_gpu_rect){
		.x = (pixels.width - size.width) / 2,
		.y = (pixels.height - size.height) / 2,
		.width = size.width,
		.height = size.height,
	};
}

unsigned viewport_percent(const struct viewport *view)
{
	uint32_t points;

	if (!view->scanout.width)
		return 0;
	points = share(view->picture.width, view->points.width,
		       view->pixels.width);
	return share(100, points, view->scanout.width);
}

/* One direction of it. */
struct axis {
	uint32_t points, pixels; /* of the window */
	uint32_t start, length;	 /* of the picture, in those pixels */
	uint32_t scanout;
};

/* It is the middle of a point that counts, so everything is doubled. */
static bool find(const struct axis *axis, int32_t point, uint32_t *found)
{
	int64_t middle = (2 * (int64_t)point + 1) * axis->pixels -
			 2 * (int64_t)axis->start * axis->points;
	int64_t at = middle * axis->scanout /
		     (2 * (int64_t)axis->length * axis->points);

	*found = 0;
	if (middle < 0)
		return false;
	*found = at < axis->scanout ? (uint32_t)at : axis->scanout - 1;
	return at < axis->scanout;
}

bool viewport_find(const struct viewport *view, int32_t x, int32_t y,
		   uint32_t *scanout_x, uint32_t *scanout_y)
{
	const struct virtio_gpu_rect *p = &view->picture;
	struct axis across = { view->points.width, view->pixels.width, p->x,
			       p->width, view->scanout.width };
	struct axis down = { view->points.height, view->pixels.height, p->y,
			     p->height, view->scanout.height };
	bool in_x, in_y;

	*scanout_x = *scanout_y = 0;
	if (!view->scanout.width)
		return false;
	in_x = find(&across, x, scanout_x);
	in_y = find(&down, y, scanout_y);
	return in_x && in_y;
}
