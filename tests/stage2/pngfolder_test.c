/*
 * --display=png:DIR: folders that can't be, said at the start.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "suites.h"

static bool is_there(const char *path)
{
	return !access(path, F_OK);
}

static const char *folder(void)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s", program_own_path("pictures"));
	return path;
}

static void expect_refusal(const char *dir)
{
	struct program *p;
	char options[600];

	snprintf(options, sizeof(options), "--socket-path=%s --display=png:%s",
		 program_own_path("sock"), dir);
	p = program_run(options);
	program_expect_status(p, 1);
	if (!strstr(program_output(p), dir))
		FAIL("it doesn't name %s", dir);
	ck_assert_uint_eq(program_said(p, "\n"), 1);
	ck_assert(!is_there(program_own_path("sock")));
}

START_TEST(a_folder_that_cannot_be_is_an_error)
{
	char inside[300];
	int fd;

	program_need_options();
	snprintf(inside, sizeof(inside), "%s/none/at/all", folder());
	expect_refusal(inside);
	expect_refusal("/proc");
	fd = open(folder(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
	ck_assert_int_ge(fd, 0);
	close(fd);
	expect_refusal(folder());
	ck_assert(is_there(folder()));
}
END_TEST

START_TEST(a_folder_has_to_be_named)
{
	static const char *const wrong[] = { "--display=png", "--display=png:",
					     "--display=pngs:/tmp" };

	program_need_options();
	for (unsigned i = 0; i < 3; i++) {
		struct program *p = program_run(wrong[i]);

		program_expect_status(p, 2);
		ck_assert(strstr(program_output(p), "png:DIR"));
	}
}
END_TEST

static const struct test tests[] = {
	ONCE("wrong", a_folder_that_cannot_be_is_an_error, NULL),
	ONCE("wrong", a_folder_has_to_be_named, NULL),
	{ 0 }
};

Suite *pngfolder_suite(void)
{
	return suite_new("pngfolder", tests);
}
