/*
 * --display=png:DIR: each scanout's last picture, whole, whatever the guest does
 * and however slow the disk is.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands.h"
#include "draws.h"
#include "picture.h"
#include "pngread.h"
#include "pump.h"
#include "suites.h"

enum { WIDTH = 64, HEIGHT = 48, PATIENCE = 4 * PATIENCE_MS };

#define ALL RECT(0, 0, WIDTH, HEIGHT)

/* The folder the pictures go to; the device makes it. */
static const char *folder(void)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s", program_own_path("pictures"));
	return path;
}

static const char *file_of(unsigned scanout)
{
	static char path[300];

	snprintf(path, sizeof(path), "%s/scanout%u.png", folder(), scanout);
	return path;
}

static struct driver *start(const char *more)
{
	static char options[400];

	program_need_options();
	snprintf(options, sizeof(options), "--display=png:%s %s", folder(),
		 more);
	return driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .options = options });
}

static void expect_file(struct driver *d, unsigned scanout)
{
	struct picture *got = png_picture(file_of(scanout));

	picture_expect(d->twin->scanout[scanout].shown, got, file_of(scanout));
	picture_free(got);
}

static bool is_shown(struct driver *d, unsigned scanout)
{
	struct picture *got = png_picture(file_of(scanout));
	bool same = got && picture_same(d->twin->scanout[scanout].shown, got);

	picture_free(got);
	return same;
}

static void wait_for_file(struct driver *d, unsigned scanout)
{
	png_await(file_of(scanout), d->twin->scanout[scanout].shown, PATIENCE);
}

/* SIGTERM, while the guest is there. */
static void end(struct driver *d)
{
	d->program->may_end = true;
	kill(d->program->pid, SIGTERM);
	program_expect_status(d->program, 0);
}

static void draw_again(struct driver *d, uint32_t id, struct pages *p)
{
	pages_scribble(p);
	show(d, id, WIDTH, HEIGHT);
}

/* ---- pictures ---- */

START_TEST(a_picture_is_there_by_itself)
{
	struct driver *d = start("");
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	wait_for_file(d, 0);
	for (unsigned i = 0; i < 3; i++) {
		draw_again(d, 7, p);
		draw_again(d, 7, p);
		wait_for_file(d, 0);
	}
	pages_scribble(p);
	transfer_to_host(d, 7, ALL, 0);
	flush(d, 7, RECT(5, 6, 7, 8));
	wait_for_file(d, 0);
	ck_assert(access(file_of(1), F_OK));
}
END_TEST

START_TEST(formats_and_sizes_are_the_same_there)
{
	struct driver *d = start("");

	for (unsigned i = 0; i < FORMATS; i++) {
		uint32_t width = 1 + draw_below(300);
		uint32_t height = 1 + draw_below(200);

		show_new(d, 0, i + 1, all_formats[i], width, height);
		wait_for_file(d, 0);
	}
}
END_TEST

START_TEST(a_part_of_a_resource_is_all_of_a_picture)
{
	struct driver *d = start("");

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	set_scanout(d, 0, 7, RECT(11, 13, 20, 9));
	show(d, 7, WIDTH, HEIGHT);
	wait_for_file(d, 0);
}
END_TEST

START_TEST(two_heads_are_two_files)
{
	struct driver *d = start("--outputs=2");
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	show_new(d, 1, 8, BGRX, 30, 20);
	wait_for_file(d, 0);
	wait_for_file(d, 1);
	draw_again(d, 7, p);
	wait_for_file(d, 0);
	expect_file(d, 1);

	/* Both of one resource. */
	set_scanout(d, 1, 7, RECT(1, 2, 3, 4));
	draw_again(d, 7, p);
	end(d);
	expect_file(d, 0);
	expect_file(d, 1);
}
END_TEST

/* ---- the last one ---- */

START_TEST(the_last_picture_is_there_in_the_end)
{
	struct driver *d = start("");
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	for (unsigned i = 0; i < 40; i++)
		draw_again(d, 7, p);
	end(d);
	expect_file(d, 0);
}
END_TEST

/* What the twin showed before it was told that the scanout is off. */
static struct picture *last_of(struct driver *d)
{
	const struct picture *shown = d->twin->scanout[0].shown;
	struct picture *p = picture_new(shown->width, shown->height);

	picture_put(p, &RECT(0, 0, p->width, p->height), shown->pixels);
	return p;
}

static void expect_last(struct picture *last)
{
	struct picture *got = png_picture(file_of(0));

	picture_expect(last, got, file_of(0));
	picture_free(got);
	picture_free(last);
}

START_TEST(off_keeps_the_picture)
{
	struct driver *d = start("");
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	struct picture *last;

	wait_for_file(d, 0);
	draw_again(d, 7, p);
	last = last_of(d);
	scanout_off(d, 0);
	end(d);
	expect_last(last);
}
END_TEST

/* As a guest does that powers off: one more picture, and all is gone. */
START_TEST(a_guest_that_goes_leaves_its_picture)
{
	struct driver *d = start("");
	struct program *program = d->program;
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	struct picture *last;

	wait_for_file(d, 0);
	draw_again(d, 7, p);
	last = last_of(d);
	unref(d, 7);
	driver_end(d);
	program_stop(program);
	expect_last(last);
}
END_TEST

START_TEST(the_next_guest_has_the_same_files)
{
	struct driver *d = start(""), *next;
	struct program *program = d->program;

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	wait_for_file(d, 0);
	driver_end(d);
	next = driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .program = program });
	show_new(next, 0, 7, BGRX, 33, 44);
	wait_for_file(next, 0);
}
END_TEST

/* ---- a disk that is slow, full, or away ---- */

/*
 * Who shows pictures is the first thread, and stands still as in a write to a
 * disk that doesn't answer.
 */
static void stop_first_thread(pid_t pid)
{
	if (ptrace(PTRACE_SEIZE, pid, NULL, NULL))
		suite_skip("no ptrace() here: %s", strerror(errno));
	ck_assert(!ptrace(PTRACE_INTERRUPT, pid, NULL, NULL));
	ck_assert_int_eq(waitpid(pid, NULL, __WALL), pid);
}

START_TEST(the_guest_does_not_wait_for_the_disk)
{
	struct driver *d = start("");
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	wait_for_file(d, 0);
	stop_first_thread(d->program->pid);
	for (unsigned i = 0; i < 20; i++) {
		draw_again(d, 7, p);
		if (i % 5 == 0) {
			scanout_off(d, 0);
			set_scanout(d, 0, 7, ALL);
		}
	}
	driver_expect_alive(d);
	ck_assert(!is_shown(d, 0));
	ck_assert(!ptrace(PTRACE_DETACH, d->program->pid, NULL, NULL));
	wait_for_file(d, 0);
}
END_TEST

static void remove_folder(void)
{
	ck_assert(!unlink(file_of(0)));
	ck_assert(!rmdir(folder()));
}

START_TEST(what_could_not_be_written_is_tried_again)
{
	struct driver *d = start("");
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	wait_for_file(d, 0);
	remove_folder();
	draw_again(d, 7, p);
	while (!program_said(d->program, file_of(0)))
		pump_until_readable(-1, 10);
	driver_expect_alive(d);
	ck_assert(!mkdir(folder(), 0777));
	wait_for_file(d, 0);
	ck_assert_uint_eq(program_said(d->program, file_of(0)), 1);
}
END_TEST

/* A picture that is nowhere but in the device, as its scanout is off. */
static struct picture *lose_folder(struct driver *d)
{
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	struct picture *last;

	wait_for_file(d, 0);
	remove_folder();
	draw_again(d, 7, p);
	while (!program_said(d->program, file_of(0)))
		pump_until_readable(-1, 10);
	last = last_of(d);
	unref(d, 7);
	return last;
}

static void wait_for_last(struct picture *last)
{
	uint64_t end = pump_now() + PATIENCE;

	for (;;) {
		struct picture *got = png_picture(file_of(0));
		bool same = got && picture_same(last, got);

		picture_free(got);
		if (same || pump_now() > end)
			break;
		pump_until_readable(-1, 10);
	}
	expect_last(last);
}

START_TEST(off_keeps_what_could_not_be_written)
{
	struct driver *d = start("");
	struct picture *last = lose_folder(d);

	program_expect_rest(d->program);
	ck_assert(!mkdir(folder(), 0777));
	wait_for_last(last);
	program_expect_rest(d->program);
	ck_assert_uint_eq(program_said(d->program, file_of(0)), 1);
	end(d);
	ck_assert_uint_eq(program_said(d->program, "lost"), 0);
}
END_TEST

/* It ends, and says once what was never written. */
START_TEST(in_the_end_it_is_lost)
{
	struct driver *d = start("");

	picture_free(lose_folder(d));
	end(d);
	ck_assert_uint_eq(program_said(d->program, "picture is lost"), 1);
	ck_assert_uint_eq(program_said(d->program, file_of(0)), 2);
}
END_TEST

START_TEST(nothing_else_is_left_in_the_folder)
{
	struct driver *d = start("");
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	for (unsigned i = 0; i < 20; i++)
		draw_again(d, 7, p);
	end(d);
	remove_folder();
}
END_TEST

static const struct test tests[] = {
	ONCE("picture", a_picture_is_there_by_itself, NULL),
	ONCE("picture", formats_and_sizes_are_the_same_there, NULL),
	ONCE("picture", a_part_of_a_resource_is_all_of_a_picture, NULL),
	ONCE("picture", two_heads_are_two_files, NULL),
	ONCE("last", the_last_picture_is_there_in_the_end, NULL),
	ONCE("last", off_keeps_the_picture, NULL),
	ONCE("last", a_guest_that_goes_leaves_its_picture, NULL),
	ONCE("last", the_next_guest_has_the_same_files, NULL),
	ONCE("disk", the_guest_does_not_wait_for_the_disk, NULL),
	ONCE("disk", what_could_not_be_written_is_tried_again, NULL),
	ONCE("disk", off_keeps_what_could_not_be_written, NULL),
	ONCE("disk", in_the_end_it_is_lost, NULL),
	ONCE("disk", nothing_else_is_left_in_the_folder, NULL),
	{ 0 }
};

Suite *pngdisplay_suite(void)
{
	return suite_new("pngdisplay", tests);
}
