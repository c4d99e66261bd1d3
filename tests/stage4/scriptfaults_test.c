/*
 * A script with a fault: one line that names file, line and word; from a file
 * before anything starts, from a FIFO on the way.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draws.h"
#include "inputdriver.h"
#include "suites.h"

static const char *path_of(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s", program_own_path(name));
	return path;
}

static void write_script(const char *path, const void *bytes, size_t len)
{
	FILE *file = fopen(path, "we");

	ck_assert(file && fwrite(bytes, 1, len, file) == len);
	ck_assert_int_eq(fclose(file), 0);
}

/* Ends with status 2, and "PROGRAM: " and that text is all it says. */
static void expect_refused(const char *path, const char *text)
{
	char options[512];
	const char *said;
	struct program *p;

	snprintf(options, sizeof(options),
		 "--display=none --keyboard-socket=%s.sock --input-script=%s",
		 path, path);
	p = program_run(options);
	program_expect_status(p, 2);
	said = program_output(p);
	said = strstr(said, ": ") ? strstr(said, ": ") + 2 : said;
	ck_assert_str_eq(said, text);
}

static void expect_fault(const void *script, size_t len, unsigned line,
			 const char *fault)
{
	const char *path = path_of("keys.txt");
	char text[512];

	write_script(path, script, len);
	snprintf(text, sizeof(text), "%s:%u: %s\n", path, line, fault);
	expect_refused(path, text);
}

/* ---- a file ---- */

static const struct {
	const char *script;
	unsigned line;
	const char *fault;
} faults[] = {
	{ "wheeel 3\n", 1,
	  "'wheeel' is no command; there are key, down, up, type, move, "
	  "motion, click, wheel, hwheel, wait" },
	{ "# keys\n\nKEY a\n", 3,
	  "'KEY' is no command; there are key, down, up, type, move, motion, "
	  "click, wheel, hwheel, wait" },
	{ "key\n", 1, "key: takes NAME[+NAME...]" },
	{ "key a\r\nkey leftctl+c\r\n", 2, "key: 'leftctl' is no key" },
	{ "key a+\n", 1, "key: '' is no key" },
	{ "key a+b+c+d+e+f+g+h+i", 1, "key: 'i' is one key too many" },
	{ "key a b\n", 1, "key: 'b' is too much" },
	{ "down\n", 1, "down: takes [key] NAME" },
	{ "down key\n", 1, "down: takes [key] NAME" },
	{ "up button4\n", 1, "up: 'button4' is neither key nor button" },
	{ "up key extra\n", 1, "up: 'extra' is no key" },
	{ "type\n", 1, "type: takes TEXT" },
	{ "type h\xc3\xa9llo\n", 1,
	  "type: '\\xc3' is on no key of a US keyboard" },
	{ "type \x1b[31m\n", 1, "type: '\\x1b' is on no key of a US keyboard" },
	{ "move 5\n", 1, "move: takes X Y [SCANOUT]" },
	{ "move 5 5 16\n", 1, "move: '16' is no scanout from 0 to 15" },
	{ "move 5 5 -1\n", 1, "move: '-1' is no scanout from 0 to 15" },
	{ "move 5 5 0 0\n", 1, "move: '0' is too much" },
	{ "move 5 1e3\n", 1,
	  "move: '1e3' is no whole number from -1000000 to 1000000" },
	{ "motion 1000001 0\n", 1,
	  "motion: '1000001' is no whole number from -1000000 to 1000000" },
	{ "motion 4294967296 0\n", 1,
	  "motion: '4294967296' is no whole number from -1000000 to 1000000" },
	{ "motion 18446744073709551617 0\n", 1,
	  "motion: '18446744073709551617' is no whole number from -1000000 to "
	  "1000000" },
	{ "motion 0.5 0\n", 1,
	  "motion: '0.5' is no whole number from -1000000 to 1000000" },
	{ "click top\n", 1, "click: 'top' is no button" },
	{ "wheel\n", 1, "wheel: takes NOTCHES" },
	{ "hwheel 1,5\n", 1,
	  "hwheel: '1,5' is no number from -1000000 to 1000000" },
	{ "wait\n", 1, "wait: takes SECONDS, or ready" },
	{ "wait -1\n", 1, "wait: '-1' is no time in seconds, up to 1000000" },
	{ "wait inf\n", 1, "wait: 'inf' is no time in seconds, up to 1000000" },
	{ "wait ready 1\n", 1, "wait: '1' is too much" },
};

START_TEST(a_fault_names_file_line_and_word)
{
	program_need_options();
	for (unsigned i = 0; i < sizeof(faults) / sizeof(*faults); i++)
		expect_fault(faults[i].script, strlen(faults[i].script),
			     faults[i].line, faults[i].fault);
}
END_TEST

START_TEST(a_nul_is_a_fault)
{
	static const char script[] = "key a\nkey b\0c\n";

	program_need_options();
	expect_fault(script, sizeof(script) - 1, 2,
		     "there is a NUL byte in the line");
}
END_TEST

/* What is wrong with it at its end is said at the beginning. */
START_TEST(all_of_a_file_is_checked)
{
	enum { LINES = 5000 };
	char script[12 * LINES + 20], *end = script;

	program_need_options();
	for (unsigned i = 0; i < LINES; i++)
		end += sprintf(end, "motion %u 0\n", i % 100);
	end += sprintf(end, "motion x 0");
	expect_fault(script, (size_t)(end - script), LINES + 1,
		     "motion: 'x' is no whole number from -1000000 to "
		     "1000000");
}
END_TEST

START_TEST(lines_have_an_end)
{
	enum { LINE = 4096 };
	char script[3 * LINE];

	program_need_options();
	memset(script, 'x', sizeof(script));
	memcpy(script, "key a\ntype ", 11);
	script[6 + LINE] = '\n';
	expect_fault(script, sizeof(script), 2,
		     "the line is longer than 4095 bytes");
	memset(script, 0, sizeof(script));
	expect_fault(script, sizeof(script), 1,
		     "the line is longer than 4095 bytes");
}
END_TEST

/* Long words are cut, and no byte of theirs reaches a terminal. */
START_TEST(any_bytes_are_shown_safely)
{
	static const char start[] = "\x1b]0;x\x07\x7f\xff";
	char script[200];

	program_need_options();
	memset(script, 'y', sizeof(script));
	memcpy(script, "key ", 4);
	memcpy(script + 4, start, sizeof(start) - 1);
	expect_fault(script, sizeof(script), 1,
		     "key: '\\x1b]0;x\\x07\\x7f\\xff"
		     "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy...' is no key");
}
END_TEST

START_TEST(what_is_no_file_is_refused)
{
	char text[512];

	program_need_options();
	expect_refused(
		"/dev/null",
		"--input-script=/dev/null: takes a file or a FIFO (--help "
		"lists all options)\n");
	expect_refused("/tmp",
		       "--input-script=/tmp: takes a file or a FIFO (--help "
		       "lists all options)\n");
	snprintf(text, sizeof(text),
		 "--input-script=%s: No such file or directory (--help lists "
		 "all options)\n",
		 path_of("nowhere"));
	expect_refused(path_of("nowhere"), text);
}
END_TEST

/* ---- a FIFO ---- */

static void expect_tap(struct inputdriver *in, uint16_t code)
{
	EXPECT_FRAME(in, { EV_KEY, code, 1 });
	EXPECT_FRAME(in, { EV_KEY, code, 0 });
}

static void expect_warning(struct inputdriver *in, unsigned line,
			   const char *fault)
{
	char text[512];

	snprintf(text, sizeof(text), ": %s:%u: %s\n", in->desk->script, line,
		 fault);
	ck_assert_msg(program_said(in->d->program, text) == 1, "%s", text);
}

/* It is warned of, and the next line counts. */
START_TEST(a_faulty_line_is_left_out)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	desk_do(in->desk, "key a");
	desk_do(in->desk, "key leftctl+b");
	desk_do(in->desk, "# and then");
	desk_do(in->desk, "key b c");
	desk_do(in->desk, "key d");
	expect_tap(in, KEY_A);
	expect_tap(in, KEY_D);
	input_expect_nothing(in);
	expect_warning(in, 2, "key: 'leftctl' is no key");
	expect_warning(in, 4, "key: 'c' is too much");
}
END_TEST

START_TEST(a_long_line_is_left_out)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);
	char line[10000];

	memset(line, 'k', sizeof(line));
	memcpy(line, "type ", 5);
	memcpy(line + sizeof(line) - 8, "\nkey a\n", 8);
	desk_do_lines(in->desk, line);
	expect_tap(in, KEY_A);
	input_expect_nothing(in);
	expect_warning(in, 1, "the line is longer than 4095 bytes");
}
END_TEST

START_TEST(garbage_does_no_harm)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);
	char bytes[5001];

	for (unsigned round = 0; round < 20; round++) {
		for (unsigned i = 0; i < sizeof(bytes) - 1; i++)
			bytes[i] = (char)(1 + draw_below(255));
		bytes[0] = '\n';
		bytes[sizeof(bytes) - 2] = '\n';
		bytes[sizeof(bytes) - 1] = '\0';
		desk_do_lines(in->desk, bytes);
	}
	desk_do_lines(in->desk, "key a\n");
	expect_tap(in, KEY_A);
	input_expect_nothing(in);
}
END_TEST

static const struct test tests[] = {
	ONCE("file", a_fault_names_file_line_and_word, NULL, .seconds = 120),
	ONCE("file", a_nul_is_a_fault, NULL),
	ONCE("file", all_of_a_file_is_checked, NULL),
	ONCE("file", lines_have_an_end, NULL),
	ONCE("file", any_bytes_are_shown_safely, NULL),
	ONCE("file", what_is_no_file_is_refused, NULL),
	ONCE("fifo", a_faulty_line_is_left_out, NULL),
	ONCE("fifo", a_long_line_is_left_out, NULL),
	ONCE("fifo", garbage_does_no_harm, NULL),
	{ 0 }
};

Suite *scriptfaults_suite(void)
{
	return suite_new("scriptfaults", tests);
}
