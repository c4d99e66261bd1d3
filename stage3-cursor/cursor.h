/*
 * The cursor: a small picture on a plane of its own, moved without a redraw.
 *
 *   UPDATE_CURSOR  image, hot spot, position   a copy is taken now
 *   MOVE_CURSOR    position                    the copy moves
 *
 *        position (x, y) --> +----------------+
 *                            |   * hot spot   |   counts in the image, and is
 *                            |                |   passed on: the position has
 *                            +----------------+   it subtracted already
 *
 * Each scanout has a cursor of its own. Both commands come on the cursor queue,
 * which is there so that no transfer has to be waited for; nothing orders them
 * against the control queue but the driver, who waits for the fence of the
 * image's transfer first.
 *
 * virtio 1.3, section 5.7.6.10.
 */
#ifndef CURSOR_H
#define CURSOR_H

#include <linux/virtio_gpu.h>
#include <stdbool.h>
#include <stdint.h>

struct display;
struct display_kind;
struct resources;

enum {
	CURSOR_SIZE = 64, /* in pixels, both ways: 5.7.6.6 */
	CURSOR_PIXELS = CURSOR_SIZE * CURSOR_SIZE,
	CURSOR_DISPLAYS = 4,
};

/*
 * A cursor's picture: premultiplied a8r8g8b8, words 0xAARRGGBB in host order,
 * whatever format the resource had that it was copied from.
 */
struct cursor {
	uint32_t pixels[CURSOR_PIXELS];
	uint32_t hot_x, hot_y; /* in the picture, 0 to 63 */
	int32_t x, y; /* of its top left, in the scanout; may lie outside */
	bool has_image, visible;
};

/* What a display does with it. On the device's thread. */
struct cursor_ops {
	/* The picture is another one; position and visibility may be, too. */
	void (*image)(void *arg, unsigned scanout, const struct cursor *cursor);
	/* Its position or visibility changed, and nothing else. */
	void (*move)(void *arg, unsigned scanout, const struct cursor *cursor);
};

struct cursors {
	struct resources *resources;
	struct display *display;
	struct cursor cursor[VIRTIO_GPU_MAX_SCANOUTS];
	struct {
		const struct display_kind *kind;
		const struct cursor_ops *ops;
		void *arg;
	} displays[CURSOR_DISPLAYS];
	unsigned display_count;
};

/* The cursor queue's commands. All cursors go at a reset. */
void cursors_add(struct cursors *cursors, struct resources *resources,
		 struct display *display);

/* How that kind of display shows them, if it is the one that was chosen. */
void cursors_show_on(struct cursors *cursors, const struct display_kind *kind,
		     const struct cursor_ops *ops, void *arg);

#endif
