/*
 * PNG files: the same pixels, and whole at any time.
 */
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "pngfile.h"
#include "units.h"

static struct picture *picture_drawn(uint32_t width, uint32_t height)
{
	struct picture *p = picture_new(width, height);
	struct virtio_gpu_rect all = picture_all(p);

	picture_draw(p, &all);
	memcpy(p->shown, p->pixels, (size_t)width * height * 4);
	return p;
}

static const char *write_picture(const char *path, struct picture *p)
{
	struct frame frame = { .width = p->res.width,
			       .height = p->res.height,
			       .pixels = p->shown };

	return pngfile_write(path, &frame);
}

static void expect_written(const char *path, struct picture *p)
{
	const char *differs = png_differs(path, p);

	if (differs)
		ck_abort_msg("%ux%u: %s", p->res.width, p->res.height, differs);
}

START_TEST(it_has_the_same_pixels)
{
	static const struct {
		uint32_t width, height;
	} sizes[] = { { 1, 1 },	    { 1, 300 },	  { 300, 1 },
		      { 16384, 1 }, { 257, 129 }, { 640, 480 } };
	const char *folder = folder_new();
	const char *path = folder_path(folder, "a.png");

	for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct picture *p = picture_drawn(sizes[i].width,
						  sizes[i].height);

		ck_assert_ptr_null(write_picture(path, p));
		expect_written(path, p);
		picture_free(p);
	}
	ck_assert_uint_eq(folder_files(folder), 1);
	folder_remove(folder);
}
END_TEST

START_TEST(flat_areas_are_small)
{
	const char *folder = folder_new();
	const char *path = folder_path(folder, "a.png");
	struct picture *p = picture_new(1920, 1080);
	struct stat st;

	ck_assert_ptr_null(write_picture(path, p));
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_lt(st.st_size, 1920 * 1080 * 3 / 50);
	picture_free(p);
	folder_remove(folder);
}
END_TEST

enum { REWRITES = 300 };

/* Pictures of two sizes take turns at one path. */
struct rewriting {
	const char *path;
	struct picture *p[2];
	bool done;
};

static void *rewrite(void *arg)
{
	struct rewriting *w = arg;

	for (unsigned i = 0; i < REWRITES; i++)
		ck_assert_ptr_null(write_picture(w->path, w->p[i % 2]));
	__atomic_store_n(&w->done, true, __ATOMIC_RELEASE);
	return NULL;
}

START_TEST(who_looks_sees_a_whole_one)
{
	const char *folder = folder_new();
	struct rewriting w = {
		.path = folder_path(folder, "a.png"),
		.p = { picture_drawn(120, 90), picture_drawn(70, 150) },
	};
	pthread_t writer;

	ck_assert_ptr_null(write_picture(w.path, w.p[0]));
	pthread_create(&writer, NULL, rewrite, &w);
	while (!__atomic_load_n(&w.done, __ATOMIC_ACQUIRE)) {
		const char *what = png_is_none_of(w.path, w.p, 2);

		if (what)
			ck_abort_msg("%s", what);
	}
	pthread_join(writer, NULL);
	expect_written(w.path, w.p[1]);
	folder_remove(folder);
	picture_free(w.p[0]);
	picture_free(w.p[1]);
}
END_TEST

START_TEST(it_says_why_it_could_not)
{
	const char *folder = folder_new();
	struct picture *p = picture_drawn(20, 20);
	struct frame none = { 0 };

	ck_assert_str_eq(write_picture(folder_path(folder, "none/a.png"), p),
			 "No such file or directory");
	mkdir(folder_path(folder, "b.png"), 0777);
	ck_assert_str_eq(write_picture(folder_path(folder, "b.png"), p),
			 "Is a directory");
	ck_assert_str_eq(pngfile_write(folder_path(folder, "c.png"), &none),
			 "there is no picture");
	ck_assert_uint_eq(folder_files(folder), 1);
	picture_free(p);
	folder_remove(folder);
}
END_TEST

/* `check` keeps its notes in a file as well, so that the limit is not for long. */
static const char *write_within(rlim_t bytes, const char *path,
				struct picture *p)
{
	struct rlimit limit = { bytes, RLIM_INFINITY };
	const char *why;

	setrlimit(RLIMIT_FSIZE, &limit);
	why = write_picture(path, p);
	limit.rlim_cur = RLIM_INFINITY;
	setrlimit(RLIMIT_FSIZE, &limit);
	return why;
}

/*
 * A file that may not grow is as good as a full disk, and needs no root. It is
 * full at any byte of the file, the last ones included.
 */
START_TEST(a_full_disk_leaves_the_old_one)
{
	const char *folder = folder_new();
	const char *path = folder_path(folder, "a.png");
	struct picture *small = picture_drawn(2, 2);
	struct picture *large = picture_drawn(90, 70);
	const char *why;
	rlim_t room = 200;

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_ptr_null(write_picture(path, small));
	while ((why = write_within(room, path, large))) {
		ck_assert_str_eq(why, "File too large");
		expect_written(path, small);
		ck_assert_uint_eq(folder_files(folder), 1);
		room += 50;
	}
	ck_assert_uint_gt(room, 4096);
	expect_written(path, large);
	picture_free(small);
	picture_free(large);
	folder_remove(folder);
}
END_TEST

/* Somebody left a link where the new file is to be made. */
START_TEST(it_writes_through_no_link)
{
	const char *folder = folder_new();
	const char *path = folder_path(folder, "a.png");
	const char *other = folder_path(folder, "other.png");
	struct picture *p[2] = { picture_drawn(20, 20), picture_drawn(20, 20) };
	char beside[300];

	ck_assert_ptr_null(write_picture(other, p[0]));
	snprintf(beside, sizeof(beside), "%s.%d", path, (int)getpid());
	ck_assert_int_eq(symlink(other, beside), 0);
	ck_assert_ptr_null(write_picture(path, p[1]));
	expect_written(other, p[0]);
	expect_written(path, p[1]);
	ck_assert_uint_eq(folder_files(folder), 2);
	picture_free(p[0]);
	picture_free(p[1]);
	folder_remove(folder);
}
END_TEST

Suite *pngfile_units(void)
{
	Suite *suite = suite_create("pngfile");
	TCase *tests = tcase_create("pngfile");

	tcase_add_test(tests, it_has_the_same_pixels);
	tcase_add_test(tests, flat_areas_are_small);
	tcase_add_test(tests, who_looks_sees_a_whole_one);
	tcase_add_test(tests, it_says_why_it_could_not);
	tcase_add_test(tests, a_full_disk_leaves_the_old_one);
	tcase_add_test(tests, it_writes_through_no_link);
	tcase_set_timeout(tests, 120);
	suite_add_tcase(suite, tests);
	return suite;
}
