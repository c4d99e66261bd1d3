/*
 * RESOURCE_UNREF: what goes with a resource, whatever was done with it before.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#include "commands.h"
#include "suites.h"

enum { EDGE = 48 };

START_TEST(only_what_is_there_can_go)
{
	struct driver *d = driver_start_2d(_axes);

	EXPECT_REFUSED(try_unref(d, 0), INVALID_RESOURCE);
	EXPECT_REFUSED(try_unref(d, 1), INVALID_RESOURCE);
	create_2d(d, 1, BGRX, EDGE, EDGE);
	/* These two share a place in many a table. */
	EXPECT_REFUSED(try_unref(d, 1 + 1024), INVALID_RESOURCE);
	EXPECT_REFUSED(try_unref(d, 1 + 65536), INVALID_RESOURCE);
	unref(d, 1);
	EXPECT_REFUSED(try_unref(d, 1), INVALID_RESOURCE);
	EXPECT_REFUSED(try_flush(d, 1, RECT(0, 0, 1, 1)), INVALID_RESOURCE);
}
END_TEST

/* No later command reaches what it had. */
START_TEST(all_of_it_goes)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, EDGE, EDGE);

	unref(d, 7);
	EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, EDGE, EDGE), 0),
		       INVALID_RESOURCE);
	EXPECT_REFUSED(try_scanout(d, 0, 7, RECT(0, 0, EDGE, EDGE)),
		       INVALID_RESOURCE);
	EXPECT_REFUSED(try_detach(d, 7), INVALID_RESOURCE);
	create_2d(d, 7, BGRX, EDGE, EDGE);
	/* No backing, no pixels, nothing that shows it. */
	EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, EDGE, EDGE), 0), UNSPEC);
	flush(d, 7, RECT(0, 0, EDGE, EDGE));
	expect_screen(d);
	set_scanout(d, 0, 7, RECT(0, 0, EDGE, EDGE));
	flush(d, 7, RECT(0, 0, EDGE, EDGE));
	expect_screen(d);
	attach_backing(d, 7, p);
	show(d, 7, EDGE, EDGE);
	expect_screen(d);
}
END_TEST

/*
 * All scanouts that show it go dark, the others don't. Another one of that id
 * isn't shown before it is asked for.
 */
START_TEST(what_was_shown_goes_dark)
{
	struct driver *d;

	program_need_options();
	d = driver_start_2d_with(&(struct driver_options){
		.axes = _axes, .options = "--outputs=4" });
	for (unsigned round = 0; round < 2; round++) {
		show_new(d, 0, 7, BGRX, EDGE, EDGE);
		show_new(d, 1, 8, BGRX, EDGE, EDGE);
		set_scanout(d, 2, 7, RECT(5, 6, 7, 8));
		set_scanout(d, 3, 7, RECT(0, 0, EDGE, EDGE));
		flush(d, 7, RECT(0, 0, EDGE, EDGE));
		expect_screen(d);
		unref(d, 7);
		expect_screen(d);
		show(d, 8, EDGE, EDGE);
		create_2d(d, 7, BGRX, 2 * EDGE, 2 * EDGE);
		flush(d, 7, RECT(0, 0, 2 * EDGE, 2 * EDGE));
		expect_screen(d);
		unref(d, 7);
		unref(d, 8);
		expect_screen(d);
	}
}
END_TEST

/* The same with one scanout, as others have it. */
START_TEST(another_of_that_id_is_not_shown)
{
	struct driver *d = driver_start_2d(_axes);

	show_new(d, 0, 7, BGRX, EDGE, EDGE);
	expect_screen(d);
	unref(d, 7);
	expect_screen(d);
	create_2d(d, 7, BGRX, 2 * EDGE, 2 * EDGE);
	attach_backing(d, 7, pages_whole(d->ram, 4 * EDGE * EDGE * 4));
	show(d, 7, 2 * EDGE, 2 * EDGE);
	expect_screen(d);
	set_scanout(d, 0, 7, RECT(0, 0, 2 * EDGE, 2 * EDGE));
	flush(d, 7, RECT(0, 0, 2 * EDGE, 2 * EDGE));
	expect_screen(d);
}
END_TEST

/* Shown elsewhere by now, it takes nothing with it. */
START_TEST(what_is_not_shown_any_more_goes_quietly)
{
	struct driver *d = driver_start_2d(_axes);

	show_new(d, 0, 7, BGRX, EDGE, EDGE);
	show_new(d, 0, 8, BGRX, EDGE, EDGE);
	unref(d, 7);
	expect_screen(d);
	flush(d, 8, RECT(0, 0, EDGE, EDGE));
	expect_screen(d);
}
END_TEST

/* Each is done before the next one begins, however they are posted. */
START_TEST(it_comes_behind_what_was_posted_before)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, EDGE, EDGE);
	struct virtio_gpu_resource_unref gone = {
		.hdr = driver_header(VIRTIO_GPU_CMD_RESOURCE_UNREF, 2),
		.resource_id = 7,
	};

	transfer_and(d, 7, RECT(0, 0, EDGE, EDGE),
		     &(struct request){ REQUEST(gone), .room = 24 });
	pages_scribble(p);
	EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, EDGE, EDGE), 0),
		       INVALID_RESOURCE);
}
END_TEST

/* As Linux does it: it never detaches first. */
START_TEST(nothing_is_left_of_it)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = pages_new(d->ram, EDGE * EDGE * 4, 64, 192);
	struct vitals before = driver_vitals(d);

	trail_quiet(true);
	d->guarded = false;
	for (unsigned i = 0; i < 10000; i++) {
		create_2d(d, 7, BGRX, EDGE, EDGE);
		attach_backing(d, 7, p);
		if (i % 4 == 1)
			transfer_to_host(d, 7, RECT(0, 0, EDGE, EDGE), 0);
		if (i % 4 == 2)
			set_scanout(d, 0, 7, RECT(0, 0, EDGE, EDGE));
		if (i == 100)
			before = driver_vitals(d);
		unref(d, 7);
		screen_look(d->fe->screen);
	}
	driver_expect_no_more(d, before);
	program_expect_no_growth(d->program, before, 2048);
	driver_check_ram(d);
}
END_TEST

static const struct test tests[] = {
	ONCE("ids", only_what_is_there_can_go, "H21"),
	ONCE("gone", all_of_it_goes, "H19 H20"),
	ONCE("shown", what_was_shown_goes_dark, "H22"),
	ONCE("shown", another_of_that_id_is_not_shown, "H22"),
	ONCE("shown", what_is_not_shown_any_more_goes_quietly, "H22"),
	ON_ALL_AXES("order", it_comes_behind_what_was_posted_before, "G23 H25"),
	ONCE("memory", nothing_is_left_of_it, "H20", .seconds = 60),
	{ 0 }
};

Suite *unref_suite(void)
{
	return suite_new("unref", tests);
}
