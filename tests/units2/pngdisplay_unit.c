/*
 * --display=png:DIR, without a guest: the last picture is there, whatever else
 * happens.
 */
#define _GNU_SOURCE
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log.h"
#include "pngdisplay.h"
#include "units.h"

enum { WIDTH = 64, HEIGHT = 48 };

/* The display, the thread it shows pictures on, and its folder. */
struct bench {
	struct pngdisplay png;
	const struct display_kind *kind;
	const char *folder, *file, *second; /* of scanouts 0 and 1 */
	struct picture *p;
	pthread_t shows;
	int watch;
};

static void *run(void *arg)
{
	struct bench *b = arg;

	b->kind->run(b->kind->arg);
	return NULL;
}

static struct bench *bench_new(void)
{
	static struct bench b;
	static struct display display;

	b.folder = folder_new();
	b.file = folder_path(b.folder, "scanout0.png");
	b.second = folder_path(b.folder, "scanout1.png");
	b.p = picture_new(WIDTH, HEIGHT);
	b.watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	inotify_add_watch(b.watch, b.folder, IN_MOVED_TO);
	pngdisplay_add(&b.png, &display);
	b.kind = display.kinds[0];
	ck_assert_str_eq(b.kind->name, "png");
	ck_assert_ptr_null(b.kind->open(b.kind->arg, b.folder));
	pthread_create(&b.shows, NULL, run, &b);
	return &b;
}

static void size(struct bench *b, unsigned scanout, uint32_t width,
		 uint32_t height)
{
	b->kind->ops->scanout(b->kind->ops_arg, scanout, width, height);
}

static void next(struct bench *b, unsigned scanout)
{
	picture_next(b->p, b->kind->ops, b->kind->ops_arg, scanout);
}

/* The device's loop has ended. */
static void stop(struct bench *b)
{
	b->kind->stop(b->kind->arg);
	pthread_join(b->shows, NULL);
}

static void bench_free(struct bench *b)
{
	b->kind->close(b->kind->arg);
	picture_free(b->p);
	close(b->watch);
	folder_remove(b->folder);
}

static void expect_file(const struct bench *b, const char *path)
{
	const char *differs = png_differs(path, b->p);

	if (differs)
		ck_abort_msg("%s: %s", path, differs);
}

/*
 * How often a picture was moved to that name since it was last asked; NULL: any
 * name.
 */
static unsigned pictures(const struct bench *b, const char *name)
{
	char events[4096]
		__attribute__((aligned(__alignof__(struct inotify_event))));
	ssize_t len = read(b->watch, events, sizeof(events));
	unsigned count = 0;

	for (ssize_t at = 0; at < len;) {
		const struct inotify_event *event = (const void *)(events + at);

		count += !name || (event->len && !strcmp(event->name, name));
		at += (ssize_t)sizeof(*event) + event->len;
	}
	return count;
}

static void wait_for_file(const struct bench *b, const char *path)
{
	struct pollfd p = { b->watch, POLLIN, 0 };

	while (png_differs(path, b->p)) {
		poll(&p, 1, -1);
		pictures(b, NULL);
	}
}

START_TEST(the_last_picture_is_there_at_the_end)
{
	struct bench *b = bench_new();

	size(b, 0, WIDTH, HEIGHT);
	for (unsigned i = 0; i < 100; i++)
		next(b, 0);
	stop(b);
	expect_file(b, b->file);
	ck_assert_uint_eq(folder_files(b->folder), 1);
	bench_free(b);
}
END_TEST

/* Nothing else happens, and it is written all the same. */
START_TEST(the_last_picture_comes_by_itself)
{
	struct bench *b = bench_new();

	size(b, 0, WIDTH, HEIGHT);
	for (unsigned i = 0; i < 5; i++) {
		next(b, 0);
		next(b, 0);
		wait_for_file(b, b->file);
	}
	stop(b);
	bench_free(b);
}
END_TEST

/* A guest that ends draws once more, and is gone: a hundred times. */
START_TEST(off_keeps_the_last_picture)
{
	struct bench *b = bench_new();

	for (unsigned i = 0; i < 100; i++) {
		size(b, 0, WIDTH, HEIGHT);
		next(b, 0);
		if (i % 3 == 0)
			next(b, 0);
		size(b, 0, 0, 0);
		if (i % 10 == 0)
			wait_for_file(b, b->file);
	}
	stop(b);
	expect_file(b, b->file);
	bench_free(b);
}
END_TEST

START_TEST(on_again_is_newer_than_off)
{
	struct bench *b = bench_new();

	disk_hangs();
	size(b, 0, WIDTH, HEIGHT);
	next(b, 0);
	disk_is_waited_for();
	next(b, 0);
	size(b, 0, 0, 0);
	size(b, 0, WIDTH, HEIGHT);
	next(b, 0);
	disk_goes_on();
	stop(b);
	expect_file(b, b->file);
	bench_free(b);
}
END_TEST

START_TEST(each_scanout_has_its_file)
{
	struct bench *b = bench_new();

	size(b, 0, WIDTH, HEIGHT);
	size(b, 1, WIDTH, HEIGHT);
	next(b, 0);
	wait_for_file(b, b->file);
	next(b, 1);
	wait_for_file(b, b->second);
	ck_assert_ptr_nonnull(png_differs(b->file, b->p));
	stop(b);
	ck_assert_uint_eq(folder_files(b->folder), 2);
	bench_free(b);
}
END_TEST

/* While the disk doesn't answer the guest draws on. */
START_TEST(a_slow_disk_holds_nobody_up)
{
	struct bench *b = bench_new();

	disk_hangs();
	size(b, 0, WIDTH, HEIGHT);
	next(b, 0);
	disk_is_waited_for();
	for (unsigned i = 0; i < 1000; i++) {
		if (i % 100 == 0) {
			size(b, 0, 0, 0);
			size(b, 0, WIDTH, HEIGHT);
		}
		next(b, 0);
	}
	ck_assert_uint_eq(pictures(b, NULL), 0);
	disk_goes_on();
	stop(b);
	expect_file(b, b->file);
	bench_free(b);
}
END_TEST

/* However quick the disk: ten a second, no matter what is drawn between. */
START_TEST(pictures_keep_their_distance)
{
	struct bench *b = bench_new();
	uint64_t began = clock_us();

	size(b, 0, WIDTH, HEIGHT);
	for (unsigned i = 0; i < 9; i++) {
		next(b, 0);
		next(b, 0);
		wait_for_file(b, b->file);
	}
	ck_assert_uint_ge(clock_us() - began, 800000);
	stop(b);
	bench_free(b);
}
END_TEST

START_TEST(nothing_new_writes_nothing)
{
	struct bench *b = bench_new();

	size(b, 0, WIDTH, HEIGHT);
	next(b, 0);
	wait_for_file(b, b->file);
	pictures(b, NULL);
	size(b, 0, 0, 0);
	size(b, 1, WIDTH, HEIGHT);
	next(b, 1);
	stop(b);
	expect_file(b, b->second);
	ck_assert_uint_eq(pictures(b, "scanout0.png"), 0);
	bench_free(b);
}
END_TEST

/* From now on stderr is read here. */
static int listen_to_warnings(void)
{
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	dup2(ends[1], STDERR_FILENO);
	close(ends[1]);
	return ends[0];
}

static void expect_warning(int warnings, const char *of)
{
	char text[512];
	ssize_t len = read(warnings, text, sizeof(text) - 1);

	ck_assert_int_gt(len, 0);
	text[len] = 0;
	ck_assert_ptr_nonnull(strstr(text, of));
	ck_assert_ptr_eq(strchr(text, '\n'), text + len - 1);
	close(warnings);
}

/* The folder goes and comes back; the guest draws no more. */
START_TEST(what_could_not_be_written_is_tried_again)
{
	struct bench *b = bench_new();
	int warnings = listen_to_warnings();

	size(b, 0, WIDTH, HEIGHT);
	next(b, 0);
	wait_for_file(b, b->file);
	folder_remove(b->folder);
	next(b, 0);
	expect_warning(warnings, "scanout0.png: No such file or directory\n");
	mkdir(b->folder, 0777);
	inotify_add_watch(b->watch, b->folder, IN_MOVED_TO);
	wait_for_file(b, b->file);
	stop(b);
	bench_free(b);
}
END_TEST

START_TEST(off_keeps_what_could_not_be_written)
{
	struct bench *b = bench_new();
	int warnings = listen_to_warnings();

	size(b, 0, WIDTH, HEIGHT);
	next(b, 0);
	wait_for_file(b, b->file);
	folder_remove(b->folder);
	next(b, 0);
	expect_warning(warnings, "scanout0.png: No such file or directory\n");
	size(b, 0, 0, 0);
	mkdir(b->folder, 0777);
	stop(b);
	expect_file(b, b->file);
	bench_free(b);
}
END_TEST

/* Without any for the copy that is taken, it is taken again. */
START_TEST(a_picture_waits_for_memory)
{
	struct picture *black = picture_new(WIDTH, HEIGHT / 2);
	struct bench *b = bench_new();

	size(b, 0, WIDTH, HEIGHT);
	next(b, 0);
	wait_for_file(b, b->file);
	disk_hangs();
	next(b, 0);
	disk_is_waited_for();
	size(b, 0, WIDTH, HEIGHT / 2);
	memory_runs_out(1);
	disk_goes_on();
	picture_free(b->p);
	b->p = black;
	wait_for_file(b, b->file);
	stop(b);
	bench_free(b);
}
END_TEST

START_TEST(it_ends_also_if_nothing_can_be_written)
{
	struct bench *b = bench_new();

	folder_remove(b->folder);
	size(b, 0, WIDTH, HEIGHT);
	next(b, 0);
	stop(b);
	bench_free(b);
}
END_TEST

Suite *pngdisplay_units(void)
{
	Suite *suite = suite_create("pngdisplay");
	TCase *tests = tcase_create("pngdisplay");

	tcase_add_test(tests, the_last_picture_is_there_at_the_end);
	tcase_add_test(tests, the_last_picture_comes_by_itself);
	tcase_add_test(tests, off_keeps_the_last_picture);
	tcase_add_test(tests, on_again_is_newer_than_off);
	tcase_add_test(tests, each_scanout_has_its_file);
	tcase_add_test(tests, a_slow_disk_holds_nobody_up);
	tcase_add_test(tests, pictures_keep_their_distance);
	tcase_add_test(tests, nothing_new_writes_nothing);
	tcase_add_test(tests, what_could_not_be_written_is_tried_again);
	tcase_add_test(tests, off_keeps_what_could_not_be_written);
	tcase_add_test(tests, a_picture_waits_for_memory);
	tcase_add_test(tests, it_ends_also_if_nothing_can_be_written);
	tcase_set_timeout(tests, 120);
	suite_add_tcase(suite, tests);
	return suite;
}
