/*
 * What outlives what: a pause changes nothing for the guest, and after a reset
 * there is nothing left, for whoever comes next.
 *
 * virtio 1.3, section 2.4; QEMU's docs/interop/vhost-user.rst.
 */
#include "commands.h"
#include "dialect.h"
#include "suites.h"

enum { WIDTH = 64, HEIGHT = 48 };

/* ---- a pause ---- */

/* QEMU closes its screen then, and the new one has to be told everything. */
START_TEST(a_pause_keeps_pictures)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	for (unsigned i = 0; i < 3; i++) {
		expect_screen(d);
		driver_pause(d);
		driver_resume(d);
		expect_screen(d);
		pages_scribble(p);
		transfer_to_host(d, 7, RECT(0, 0, WIDTH, HEIGHT), 0);
		/* Still unseen: it was not flushed. */
		driver_pause(d);
		driver_resume(d);
		expect_screen(d);
		flush(d, 7, RECT(3, 4, 20, 20));
	}
	unref(d, 7);
	driver_pause(d);
	driver_resume(d);
	expect_screen(d);
}
END_TEST

START_TEST(a_pause_keeps_resources)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = pages_new(d->ram, WIDTH * HEIGHT * 4, 64, 1024);

	create_2d(d, 7, BGRX, WIDTH, HEIGHT);
	driver_pause(d);
	driver_resume(d);
	attach_backing(d, 7, p);
	driver_pause(d);
	driver_resume(d);
	set_scanout(d, 0, 7, RECT(0, 0, WIDTH, HEIGHT));
	transfer_to_host(d, 7, RECT(0, 0, WIDTH, HEIGHT), 0);
	driver_pause(d);
	driver_resume(d);
	flush(d, 7, RECT(0, 0, WIDTH, HEIGHT));
	expect_screen(d);
	EXPECT_REFUSED(try_create(d, 7, BGRX, WIDTH, HEIGHT), INVALID_RESOURCE);
}
END_TEST

/* ---- a reset ---- */

/* As the next boot does it, whose ids are the same. */
static void boot(struct driver *d)
{
	struct pages *p;

	for (uint32_t id = 1; id < 6; id++)
		EXPECT_REFUSED(try_unref(d, id), INVALID_RESOURCE);
	p = show_new(d, 0, 1, BGRX, WIDTH, HEIGHT);
	expect_screen(d);
	create_2d(d, 2, BGRA, WIDTH, HEIGHT);
	attach_backing(d, 2, p);
	create_2d(d, 3, BGRX, 7, 9);
	set_scanout(d, 0, 2, RECT(0, 0, WIDTH, HEIGHT));
	show(d, 2, WIDTH, HEIGHT);
	expect_screen(d);
	pages_free(p);
}

START_TEST(a_reset_leaves_nothing)
{
	struct driver *d = driver_start_2d(_axes);

	for (unsigned i = 0; i < 4; i++) {
		boot(d);
		driver_reset(d);
		expect_screen(d);
	}
	boot(d);
}
END_TEST

/* Every QEMU has its own way to say so, the oldest says hardly anything. */
START_TEST(no_qemu_leaves_anything)
{
	struct program *p;

	program_need_to_stay();
	p = program_start(NULL);
	for (unsigned i = 0; dialects[i]; i++) {
		struct driver *d = driver_start_2d_with(&(
			struct driver_options){
			.axes = _axes, .program = p, .dialect = dialects[i] });

		trail_note("%s", dialects[i]->name);
		for (unsigned round = 0; round < 3 && d->fe->screen; round++) {
			boot(d);
			driver_reset(d);
		}
		driver_end(d);
	}
}
END_TEST

/* What a driver had that vanished with its QEMU is not the next one's. */
START_TEST(a_new_front_end_finds_nothing)
{
	struct program *p;

	program_need_to_stay();
	p = program_start(NULL);
	for (unsigned i = 0; i < 4; i++) {
		struct driver *d = driver_start_2d_with(&(
			struct driver_options){ .axes = _axes, .program = p });

		expect_screen(d);
		boot(d);
		driver_end(d);
	}
}
END_TEST

/* Time after time: the host has as much left as before. */
START_TEST(resets_leave_no_memory_behind)
{
	struct driver *d = driver_start_2d(_axes);
	struct vitals before = driver_vitals(d);

	trail_quiet(true);
	for (unsigned i = 0; i < 200; i++) {
		boot(d);
		if (i == 20)
			before = driver_vitals(d);
		driver_reset(d);
	}
	driver_expect_no_more(d, before);
	program_expect_no_growth(d->program, before, 2048);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("pause", a_pause_keeps_pictures, "A34 A35"),
	ONCE("pause", a_pause_keeps_resources, "A34"),
	ON_ALL_AXES("reset", a_reset_leaves_nothing, "B13"),
	ONCE("reset", no_qemu_leaves_anything, "B13"),
	ONCE("reset", a_new_front_end_finds_nothing, "B13"),
	ONCE("reset", resets_leave_no_memory_behind, "B13", .seconds = 60),
	{ 0 }
};

Suite *afresh_suite(void)
{
	return suite_new("afresh", tests);
}
