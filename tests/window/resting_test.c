/*
 * Nobody waits for windows, and they wait for nothing without sleeping.
 */
#include <signal.h>

#include "pump.h"
#include "windowed.h"

/* Draws picture after picture; the guest gets all its answers. */
static void draw_on(struct driver *d, struct pages *p, unsigned times)
{
	trail_step("%u pictures are drawn", times);
	trail_quiet(true);
	for (unsigned i = 0; i < times; i++) {
		struct virtio_gpu_rect r = RECT(i % 100, i % 50, 100, 100);

		if (i % 16 == 0)
			pages_scribble(p);
		transfer_to_host(d, 7, r, offset_of(&r, 200));
		flush(d, 7, r);
	}
	trail_quiet(false);
}

START_TEST(a_window_rests_when_nothing_happens)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--outputs=2");
	uint64_t before;
	Window w;

	show_new(d, 0, 7, BGRX, 200, 150);
	w = xserver_window(x, "Virtual-1 200x150");
	expect_scanout(x, w, d, 0);
	program_expect_rest(d->program);
	before = program_vitals(d->program).cpu_us;
	for (unsigned i = 0; i < 100; i++)
		xserver_wait(x);
	ck_assert_uint_lt(program_vitals(d->program).cpu_us, before + 100000);
}
END_TEST

/* More events than SDL's queue holds, and a server that takes no picture. */
START_TEST(a_stuck_server_holds_nobody_up)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "");
	struct pages *p = show_new(d, 0, 7, BGRX, 200, 150);
	Window w = xserver_window(x, "Virtual-1 200x150");

	expect_scanout(x, w, d, 0);
	trail_step("the X server is stopped");
	kill(x->pid, SIGSTOP);
	d->guarded = false;
	draw_on(d, p, 70000);
	trail_step("the X server goes on");
	kill(x->pid, SIGCONT);
	expect_scanout(x, w, d, 0);
	program_expect_rest(d->program);
}
END_TEST

START_TEST(a_minimised_window_holds_nobody_up)
{
	struct xserver *x = xserver_start();
	struct driver *d;
	struct pages *p;
	Window w;

	manager_start(x);
	d = windowed_start(x, "");
	p = show_new(d, 0, 7, BGRX, 200, 150);
	w = xserver_window(x, "Virtual-1 200x150");
	expect_scanout(x, w, d, 0);
	manager_minimise(x, w);
	draw_on(d, p, 500);
	program_expect_rest(d->program);
	ck_assert_uint_eq(xserver_count(x), 0);
	manager_restore(x, w);
	expect_scanout(x, w, d, 0);
	manager_minimise(x, w);
	scanout_off(d, 0);
	manager_restore(x, w);
	expect_black(x, w, 200, 150);
}
END_TEST

/* Something lies over the window and goes away again. */
static void expose(struct xserver *x, Window w)
{
	Window over = XCreateSimpleWindow(x->display, w, 50, 50, 60, 60, 0, 0,
					  0x123456);

	trail_step("the window is exposed");
	XMapRaised(x->display, over);
	xserver_sync(x);
	XDestroyWindow(x->display, over);
	xserver_sync(x);
}

/*
 * Nobody sees it, and what it showed is not kept for anybody: neither what it
 * had taken nor its texture.
 */
START_TEST(a_minimised_window_lets_go)
{
	enum { WIDTH = 1900, HEIGHT = 2000, KB = WIDTH * HEIGHT * 4 / 1024 };
	struct xserver *x = xserver_start();
	uint64_t end = pump_now() + 4 * PATIENCE_MS;
	struct vitals lit;
	struct driver *d;
	Window w;

	manager_start(x);
	d = windowed_start(x, "--max-hostmem=64");
	create_2d(d, 8, BGRX, WIDTH, HEIGHT);
	set_scanout(d, 0, 8, RECT(0, 0, WIDTH, HEIGHT));
	flush(d, 8, RECT(0, 0, WIDTH, HEIGHT));
	w = xserver_window(x, "Virtual-1 1900x2000");
	program_expect_rest(d->program);
	manager_minimise(x, w);
	flush(d, 8, RECT(0, 0, WIDTH, HEIGHT));
	program_expect_rest(d->program);
	lit = driver_vitals(d);
	unref(d, 8);
	d->twin = NULL;
	while (try_create(d, 9, BGRX, WIDTH, 4 * HEIGHT).hdr.type !=
	       VIRTIO_GPU_RESP_OK_NODATA)
		if (pump_now() > end)
			FAIL("a minimised window keeps its picture");
		else
			pump_until_readable(-1, 10);
	/* Where four copies were is now one of that size. */
	program_expect_no_growth(d->program, lit, KB / 2);
}
END_TEST

/* What lay over it left nothing behind. */
START_TEST(what_is_exposed_is_painted)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "");
	Window w, over;

	show_new(d, 0, 7, BGRX, 200, 150);
	w = xserver_window(x, "Virtual-1 200x150");
	expect_scanout(x, w, d, 0);
	over = XCreateSimpleWindow(x->display, w, 50, 50, 60, 60, 0, 0,
				   0x123456);
	XMapRaised(x->display, over);
	xserver_sync(x);
	ck_assert(!picture_same(d->twin->scanout[0].shown, xserver_look(x, w)));
	XDestroyWindow(x->display, over);
	expect_scanout(x, w, d, 0);
}
END_TEST

/* Each has an OpenGL context, and what is done in one stays there. */
START_TEST(windows_do_not_disturb_each_other)
{
	struct xserver *x = xserver_start();
	struct driver *d = windowed_start(x, "--outputs=2");
	Window first, second;

	show_new(d, 0, 7, BGRX, 200, 150);
	show_new(d, 1, 8, BGRX, 150, 200);
	first = xserver_window(x, "Virtual-1 200x150");
	second = xserver_window(x, "Virtual-2 150x200");
	xserver_move(x, first, 0, 0);
	xserver_move(x, second, 900, 600);
	unref(d, 7);
	show_new(d, 0, 7, BGRX, 300, 200);
	for (unsigned i = 0; i < 4; i++) {
		expect_scanout(x, first, d, 0);
		expect_scanout(x, second, d, 1);
		expose(x, i % 2 ? first : second);
		program_expect_rest(d->program);
	}
	expect_scanout(x, first, d, 0);
	expect_scanout(x, second, d, 1);
}
END_TEST

static const struct test tests[] = {
	ONCE("rest", a_window_rests_when_nothing_happens, NULL),
	ONCE("rest", a_stuck_server_holds_nobody_up, NULL, .seconds = 200),
	ONCE("rest", a_minimised_window_holds_nobody_up, NULL),
	ONCE("paint", what_is_exposed_is_painted, NULL),
	ONCE("paint", windows_do_not_disturb_each_other, NULL),
	ONCE("rest", a_minimised_window_lets_go, NULL),
	{ 0 }
};

Suite *resting_suite(void)
{
	return suite_new("resting", tests);
}
