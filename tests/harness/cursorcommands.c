/*
 * The driver's cursor commands: see cursorcommands.h.
 */
#include "cursorcommands.h"

#include "draws.h"
#include "suite.h"

static const struct virtio_gpu_rect all = { 0, 0, POINTER_EDGE, POINTER_EDGE };

/* ---- commands ---- */

struct virtio_gpu_update_cursor cursor_command(uint32_t type, uint32_t scanout,
					       uint32_t id, int32_t x,
					       int32_t y)
{
	return (struct virtio_gpu_update_cursor){
		.hdr.type = type,
		.pos = { .scanout_id = scanout,
			 .x = (uint32_t)x,
			 .y = (uint32_t)y },
		.resource_id = id,
	};
}

struct reply try_cursor(struct driver *d,
			const struct virtio_gpu_update_cursor *cmd)
{
	return try_2d(d, &(struct request){ REQUEST(*cmd), .room = 24,
					    .queue = CURSORQ });
}

static bool is_mute(const struct reply *r)
{
	return suite_portable() && !r->used;
}

static void send(struct driver *d, const struct virtio_gpu_update_cursor *cmd)
{
	struct reply r = try_cursor(d, cmd);

	if (!is_mute(&r))
		EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_NODATA, 24);
}

void refuse_cursor(struct driver *d, const struct virtio_gpu_update_cursor *cmd,
		   uint32_t error)
{
	struct reply r = try_cursor(d, cmd);

	if (!is_mute(&r))
		EXPECT_ERROR(r, error);
}

void update_cursor_hot(struct driver *d, uint32_t scanout, uint32_t id,
		       int32_t x, int32_t y, uint32_t hot_x, uint32_t hot_y)
{
	struct virtio_gpu_update_cursor cmd =
		cursor_command(VIRTIO_GPU_CMD_UPDATE_CURSOR, scanout, id, x, y);

	cmd.hot_x = hot_x;
	cmd.hot_y = hot_y;
	send(d, &cmd);
}

void update_cursor(struct driver *d, uint32_t scanout, uint32_t id, int32_t x,
		   int32_t y)
{
	update_cursor_hot(d, scanout, id, x, y, 0, 0);
}

void move_cursor(struct driver *d, uint32_t scanout, uint32_t id, int32_t x,
		 int32_t y)
{
	struct virtio_gpu_update_cursor cmd =
		cursor_command(VIRTIO_GPU_CMD_MOVE_CURSOR, scanout, id, x, y);

	send(d, &cmd);
}

void hide_cursor(struct driver *d, uint32_t scanout)
{
	update_cursor(d, scanout, 0, 0, 0);
}

/* ---- images ---- */

void cursor_draw(struct driver *d, uint32_t id)
{
	struct virtio_gpu_transfer_to_host_2d cmd = {
		.hdr = driver_header(VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D,
				     draw() | 1),
		.r = all,
		.resource_id = id,
	};

	EXPECT_DONE(try_2d(d, &(struct request){ REQUEST(cmd), .room = 24 }));
}

struct pages *cursor_new(struct driver *d, uint32_t id, uint32_t format)
{
	struct pages *p = pages_new(d->ram, POINTER_PIXELS * 4, 1024, 4096);

	create_2d(d, id, format, POINTER_EDGE, POINTER_EDGE);
	attach_backing(d, id, p);
	cursor_draw(d, id);
	return p;
}

/* No row is like another, and alpha takes each value 16 times. */
void cursor_paint(struct driver *d, uint32_t id, struct pages *p)
{
	for (uint32_t i = 0; i < POINTER_PIXELS; i++) {
		uint8_t alpha = (uint8_t)(i * 5 / 16), pixel[4];

		for (unsigned c = 0; c < 3; c++)
			pixel[c] = (uint8_t)draw_below(alpha + 1u);
		pixel[3] = alpha;
		pages_write(p, (uint64_t)i * 4, pixel, sizeof(pixel));
	}
	cursor_draw(d, id);
}
