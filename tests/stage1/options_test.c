/*
 * The command line: what the program tells of itself, and how it takes mistakes.
 *
 * QEMU's docs/interop/vhost-user.rst, "Backend program conventions".
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "driver.h"
#include "json.h"
#include "suites.h"

/* What it prints with those options, which may send some of it elsewhere. */
static const char *output_of(const char *options, int status)
{
	struct program *p = program_run(options);

	program_expect_status(p, status);
	return program_output(p);
}

static unsigned count_lines(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* ---- what it tells and exits ---- */

START_TEST(help_lists_the_options)
{
	static const char *const options[] = {
		"--socket-path",
		"--fd",
		"--once",
		"--trace",
		"--outputs",
		"--resolution",
		"--print-capabilities",
		"--help",
		"--version",
	};
	const char *text;

	program_need_options();
	text = output_of("--help 2>/dev/null", 0);
	for (unsigned i = 0; i < 9; i++)
		if (!strstr(text, options[i]))
			FAIL("--help does not list %s", options[i]);
	ck_assert_str_eq(output_of("--help >/dev/null", 0), "");
}
END_TEST

START_TEST(the_version_is_a_line)
{
	const char *text;

	program_need_options();
	text = output_of("--version", 0);
	ck_assert_uint_eq(count_lines(text), 1);
	ck_assert_uint_gt(strlen(text), 2);
	ck_assert_str_eq(output_of("--version >/dev/null", 0), "");
}
END_TEST

/* libvirt reads it before it starts the program: JSON, and nothing else. */
START_TEST(capabilities_are_json)
{
	static const char *const features[] = { "render-node", "virgl" };
	char text[4096], help[65536], word[32];

	program_need_options();
	snprintf(text, sizeof(text), "%s",
		 output_of("--print-capabilities", 0));
	snprintf(help, sizeof(help), "%s", output_of("--help", 0));
	ck_assert(json_valid(text));
	ck_assert(json_is_string(json_member(text, "type"), "gpu"));
	ck_assert(json_member(text, "features"));
	ck_assert_int_eq(*json_member(text, "features"), '[');
	/* Each stands for an option of that name. */
	for (unsigned i = 0; i < 2; i++) {
		snprintf(word, sizeof(word), "\"%s\"", features[i]);
		if (strstr(text, word) && !strstr(help, features[i]))
			FAIL("there is no --%s", features[i]);
	}
}
END_TEST

/* ---- wrong options ---- */

struct wrong {
	const char *options;
	const char *takes; /* a word of what it says of it */
};

static const struct wrong wrong[] = {
	{ "--no-such-option", "" },
	{ "--no-such-option=1", "" },
	{ "-h", "" },
	{ "word", "" },
	{ "--", "" },
	{ "--=1", "" },
	{ "--help=1", "no value" },
	{ "--version=1", "no value" },
	{ "--once=1", "no value" },
	{ "--print-capabilities=1", "no value" },
	{ "--socket-path", "PATH" },
	{ "--socket-path=", "path" },
	{ "--fd", "N" },
	{ "--fd=", "socket" },
	{ "--fd=x", "socket" },
	{ "--fd=-1", "socket" },
	{ "--fd=70000", "socket" },
	{ "--fd=999", "socket" },
	{ "--fd=0x3", "socket" },
	{ "--fd=2", "socket" },
	{ "--fd=4294967296", "socket" },
	{ "--outputs", "N" },
	{ "--outputs=", "16" },
	{ "--outputs=0", "16" },
	{ "--outputs=17", "16" },
	{ "--outputs=two", "16" },
	{ "--outputs=1x", "16" },
	{ "--outputs=-1", "16" },
	{ "--outputs=+1", "16" },
	{ "--outputs='1 '", "16" },
	{ "--outputs=0x1", "16" },
	{ "--outputs=4294967297", "16" },
	{ "--outputs=18446744073709551617", "16" },
	{ "--resolution", "WxH" },
	{ "--resolution=", "8192" },
	{ "--resolution=1024", "8192" },
	{ "--resolution=1024x", "8192" },
	{ "--resolution=x768", "8192" },
	{ "--resolution=1024x768x2", "8192" },
	{ "--resolution=31x32", "8192" },
	{ "--resolution=32x31", "8192" },
	{ "--resolution=8193x32", "8192" },
	{ "--resolution=32x8193", "8192" },
	{ "--resolution=1024X768", "8192" },
	{ "--resolution=-64x64", "8192" },
	{ "--resolution='64 x64'", "8192" },
	{ "--trace=", " file" },
	{ "--trace=/no/such/folder/file", " file" },
	{ "--trace=/", " file" },
	{ "--trace --trace", "twice" },
};

/* One line for a person who looks for the mistake. */
static void expect_complaint(const char *options, const char *takes)
{
	size_t name = strcspn(options, "= ");
	char all[512], rest[512], start[64];
	const char *text;

	snprintf(all, sizeof(all), "%s >/dev/null", options);
	snprintf(rest, sizeof(rest), "%s 2>/dev/null", options);
	snprintf(start, sizeof(start), "%.*s", (int)name, options);
	ck_assert_str_eq(output_of(rest, 2), "");
	text = output_of(all, 2);
	if (count_lines(text) != 1)
		FAIL("%s: %u lines, not one", options, count_lines(text));
	if (!strstr(text, start))
		FAIL("%s: the complaint does not name it", options);
	if (!strstr(strstr(text, start) + name, takes))
		FAIL("%s: no word of what it takes: %s", options, takes);
}

START_TEST(wrong_options_are_told_in_a_line)
{
	program_need_options();
	for (unsigned i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
		expect_complaint(wrong[i].options, wrong[i].takes);
}
END_TEST

/* Behind good ones too, and before anything else is done. */
START_TEST(nothing_is_done_with_wrong_options)
{
	const char *path = program_own_path("early");
	char options[512];

	program_need_options();
	snprintf(options, sizeof(options),
		 "--socket-path=%s --trace=%s.trace --outputs=0", path, path);
	ck_assert_uint_eq(count_lines(output_of(options, 2)), 1);
	ck_assert(access(path, F_OK));
}
END_TEST

/* sun_path has room for 107 bytes and a zero. */
START_TEST(a_path_can_be_too_long)
{
	struct program *p;
	char path[128], options[256];
	int len;

	program_need_options();
	len = snprintf(path, sizeof(path), "%s", program_own_path("long"));
	memset(path + len, 'x', sizeof(path) - len);
	path[108] = '\0';
	snprintf(options, sizeof(options), "--socket-path=%s", path);
	expect_complaint(options, "107");
	ck_assert(access(path, F_OK));
	path[107] = '\0';
	snprintf(options, sizeof(options), "--socket-path=%s", path);
	p = program_run(options);
	p->may_end = false;
	strcpy(p->path, path);
	driver_expect_alive(
		driver_start_with(&(struct driver_options){ .program = p }));
}
END_TEST

START_TEST(one_socket_is_asked_for)
{
	struct program *p;
	char options[256];
	int pair[2];

	program_need_options();
	ck_assert(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair));
	snprintf(options, sizeof(options), "--socket-path=%s",
		 program_own_path("both"));
	p = program_start_on(pair[1], options);
	program_expect_status(p, 2);
	ck_assert(strstr(program_output(p), "--socket-path"));
	ck_assert(strstr(program_output(p), "--fd"));
	ck_assert(access(program_own_path("both"), F_OK));
	ck_assert(strstr(output_of("", 2), "--socket-path"));
}
END_TEST

START_TEST(a_value_may_be_the_next_word)
{
	const char *path = program_own_path("words");
	struct driver *d;
	struct program *p;
	char options[256];

	program_need_options();
	snprintf(options, sizeof(options), "--outputs 5 --socket-path %s",
		 path);
	p = program_run(options);
	p->may_end = false;
	strcpy(p->path, path);
	d = driver_start_with(&(struct driver_options){ .program = p });
	ck_assert_uint_eq(d->scanouts, 5);
	driver_expect_alive(d);
}
END_TEST

static const struct test tests[] = {
	ONCE("tells", help_lists_the_options, "A50"),
	ONCE("tells", the_version_is_a_line, "A50"),
	ONCE("tells", capabilities_are_json, "A50 F01"),
	ONCE("wrong", wrong_options_are_told_in_a_line, "A50 F06"),
	ONCE("wrong", nothing_is_done_with_wrong_options, "A50"),
	ONCE("wrong", a_path_can_be_too_long, "A50"),
	ONCE("wrong", one_socket_is_asked_for, "A50"),
	ONCE("right", a_value_may_be_the_next_word, "A50"),
	{ 0 }
};

Suite *options_suite(void)
{
	return suite_new("options", tests);
}
