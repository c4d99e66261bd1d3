/*
 * Fences: what comes back with an answer, and in which order answers come.
 *
 * Linux takes the answer to a fence for that to all before it, and numbers them
 * from one up. Other drivers may number them as they like.
 *
 * virtio 1.3, sections 5.7.6.5 and 5.7.6.7.
 */
#include "draws.h"
#include "driver.h"
#include "guard.h"
#include "suites.h"

enum { BATCH = 64 };

/* Requests that come to different ends. */
struct kind {
	uint32_t type, room, result, used;
	unsigned queue;
};

static const struct kind kinds[] = {
	{ VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 408, VIRTIO_GPU_RESP_OK_DISPLAY_INFO,
	  408, CONTROLQ },
	{ VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 24, VIRTIO_GPU_RESP_ERR_UNSPEC, 24,
	  CONTROLQ },
	{ 0xff, 64, VIRTIO_GPU_RESP_ERR_UNSPEC, 24, CONTROLQ },
	{ VIRTIO_GPU_CMD_MOVE_CURSOR, 24, VIRTIO_GPU_RESP_ERR_UNSPEC, 24,
	  CONTROLQ },
	{ 0xff, 24, VIRTIO_GPU_RESP_ERR_UNSPEC, 24, CURSORQ },
	{ VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 408, VIRTIO_GPU_RESP_ERR_UNSPEC, 24,
	  CURSORQ },
};

enum { KINDS = sizeof(kinds) / sizeof(*kinds) };

/* Others' cursor queues are mute, and cut answers to what room there is. */
static bool not_portable(const struct kind *k)
{
	return suite_portable() &&
	       (k->queue == CURSORQ || (k->used == 24 && k->type == 0x100));
}

static struct reply send_kind(struct driver *d, const struct kind *k,
			      const struct virtio_gpu_ctrl_hdr *hdr)
{
	struct virtio_gpu_update_cursor cmd = { .hdr = *hdr };
	struct reply r;

	cmd.hdr.type = k->type;
	r = driver_send(d, &(struct request){ REQUEST(cmd), .room = k->room,
					      .queue = k->queue });
	EXPECT_REPLY(r, k->result, k->used);
	return r;
}

/* ---- what comes back ---- */

START_TEST(a_fence_comes_back_good_or_bad)
{
	static const uint64_t ids[] = { 0,	    1,		0xffffffff,
					1ull << 32, 1ull << 63, ~0ull };
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < KINDS * 6; i++) {
		const struct kind *k = &kinds[i % KINDS];
		struct virtio_gpu_ctrl_hdr hdr = {
			.flags = VIRTIO_GPU_FLAG_FENCE,
			.fence_id = ids[i / KINDS],
			.ctx_id = (uint32_t)draw(),
		};
		struct reply r;

		if (not_portable(k))
			continue;
		r = send_kind(d, k, &hdr);
		ck_assert_uint_eq(r.hdr.flags, VIRTIO_GPU_FLAG_FENCE);
		ck_assert_uint_eq(r.hdr.fence_id, hdr.fence_id);
		ck_assert_uint_eq(r.hdr.ctx_id, hdr.ctx_id);
	}
}
END_TEST

/* An id without the flag is none, nor are a context and a ring. */
START_TEST(without_the_flag_nothing_comes_back)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < KINDS; i++) {
		struct virtio_gpu_ctrl_hdr hdr = {
			.fence_id = draw(),
			.ctx_id = (uint32_t)draw(),
			.ring_idx = 5,
		};
		struct reply r;

		if (not_portable(&kinds[i]))
			continue;
		r = send_kind(d, &kinds[i], &hdr);
		ck_assert_uint_eq(r.hdr.flags, 0);
		if (suite_portable())
			continue;
		ck_assert_uint_eq(r.hdr.fence_id, 0);
		ck_assert_uint_eq(r.hdr.ctx_id, 0);
		ck_assert_uint_eq(r.hdr.ring_idx, 0);
	}
}
END_TEST

/* They are the driver's, and mean nothing to the device. */
START_TEST(ids_may_repeat_and_fall)
{
	static const uint64_t ids[] = { 9, 9, 8, 1, 1ull << 40, 7, 0, 9, 2 };
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 9; i++) {
		struct virtio_gpu_ctrl_hdr hdr = {
			.flags = VIRTIO_GPU_FLAG_FENCE,
			.fence_id = ids[i],
		};
		struct reply r = send_kind(d, &kinds[i % 2 * 2], &hdr);

		ck_assert_uint_eq(r.hdr.fence_id, ids[i]);
	}
	driver_expect_alive(d);
}
END_TEST

/* ---- rings of a context ---- */

static struct reply send_ring(struct driver *d, uint8_t ring)
{
	struct virtio_gpu_ctrl_hdr cmd =
		driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 1 + ring);

	cmd.flags |= VIRTIO_GPU_FLAG_INFO_RING_IDX;
	cmd.ring_idx = ring;
	return driver_send(d, &(struct request){ REQUEST(cmd), .room = 408 });
}

/* Who did not ask for CONTEXT_INIT has none, whatever the header says. */
START_TEST(a_ring_means_nothing_without_contexts)
{
	static const uint8_t rings[] = { 0, 1, 63, 64, 255 };
	struct driver *d = driver_start_with(&(struct driver_options){
		.axes = _axes, .without = BIT(VIRTIO_GPU_F_CONTEXT_INIT) });

	for (unsigned i = 0; i < 5; i++) {
		struct reply r = send_ring(d, rings[i]);

		EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_DISPLAY_INFO, 408);
		ck_assert_uint_eq(r.hdr.fence_id, 1 + rings[i]);
		if (suite_portable())
			continue;
		ck_assert_uint_eq(r.hdr.flags, VIRTIO_GPU_FLAG_FENCE);
		ck_assert_uint_eq(r.hdr.ring_idx, 0);
	}
}
END_TEST

/* There are 64 of them. */
START_TEST(a_ring_comes_back_with_its_fence)
{
	static const uint8_t rings[] = { 0, 1, 62, 63, 64, 255 };
	struct driver *d = driver_start_with(&(struct driver_options){
		.axes = _axes,
		.with = BIT(VIRTIO_GPU_F_VIRGL) |
			BIT(VIRTIO_GPU_F_CONTEXT_INIT) });

	if (!(d->features & BIT(VIRTIO_GPU_F_CONTEXT_INIT)))
		suite_skip("CONTEXT_INIT is not offered");
	for (unsigned i = 0; i < 6; i++) {
		struct reply r = send_ring(d, rings[i]);

		if (rings[i] < 64)
			EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_DISPLAY_INFO, 408);
		else
			EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
		ck_assert_uint_eq(r.hdr.flags,
				  VIRTIO_GPU_FLAG_FENCE |
					  VIRTIO_GPU_FLAG_INFO_RING_IDX);
		ck_assert_uint_eq(r.hdr.ring_idx, rings[i]);
		ck_assert_uint_eq(r.hdr.fence_id, 1 + rings[i]);
	}
}
END_TEST

/* ---- in which order ---- */

struct fenced {
	uint16_t id;
	uint64_t request, response;
	struct virtio_gpu_ctrl_hdr hdr;
};

/* Added and not yet shown; every third is of no known type. */
static struct fenced add_fenced(struct driver *d, uint64_t fence, unsigned i)
{
	struct fenced f = {
		.request = ram_alloc(d->ram, sizeof(f.hdr), 1, "request"),
		.response = ram_alloc(d->ram, 408, 1, "response"),
		.hdr = driver_header(i % 3 ? VIRTIO_GPU_CMD_GET_DISPLAY_INFO
					   : 0xff,
				     fence),
	};
	struct piece pieces[] = {
		{ f.request, sizeof(f.hdr), false },
		{ f.response, 408, true },
	};

	ram_write(d->ram, f.request, &f.hdr, sizeof(f.hdr));
	f.id = ring_add(d->control, pieces, 2, SHAPE_AXES);
	return f;
}

static void expect_answered(struct driver *d, const struct fenced *f)
{
	struct used u = ring_wait(d->control);
	struct virtio_gpu_ctrl_hdr hdr;

	if (u.id != f->id)
		FAIL("id %u was used before id %u, which was posted earlier",
		     u.id, f->id);
	ram_read(d->ram, f->response, &hdr, sizeof(hdr));
	ck_assert_uint_eq(u.len, hdr.type == VIRTIO_GPU_RESP_OK_DISPLAY_INFO
					 ? 408
					 : 24);
	ck_assert_uint_eq(hdr.flags, VIRTIO_GPU_FLAG_FENCE);
	ck_assert_uint_eq(hdr.fence_id, f->hdr.fence_id);
	ram_release(d->ram, f->request);
	ram_release(d->ram, f->response);
}

/* As many as the ring holds, shown at once, with one kick. */
static void run_batch(struct driver *d, uint64_t *fence, bool rising)
{
	struct fenced f[BATCH];
	unsigned n = 0;

	while (n < BATCH && ring_has_room(d->control, 2, SHAPE_AXES)) {
		*fence = rising ? *fence + 1 : draw() | 1;
		f[n] = add_fenced(d, *fence, n);
		n++;
	}
	driver_publish(d, CONTROLQ);
	for (unsigned i = 0; i < n; i++)
		expect_answered(d, &f[i]);
	driver_check_ram(d);
}

START_TEST(fences_come_back_in_the_order_they_were_sent)
{
	struct driver *d = driver_start(_axes);
	uint64_t fence = 0xfffffff0;

	for (unsigned i = 0; i < 6; i++) {
		/* The other queue has nothing to do with it. */
		struct virtio_gpu_ctrl_hdr other = driver_header(0xff, 1);
		struct posted *p =
			driver_post(d, &(struct request){ REQUEST(other),
							  .room = 24,
							  .queue = CURSORQ });

		run_batch(d, &fence, true);
		driver_collect(d, p);
	}
	driver_expect_alive(d);
}
END_TEST

/* Not by their ids: there is no order in these. */
START_TEST(the_order_is_not_that_of_the_ids)
{
	struct driver *d = driver_start(_axes);
	uint64_t fence = 0;

	for (unsigned i = 0; i < 6; i++)
		run_batch(d, &fence, false);
	driver_expect_alive(d);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("header", a_fence_comes_back_good_or_bad, "G11 G12 G16"),
	ON_ALL_AXES("header", without_the_flag_nothing_comes_back, "G15"),
	ON_ALL_AXES("header", ids_may_repeat_and_fall, "G12 G20"),
	ON_ALL_AXES("rings", a_ring_means_nothing_without_contexts, "B10 G18"),
	ONCE("rings", a_ring_comes_back_with_its_fence, "G16 G18"),
	ON_ALL_AXES("order", fences_come_back_in_the_order_they_were_sent,
		    "G19"),
	ON_ALL_AXES("order", the_order_is_not_that_of_the_ids, "G19 G20"),
	{ 0 }
};

Suite *fences_suite(void)
{
	return suite_new("fences", tests);
}
