/*
 * RESOURCE_FLUSH: what was transferred becomes visible, where it was flushed
 * and nowhere else.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#include "commands.h"
#include "draws.h"
#include "suites.h"

enum { WIDTH = 128, HEIGHT = 96 };

static struct driver *driver_with(const char *outputs)
{
	program_need_options();
	return driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .options = outputs });
}

/* Other pixels, in the picture and not to be seen yet. */
static void change_all(struct driver *d, uint32_t id, struct pages *p)
{
	pages_scribble(p);
	transfer_to_host(d, id, RECT(0, 0, WIDTH, HEIGHT), 0);
}

static struct virtio_gpu_rect draw_part(void)
{
	uint32_t x = draw_below(WIDTH), y = draw_below(HEIGHT);

	return RECT(x, y, 1 + draw_below(WIDTH - x),
		    1 + draw_below(HEIGHT - y));
}

/* ---- where ---- */

START_TEST(nothing_is_seen_before)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	change_all(d, 7, p);
	expect_screen(d);
	flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	expect_screen(d);
}
END_TEST

START_TEST(only_the_rectangle_is_seen)
{
	static const struct virtio_gpu_rect parts[] = {
		{ 0, 0, 1, 1 },	     { WIDTH - 1, HEIGHT - 1, 1, 1 },
		{ 0, 5, WIDTH, 1 },  { 0, 0, WIDTH / 2, HEIGHT },
		{ 7, 0, 1, HEIGHT }, { 3, 5, 31, 17 },
	};
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	for (unsigned i = 0; i < 20; i++) {
		change_all(d, 7, p);
		flush(d, 7, i < 6 ? parts[i] : draw_part());
		expect_screen(d);
	}
}
END_TEST

/* The rectangle is one of the resource's, a scanout has an origin in it. */
START_TEST(it_counts_in_the_resource)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	set_scanout(d, 0, 7, RECT(50, 25, 64, 48));
	flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	expect_screen(d);
	change_all(d, 7, p);
	flush(d, 7, RECT(60, 35, 5, 5));
	expect_screen(d);
	flush(d, 7, RECT(0, 0, 51, 26));
	expect_screen(d);
	flush(d, 7, RECT(113, 72, 15, 24));
	expect_screen(d);
	for (unsigned i = 0; i < 20; i++) {
		change_all(d, 7, p);
		flush(d, 7, draw_part());
		expect_screen(d);
	}
}
END_TEST

/* Each that shows it has its own part of the rectangle, or none. */
START_TEST(all_that_show_it_are_reached)
{
	struct driver *d = driver_with("--outputs=4");
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	unsigned before;

	show_new(d, 3, 8, BGRX, WIDTH, HEIGHT);
	set_scanout(d, 1, 7, RECT(64, 0, 64, 96));
	set_scanout(d, 2, 7, RECT(10, 20, 30, 40));
	flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	expect_screen(d);
	for (unsigned i = 0; i < 20; i++) {
		change_all(d, 7, p);
		flush(d, 7, draw_part());
		expect_screen(d);
	}
	/* Where scanout 2 has nothing of it, and 3 never has. */
	before = d->fe->screen->updates;
	flush(d, 7, RECT(100, 0, 20, 20));
	expect_screen(d);
	ck_assert_uint_eq(d->fe->screen->updates, before + 2);
}
END_TEST

START_TEST(it_need_not_be_shown)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = pages_whole(d->ram, WIDTH * HEIGHT * 4);

	create_2d(d, 7, BGRX, WIDTH, HEIGHT);
	flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	attach_backing(d, 7, p);
	show(d, 7, WIDTH, HEIGHT);
	show_new(d, 0, 8, BGRX, WIDTH, HEIGHT);
	change_all(d, 7, p);
	flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	expect_screen(d);
}
END_TEST

/* ---- when ---- */

/* Once transferred, the guest's pages are its own again. */
START_TEST(it_does_not_look_at_guest_pages)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	for (unsigned i = 0; i < 3; i++) {
		change_all(d, 7, p);
		pages_scribble(p);
		flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
		expect_screen(d);
	}
}
END_TEST

/*
 * With a fence, what was flushed is what was there then: what comes right
 * behind the answer is for the next one.
 */
START_TEST(what_is_answered_is_done)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	for (uint64_t i = 1; i < 20; i++) {
		struct virtio_gpu_resource_flush cmd = {
			.hdr = driver_header(VIRTIO_GPU_CMD_RESOURCE_FLUSH, i),
			.r = RECT(0, 0, WIDTH, HEIGHT),
			.resource_id = 7,
		};

		change_all(d, 7, p);
		EXPECT_DONE(try_2d(d, &(struct request){ REQUEST(cmd),
							 .room = 24 }));
		change_all(d, 7, p);
		expect_screen(d);
	}
}
END_TEST

/* All of a picture's commands at once: each finds what the last one left. */
START_TEST(a_whole_frame_may_be_posted_at_once)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	struct virtio_gpu_resource_flush now = {
		.hdr = driver_header(VIRTIO_GPU_CMD_RESOURCE_FLUSH, 1),
		.r = RECT(0, 0, WIDTH, HEIGHT),
		.resource_id = 7,
	};

	for (unsigned i = 0; i < 10; i++) {

		pages_scribble(p);
		transfer_and(d, 7, RECT(0, 0, WIDTH, HEIGHT),
			     &(struct request){ REQUEST(now), .room = 24 });
		expect_screen(d);
	}
}
END_TEST

/* A screen that isn't read holds no guest up, and sees the last frame. */
START_TEST(a_slow_screen_gets_the_last_frame)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p;

	if (suite_portable())
		suite_skip("others wait for their screen");
	p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	expect_screen(d);
	screen_hold(d->fe->screen);
	for (unsigned i = 0; i < 200; i++) {
		change_all(d, 7, p);
		flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	}
	screen_go_on(d->fe->screen);
	expect_screen(d);
}
END_TEST

/* Nor what was flushed piece by piece while it looked away. */
START_TEST(a_slow_screen_misses_no_rectangle)
{
	/* More than a socket holds: the first of it is still on its way. */
	enum { LARGE = 1024 };
	struct driver *d;
	struct pages *p;

	if (suite_portable())
		suite_skip("others wait for their screen");
	d = driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .ram = 16 << 20 });
	p = show_new(d, 0, 7, BGRX, LARGE, LARGE);
	expect_screen(d);
	screen_hold(d->fe->screen);
	show(d, 7, LARGE, LARGE);
	pages_scribble(p);
	transfer_to_host(d, 7, RECT(0, 0, LARGE, LARGE), 0);
	for (uint32_t i = 0; i < 10; i++)
		flush(d, 7, RECT(100 * i, 90 * (i * 7 % 10), 30 + i, 40));
	screen_go_on(d->fe->screen);
	expect_screen(d);
}
END_TEST

/* ---- what makes no sense ---- */

START_TEST(the_rectangle_lies_inside)
{
	static const struct virtio_gpu_rect outside[] = {
		{ 0, 0, WIDTH + 1, HEIGHT },
		{ 0, 0, WIDTH, HEIGHT + 1 },
		{ 1, 0, WIDTH, HEIGHT },
		{ 0, 1, WIDTH, HEIGHT },
		{ WIDTH, 0, 1, 1 },
		{ 0, HEIGHT, 1, 1 },
		{ WIDTH + 1, 0, 0, 0 },
		{ 0xffffffff, 0, WIDTH, HEIGHT },
		{ 0, 0xffffffff, WIDTH, HEIGHT },
		{ 1, 0, 0xffffffff, 1 },
		{ 0, 1, 1, 0xffffffff },
		{ 0x80000000, 0, 0x80000000, 1 },
		{ 0, 0x80000000, 1, 0x80000001 },
		{ 0xffffffff, 0xffffffff, 2, 2 },
		{ 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
	};
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	change_all(d, 7, p);
	for (unsigned i = 0; i < sizeof(outside) / sizeof(*outside); i++)
		EXPECT_REFUSED(try_flush(d, 7, outside[i]), INVALID_PARAMETER);
	expect_screen(d);
}
END_TEST

START_TEST(an_empty_rectangle_shows_nothing)
{
	static const struct virtio_gpu_rect empty[] = {
		{ 0, 0, 0, 0 },
		{ 0, 0, WIDTH, 0 },
		{ 0, 0, 0, HEIGHT },
		{ WIDTH, HEIGHT, 0, 0 },
	};
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	change_all(d, 7, p);
	for (unsigned i = 0; i < 4; i++)
		flush(d, 7, empty[i]);
	expect_screen(d);
}
END_TEST

START_TEST(only_what_is_there_is_flushed)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	change_all(d, 7, p);
	EXPECT_REFUSED(try_flush(d, 0, RECT(0, 0, 1, 1)), INVALID_RESOURCE);
	EXPECT_REFUSED(try_flush(d, 999, RECT(0, 0, 1, 1)), INVALID_RESOURCE);
	EXPECT_REFUSED(try_flush(d, 7 + 1024, RECT(0, 0, WIDTH, HEIGHT)),
		       INVALID_RESOURCE);
	expect_screen(d);
}
END_TEST

static const struct test tests[] = {
	ONCE("where", nothing_is_seen_before, "H40"),
	ONCE("where", only_the_rectangle_is_seen, "H38 H40"),
	ONCE("where", it_counts_in_the_resource, "H38 H39"),
	ONCE("where", all_that_show_it_are_reached, "H33 H38 H39"),
	ONCE("where", it_need_not_be_shown, "H43"),
	ONCE("when", it_does_not_look_at_guest_pages, "G13 H45"),
	ONCE("when", what_is_answered_is_done, "G13 H46"),
	ON_ALL_AXES("when", a_whole_frame_may_be_posted_at_once, "G23 H46"),
	ONCE("when", a_slow_screen_gets_the_last_frame, "A55 H46"),
	ONCE("when", a_slow_screen_misses_no_rectangle, "A55 H38"),
	ONCE("wrong", the_rectangle_lies_inside, "H41 G25"),
	ONCE("wrong", an_empty_rectangle_shows_nothing, "H42"),
	ONCE("wrong", only_what_is_there_is_flushed, "H44"),
	{ 0 }
};

Suite *flush_suite(void)
{
	return suite_new("flush", tests);
}
