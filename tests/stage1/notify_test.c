/*
 * Kicks, calls and errors: eventfds that the front end gives the device, and
 * swaps for others whenever it likes (QEMU does at each mask of an interrupt).
 *
 * QEMU's docs/interop/vhost-user.rst, "VHOST_USER_SET_VRING_KICK" and so on.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "safe.h"
#include "sequence.h"
#include "suites.h"

static int new_eventfd(void)
{
	return eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

static uint64_t count(int fd)
{
	eventfd_t n = 0;

	return eventfd_read(fd, &n) ? 0 : n;
}

static void set_fd(struct driver *d, uint32_t request, unsigned queue, int fd)
{
	struct message m = message_vring_fd(request, queue, fd);

	frontend_tell(d->fe, &m);
	frontend_expect_silence(d->fe);
}

/* A new eventfd in the place of *fd; the old one is returned. */
static int swap_fd(struct driver *d, uint32_t request, unsigned queue, int *fd)
{
	int old = *fd;

	*fd = new_eventfd();
	set_fd(d, request, queue, *fd);
	return old;
}

/* ---- calls ---- */

START_TEST(a_call_goes_to_the_last_call_fd)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 5; i++) {
		int old;

		driver_expect_alive(d);
		old = swap_fd(d, VU_SET_VRING_CALL, CONTROLQ,
			      &d->control->call);
		count(old);
		/* These wait for their calls, on the new one. */
		driver_expect_answer(d, CONTROLQ);
		driver_expect_answer(d, CONTROLQ);
		ck_assert_uint_eq(count(old), 0);
		close(old);
	}
}
END_TEST

/* A guest that polls, or has no interrupt left for this queue. */
START_TEST(there_may_be_no_call_fd)
{
	struct driver *d = driver_start(_axes);
	struct virtio_gpu_ctrl_hdr cmd = driver_header(0xff, 0);

	driver_expect_alive(d);
	set_fd(d, VU_SET_VRING_CALL, CONTROLQ, -1);
	ring_calls(d->control);
	ring_set_calls(d->control, CALLS_UNWANTED);
	for (unsigned i = 0; i < 5; i++)
		driver_send(d, &(struct request){ REQUEST(cmd), .room = 24 });
	frontend_expect_silence(d->fe);
	ck_assert_uint_eq(ring_calls(d->control), 0);
	ring_set_calls(d->control, CALLS_WANTED);
	set_fd(d, VU_SET_VRING_CALL, CONTROLQ, d->control->call);
	driver_expect_alive(d);
}
END_TEST

/* One interrupt for both: QEMU's generic device has a single vector. */
START_TEST(queues_can_share_a_call_fd)
{
	struct driver *d = driver_start(_axes);
	int own = d->cursor->call;

	set_fd(d, VU_SET_VRING_CALL, CURSORQ, d->control->call);
	for (unsigned i = 0; i < 5; i++) {
		d->cursor->call = d->control->call;
		driver_expect_alive(d);
	}
	d->cursor->call = own;
	set_fd(d, VU_SET_VRING_CALL, CURSORQ, own);
	driver_expect_alive(d);
}
END_TEST

/* 2^64 - 2 of them not read: one more changes nothing, and blocks nobody. */
START_TEST(a_call_fd_can_be_full)
{
	struct driver *d = driver_start(_axes);
	struct virtio_gpu_ctrl_hdr cmd = driver_header(0xff, 0);
	struct posted *p;

	driver_expect_alive(d);
	ring_calls(d->control);
	eventfd_write(d->control->call, 0xfffffffffffffffe);
	p = driver_post(d, &(struct request){ REQUEST(cmd), .room = 24 });
	driver_expect_answer(d, CURSORQ);
	/* It is read no sooner than the device has tried to write to it. */
	frontend_settle(d->fe);
	driver_collect(d, p);
	driver_expect_alive(d);
}
END_TEST

/* Nobody reads it any more, and a signal would come of writing to it. */
START_TEST(a_call_fd_can_be_a_broken_pipe)
{
	struct driver *d = driver_start(_axes);
	struct virtio_gpu_ctrl_hdr cmd = driver_header(0xff, 0);
	int ends[2];

	ck_assert(!pipe2(ends, O_CLOEXEC | O_NONBLOCK));
	close(ends[0]);
	set_fd(d, VU_SET_VRING_CALL, CURSORQ, ends[1]);
	close(ends[1]);
	for (unsigned i = 0; i < 3; i++) {
		/* The harness would wait for the call that can't come. */
		ring_set_calls(d->cursor, CALLS_WANTED);
		d->cursor->calls = CALLS_UNWANTED;
		driver_send(d, &(struct request){ REQUEST(cmd), .room = 24,
						  .queue = CURSORQ });
		driver_expect_answer(d, CONTROLQ);
	}
	d->cursor->calls = CALLS_WANTED;
	set_fd(d, VU_SET_VRING_CALL, CURSORQ, d->cursor->call);
	driver_expect_alive(d);
}
END_TEST

/* ---- kicks ---- */

START_TEST(a_kick_comes_through_the_last_kick_fd)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 5; i++) {
		int old;

		driver_expect_alive(d);
		old = swap_fd(d, VU_SET_VRING_KICK, CONTROLQ,
			      &d->control->kick);
		driver_expect_alive(d);
		/* Nobody takes that one: it is closed over there. */
		eventfd_write(old, 1);
		driver_expect_alive(d);
		ck_assert_uint_eq(count(old), 1);
		close(old);
	}
}
END_TEST

/* It was on its way through the old one when the new one came. */
START_TEST(no_kick_is_lost_between_two_fds)
{
	struct driver *d = driver_start(_axes);
	struct virtio_gpu_ctrl_hdr cmd = driver_header(0xff, 0);

	for (unsigned i = 0; i < 5; i++) {
		struct posted *p;
		int old = d->control->kick;

		/* Kicked on what the device no longer looks at. */
		frontend_expect_silence(d->fe);
		d->control->kick = new_eventfd();
		p = driver_post(d,
				&(struct request){ REQUEST(cmd), .room = 24 });
		set_fd(d, VU_SET_VRING_KICK, CONTROLQ, d->control->kick);
		driver_collect(d, p);
		close(old);
	}
	driver_expect_alive(d);
}
END_TEST

/* QEMU kicks spuriously at the start; nothing may be there, or a lot. */
START_TEST(a_ring_may_be_kicked_before_it_starts)
{
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = _axes });
	struct virtio_gpu_ctrl_hdr cmd = driver_header(0xff, 0);
	struct posted *p =
		driver_post(d, &(struct request){ REQUEST(cmd), .room = 24 });

	eventfd_write(d->control->kick, 5);
	eventfd_write(d->cursor->kick, 5);
	driver_go(d);
	driver_collect(d, p);
	driver_expect_alive(d);
}
END_TEST

/* Made available before, and never kicked: found when it is enabled. */
START_TEST(a_ring_may_be_full_when_it_starts)
{
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = _axes });
	struct virtio_gpu_ctrl_hdr cmd = driver_header(0xff, 0);
	struct posted *posted[64];
	unsigned n = 0;

	if (suite_portable())
		suite_skip("a ring that nobody kicks need not start");
	d->control->kicks = KICKS_NEVER;
	while (n < 64 && ring_has_room(d->control, 2, SHAPE_AXES))
		posted[n++] = driver_add(d, &(struct request){ REQUEST(cmd),
							       .room = 24 });
	driver_publish(d, CONTROLQ);
	driver_go(d);
	while (n)
		driver_collect(d, posted[--n]);
	d->control->kicks = KICKS_AS_TOLD;
	driver_expect_alive(d);
}
END_TEST

/* "No fd": the device has to look by itself, and not all the time. */
START_TEST(a_ring_without_a_kick_fd_is_polled)
{
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = _axes });
	uint64_t began;

	frontend_prepare(d->fe, d->features);
	for (unsigned i = 0; i < 2; i++) {
		struct ring *r = d->fe->rings[i];
		int kick = r->kick;

		r->kick = -1;
		frontend_set_ring(d->fe, r);
		r->kick = kick;
		r->kicks = KICKS_NEVER;
		frontend_enable(d->fe, i, true);
		set_fd(d, VU_SET_VRING_CALL, i, r->call);
	}
	began = driver_vitals(d).cpu_us;
	for (unsigned i = 0; i < 10; i++)
		driver_expect_alive(d);
	ck_assert_uint_lt(driver_vitals(d).cpu_us, began + 500000);
	/* And back. */
	d->control->kicks = d->cursor->kicks = KICKS_AS_TOLD;
	set_fd(d, VU_SET_VRING_KICK, CONTROLQ, d->control->kick);
	set_fd(d, VU_SET_VRING_KICK, CURSORQ, d->cursor->kick);
	driver_expect_alive(d);
}
END_TEST

/* Readable for ever: no reason to spend all time on it. */
START_TEST(a_kick_fd_can_be_a_closed_socket)
{
	struct driver *d = driver_start(_axes);
	struct safe s = safe_begin(d, CONTROLQ);
	int ends[2];

	ck_assert(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
	close(ends[0]);
	set_fd(d, VU_SET_VRING_KICK, CONTROLQ, ends[1]);
	close(ends[1]);
	safe_finish(&s, SAFE_STOPPED);
}
END_TEST

/* ---- errors ---- */

/* A ring that can't go on: its descriptors are nowhere. */
static void break_ring(struct driver *d, struct ring *r)
{
	struct message m = frontend_ring_addr(r);

	frontend_get_base(d->fe, r->index);
	m.addr.desc = 0x10;
	safe_place_ring(d, &m);
	set_fd(d, VU_SET_VRING_KICK, r->index, r->kick);
}

START_TEST(an_error_goes_to_the_last_err_fd)
{
	struct driver *d = driver_start(_axes);
	int old = swap_fd(d, VU_SET_VRING_ERR, CONTROLQ, &d->control->err);

	break_ring(d, d->control);
	ck_assert_uint_eq(count(old), 0);
	ck_assert_uint_eq(ring_errors(d->control), 1);
	ck_assert_uint_eq(ring_errors(d->cursor), 0);
	driver_expect_answer(d, CURSORQ);
	close(old);
	driver_reset(d);
	driver_expect_alive(d);
	ck_assert_uint_eq(ring_errors(d->control), 0);
}
END_TEST

START_TEST(there_may_be_no_err_fd)
{
	struct driver *d = driver_start(_axes);

	set_fd(d, VU_SET_VRING_ERR, CONTROLQ, -1);
	break_ring(d, d->control);
	ck_assert_uint_eq(ring_errors(d->control), 0);
	driver_expect_answer(d, CURSORQ);
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

/* ---- all of them ---- */

START_TEST(swapped_fds_are_closed)
{
	static const uint32_t requests[] = { VU_SET_VRING_KICK,
					     VU_SET_VRING_CALL,
					     VU_SET_VRING_ERR };
	struct driver *d = driver_start(_axes);
	struct vitals before = driver_vitals(d);

	for (unsigned i = 0; i < 300; i++) {
		struct ring *r = i % 2 ? d->cursor : d->control;
		const int fds[] = { r->kick, r->call, r->err };
		struct message m = message_vring_fd(requests[i % 3], r->index,
						    fds[i % 3]);

		frontend_tell(d->fe, &m);
	}
	driver_expect_alive(d);
	driver_expect_no_more(d, before);
}
END_TEST

/* What bit 8 announces, and what comes, are two things. */
START_TEST(an_fd_comes_if_and_only_if_announced)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 6; i++) {
		struct message m = message_vring_fd(VU_SET_VRING_KICK + i % 3,
						    CONTROLQ, d->control->call);

		if (i < 3)
			m.nfds = 0;
		else
			m.value |= VU_NO_FD;
		/* To pass over one too many is what others may do. */
		if (suite_portable() && i >= 3)
			break;
		frontend_try_wrong(d->fe, &m);
		d = driver_again(d);
		driver_expect_alive(d);
	}
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("call", a_call_goes_to_the_last_call_fd, "A32"),
	ON_ALL_AXES("call", there_may_be_no_call_fd, "A32"),
	ON_ALL_AXES("call", queues_can_share_a_call_fd, "A32"),
	ON_ALL_AXES("call", a_call_fd_can_be_full, "A32"),
	ON_ALL_AXES("call", a_call_fd_can_be_a_broken_pipe, "A32"),
	ON_ALL_AXES("kick", a_kick_comes_through_the_last_kick_fd, "A32"),
	ON_ALL_AXES("kick", no_kick_is_lost_between_two_fds, "A32"),
	ON_ALL_AXES("kick", a_ring_may_be_kicked_before_it_starts, "A31 C52"),
	ON_ALL_AXES("kick", a_ring_may_be_full_when_it_starts, "A30 A31 C52"),
	ON_ALL_AXES("kick", a_ring_without_a_kick_fd_is_polled, "A31 A32"),
	ON_ALL_AXES("kick", a_kick_fd_can_be_a_closed_socket, "A32 A33"),
	ON_ALL_AXES("err", an_error_goes_to_the_last_err_fd, "A32 A33"),
	ON_ALL_AXES("err", there_may_be_no_err_fd, "A32 A33"),
	ON_ALL_AXES("fds", swapped_fds_are_closed, "A05 A32"),
	ON_ALL_AXES("fds", an_fd_comes_if_and_only_if_announced, "A32"),
	{ 0 }
};

Suite *notify_suite(void)
{
	return suite_new("notify", tests);
}
