/*
 * The driver's cursor commands, beside those of commands.h.
 *
 *   struct driver *d = driver_start_2d(_axes);
 *
 *   cursor_new(d, 5, BGRX);
 *   update_cursor(d, 0, 5, 100, 100);
 *   move_cursor(d, 0, 5, -3, 20);
 *   expect_screen(d);
 *
 * Here, too, the twin is told the same, and has its word on each reply. With
 * --portable the cursor queue may be mute: others never answer on it.
 *
 * virtio 1.3, section 5.7.6.10.
 */
#ifndef CURSORCOMMANDS_H
#define CURSORCOMMANDS_H

#include "commands.h"
#include "pointer.h"

/*
 * A 64x64 resource with a backing, and in it what is in the backing: random
 * bytes. cursor_draw() transfers what has been written there since, with a
 * fence, and waits for it, as Linux does.
 */
struct pages *cursor_new(struct driver *d, uint32_t id, uint32_t format);
void cursor_draw(struct driver *d, uint32_t id);

/*
 * A premultiplied image with all alpha values, and with all colours that are
 * possible at each, for a resource of B8G8R8X8 or B8G8R8A8; asymmetric.
 */
void cursor_paint(struct driver *d, uint32_t id, struct pages *p);

/* These need OK_NODATA. Without a hot spot it is 0, 0. */
void update_cursor(struct driver *d, uint32_t scanout, uint32_t id, int32_t x,
		   int32_t y);
void update_cursor_hot(struct driver *d, uint32_t scanout, uint32_t id,
		       int32_t x, int32_t y, uint32_t hot_x, uint32_t hot_y);
void move_cursor(struct driver *d, uint32_t scanout, uint32_t id, int32_t x,
		 int32_t y);
/* UPDATE_CURSOR without a resource. */
void hide_cursor(struct driver *d, uint32_t scanout);

/* One that is refused with that error. */
void refuse_cursor(struct driver *d, const struct virtio_gpu_update_cursor *cmd,
		   uint32_t error);

/* UPDATE_CURSOR or MOVE_CURSOR, by its type. */
struct virtio_gpu_update_cursor cursor_command(uint32_t type, uint32_t scanout,
					       uint32_t id, int32_t x,
					       int32_t y);
struct reply try_cursor(struct driver *d,
			const struct virtio_gpu_update_cursor *cmd);

#endif
