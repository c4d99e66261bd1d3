/*
 * UPDATE_CURSOR and MOVE_CURSOR.
 */
#include "cursor.h"

#include <assert.h>
#include <string.h>

#include "display.h"
#include "gpu.h"
#include "resource.h"
#include "trace.h"

/* ---- what displays are told ---- */

static void show(struct cursors *cursors, unsigned scanout, bool new_image)
{
	const struct cursor *cursor = &cursors->cursor[scanout];

	for (unsigned i = 0; i < cursors->display_count; i++) {
		const struct cursor_ops *ops = cursors->displays[i].ops;
		void *arg = cursors->displays[i].arg;

		if (cursors->displays[i].kind != cursors->display->kind)
			continue;
		if (new_image)
			ops->image(arg, scanout, cursor);
		else
			ops->move(arg, scanout, cursor);
	}
}

/* ---- the commands ---- */

/*
 * Linux makes every dumb buffer a B8G8R8X8 resource, before anybody has said
 * what it is for, and its cursor plane takes ARGB8888 alone: on this plane the
 * byte that a format calls X is alpha (virtio_gpu_mode_dumb_create(),
 * virtio_gpu_cursor_formats). QEMU takes the words as they are, so it shows the
 * four formats with blue in front right, and others in wrong colours. DRM planes
 * are premultiplied; the specification says nothing on that.
 */
static void copy_image(struct cursor *cursor, const struct resource *res)
{
	struct virtio_gpu_rect all = { .width = CURSOR_SIZE,
				       .height = CURSOR_SIZE };

	res->ops->read(res, &all, cursor->pixels, CURSOR_SIZE * PIXEL_BYTES);
	cursor->has_image = true;
}

static uint32_t within(uint32_t hot)
{
	return hot < CURSOR_SIZE ? hot : CURSOR_SIZE - 1;
}

/*
 * Coordinates are le32 without a sign; at the edges Linux sends negative ones.
 * Of one that stays hidden displays need not hear.
 */
static void place(struct request *req, struct cursor *cursor, bool visible,
		  bool new_image)
{
	const struct virtio_gpu_update_cursor *cmd = (const void *)req->cmd;
	bool seen = visible || cursor->visible;

	cursor->x = (int32_t)cmd->pos.x;
	cursor->y = (int32_t)cmd->pos.y;
	cursor->visible = visible;
	if (seen)
		show(req->arg, cmd->pos.scanout_id, new_image);
}

static uint32_t find(struct request *req, struct cursor **cursor)
{
	const struct virtio_gpu_update_cursor *cmd = (const void *)req->cmd;
	struct cursors *cursors = req->arg;

	if (cmd->pos.scanout_id >= req->gpu->config.num_scanouts) {
		req->why = "no such scanout";
		return VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID;
	}
	*cursor = &cursors->cursor[cmd->pos.scanout_id];
	return VIRTIO_GPU_RESP_OK_NODATA;
}

/* An image of another size would be stretched, or read past its end. */
static uint32_t take_image(struct request *req, struct cursor *cursor)
{
	const struct virtio_gpu_update_cursor *cmd = (const void *)req->cmd;
	struct cursors *cursors = req->arg;
	const struct resource *res = resource_find(cursors->resources,
						   cmd->resource_id);

	if (!res) {
		req->why = "no such resource";
		return VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID;
	}
	if (res->width != CURSOR_SIZE || res->height != CURSOR_SIZE) {
		req->why = "a cursor is 64x64";
		return VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER;
	}
	copy_image(cursor, res);
	cursor->hot_x = within(cmd->hot_x);
	cursor->hot_y = within(cmd->hot_y);
	return VIRTIO_GPU_RESP_OK_NODATA;
}

/* Resource 0 hides it: Linux, when the plane is turned off. */
static uint32_t update_cursor(struct request *req)
{
	const struct virtio_gpu_update_cursor *cmd = (const void *)req->cmd;
	struct cursor *cursor;
	uint32_t answer = find(req, &cursor);

	if (answer == VIRTIO_GPU_RESP_OK_NODATA && cmd->resource_id)
		answer = take_image(req, cursor);
	if (answer != VIRTIO_GPU_RESP_OK_NODATA)
		return answer;
	place(req, cursor, cmd->resource_id, cmd->resource_id);
	return VIRTIO_GPU_RESP_OK_NODATA;
}

/*
 * The specification has all but the position ignored. QEMU hides the cursor if
 * the resource is 0 and shows it if not; Linux repeats the last UPDATE_CURSOR's
 * resource, whichever that was, so it never sees the difference.
 */
static uint32_t move_cursor(struct request *req)
{
	const struct virtio_gpu_update_cursor *cmd = (const void *)req->cmd;
	struct cursor *cursor;
	uint32_t answer = find(req, &cursor);

	if (answer != VIRTIO_GPU_RESP_OK_NODATA)
		return answer;
	place(req, cursor, cmd->resource_id && cursor->has_image, false);
	return VIRTIO_GPU_RESP_OK_NODATA;
}

static void describe_move(const struct request *req, struct text *fields)
{
	const struct virtio_gpu_update_cursor *cmd = (const void *)req->cmd;

	text_add(fields, " scanout=%u id=%u at %d,%d", cmd->pos.scanout_id,
		 cmd->resource_id, (int32_t)cmd->pos.x, (int32_t)cmd->pos.y);
}

static void describe_update(const struct request *req, struct text *fields)
{
	const struct virtio_gpu_update_cursor *cmd = (const void *)req->cmd;

	describe_move(req, fields);
	text_add(fields, " hot=%u,%u", cmd->hot_x, cmd->hot_y);
}

static const struct command_row cursor_commands[] = {
	{ VIRTIO_GPU_CMD_UPDATE_CURSOR, "UPDATE_CURSOR",
	  sizeof(struct virtio_gpu_update_cursor), 0, update_cursor,
	  describe_update },
	{ VIRTIO_GPU_CMD_MOVE_CURSOR, "MOVE_CURSOR",
	  sizeof(struct virtio_gpu_update_cursor), 0, move_cursor,
	  describe_move },
	{ 0 }
};

/* ---- reset ---- */

static void reset(void *arg)
{
	struct cursors *cursors = arg;

	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		struct cursor *cursor = &cursors->cursor[i];
		bool shown = cursor->visible;

		memset(cursor, 0, sizeof(*cursor));
		if (shown)
			show(cursors, i, false);
	}
}

static const struct device_part cursor_part = { .reset = reset };

void cursors_show_on(struct cursors *cursors, const struct display_kind *kind,
		     const struct cursor_ops *ops, void *arg)
{
	unsigned i = cursors->display_count++;

	assert(i < CURSOR_DISPLAYS);
	cursors->displays[i].kind = kind;
	cursors->displays[i].ops = ops;
	cursors->displays[i].arg = arg;
}

void cursors_add(struct cursors *cursors, struct resources *resources,
		 struct display *display)
{
	*cursors = (struct cursors){
		.resources = resources,
		.display = display,
	};
	device_add_part(&resources->gpu->dev, &cursor_part, cursors);
	gpu_add_commands(resources->gpu, GPU_CURSORQ, cursor_commands, cursors);
}
