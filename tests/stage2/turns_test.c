/*
 * A queue full of large copies, and who has its turn meanwhile: the other queue,
 * and the front end, which waits for an answer with all of its virtual machine.
 *
 * virtio 1.3, section 5.7.2; QEMU's docs/interop/vhost-user.rst.
 */
#include "commands.h"
#include "sequence.h"
#include "suites.h"

enum { MANY = 16, EDGE = 1024 };

static const struct virtio_gpu_transfer_to_host_2d copy_all = {
	.hdr.type = VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D,
	.r = { .width = EDGE, .height = EDGE },
	.resource_id = 7,
};
static const struct request transfer = { REQUEST(copy_all), .room = 24 };

static const struct virtio_gpu_update_cursor move_cursor = {
	.hdr.type = VIRTIO_GPU_CMD_MOVE_CURSOR,
};
static const struct request move = { REQUEST(move_cursor), .room = 24,
				     .queue = CURSORQ };

/* Resource 7, of 4 MiB. */
static struct driver *driver_with_much_to_copy(void)
{
	struct driver *d = driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .ram = 32 << 20 });

	create_2d(d, 7, BGRX, EDGE, EDGE);
	attach_backing(d, 7, pages_new(d->ram, EDGE * EDGE * 4, 4096, 4096));
	d->guarded = false;
	return d;
}

/* For as long as the driver likes. */
START_TEST(large_copies_starve_nobody)
{
	struct driver *d = driver_with_much_to_copy();
	struct posted *posted[MANY], *moved;

	trail_quiet(true);
	for (unsigned i = 0; i < MANY; i++)
		posted[i] = driver_add(d, &transfer);
	driver_publish(d, CONTROLQ);
	moved = driver_post(d, &move);
	for (unsigned i = 0; !d->cursor->ops->ready(d->cursor); i++) {
		if (i > 20 * MANY)
			FAIL("%u transfers, and the other queue had no turn",
			     i);
		driver_collect(d, posted[i % MANY]);
		posted[i % MANY] = driver_post(d, &transfer);
	}
	driver_collect(d, moved);
}
END_TEST

/*
 * Both queues wait to be enabled, and then to be stopped: all in one send, so
 * that nothing hangs on when it comes. Returns how many were copied.
 */
static uint32_t enable_and_stop(struct driver *d)
{
	struct message list[] = {
		message_state(VU_SET_VRING_ENABLE, CONTROLQ, 1),
		message_state(VU_SET_VRING_ENABLE, CURSORQ, 1),
		message_state(VU_GET_VRING_BASE, CONTROLQ, 0),
	};
	struct message reply;

	trail_step("both queues are enabled, the first is stopped");
	ck_assert(wire_send_together(d->fe->sock, list, 3));
	frontend_receive(d->fe, VU_GET_VRING_BASE, 8, &reply);
	d->control->base = reply.state.num;
	return d->control->ops->count(d->control);
}

/* One or two, not all there are: a hostile guest has many more of them. */
START_TEST(they_are_done_a_few_at_a_time)
{
	struct driver *d = driver_with_much_to_copy();
	struct posted *posted[MANY], *moved;
	uint32_t copied;

	if (suite_portable())
		suite_skip("others serve a queue that isn't enabled");
	frontend_enable(d->fe, CONTROLQ, false);
	frontend_enable(d->fe, CURSORQ, false);
	for (unsigned i = 0; i < MANY; i++)
		posted[i] = driver_add(d, &transfer);
	moved = driver_add(d, &move);
	ring_publish(d->control);
	ring_publish(d->cursor);
	copied = enable_and_stop(d);
	if (copied > MANY / 2)
		FAIL("%u of %u copies were done first", copied, MANY);
	if (!d->cursor->ops->ready(d->cursor))
		FAIL("the other queue had no turn");
	frontend_set_ring(d->fe, d->control);
	frontend_enable(d->fe, CONTROLQ, true);
	for (unsigned i = 0; i < MANY; i++) {
		struct reply r = driver_collect(d, posted[i]);

		EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_NODATA, 24);
	}
	driver_collect(d, moved);
}
END_TEST

static const struct test tests[] = {
	ONCE("copies", large_copies_starve_nobody, "F03 H59"),
	ONCE("copies", they_are_done_a_few_at_a_time, "F03 H59"),
	{ 0 }
};

Suite *turns_suite(void)
{
	return suite_new("turns", tests);
}
