/*
 * The user resizes a window: the guest is told, once, where the front end tells
 * it, and asked for nothing that it did itself.
 *
 * vhost-user.rst, BACKEND_CONFIG_CHANGE_MSG; virtio 1.3, 5.7.4.2.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "windowed.h"

enum { CONFIG_CHANGE = 2, REPLY = 4, NEED_REPLY = 8 };

/* The next message on the back-end channel, which says that the config has
 * changed; the front end's answer to it is `refused`, or none is wanted. */
static void expect_change(struct driver *d, uint64_t refused)
{
	struct message m;

	if (wire_receive(d->fe->channel, &m, XSERVER_WAIT_MS) != WIRE_MESSAGE)
		FAIL("nothing came on the back-end channel");
	trail_step("the config has changed; refused: %u", (unsigned)refused);
	ck_assert_uint_eq(m.header.request, CONFIG_CHANGE);
	ck_assert_uint_eq(m.header.size, 0);
	if (!(m.header.flags & NEED_REPLY))
		return;
	m.header.flags = (m.header.flags & VU_VERSION_MASK) | REPLY;
	m.header.size = sizeof(m.value);
	m.value = refused;
	if (!wire_send(d->fe->channel, &m))
		FAIL("the back-end channel is closed");
}

static void expect_mode(struct driver *d, unsigned scanout, uint32_t width,
			uint32_t height)
{
	struct virtio_gpu_resp_display_info info = driver_display_info(d);

	ck_assert_uint_eq(info.pmodes[scanout].r.width, width);
	ck_assert_uint_eq(info.pmodes[scanout].r.height, height);
	ck_assert_uint_eq(info.pmodes[scanout].enabled, 1);
}

/*
 * Nothing was told of the first window. The second one is resized now: that is
 * told behind all that the first one has to say, and is all that is told.
 */
static void expect_none_of_the_first(struct xserver *x, struct driver *d,
				     Window second)
{
	static unsigned width = 300;
	char byte;

	xserver_resize(x, second, ++width, 200);
	expect_change(d, 0);
	expect_mode(d, 1, width, 200);
	ck_assert_int_lt(recv(d->fe->channel, &byte, 1, MSG_DONTWAIT), 0);
}

/* Two windows that don't lie over each other. */
static struct driver *start_two(struct xserver *x, Window *first,
				Window *second)
{
	struct driver *d = windowed_start(x, "--outputs=2");

	show_new(d, 0, 7, BGRX, 200, 150);
	show_new(d, 1, 8, BGRX, 100, 80);
	*first = xserver_window(x, "Virtual-1 200x150");
	*second = xserver_window(x, "Virtual-2 100x80");
	xserver_move(x, *first, 0, 0);
	xserver_move(x, *second, 900, 600);
	return d;
}

START_TEST(the_guest_is_told)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--outputs=2");
	struct virtio_gpu_config config;
	Window w;

	show_new(d, 0, 7, BGRX, 200, 150);
	w = xserver_window(x, "Virtual-1 200x150");
	xserver_resize(x, w, 300, 210);
	expect_change(d, 0);
	ck_assert(frontend_get_config(d->fe, 0, &config, sizeof(config)));
	ck_assert_uint_eq(config.events_read, VIRTIO_GPU_EVENT_DISPLAY);
	expect_mode(d, 0, 300, 210);
	expect_mode(d, 1, 1280, 800);
	ck_assert_uint_eq(program_said(d->program, "front end"), 0);
}
END_TEST

START_TEST(each_window_is_a_monitors)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--outputs=2");

	show_new(d, 1, 7, BGRX, 200, 150);
	xserver_resize(x, xserver_window(x, "Virtual-2 200x150"), 300, 210);
	expect_change(d, 0);
	expect_mode(d, 0, 1280, 800);
	expect_mode(d, 1, 300, 210);
}
END_TEST

/* While the user drags its border nothing is told. */
START_TEST(the_last_size_is_told)
{
	struct xserver *x = xserver_start();
	Window first, second;
	struct driver *d = start_two(x, &first, &second);
	uint64_t start = pump_now();
	unsigned told = 0;

	for (unsigned i = 1; i <= 50; i++) {
		xserver_resize(x, first, 200 + i, 150 + i);
		xserver_wait(x);
	}
	do {
		expect_change(d, 0);
		told++;
	} while (driver_display_info(d).pmodes[0].r.width != 250);
	expect_mode(d, 0, 250, 200);
	/* Only a machine that stalls makes the user look like letting go. */
	ck_assert_uint_le(told, 1 + (pump_now() - start) / 250);
	expect_none_of_the_first(x, d, second);
}
END_TEST

/*
 * Nothing has changed then, unless it took so long that both sizes were told;
 * and the window is the guest's to size again.
 */
START_TEST(there_and_back_is_no_change)
{
	struct xserver *x = xserver_start();
	Window first, second;
	struct driver *d = start_two(x, &first, &second);
	unsigned told = 0;

	xserver_resize(x, first, 300, 200);
	xserver_resize(x, first, 200, 150);
	xserver_resize(x, second, 200, 100);
	do {
		expect_change(d, 0);
		told++;
	} while (driver_display_info(d).pmodes[1].r.width != 200);
	ck_assert_uint_eq(told % 2, 1);
	unref(d, 7);
	show_new(d, 0, 7, BGRX, 250, 100);
	expect_scanout(x, first, d, 0);
}
END_TEST

/* The guest does as it was told, and nothing comes of that. */
START_TEST(nobody_answers_an_answer)
{
	struct xserver *x = xserver_start();
	Window first, second;
	struct driver *d = start_two(x, &first, &second);

	for (unsigned i = 1; i <= 3; i++) {
		xserver_resize(x, first, 200 + 10 * i, 150);
		expect_change(d, 0);
		unref(d, 7);
		show_new(d, 0, 7, BGRX, 200 + 10 * i, 150);
		expect_scanout(x, first, d, 0);
		expect_none_of_the_first(x, d, second);
	}
	xserver_resize(x, first, 200, 150);
	expect_change(d, 0);
	expect_mode(d, 0, 200, 150);
}
END_TEST

START_TEST(the_guests_own_modes_are_not_told)
{
	struct xserver *x = xserver_start();
	Window first, second;
	struct driver *d = start_two(x, &first, &second);

	for (unsigned i = 1; i <= 3; i++) {
		unref(d, 7);
		show_new(d, 0, 7, BGRX, 200 * i, 100 * i);
		expect_scanout(x, first, d, 0);
		expect_none_of_the_first(x, d, second);
	}
	expect_mode(d, 0, 1280, 800);
}
END_TEST

START_TEST(full_screen_is_a_size_too)
{
	struct xserver *x = xserver_start();
	struct driver *d;
	Window w;

	manager_start(x);
	d = windowed_start(x, "");
	show_new(d, 0, 7, BGRX, 200, 150);
	w = xserver_window(x, "Virtual-1 200x150");
	xserver_press(x, w, 'f');
	expect_change(d, 0);
	expect_mode(d, 0, XSERVER_WIDTH, XSERVER_HEIGHT);
	xserver_press(x, w, 'f');
	expect_change(d, 0);
	expect_mode(d, 0, 200, 150);
}
END_TEST

START_TEST(sizes_have_bounds)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "");
	Window w;

	show_new(d, 0, 7, BGRX, 200, 150);
	w = xserver_window(x, "Virtual-1 200x150");
	xserver_resize(x, w, 1, 9000);
	expect_change(d, 0);
	expect_mode(d, 0, 32, 8192);
}
END_TEST

/* ---- where it can't be told ---- */

static const char line[] = "it keeps its mode, which is scaled";

START_TEST(one_line_says_that_it_is_of_no_use)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "");
	Window w;

	show_new(d, 0, 7, BGRX, 200, 150);
	w = xserver_window(x, "Virtual-1 200x150");
	xserver_resize(x, w, 400, 300);
	expect_change(d, 1);
	expect_line(d, line);
	xserver_resize(x, w, 600, 450);
	expect_change(d, 1);
	expect_mode(d, 0, 600, 450);
	ck_assert_uint_eq(program_said(d->program, line), 1);
	expect_window(x, w, placed(d->twin->scanout[0].shown, 3, 600, 450));
}
END_TEST

/* A front end that has no channel to be told by. */
START_TEST(nor_is_it_without_a_channel)
{
	struct xserver *x = xserver_start();
	struct driver *d = driver_probe(
		&(struct driver_options){ .options = "--display=sdl" });
	Window w = xserver_window(x, "Virtual-1");

	frontend_tell_u64(d->fe, VU_SET_PROTOCOL_FEATURES,
			  d->fe->protocol & ~BIT(VU_BACKEND_REQ));
	driver_go(d);
	xserver_resize(x, w, 400, 300);
	expect_line(d, line);
	expect_mode(d, 0, 400, 300);
}
END_TEST

/* Before there is a guest, its driver will ask anyway. */
START_TEST(a_guest_to_come_needs_not_be_told)
{
	struct xserver *x = xserver_start();
	struct program *p = program_start("--display=sdl");
	Window w = xserver_window(x, "Virtual-1 off");
	struct driver *d;

	xserver_resize(x, w, 400, 300);
	expect_black(x, w, 400, 300);
	d = driver_start_2d_with(&(struct driver_options){ .program = p });
	trail_quiet(true);
	while (driver_display_info(d).pmodes[0].r.width == 1280)
		xserver_wait(x);
	trail_quiet(false);
	expect_mode(d, 0, 400, 300);
	ck_assert_uint_eq(program_said(p, line), 0);
}
END_TEST

static const struct test tests[] = {
	ONCE("told", the_guest_is_told, NULL),
	ONCE("told", each_window_is_a_monitors, NULL),
	ONCE("told", the_last_size_is_told, NULL),
	ONCE("told", there_and_back_is_no_change, NULL),
	ONCE("told", nobody_answers_an_answer, NULL),
	ONCE("told", the_guests_own_modes_are_not_told, NULL),
	ONCE("told", full_screen_is_a_size_too, NULL),
	ONCE("told", sizes_have_bounds, NULL),
	ONCE("untold", one_line_says_that_it_is_of_no_use, NULL),
	ONCE("untold", nor_is_it_without_a_channel, NULL),
	ONCE("untold", a_guest_to_come_needs_not_be_told, NULL),
	{ 0 }
};

Suite *resizing_suite(void)
{
	return suite_new("resizing", tests);
}
