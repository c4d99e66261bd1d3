/*
 * --max-hostmem when pictures outlive their scanouts: on their way to a screen
 * that doesn't read, or to a disk that doesn't write.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "pump.h"
#include "suites.h"

enum {
	WIDTH = 1900,
	HEIGHT = 2000, /* with three copies just below the budget */
	BUDGET = 64,   /* MiB */
	MORE = 8,      /* what a process takes beside pictures */
	PATIENCE = 4 * PATIENCE_MS,
};

#define ALL RECT(0, 0, WIDTH, HEIGHT)

static const char *folder(void)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s", program_own_path("pictures"));
	return path;
}

static struct driver *start(const char *display)
{
	static char options[400];
	struct driver *d;

	program_need_options();
	snprintf(options, sizeof(options), "%s --outputs=16 --max-hostmem=%u",
		 display, BUDGET);
	d = driver_start_2d_with(&(struct driver_options){
		.axes = _axes, .options = options, .ram = 64 << 20 });
	d->guarded = false;
	return d;
}

static bool is_done(struct reply r)
{
	return r.hdr.type == VIRTIO_GPU_RESP_OK_NODATA;
}

/* On, a picture, off; behind the twin's back, as some of it may be refused. */
static bool show_once(struct driver *d, uint32_t scanout, const struct pages *p)
{
	struct twin *twin = d->twin;
	bool shown;

	d->twin = NULL;
	shown = is_done(try_create(d, 1, BGRX, WIDTH, HEIGHT)) &&
		is_done(try_attach(d, 1, p->count, p->entries, p->count)) &&
		is_done(try_transfer(d, 1, ALL, 0)) &&
		is_done(try_scanout(d, scanout, 1, ALL));
	if (shown) {
		EXPECT_DONE(try_flush(d, 1, ALL));
		EXPECT_DONE(try_scanout(d, scanout, 0, ALL));
	}
	try_unref(d, 1);
	d->twin = twin;
	return shown;
}

/*
 * Of so many scanouts each shows a picture and goes off. Some are refused: the
 * pictures before them are still there.
 */
static void show_everywhere(struct driver *d, const struct pages *p)
{
	struct vitals before = driver_vitals(d);
	unsigned shown = 0;

	for (uint32_t i = 0; i < d->scanouts; i++) {
		shown += show_once(d, i, p);
		program_expect_no_growth(d->program, before,
					 (BUDGET + MORE) * 1024);
	}
	ck_assert_uint_ge(shown, 1);
	ck_assert_uint_lt(shown, d->scanouts);
}

/* As soon as they are gone others may have their memory: the last scanout. */
static void expect_all_back(struct driver *d, const struct pages *p)
{
	uint64_t end = pump_now() + PATIENCE;

	trail_step("until a picture can be shown again");
	trail_quiet(true);
	while (!show_once(d, d->scanouts - 1, p)) {
		if (pump_now() > end)
			FAIL("what went off is never paid back");
		pump_until_readable(-1, 10);
	}
	trail_quiet(false);
}

/* The first one is half read, the others wait behind it. */
START_TEST(a_screen_that_does_not_read_is_paid_for)
{
	struct driver *d = start("");
	struct pages *p = pages_whole(d->ram, WIDTH * HEIGHT * 4);

	pages_scribble(p);
	expect_screen(d);
	screen_hold(d->fe->screen);
	show_everywhere(d, p);
	screen_go_on(d->fe->screen);
	expect_all_back(d, p);
}
END_TEST

/* It closes its end: nothing is on its way any more. */
START_TEST(a_screen_that_goes_takes_them_with_it)
{
	struct driver *d = start("");
	struct pages *p = pages_whole(d->ram, WIDTH * HEIGHT * 4);

	pages_scribble(p);
	screen_hold(d->fe->screen);
	show_everywhere(d, p);
	screen_close(d->fe->screen);
	expect_all_back(d, p);
	driver_reset(d);
	expect_all_back(d, p);
}
END_TEST

START_TEST(a_disk_that_does_not_write_is_paid_for)
{
	char options[300];
	struct driver *d;
	struct pages *p;

	snprintf(options, sizeof(options), "--display=png:%s", folder());
	d = start(options);
	p = pages_whole(d->ram, WIDTH * HEIGHT * 4);
	pages_scribble(p);
	ck_assert(!rmdir(folder()));
	show_everywhere(d, p);
	driver_reset(d);
	ck_assert(!mkdir(folder(), 0777));
	expect_all_back(d, p);
}
END_TEST

static const struct test tests[] = {
	ONCE("screen", a_screen_that_does_not_read_is_paid_for, "G27 H18"),
	ONCE("screen", a_screen_that_goes_takes_them_with_it, "G27 H18"),
	ONCE("disk", a_disk_that_does_not_write_is_paid_for, "G27 H18"),
	{ 0 }
};

Suite *leftovers_suite(void)
{
	return suite_new("leftovers", tests);
}
