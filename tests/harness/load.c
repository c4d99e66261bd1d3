/*
 * Many requests at a time, and a device at rest: see load.h.
 */
#include "load.h"

#include "guard.h"

struct load load_post(struct driver *d, unsigned queue, unsigned n)
{
	struct virtio_gpu_ctrl_hdr unknown = driver_header(0xff, 0);
	struct ring *r = queue == CURSORQ ? d->cursor : d->control;
	struct load load = { .queue = queue };

	while (load.count < n && load.count < LOAD_MAX &&
	       ring_has_room(r, 2, SHAPE_AXES))
		load.posted[load.count++] =
			driver_add(d, &(struct request){ REQUEST(unknown),
							 .room = 24,
							 .queue = queue });
	driver_publish(d, queue);
	return load;
}

void load_collect(struct driver *d, const struct load *load)
{
	bool guarded = d->guarded;

	/* Once for all of them: it takes its time. */
	d->guarded = false;
	for (unsigned i = 0; i < load->count; i++) {
		struct reply r = driver_collect(d, load->posted[i]);

		/* Others' cursor queues are mute. */
		if (suite_portable() && load->queue == CURSORQ && !r.used)
			continue;
		EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_UNSPEC);
	}
	d->guarded = guarded;
	if (guarded)
		driver_check_ram(d);
}

void rest_begin(struct driver *d)
{
	frontend_expect_silence(d->fe);
	driver_check_ram(d);
	ring_calls(d->control);
	ring_calls(d->cursor);
}

/* Twice, so that who does it a moment later is noticed too. */
void rest_expect(struct driver *d)
{
	frontend_expect_silence(d->fe);
	frontend_expect_silence(d->fe);
	guard_check(d->ram);
	if (ring_calls(d->control) || ring_calls(d->cursor))
		FAIL("a call from a device at rest");
	if (ring_errors(d->control) || ring_errors(d->cursor))
		FAIL("an error from a device at rest");
}
