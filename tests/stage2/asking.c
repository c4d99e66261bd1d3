/*
 * What tests of the display info have in common: see asking.h.
 */
#include "asking.h"

#include <stdlib.h>

struct driver *start_asking(const char *options)
{
	struct driver *d;

	program_need_options();
	d = driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .options = options });
	driver_display_info(d);
	return d;
}

struct posted *post_info(struct driver *d)
{
	struct virtio_gpu_ctrl_hdr cmd =
		driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 0);

	return driver_post(d, &(struct request){ REQUEST(cmd), .room = 408 });
}

void expect_info(struct driver *d, struct posted *p, uint32_t width,
		 uint32_t height)
{
	struct reply r = driver_collect(d, p);

	EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_DISPLAY_INFO, 408);
	ck_assert_uint_eq(r.display_info.pmodes[0].r.width, width);
	ck_assert_uint_eq(r.display_info.pmodes[0].r.height, height);
}

void expect_waiting(struct driver *d)
{
	struct used u;

	frontend_settle(d->fe);
	if (ring_poll(d->control, &u))
		FAIL("the device did not wait for the screen's answer");
}

void await_question(struct screen *s)
{
	free(screen_await(s, SCREEN_GET_DISPLAY_INFO));
}
