/*
 * Takes the layers of a scanout, and puts them together on the CPU.
 */
#include "layers.h"

#include <assert.h>
#include <string.h>

#include "checked.h"
#include "format.h"

void overlays_add(struct overlay_sources *sources,
		  const struct overlay_source *source)
{
	assert(sources->count < LAYERS_OVERLAYS);
	sources->source[sources->count++] = *source;
}

void layers_init(struct layers *layers, struct mailboxes *boxes,
		 const struct overlay_sources *sources, unsigned scanout)
{
	*layers = (struct layers){
		.boxes = boxes,
		.sources = sources,
		.scanout = scanout,
	};
}

void layers_free(struct layers *layers)
{
	frame_free(&layers->frame);
}

/* [start, start + length) cut to [0, room): where it begins there, how long. */
static bool cut(int64_t start, uint32_t length, uint32_t room, uint32_t *from,
		uint32_t *left)
{
	int64_t end = start + length;

	if (start < 0)
		start = 0;
	if (end > room)
		end = room;
	if (start >= end)
		return false;
	*from = (uint32_t)start;
	*left = (uint32_t)(end - start);
	return true;
}

/* Where the overlay lies over the frame; false: nowhere. */
static bool covers(const struct overlay *overlay, const struct frame *frame,
		   struct virtio_gpu_rect *r)
{
	return cut(overlay->x, overlay->width, frame->width, &r->x,
		   &r->width) &&
	       cut(overlay->y, overlay->height, frame->height, &r->y,
		   &r->height);
}

/* One that takes others in may have come near to those it was apart from. */
static void add_rect(struct layers *layers, struct virtio_gpu_rect r)
{
	struct virtio_gpu_rect *damage = layers->damage, both;
	unsigned i = 0;

	if (rect_empty(&r))
		return;
	while (i < layers->damage_count) {
		both = rect_union(&damage[i], &r);
		if (rect_pixels(&both) >
		    rect_pixels(&damage[i]) + rect_pixels(&r)) {
			i++;
			continue;
		}
		r = both;
		damage[i] = damage[--layers->damage_count];
		i = 0;
	}
	damage[layers->damage_count++] = r;
}

static void add_damage(struct layers *layers, const struct overlay *overlay)
{
	struct virtio_gpu_rect r;

	if (covers(overlay, &layers->frame, &r))
		add_rect(layers, r);
}

/* Both what it leaves and what it comes to have to be composed again. */
static bool take_overlay(struct layers *layers, unsigned index)
{
	const struct overlay_source *source = &layers->sources->source[index];
	struct overlay *overlay = &layers->overlays[index];
	struct overlay before = *overlay;

	if (!source->take(source->arg, layers->scanout, overlay))
		return false;
	add_damage(layers, &before);
	add_damage(layers, overlay);
	return true;
}

bool layers_take(struct layers *layers)
{
	uint32_t width = layers->frame.width, height = layers->frame.height;
	struct virtio_gpu_rect drawn;
	bool changed;

	changed = mailbox_take(layers->boxes, layers->scanout, &layers->frame,
			       &drawn);
	layers->damage_count = 0;
	add_rect(layers, drawn);
	layers->resized = layers->frame.width != width ||
			  layers->frame.height != height;
	layers->count = layers->sources->count;
	for (unsigned i = 0; i < layers->count; i++)
		changed |= take_overlay(layers, i);
	return changed;
}

/*
 * Premultiplied: the overlay's colour is there already and only the frame's has
 * to fade. A guest's cursor may hold colours above its alpha; they stop at 255.
 */
static uint32_t blend(uint32_t over, uint32_t under)
{
	uint32_t fade = 255 - (over >> 24), result = under & 0xff000000;

	for (unsigned shift = 0; shift < 24; shift += 8) {
		uint32_t channel = (under >> shift & 0xff) * fade;

		channel = (over >> shift & 0xff) + (channel + 127) / 255;
		result |= (channel > 255 ? 255 : channel) << shift;
	}
	return result;
}

static void put_overlay(const struct layers *layers,
			const struct overlay *overlay,
			const struct virtio_gpu_rect *r, uint32_t *to,
			size_t stride)
{
	struct virtio_gpu_rect on;

	if (!covers(overlay, &layers->frame, &on) ||
	    !rect_intersect(&on, r, &on))
		return;
	for (uint32_t y = on.y; y < on.y + on.height; y++) {
		uint32_t *row =
			(uint32_t *)((uint8_t *)to + (y - r->y) * stride);
		const uint32_t *from = overlay->pixels +
				       (size_t)((int64_t)y - overlay->y) *
					       overlay->width;

		for (uint32_t x = on.x; x < on.x + on.width; x++)
			row[x - r->x] = blend(from[(int64_t)x - overlay->x],
					      row[x - r->x]);
	}
}

void layers_compose(const struct layers *layers,
		    const struct virtio_gpu_rect *r, uint32_t *to,
		    size_t stride)
{
	const struct frame *frame = &layers->frame;

	for (uint32_t y = 0; y < r->height; y++)
		memcpy((uint8_t *)to + y * stride,
		       frame->pixels + (size_t)(r->y + y) * frame->width + r->x,
		       (size_t)r->width * PIXEL_BYTES);
	for (unsigned i = 0; i < layers->count; i++)
		put_overlay(layers, &layers->overlays[i], r, to, stride);
}

/* ---- for the device's thread ---- */

bool overlays_changed(const struct overlay_sources *sources, unsigned scanout)
{
	bool changed = false;

	for (unsigned i = 0; i < sources->count; i++) {
		const struct overlay_source *source = &sources->source[i];
		struct overlay overlay = { 0 };

		changed |= source->latest(source->arg, scanout, &overlay);
	}
	return changed;
}

void overlays_draw(const struct overlay_sources *sources, unsigned scanout,
		   struct frame *frame)
{
	struct layers layers = { .frame = *frame };
	struct virtio_gpu_rect all = { 0, 0, frame->width, frame->height };

	for (unsigned i = 0; i < sources->count; i++) {
		const struct overlay_source *source = &sources->source[i];
		struct overlay overlay = { 0 };

		source->latest(source->arg, scanout, &overlay);
		put_overlay(&layers, &overlay, &all, frame->pixels,
			    (size_t)frame->width * PIXEL_BYTES);
	}
}

/* ---- whole pictures ---- */

bool layers_picture(const struct layers *layers, struct frame *picture)
{
	const struct frame *frame = &layers->frame;
	struct virtio_gpu_rect all = { 0, 0, frame->width, frame->height };
	size_t stride = (size_t)frame->width * PIXEL_BYTES;

	if (!frame_make(picture, frame->account, frame->width, frame->height))
		return false;
	layers_compose(layers, &all, picture->pixels, stride);
	return true;
}
