/*
 * A device that speaks first: it tells that its config space changed, and it
 * fills buffers that the driver left for it. The device is late_device.c, to
 * whose SIGUSR2 all of this is the answer.
 *
 * vhost-user.rst, BACKEND_CONFIG_CHANGE_MSG; virtio 1.3, 5.7.4.
 */
#include <string.h>
#include <sys/socket.h>

#include "guard.h"
#include "late.h"
#include "late_driver.h"
#include "load.h"
#include "pump.h"
#include "sequence.h"
#include "suite.h"

/* Takes what the channel holds: how many times "the config changed". */
static unsigned notifications(struct driver *d)
{
	struct vu_header h;
	unsigned n = 0;

	while (recv(d->fe->channel, &h, sizeof(h), MSG_DONTWAIT) == sizeof(h)) {
		ck_assert_uint_eq(h.request, 2);
		ck_assert_uint_eq(h.flags & VU_VERSION_MASK, VU_VERSION);
		ck_assert_uint_eq(h.size, 0);
		n++;
	}
	return n;
}

static struct virtio_gpu_config config(struct driver *d)
{
	struct virtio_gpu_config c;

	ck_assert(frontend_get_config(d->fe, 0, &c, sizeof(c)));
	return c;
}

static void clear_events(struct driver *d, uint32_t bits)
{
	struct virtio_gpu_config c = config(d);

	c.events_clear = bits;
	frontend_set_config(d->fe, 0, &c, sizeof(c));
}

/* ---- config space ---- */

START_TEST(a_change_is_told_when_it_can_be_seen)
{
	struct driver *d = driver_start(_axes);
	uint32_t width = driver_display_info(d).pmodes[0].r.width;

	ck_assert_uint_eq(config(d).events_read, 0);
	late_change(d);
	ck_assert_uint_eq(notifications(d), 1);
	ck_assert_uint_eq(config(d).events_read, VIRTIO_GPU_EVENT_DISPLAY);
	ck_assert_uint_eq(driver_display_info(d).pmodes[0].r.width, width + 1);
}
END_TEST

START_TEST(ones_clear_events)
{
	struct driver *d = driver_start(_axes);

	late_change(d);
	clear_events(d, 0);
	ck_assert_uint_eq(config(d).events_read, VIRTIO_GPU_EVENT_DISPLAY);
	clear_events(d, ~VIRTIO_GPU_EVENT_DISPLAY);
	ck_assert_uint_eq(config(d).events_read, VIRTIO_GPU_EVENT_DISPLAY);
	clear_events(d, VIRTIO_GPU_EVENT_DISPLAY);
	ck_assert_uint_eq(config(d).events_read, 0);
	ck_assert_uint_eq(config(d).events_clear, 0);
}
END_TEST

START_TEST(a_change_behind_the_clearing_is_another)
{
	struct driver *d = driver_start(_axes);

	late_change(d);
	clear_events(d, VIRTIO_GPU_EVENT_DISPLAY);
	late_change(d);
	ck_assert_uint_eq(notifications(d), 2);
	ck_assert_uint_eq(config(d).events_read, VIRTIO_GPU_EVENT_DISPLAY);
}
END_TEST

/* Nobody reads the channel: told once it has room, and nothing waits for it. */
START_TEST(a_burst_ends_in_the_last_state)
{
	struct driver *d = driver_start(_axes);
	uint32_t width = driver_display_info(d).pmodes[0].r.width;
	int small = 1;

	setsockopt(d->fe->channel, SOL_SOCKET, SO_RCVBUF, &small,
		   sizeof(small));
	trail_quiet(true);
	for (unsigned i = 0; i < 2000; i++)
		late_change(d);
	trail_quiet(false);
	driver_expect_alive(d);
	ck_assert_uint_gt(notifications(d), 0);
	frontend_expect_silence(d->fe);
	driver_expect_alive(d);
	notifications(d);
	ck_assert_uint_eq(driver_display_info(d).pmodes[0].r.width,
			  width + 2000);
	late_change(d);
	ck_assert_uint_eq(notifications(d), 1);
}
END_TEST

START_TEST(a_paused_device_tells_after_the_pause)
{
	struct driver *d = driver_start(_axes);

	driver_pause(d);
	late_change(d);
	ck_assert_uint_eq(notifications(d), 0);
	driver_resume(d);
	frontend_expect_silence(d->fe);
	ck_assert_uint_eq(notifications(d), 1);
	ck_assert_uint_eq(config(d).events_read, VIRTIO_GPU_EVENT_DISPLAY);
}
END_TEST

/* A driver that is not there yet reads it all anyway, but not the event. */
START_TEST(a_driver_to_come_is_told_when_it_has_come)
{
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = _axes });

	late_change(d);
	ck_assert_uint_eq(notifications(d), 0);
	driver_go(d);
	frontend_expect_silence(d->fe);
	ck_assert_uint_eq(notifications(d), 1);
	ck_assert_uint_eq(config(d).events_read, VIRTIO_GPU_EVENT_DISPLAY);
}
END_TEST

START_TEST(a_reset_forgets_events)
{
	struct driver *d = driver_start(_axes);

	late_change(d);
	notifications(d);
	driver_reset(d);
	ck_assert_uint_eq(config(d).events_read, 0);
	ck_assert_uint_eq(notifications(d), 0);
}
END_TEST

START_TEST(without_a_channel_nothing_is_told)
{
	struct driver *d = driver_start(_axes);

	shutdown(d->fe->channel, SHUT_RDWR);
	for (unsigned i = 0; i < 3; i++)
		late_change(d);
	driver_expect_alive(d);
	ck_assert_uint_eq(config(d).events_read, VIRTIO_GPU_EVENT_DISPLAY);
}
END_TEST

/* ---- a queue that the device drives ---- */

static struct driver *start_events(void)
{
	return driver_start_with(&(struct driver_options){
		.axes = _axes, .options = "--event-queue" });
}

static struct posted *leave_buffer(struct driver *d)
{
	return driver_post(d,
			   &(struct request){ .room = 16, .queue = CURSORQ });
}

static void expect_word(struct driver *d, struct posted *p)
{
	struct reply r = driver_collect(d, p);
	uint32_t word;

	memcpy(&word, r.bytes, sizeof(word));
	ck_assert_uint_eq(r.used, sizeof(word));
	ck_assert_uint_eq(word, LATE_WORD);
}

START_TEST(buffers_wait_for_what_there_is_to_say)
{
	struct driver *d = start_events();

	for (unsigned i = 0; i < 20; i++) {
		struct posted *p = leave_buffer(d);
		struct used u;

		driver_display_info(d);
		ck_assert(!ring_poll(d->cursor, &u));
		late_change(d);
		expect_word(d, p);
	}
}
END_TEST

START_TEST(without_a_buffer_nothing_is_said)
{
	struct driver *d = start_events();
	struct posted *p;

	late_change(d);
	p = leave_buffer(d);
	driver_display_info(d);
	late_change(d);
	expect_word(d, p);
}
END_TEST

START_TEST(buffers_are_kept_over_a_pause)
{
	struct driver *d = start_events();
	struct posted *p = leave_buffer(d);

	driver_pause(d);
	rest_begin(d);
	late_change(d);
	rest_expect(d);
	driver_resume(d);
	late_change(d);
	expect_word(d, p);
	leave_buffer(d);
	driver_reset(d);
	p = leave_buffer(d);
	late_change(d);
	expect_word(d, p);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("config", a_change_is_told_when_it_can_be_seen,
		    "A40 B19 F13 F15"),
	ONCE("config", ones_clear_events, "F09"),
	ONCE("config", a_change_behind_the_clearing_is_another, "F10"),
	ONCE("config", a_burst_ends_in_the_last_state, "A41 F16"),
	ON_ALL_AXES("config", a_paused_device_tells_after_the_pause, "A34"),
	ONCE("config", a_driver_to_come_is_told_when_it_has_come, "B20 F17"),
	ONCE("config", a_reset_forgets_events, "B13 F17"),
	ONCE("config", without_a_channel_nothing_is_told, "A42"),
	ON_ALL_AXES("events", buffers_wait_for_what_there_is_to_say, NULL),
	ON_ALL_AXES("events", without_a_buffer_nothing_is_said, NULL),
	ON_ALL_AXES("events", buffers_are_kept_over_a_pause, "A34"),
	{ 0 }
};

Suite *changes_suite(void);
Suite *changes_suite(void)
{
	return suite_new("changes", tests);
}
