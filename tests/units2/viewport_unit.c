/*
 * Where a picture lies in its window, and which of its pixels lies under the
 * mouse.
 */
#include "units.h"
#include "viewport.h"

static struct viewport place(struct size scanout, struct size points,
			     struct size pixels)
{
	struct viewport view;

	viewport_place(&view, scanout, points, pixels);
	return view;
}

#define SIZE(w, h) ((struct size){ w, h })

/* ---- from scanout to window ---- */

static const struct {
	struct size scanout, window;
	struct virtio_gpu_rect picture;
	bool whole;
	unsigned percent;
} cases[] = {
	{ { 640, 480 }, { 640, 480 }, { 0, 0, 640, 480 }, true, 100 },
	{ { 640, 480 }, { 1280, 960 }, { 0, 0, 1280, 960 }, true, 200 },
	{ { 640, 480 }, { 1281, 961 }, { 0, 0, 1280, 960 }, true, 200 },
	{ { 640, 480 }, { 2000, 960 }, { 360, 0, 1280, 960 }, true, 200 },
	{ { 640, 480 }, { 1280, 2000 }, { 0, 520, 1280, 960 }, true, 200 },
	/* A twentieth more than a whole factor takes, and a little more. */
	{ { 400, 200 }, { 421, 400 }, { 10, 100, 400, 200 }, true, 100 },
	{ { 400, 200 }, { 422, 400 }, { 0, 94, 422, 211 }, false, 106 },
	{ { 400, 200 }, { 600, 300 }, { 0, 0, 600, 300 }, false, 150 },
	{ { 400, 200 }, { 700, 300 }, { 50, 0, 600, 300 }, false, 150 },
	{ { 400, 200 }, { 200, 200 }, { 0, 50, 200, 100 }, false, 50 },
	{ { 400, 200 }, { 399, 200 }, { 0, 0, 399, 200 }, false, 100 },
	{ { 1, 1 }, { 300, 200 }, { 50, 0, 200, 200 }, true, 20000 },
	{ { 16384, 1 }, { 32, 32 }, { 0, 15, 32, 1 }, false, 1 },
	{ { 1, 16384 }, { 32, 32 }, { 15, 0, 1, 32 }, false, 100 },
	{ { 16384, 16384 }, { 1, 1 }, { 0, 0, 1, 1 }, false, 1 },
};

START_TEST(it_is_as_large_as_fits)
{
	for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct viewport view = place(cases[i].scanout, cases[i].window,
					     cases[i].window);

		ck_assert_uint_eq(view.picture.x, cases[i].picture.x);
		ck_assert_uint_eq(view.picture.y, cases[i].picture.y);
		ck_assert_uint_eq(view.picture.width, cases[i].picture.width);
		ck_assert_uint_eq(view.picture.height, cases[i].picture.height);
		ck_assert_int_eq(view.whole, cases[i].whole);
		ck_assert_uint_eq(viewport_percent(&view), cases[i].percent);
	}
}
END_TEST

/* Twice as many pixels as points: nothing looks smaller, nothing is blurred. */
START_TEST(density_changes_no_size)
{
	struct viewport view = place(SIZE(640, 480), SIZE(640, 500),
				     SIZE(1280, 1000));

	ck_assert(view.whole);
	ck_assert_uint_eq(view.picture.y, 20);
	ck_assert_uint_eq(view.picture.width, 1280);
	ck_assert_uint_eq(view.picture.height, 960);
	ck_assert_uint_eq(viewport_percent(&view), 100);
}
END_TEST

/* The aspect is right to a pixel, and more would not fit. */
static void expect_best(const struct viewport *view)
{
	const struct virtio_gpu_rect *p = &view->picture;
	uint64_t w = view->scanout.width, h = view->scanout.height;
	int64_t skew = (int64_t)(p->width * h) - (int64_t)(p->height * w);
	int64_t most = (int64_t)(w > h ? w : h);

	ck_assert_uint_le(p->x + p->width, view->pixels.width);
	ck_assert_uint_le(p->y + p->height, view->pixels.height);
	ck_assert_uint_ge(p->width, 1);
	ck_assert_uint_ge(p->height, 1);
	if (p->width > 1 && p->height > 1)
		ck_assert(skew <= most && -skew <= most);
	ck_assert(p->width * 20 >= view->pixels.width * 19 ||
		  p->height * 20 >= view->pixels.height * 19 || view->whole);
}

START_TEST(any_sizes_will_do)
{
	for (unsigned i = 0; i < 20000; i++) {
		uint32_t most = i % 2 ? 100 : 16384;
		struct size window = SIZE(1 + draw(most), 1 + draw(most));
		struct size scanout = SIZE(1 + draw(most), 1 + draw(most));
		struct viewport view = place(scanout, window, window);

		expect_best(&view);
	}
}
END_TEST

/* ---- from window to scanout ---- */

static void expect_found(const struct viewport *view, int32_t x, int32_t y,
			 bool inside, uint32_t to_x, uint32_t to_y)
{
	uint32_t at_x = 4711, at_y = 4711;

	ck_assert_int_eq(viewport_find(view, x, y, &at_x, &at_y), inside);
	ck_assert_uint_eq(at_x, to_x);
	ck_assert_uint_eq(at_y, to_y);
}

START_TEST(a_point_has_a_pixel)
{
	struct viewport view = place(SIZE(200, 100), SIZE(440, 200),
				     SIZE(440, 200));

	ck_assert_uint_eq(view.picture.x, 20);
	expect_found(&view, 20, 0, true, 0, 0);
	expect_found(&view, 21, 1, true, 0, 0);
	expect_found(&view, 22, 2, true, 1, 1);
	expect_found(&view, 419, 199, true, 199, 99);
	expect_found(&view, 220, 100, true, 100, 50);
}
END_TEST

START_TEST(beside_it_is_the_nearest)
{
	struct viewport view = place(SIZE(200, 100), SIZE(440, 200),
				     SIZE(440, 200));

	expect_found(&view, 19, 50, false, 0, 25);
	expect_found(&view, 420, 50, false, 199, 25);
	expect_found(&view, 0, 50, false, 0, 25);
	expect_found(&view, -5000, -5000, false, 0, 0);
	expect_found(&view, 50, 200, false, 15, 99);
	expect_found(&view, INT32_MAX, INT32_MAX, false, 199, 99);
	expect_found(&view, INT32_MIN, INT32_MIN, false, 0, 0);
}
END_TEST

START_TEST(points_are_not_pixels)
{
	struct viewport view = place(SIZE(200, 100), SIZE(220, 100),
				     SIZE(440, 200));

	expect_found(&view, 9, 0, false, 0, 0);
	expect_found(&view, 10, 0, true, 0, 0);
	expect_found(&view, 11, 1, true, 1, 1);
	expect_found(&view, 209, 99, true, 199, 99);
	expect_found(&view, 210, 99, false, 199, 99);
}
END_TEST

START_TEST(off_has_no_pixels)
{
	struct viewport view = place(SIZE(0, 0), SIZE(220, 100),
				     SIZE(440, 200));

	expect_found(&view, 100, 50, false, 0, 0);
	ck_assert_uint_eq(viewport_percent(&view), 0);
}
END_TEST

/* The point in the middle of what a pixel became is that pixel's. */
START_TEST(both_ways_agree)
{
	for (unsigned i = 0; i < 20000; i++) {
		struct size scanout = SIZE(1 + draw(300), 1 + draw(300));
		struct size window = SIZE(scanout.width + draw(900),
					  scanout.height + draw(900));
		struct viewport view = place(scanout, window, window);
		uint32_t x = draw(scanout.width), y = draw(scanout.height);
		const struct virtio_gpu_rect *p = &view.picture;
		uint32_t left = p->x +
				(2 * x + 1) * p->width / (2 * scanout.width);
		uint32_t top = p->y +
			       (2 * y + 1) * p->height / (2 * scanout.height);

		expect_found(&view, (int32_t)left, (int32_t)top, true, x, y);
	}
}
END_TEST

/* ---- a window for it ---- */

static void expect_fit(struct size picture, struct size room, struct size is)
{
	struct size size = viewport_fit(picture, room);

	ck_assert_uint_eq(size.width, is.width);
	ck_assert_uint_eq(size.height, is.height);
}

START_TEST(a_window_fits_the_desktop)
{
	expect_fit(SIZE(1280, 800), SIZE(1920, 1080), SIZE(1280, 800));
	expect_fit(SIZE(1920, 1080), SIZE(1920, 1080), SIZE(1920, 1080));
	expect_fit(SIZE(3840, 2160), SIZE(1920, 1080), SIZE(1920, 1080));
	expect_fit(SIZE(3840, 1080), SIZE(1920, 1080), SIZE(1920, 540));
	expect_fit(SIZE(800, 2160), SIZE(1920, 1080), SIZE(400, 1080));
	expect_fit(SIZE(16384, 1), SIZE(1920, 1080), SIZE(1920, 1));
}
END_TEST

Suite *viewport_units(void)
{
	Suite *suite = suite_create("viewport");
	TCase *all = tcase_create("viewport");

	tcase_add_test(all, it_is_as_large_as_fits);
	tcase_add_test(all, density_changes_no_size);
	tcase_add_test(all, any_sizes_will_do);
	tcase_add_test(all, a_point_has_a_pixel);
	tcase_add_test(all, beside_it_is_the_nearest);
	tcase_add_test(all, points_are_not_pixels);
	tcase_add_test(all, off_has_no_pixels);
	tcase_add_test(all, both_ways_agree);
	tcase_add_test(all, a_window_fits_the_desktop);
	suite_add_tcase(suite, all);
	return suite;
}
