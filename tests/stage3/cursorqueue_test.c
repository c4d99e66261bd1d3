/*
 * The cursor queue itself: whether there is an answer, what is refused, and that
 * nothing refused has an effect.
 *
 * virtio 1.3, sections 5.7.6.7 and 5.7.6.10.
 */
#include <string.h>

#include "cursorcommands.h"
#include "draws.h"
#include "suites.h"

static struct driver *start(void)
{
	struct driver *d = driver_start_2d(_axes);

	cursor_new(d, 5, BGRX);
	update_cursor(d, 0, 5, 10, 20);
	return d;
}

/* The twin is told as well, where it has an effect. */
static struct reply send(struct driver *d,
			 const struct virtio_gpu_update_cursor *cmd,
			 uint32_t room)
{
	twin_do(d->twin, cmd, sizeof(*cmd));
	return driver_send(d, &(struct request){ REQUEST(*cmd), .room = room,
						 .queue = CURSORQ });
}

static struct virtio_gpu_update_cursor next(unsigned i)
{
	return cursor_command(i % 2 ? VIRTIO_GPU_CMD_UPDATE_CURSOR
				    : VIRTIO_GPU_CMD_MOVE_CURSOR,
			      0, 5, (int32_t)i, 20);
}

/* ---- answers ---- */

/* Linux gives no room, on this queue. */
START_TEST(without_room_there_is_none)
{
	struct driver *d = start();

	for (unsigned i = 0; i < 10; i++) {
		struct virtio_gpu_update_cursor cmd = next(i);
		struct reply r = send(d, &cmd, 0);

		ck_assert_uint_eq(r.used, 0);
		expect_screen(d);
	}
}
END_TEST

START_TEST(with_room_there_is_one)
{
	static const uint32_t rooms[] = { 24, 25, 64, 4096 };
	struct driver *d = start();

	for (unsigned i = 0; i < 8; i++) {
		struct virtio_gpu_update_cursor cmd = next(i);
		struct reply r = send(d, &cmd, rooms[i / 2]);

		if (!suite_portable() || r.used)
			EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_NODATA, 24);
		expect_screen(d);
	}
}
END_TEST

/* Half an answer is none, and the command is done all the same. */
START_TEST(with_too_little_there_is_none)
{
	static const uint32_t rooms[] = { 1, 8, 23 };
	struct driver *d = start();

	for (unsigned i = 0; i < 6; i++) {
		struct virtio_gpu_update_cursor cmd = next(i);
		struct reply r = send(d, &cmd, rooms[i / 2]);

		ck_assert_uint_eq(r.used, 0);
		expect_screen(d);
	}
}
END_TEST

/* Refused, and nobody is told: it goes on like that. */
START_TEST(what_is_wrong_needs_no_room)
{
	struct driver *d = start();

	for (unsigned i = 0; i < 20; i++) {
		struct virtio_gpu_update_cursor cmd = next(i);

		if (i % 3 == 0)
			cmd.pos.scanout_id = 0xffffffff;
		else if (i % 2)
			cmd.resource_id = 999;
		ck_assert_uint_eq(send(d, &cmd, 0).used, 0);
	}
	expect_screen(d);
}
END_TEST

START_TEST(a_fence_comes_back)
{
	struct driver *d = start();

	for (unsigned i = 0; i < 20; i++) {
		struct virtio_gpu_update_cursor cmd = next(i);
		struct reply r;

		cmd.hdr.flags = VIRTIO_GPU_FLAG_FENCE;
		cmd.hdr.fence_id = draw();
		if (i % 5 == 4)
			cmd.pos.scanout_id = 0xffffffff;
		r = send(d, &cmd, i % 4 == 3 ? 0 : 24);
		if (i % 4 == 3 || (suite_portable() && !r.used)) {
			ck_assert_uint_eq(r.used, 0);
			continue;
		}
		ck_assert_uint_eq(r.used, 24);
		ck_assert_uint_eq(r.hdr.flags, VIRTIO_GPU_FLAG_FENCE);
		ck_assert_uint_eq(r.hdr.fence_id, cmd.hdr.fence_id);
	}
	expect_screen(d);
}
END_TEST

/* Many at a time, and in pieces of any size: they are done one by one. */
START_TEST(they_are_done_in_order)
{
	struct driver *d = start();

	for (unsigned n = 0; n < 10; n++) {
		struct virtio_gpu_update_cursor cmd;
		struct posted *posted[3];
		unsigned count = 0;

		while (count < 3 && ring_has_room(d->cursor, 1, SHAPE_AXES)) {
			cmd = next(draw_below(1000));
			if (draw_below(4) == 0)
				cmd = cursor_command(VIRTIO_GPU_CMD_MOVE_CURSOR,
						     0, 0, 1, 2);
			twin_do(d->twin, &cmd, sizeof(cmd));
			posted[count++] = driver_add(
				d, &(struct request){ REQUEST(cmd),
						      .queue = CURSORQ });
		}
		driver_publish(d, CURSORQ);
		while (count)
			driver_collect(d, posted[--count]);
		expect_screen(d);
	}
	d->fickle = true;
	for (int32_t i = 0; i < 20; i++)
		move_cursor(d, 0, 5, i, -i);
	expect_screen(d);
}
END_TEST

/* ---- wrong ones ---- */

static void expect_refused(const struct reply *r, uint32_t error)
{
	if (!suite_portable() || r->used)
		EXPECT_ERROR(*r, error);
}

static struct reply send_bytes(struct driver *d, const void *bytes,
			       uint32_t len, unsigned queue)
{
	return driver_send(d, &(struct request){ bytes, len, .room = 24,
						 .queue = queue });
}

/* The command with all it says behind it: but for its end it would be done. */
START_TEST(a_short_one_has_no_effect)
{
	struct driver *d = start();

	for (uint32_t len = 0; len < sizeof(struct virtio_gpu_update_cursor);
	     len++) {
		struct virtio_gpu_update_cursor cmd = next(len);
		struct reply r;

		if (len % 3 == 0)
			cmd.resource_id = 0;
		if (!len)
			continue;
		r = send_bytes(d, &cmd, len, CURSORQ);
		if (len < sizeof(cmd.hdr) && !r.used)
			continue;
		expect_refused(&r, r.hdr.type == UNSPEC ? UNSPEC
							: INVALID_PARAMETER);
	}
	expect_screen(d);
}
END_TEST

START_TEST(a_long_one_is_as_good)
{
	struct driver *d = start();
	uint8_t bytes[512];

	for (unsigned i = 0; i < 4; i++) {
		struct virtio_gpu_update_cursor cmd = next(i);

		draw_bytes(bytes, sizeof(bytes));
		memcpy(bytes, &cmd, sizeof(cmd));
		twin_do(d->twin, &cmd, sizeof(cmd));
		send_bytes(d, bytes, sizeof(bytes), CURSORQ);
		expect_screen(d);
	}
}
END_TEST

START_TEST(each_has_its_queue)
{
	struct driver *d = start();
	struct virtio_gpu_resource_unref gone = {
		.hdr.type = VIRTIO_GPU_CMD_RESOURCE_UNREF,
		.resource_id = 5,
	};
	struct virtio_gpu_resource_create_2d create = {
		.hdr.type = VIRTIO_GPU_CMD_RESOURCE_CREATE_2D,
		.resource_id = 8,
		.format = BGRX,
		.width = 64,
		.height = 64,
	};
	struct reply r;

	for (unsigned i = 0; i < 4; i++) {
		struct virtio_gpu_update_cursor cmd = next(i);

		cmd.resource_id = i / 2 ? 0 : 5;
		r = send_bytes(d, &cmd, sizeof(cmd), CONTROLQ);
		EXPECT_ERROR(r, UNSPEC);
	}
	r = send_bytes(d, &gone, sizeof(gone), CURSORQ);
	expect_refused(&r, UNSPEC);
	r = send_bytes(d, &create, sizeof(create), CURSORQ);
	expect_refused(&r, UNSPEC);
	expect_screen(d);
	EXPECT_REFUSED(try_unref(d, 8), INVALID_RESOURCE);
	unref(d, 5);
}
END_TEST

START_TEST(others_are_unknown)
{
	static const uint32_t types[] = { 0,	 1,	  0x100,     0x106,
					  0x2ff, 0x302,	  0x3ff,     0x1100,
					  0x400, 0x10300, 0xffffffff };
	struct driver *d = start();

	for (unsigned i = 0; i < sizeof(types) / sizeof(*types); i++) {
		struct virtio_gpu_update_cursor cmd = next(i);
		struct reply r;

		cmd.hdr.type = types[i];
		r = send_bytes(d, &cmd, sizeof(cmd), CURSORQ);
		expect_refused(&r, UNSPEC);
	}
	expect_screen(d);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("answer", without_room_there_is_none, "J02"),
	ON_ALL_AXES("answer", with_room_there_is_one, "J02"),
	ONCE("answer", with_too_little_there_is_none, "J02"),
	ONCE("answer", what_is_wrong_needs_no_room, "J02 J08 J09"),
	ONCE("answer", a_fence_comes_back, "J14"),
	ON_ALL_AXES("answer", they_are_done_in_order, "J01 J03"),
	ONCE("wrong", a_short_one_has_no_effect, "J12"),
	ONCE("wrong", a_long_one_is_as_good, "J01"),
	ONCE("wrong", each_has_its_queue, "J15"),
	ONCE("wrong", others_are_unknown, "J15"),
	{ 0 }
};

Suite *cursorqueue_suite(void)
{
	return suite_new("cursorqueue", tests);
}
