/*
 * The cursor queue beside the control queue. Nothing orders one against the
 * other but a driver that waits, as Linux does: for the fence of the image's
 * transfer, before UPDATE_CURSOR. Then it has to be as if there were one queue;
 * without it the image is the old one or the new one, whole.
 *
 * virtio 1.3, sections 5.7.2 and 5.7.6.10.
 */
#include <stdlib.h>
#include <string.h>

#include "cursorcommands.h"
#include "draws.h"
#include "picture.h"
#include "suites.h"

enum { WIDTH = 1024, HEIGHT = 768 };

static const struct virtio_gpu_rect all = { 0, 0, POINTER_EDGE, POINTER_EDGE };

static struct driver *start(void)
{
	struct driver *d = driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .ram = 16 << 20 });

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	return d;
}

static struct posted *post(struct driver *d,
			   const struct virtio_gpu_transfer_to_host_2d *cmd)
{
	twin_do(d->twin, cmd, sizeof(*cmd));
	return driver_post(d, &(struct request){ REQUEST(*cmd), .room = 24 });
}

/*
 * The device takes its time with large copies, and both queues are served in
 * between: one that is fenced is done before its fence comes back.
 */
START_TEST(an_image_is_there_with_its_fence)
{
	struct driver *d = start();
	struct pages *p = cursor_new(d, 5, BGRX);
	struct virtio_gpu_transfer_to_host_2d large = {
		.hdr = driver_header(VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, 0),
		.r = RECT(0, 0, WIDTH, HEIGHT),
		.resource_id = 7,
	};
	struct virtio_gpu_transfer_to_host_2d image = {
		.hdr = driver_header(VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, 1),
		.r = all,
		.resource_id = 5,
	};

	for (uint64_t i = 1; i < 20; i++) {
		struct posted *first, *second = NULL;
		struct reply r;

		image.hdr.fence_id = i;
		pages_scribble(p);
		first = post(d, &large);
		if (ring_has_room(d->control, 2, SHAPE_AXES))
			second = post(d, &image);
		r = driver_collect(d, second ? second : first);
		EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_NODATA, 24);
		if (second)
			r = driver_collect(d, first);
		else
			cursor_draw(d, 5);
		update_cursor(d, 0, 5, (int32_t)i, 20);
		pages_scribble(p);
		expect_screen(d);
	}
}
END_TEST

/* Pictures that the screen has are none of its business, nor the other way. */
START_TEST(a_picture_does_not_hold_it_up)
{
	struct driver *d = start();

	cursor_new(d, 5, BGRX);
	update_cursor(d, 0, 5, 1, 2);
	for (int32_t i = 0; i < 10; i++) {
		show(d, 7, WIDTH, HEIGHT);
		move_cursor(d, 0, 5, i, 2 * i);
		expect_screen(d);
	}
}
END_TEST

/* All of one colour: what is mixed would be seen. */
static void fill(struct pages *p, uint32_t colour)
{
	uint32_t pixels[POINTER_PIXELS];

	for (unsigned i = 0; i < POINTER_PIXELS; i++)
		pixels[i] = colour;
	pages_write(p, 0, pixels, sizeof(pixels));
}

/* One of two colours; or clear, as long as there is none. */
static void expect_whole(struct driver *d, const uint32_t colours[2])
{
	const struct pointer *p = &d->fe->screen->pointers[0];

	driver_display_info(d);
	frontend_settle(d->fe);
	screen_look(d->fe->screen);
	for (unsigned i = 1; i < POINTER_PIXELS; i++)
		if (p->pixels[i] != p->pixels[0])
			FAIL("an image of %08x and %08x", p->pixels[0],
			     p->pixels[i]);
	if (p->pixels[0] && p->pixels[0] != colours[0] &&
	    p->pixels[0] != colours[1])
		FAIL("an image of %08x", p->pixels[0]);
}

static struct posted *control(struct driver *d, const void *cmd, uint32_t len)
{
	return driver_add(d, &(struct request){ cmd, len, .room = 24 });
}

/*
 * A transfer into it, its end and a new beginning, on one queue, and on the other
 * one what makes it the cursor.
 */
static void race(struct driver *d, int32_t i)
{
	struct virtio_gpu_transfer_to_host_2d transfer = {
		.hdr = driver_header(VIRTIO_GPU_CMD_TRANSFER_TO_HOST_2D, 0),
		.r = all,
		.resource_id = 5,
	};
	struct virtio_gpu_resource_unref gone = {
		.hdr = driver_header(VIRTIO_GPU_CMD_RESOURCE_UNREF, 0),
		.resource_id = 5,
	};
	struct virtio_gpu_update_cursor update =
		cursor_command(VIRTIO_GPU_CMD_UPDATE_CURSOR, 0, 5, i, 20);
	struct posted *first, *second, *third;

	first = control(d, &transfer, sizeof(transfer));
	second = control(d, &gone, sizeof(gone));
	third = driver_add(d, &(struct request){ REQUEST(update),
						 .queue = CURSORQ });
	driver_publish(d, i % 2 ? CURSORQ : CONTROLQ);
	driver_publish(d, i % 2 ? CONTROLQ : CURSORQ);
	driver_collect(d, second);
	driver_collect(d, third);
	driver_collect(d, first);
	twin_do(d->twin, &gone, sizeof(gone));
}

START_TEST(nobody_sees_half_an_image)
{
	struct driver *d = driver_start_2d(_axes);
	uint32_t colours[2] = { 0xff112233, 0x80445566 };
	struct pages *p = pages_new(d->ram, POINTER_PIXELS * 4, 1024, 4096);

	if (!ring_has_room(d->control, 4, SHAPE_AXES))
		suite_skip("the ring is too small for two requests");
	for (int32_t i = 0; i < 100; i++) {
		create_2d(d, 5, BGRX, POINTER_EDGE, POINTER_EDGE);
		attach_backing(d, 5, p);
		fill(p, colours[(i + 1) % 2]);
		transfer_to_host(d, 5, all, 0);
		fill(p, colours[i % 2]);
		race(d, i);
		expect_whole(d, colours);
	}
}
END_TEST

/* To and fro without end: neither descriptors nor memory pile up. */
START_TEST(nothing_is_left_behind)
{
	struct driver *d = driver_start_2d(_axes);
	struct vitals before;

	cursor_new(d, 5, BGRX);
	update_cursor(d, 0, 5, 0, 0);
	before = driver_vitals(d);
	trail_quiet(true);
	d->guarded = false;
	for (int32_t i = 0; i < 5000; i++) {
		if (i == 100)
			before = driver_vitals(d);
		if (i % 10 == 0)
			update_cursor(d, 0, 5, i, -i);
		else if (i % 10 == 9)
			hide_cursor(d, 0);
		else
			move_cursor(d, 0, 5, i, i);
		screen_look(d->fe->screen);
	}
	driver_expect_no_more(d, before);
	program_expect_no_growth(d->program, before, 2048);
	trail_quiet(false);
	expect_screen(d);
	driver_check_ram(d);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("fence", an_image_is_there_with_its_fence, "G24 J07"),
	ONCE("fence", a_picture_does_not_hold_it_up, "G24"),
	ONCE("race", nobody_sees_half_an_image, "G24 H23"),
	ONCE("memory", nothing_is_left_behind, "J01 J03", .seconds = 60),
	{ 0 }
};

Suite *cursororder_suite(void)
{
	return suite_new("cursororder", tests);
}
