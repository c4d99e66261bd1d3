/*
 * RESOURCE_DETACH_BACKING: the guest has its pages back, the picture stays.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#include "commands.h"
#include "suites.h"

enum { WIDTH = 64, HEIGHT = 48, SIZE = WIDTH * HEIGHT * 4 };

START_TEST(the_picture_stays)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	pages_scribble(p);
	transfer_to_host(d, 7, RECT(0, 0, WIDTH, HEIGHT), 0);
	detach_backing(d, 7);
	expect_screen(d);
	pages_scribble(p);
	flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	expect_screen(d);
	set_scanout(d, 0, 7, RECT(0, 0, WIDTH, 9));
	flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	expect_screen(d);
}
END_TEST

/* They may be a ring's next, or a response's. */
START_TEST(the_pages_are_let_go)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	detach_backing(d, 7);
	pages_free(p);
	EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, WIDTH, HEIGHT), 0),
		       UNSPEC);
	for (unsigned i = 0; i < 5; i++)
		driver_expect_alive(d);
	flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	expect_screen(d);
}
END_TEST

START_TEST(others_may_come_in_their_place)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *old = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	for (unsigned i = 0; i < 10; i++) {
		struct pages *p = pages_new(d->ram, SIZE, 1 + i, 1 + 500 * i);

		detach_backing(d, 7);
		attach_backing(d, 7, p);
		pages_scribble(old);
		pages_free(old);
		show(d, 7, WIDTH, HEIGHT);
		expect_screen(d);
		old = p;
	}
}
END_TEST

START_TEST(there_is_something_to_detach)
{
	struct driver *d = driver_start_2d(_axes);

	EXPECT_REFUSED(try_detach(d, 0), INVALID_RESOURCE);
	EXPECT_REFUSED(try_detach(d, 999), INVALID_RESOURCE);
	create_2d(d, 7, BGRX, WIDTH, HEIGHT);
	EXPECT_REFUSED(try_detach(d, 7), UNSPEC);
	unref(d, 7);
	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	detach_backing(d, 7);
	for (unsigned i = 0; i < 3; i++)
		EXPECT_REFUSED(try_detach(d, 7), UNSPEC);
}
END_TEST

/* The transfer before it still has the pages, the one behind it hasn't. */
START_TEST(it_waits_for_its_turn)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	struct virtio_gpu_resource_detach_backing gone = {
		.hdr = driver_header(VIRTIO_GPU_CMD_RESOURCE_DETACH_BACKING, 2),
		.resource_id = 7,
	};

	pages_scribble(p);
	transfer_and(d, 7, RECT(0, 0, WIDTH, HEIGHT),
		     &(struct request){ REQUEST(gone), .room = 24 });
	pages_scribble(p);
	flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	expect_screen(d);
	EXPECT_REFUSED(try_transfer(d, 7, RECT(0, 0, 1, 1), 0), UNSPEC);
}
END_TEST

START_TEST(nothing_is_left_of_it)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = pages_new(d->ram, SIZE, 32, 96);
	struct vitals before = driver_vitals(d);

	trail_quiet(true);
	d->guarded = false;
	create_2d(d, 7, BGRX, WIDTH, HEIGHT);
	for (unsigned i = 0; i < 5000; i++) {
		if (i == 100)
			before = driver_vitals(d);
		attach_backing(d, 7, p);
		detach_backing(d, 7);
		EXPECT_REFUSED(try_detach(d, 7), UNSPEC);
	}
	driver_expect_no_more(d, before);
	program_expect_no_growth(d->program, before, 1024);
}
END_TEST

static const struct test tests[] = {
	ONCE("picture", the_picture_stays, "H76"),
	ONCE("pages", the_pages_are_let_go, "H72"),
	ONCE("pages", others_may_come_in_their_place, "H77"),
	ONCE("wrong", there_is_something_to_detach, "H74 H75"),
	ON_ALL_AXES("order", it_waits_for_its_turn, "G23 H73"),
	ONCE("memory", nothing_is_left_of_it, "H72 H74"),
	{ 0 }
};

Suite *detach_suite(void)
{
	return suite_new("detach", tests);
}
