/*
 * SET_SCANOUT: what each monitor shows. What it goes on showing where the request
 * makes no sense is in badscanout_test.c.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#include "commands.h"
#include "draws.h"
#include "picture.h"
#include "suites.h"

enum { WIDTH = 96, HEIGHT = 64 };

static struct driver *driver_with(const char *outputs)
{
	program_need_options();
	return driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .options = outputs });
}

/* A rectangle somewhere inside, not empty. */
static struct virtio_gpu_rect draw_part(void)
{
	uint32_t x = draw_below(WIDTH), y = draw_below(HEIGHT);

	return RECT(x, y, 1 + draw_below(WIDTH - x),
		    1 + draw_below(HEIGHT - y));
}

static void flush_all(struct driver *d, uint32_t id)
{
	flush(d, id, RECT(0, 0, WIDTH, HEIGHT));
}

/* ---- what is shown ---- */

START_TEST(it_shows_a_resource)
{
	struct driver *d = driver_start_2d(_axes);

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	expect_screen(d);
}
END_TEST

START_TEST(it_may_show_a_part)
{
	static const struct virtio_gpu_rect parts[] = {
		{ 0, 0, 1, 1 },	     { WIDTH - 1, HEIGHT - 1, 1, 1 },
		{ 1, 1, 15, 15 },    { 0, 0, WIDTH, 1 },
		{ 0, 0, 1, HEIGHT }, { WIDTH - 16, 0, 16, HEIGHT },
	};
	struct driver *d = driver_start_2d(_axes);

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	for (unsigned i = 0; i < 20; i++) {
		set_scanout(d, 0, 7, i < 6 ? parts[i] : draw_part());
		flush_all(d, 7);
		expect_screen(d);
	}
}
END_TEST

/* Monitors that show the same, or parts that overlap. */
START_TEST(several_may_show_one_resource)
{
	struct driver *d = driver_with("--outputs=3");

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	set_scanout(d, 1, 7, RECT(0, 0, WIDTH, HEIGHT));
	set_scanout(d, 2, 7, RECT(10, 10, 20, 20));
	flush_all(d, 7);
	expect_screen(d);
	for (unsigned i = 0; i < 10; i++) {
		set_scanout(d, draw_below(3), 7, draw_part());
		show(d, 7, WIDTH, HEIGHT);
		expect_screen(d);
	}
}
END_TEST

START_TEST(there_may_be_16)
{
	struct driver *d = driver_with("--outputs=16");
	struct pages *p = show_new(d, 15, 7, BGRX, WIDTH, HEIGHT);

	ck_assert_uint_eq(d->scanouts, 16);
	for (uint32_t i = 0; i < 16; i++)
		set_scanout(d, i, 7,
			    RECT(i % 4 * WIDTH / 4, i / 4 * HEIGHT / 4,
				 WIDTH / 4, HEIGHT / 4));
	flush_all(d, 7);
	expect_screen(d);
	for (unsigned i = 0; i < 16; i += 3)
		scanout_off(d, i);
	pages_scribble(p);
	show(d, 7, WIDTH, HEIGHT);
	expect_screen(d);
}
END_TEST

/* What the monitor likes best is advice: the guest chooses its mode. */
START_TEST(it_may_be_larger_than_the_monitor_likes)
{
	struct driver *d = driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .ram = 64 << 20 });
	struct virtio_gpu_resp_display_info info = driver_display_info(d);
	uint32_t width = 2 * info.pmodes[0].r.width;
	uint32_t height = 2 * info.pmodes[0].r.height;

	show_new(d, 0, 7, BGRX, width, height);
	expect_screen(d);
	set_scanout(d, 0, 7, RECT(1, 1, 2, 2));
	flush(d, 7, RECT(0, 0, width, height));
	expect_screen(d);
}
END_TEST

/* It is the picture that is shown, however it came to be what it is. */
START_TEST(it_needs_no_backing)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = pages_whole(d->ram, WIDTH * HEIGHT * 4);

	create_2d(d, 7, BGRX, WIDTH, HEIGHT);
	set_scanout(d, 0, 7, RECT(0, 0, WIDTH, HEIGHT));
	flush_all(d, 7);
	expect_screen(d);
	attach_backing(d, 7, p);
	show(d, 7, WIDTH, HEIGHT);
	expect_screen(d);
}
END_TEST

/* ---- one after the other ---- */

START_TEST(two_may_take_turns)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p[2] = { show_new(d, 0, 1, BGRX, WIDTH, HEIGHT),
			       show_new(d, 0, 2, BGRA, WIDTH, HEIGHT) };

	for (uint32_t i = 0; i < 10; i++) {
		pages_scribble(p[i % 2]);
		transfer_to_host(d, 1 + i % 2, RECT(0, 0, WIDTH, HEIGHT), 0);
		set_scanout(d, 0, 1 + i % 2, RECT(0, 0, WIDTH, HEIGHT));
		flush_all(d, 1 + i % 2);
		expect_screen(d);
	}
}
END_TEST

/*
 * Between SET_SCANOUT and the flush there is the old picture or the new one,
 * and nothing else: a guest that turns pages would see it flicker.
 */
START_TEST(nothing_is_seen_in_between)
{
	struct driver *d = driver_start_2d(_axes);
	struct picture *seen[2];

	if (suite_portable())
		suite_skip("others turn dark in between");
	for (uint32_t i = 0; i < 2; i++) {
		show_new(d, 0, 1 + i, BGRX, WIDTH, HEIGHT);
		expect_screen(d);
		seen[i] = picture_copy(d->fe->screen->pictures[0]);
	}
	for (uint32_t i = 0; i < 10; i++) {
		struct picture *now;

		set_scanout(d, 0, 1 + i % 2, RECT(0, 0, WIDTH, HEIGHT));
		expect_screen(d);
		now = d->fe->screen->pictures[0];
		if (!picture_same(seen[1 - i % 2], now))
			picture_expect(seen[i % 2], now, "in between");
		flush_all(d, 1 + i % 2);
		expect_screen(d);
	}
}
END_TEST

START_TEST(sizes_may_change)
{
	struct driver *d = driver_start_2d(_axes);

	for (uint32_t i = 1; i <= 12; i++) {
		show_new(d, 0, i, all_formats[1], 1 + draw_below(2 * WIDTH),
			 1 + draw_below(2 * HEIGHT));
		expect_screen(d);
	}
}
END_TEST

/* ---- off ---- */

/* Linux leaves the size in the request that it had. */
START_TEST(off_is_off_whatever_the_rectangle)
{
	static const struct virtio_gpu_rect rects[] = {
		{ 0, 0, 0, 0 },
		{ 0, 0, WIDTH, HEIGHT },
		{ WIDTH, HEIGHT, 1, 1 },
		{ 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
	};
	struct driver *d = driver_start_2d(_axes);

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	for (unsigned i = 0; i < 4; i++) {
		set_scanout(d, 0, 0, rects[i]);
		expect_screen(d);
		/* Twice is as good. */
		set_scanout(d, 0, 0, rects[i]);
		flush_all(d, 7);
		expect_screen(d);
		set_scanout(d, 0, 7, RECT(0, 0, WIDTH, HEIGHT));
		flush_all(d, 7);
		expect_screen(d);
	}
}
END_TEST

START_TEST(all_can_be_off)
{
	struct driver *d = driver_with("--outputs=4");

	for (unsigned i = 0; i < 4; i++)
		show_new(d, i, 1 + i, BGRX, WIDTH, HEIGHT);
	expect_screen(d);
	for (unsigned i = 0; i < 4; i++) {
		scanout_off(d, i);
		expect_screen(d);
	}
	for (uint32_t id = 1; id <= 4; id++)
		flush_all(d, id);
	expect_screen(d);
}
END_TEST

/* Bound to and fro, a driver's main occupation. */
START_TEST(turning_pages_leaves_nothing_behind)
{
	struct driver *d = driver_start_2d(_axes);
	struct vitals before = driver_vitals(d);

	show_new(d, 0, 1, BGRX, WIDTH, HEIGHT);
	show_new(d, 0, 2, BGRX, WIDTH, HEIGHT / 2);
	trail_quiet(true);
	d->guarded = false;
	for (uint32_t i = 0; i < 5000; i++) {
		uint32_t id = 1 + i % 2;

		if (i == 100)
			before = driver_vitals(d);
		set_scanout(d, 0, id, RECT(0, 0, WIDTH, HEIGHT / id));
		if (i % 5 == 4)
			scanout_off(d, 0);
		screen_look(d->fe->screen);
	}
	driver_expect_no_more(d, before);
	program_expect_no_growth(d->program, before, 2048);
	trail_quiet(false);
	expect_screen(d);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("shown", it_shows_a_resource, "H26"),
	ONCE("shown", it_may_show_a_part, "H26"),
	ONCE("shown", several_may_show_one_resource, "H33 H38"),
	ONCE("shown", there_may_be_16, "H26 H33"),
	ONCE("shown", it_may_be_larger_than_the_monitor_likes, "H36"),
	ONCE("shown", it_needs_no_backing, "H32"),
	ONCE("turns", two_may_take_turns, "H34"),
	ONCE("turns", nothing_is_seen_in_between, "H34"),
	ONCE("turns", sizes_may_change, "H26 H34"),
	ONCE("off", off_is_off_whatever_the_rectangle, "H27"),
	ONCE("off", all_can_be_off, "H27"),
	ONCE("memory", turning_pages_leaves_nothing_behind, "H27 H34"),
	{ 0 }
};

Suite *scanout_suite(void)
{
	return suite_new("scanout", tests);
}
