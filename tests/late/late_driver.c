/*
 * The driver's side of requests that are answered late: see late_driver.h.
 */
#include "late_driver.h"

#include <signal.h>

#include "late.h"

struct posted *late_post(struct driver *d, uint32_t type, uint64_t fence)
{
	struct virtio_gpu_ctrl_hdr cmd = driver_header(type, fence);

	return driver_post(d, &(struct request){ REQUEST(cmd), .room = 24 });
}

struct held late_hold(struct driver *d, uint32_t type, uint64_t fence)
{
	struct held h = { .count = 0 };

	while (h.count < LATE_MOST &&
	       ring_has_room(d->control, 4, SHAPE_AXES)) {
		struct posted *p = late_post(d, type,
					     fence ? fence + h.count : 0);

		h.ids[h.count] = posted_id(p);
		h.posted[h.count++] = p;
	}
	if (!h.count)
		h.posted[h.count++] = late_post(d, type, fence);
	return h;
}

void late_let_go(struct driver *d)
{
	trail_step("SIGUSR1: all may go");
	frontend_settle(d->fe);
	kill(d->program->pid, SIGUSR1);
	frontend_settle(d->fe);
}

void late_collect(struct driver *d, const struct held *h)
{
	for (unsigned i = 0; i < h->count; i++) {
		struct reply r = driver_collect(d, h->posted[i]);

		EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_NODATA, 24);
	}
}

void late_change(struct driver *d)
{
	trail_step("SIGUSR2");
	frontend_expect_silence(d->fe);
	kill(d->program->pid, SIGUSR2);
	frontend_expect_silence(d->fe);
	frontend_expect_silence(d->fe);
}
