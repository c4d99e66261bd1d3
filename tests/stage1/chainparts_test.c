/*
 * A chain's two parts: either may be missing or empty, what is readable stays
 * as it is, and what is writable is nobody's to read.
 *
 * virtio 1.3, sections 2.7.5.1 (split) and 2.8.15 (packed).
 */
#include "safe.h"
#include "suites.h"

/* ---- parts ---- */

/* Linux never gives any on the cursor queue. */
START_TEST(there_may_be_no_room_for_a_response)
{
	struct driver *d = driver_start(_axes);
	struct virtio_gpu_update_cursor cmd = {
		.hdr = driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 0),
	};

	for (unsigned queue = CONTROLQ; queue <= CURSORQ; queue++) {
		struct reply r =
			driver_send(d, &(struct request){ REQUEST(cmd),
							  .cuts = CUTS(5, 30),
							  .queue = queue });

		ck_assert_uint_eq(r.used, 0);
		cmd.hdr.type = VIRTIO_GPU_CMD_MOVE_CURSOR;
	}
	driver_expect_alive(d);
}
END_TEST

START_TEST(there_may_be_no_request)
{
	struct driver *d = driver_start(_axes);
	struct reply r =
		driver_send(d, &(struct request){ .room = 100,
						  .room_cuts = CUTS(13) });

	EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
	driver_expect_alive(d);
}
END_TEST

/* The specification is silent; QEMU's own devices stop at the first one. */
START_TEST(empty_pieces_leave_no_trace)
{
	struct driver *d = driver_start(_axes);
	const struct piece read = { 0xfffffffffffff000, 0, false };
	const struct piece write = { 0xfffffffffffff000, 0, true };

	/* The last two are out of order, as far as they are there. */
	for (unsigned i = 0; i < 6; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		struct piece pieces[][3] = {
			{ read, s.legal[0], s.legal[1] },
			{ s.legal[0], read, s.legal[1] },
			{ s.legal[0], write, s.legal[1] },
			{ s.legal[0], s.legal[1], write },
			{ write, s.legal[0], s.legal[1] },
			{ s.legal[0], s.legal[1], read },
		};

		safe_post(&s, pieces[i], 3);
		safe_finish_or_reply(&s, SAFE_REPLIED);
		if (!suite_portable())
			ck_assert_uint_eq(s.used, SAFE_RESPONSE);
	}
}
END_TEST

START_TEST(a_chain_of_nothing_comes_back)
{
	struct driver *d = driver_start(_axes);

	for (unsigned n = 1; n <= 4; n++) {
		struct safe s = safe_begin(d, CONTROLQ);
		struct piece p[4] = { { 0, 0, false } };

		for (unsigned i = n / 2; i < n; i++)
			p[i].writable = true;
		safe_post(&s, p, n);
		safe_finish(&s, SAFE_EMPTY);
	}
}
END_TEST

/* ---- what is read, and what is written ---- */

static struct used send_pieces(struct driver *d, const struct piece *p,
			       unsigned n)
{
	struct used u;

	ring_add(d->control, p, n, SHAPE_AXES);
	ring_publish(d->control);
	ring_kick(d->control);
	u = ring_wait(d->control);
	driver_check_ram(d);
	return u;
}

/* They lie side by side, and only its own part may change. */
START_TEST(only_the_writable_part_is_written)
{
	static const uint32_t types[] = { VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 0xff,
					  0, 0xffffffff };
	struct driver *d = driver_start(_axes);
	uint64_t at = ram_alloc(d->ram, 12 + 5 + 12 + 403, 1, "both parts");
	struct piece p[] = { { at + 5, 12, false },
			     { at + 420, 12, false },
			     { at, 5, true },
			     { at + 17, 403, true } };

	for (unsigned i = 0; i < 4; i++) {
		struct virtio_gpu_ctrl_hdr cmd = driver_header(types[i], i);
		const uint8_t *bytes = (const uint8_t *)&cmd;
		struct used u;

		ram_write(d->ram, p[0].gpa, bytes, 12);
		ram_write(d->ram, p[1].gpa, bytes + 12, 12);
		u = send_pieces(d, p, 4);
		ck_assert_uint_eq(u.len, i ? 24 : SAFE_RESPONSE);
	}
}
END_TEST

/* All of the request is read before a byte of the response is written. */
START_TEST(a_response_may_lie_over_its_request)
{
	static const uint32_t shifts[] = { 0, 1, 16, 23, 100, 384 };
	struct driver *d = driver_start(_axes);
	uint64_t at = ram_alloc(d->ram, SAFE_RESPONSE, 1, "both parts");

	for (unsigned i = 0; i < 6; i++) {
		struct virtio_gpu_ctrl_hdr reply,
			cmd = driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO,
					    77);
		struct piece p[] = { { at + shifts[i], 11, false },
				     { at + shifts[i] + 11, 13, false },
				     { at, SAFE_RESPONSE, true } };
		struct used u;

		ram_write(d->ram, at + shifts[i], &cmd, sizeof(cmd));
		u = send_pieces(d, p, 3);
		ram_read(d->ram, at, &reply, sizeof(reply));
		ck_assert_uint_eq(u.len, SAFE_RESPONSE);
		ck_assert_uint_eq(reply.type, VIRTIO_GPU_RESP_OK_DISPLAY_INFO);
		ck_assert_uint_eq(reply.fence_id, 77);
	}
}
END_TEST

/* Another request lies there, or what the readable part lacks. */
START_TEST(the_response_buffer_is_no_part_of_the_request)
{
	struct driver *d = driver_start(_axes);
	uint64_t at = ram_alloc(d->ram, 24 + SAFE_RESPONSE, 1, "both parts");
	struct virtio_gpu_ctrl_hdr got,
		cmd = driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 0);
	struct virtio_gpu_ctrl_hdr other = driver_header(0xff, 99);
	struct piece p[] = { { at, 24, false }, { at + 24, 408, true } };
	struct used u;

	ram_write(d->ram, at, &cmd, sizeof(cmd));
	ram_write(d->ram, at + 24, &other, sizeof(other));
	u = send_pieces(d, p, 2);
	ram_read(d->ram, at + 24, &got, sizeof(got));
	ck_assert_uint_eq(u.len, SAFE_RESPONSE);
	ck_assert_uint_eq(got.type, VIRTIO_GPU_RESP_OK_DISPLAY_INFO);
	ck_assert_uint_eq(got.flags, 0);
	if (suite_portable())
		return;
	ram_write(d->ram, at, &cmd, sizeof(cmd));
	p[0].len = 8;
	p[1].gpa = at + 8;
	u = send_pieces(d, p, 2);
	ck_assert_uint_eq(u.len, 24);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("parts", there_may_be_no_room_for_a_response, "C14"),
	ON_ALL_AXES("parts", there_may_be_no_request, "C14"),
	ON_ALL_AXES("parts", empty_pieces_leave_no_trace, "C13 D23"),
	ON_ALL_AXES("parts", a_chain_of_nothing_comes_back, "C13 D23"),
	ON_ALL_AXES("access", only_the_writable_part_is_written, "C05 C07 D06"),
	ON_ALL_AXES("access", a_response_may_lie_over_its_request, "C05 D06"),
	ON_ALL_AXES("access", the_response_buffer_is_no_part_of_the_request,
		    "C06 D06"),
	{ 0 }
};

Suite *chainparts_suite(void)
{
	return suite_new("chainparts", tests);
}
