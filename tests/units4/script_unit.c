/*
 * A script's lines however they are cut, its numbers, and its words.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "parts4.h"
#include "scriptlines.h"
#include "scriptverbs.h"
#include "scriptwords.h"
#include "trace.h"

/* ---- lines ---- */

/* What comes of a stream: each line, "!" for a fault, and a bar behind it. */
struct got {
	char text[3 * SCRIPT_LINE];
	unsigned long number;
};

static void take(struct scriptlines *lines, bool ended, struct got *got)
{
	struct scriptline line;

	while (scriptlines_next(lines, ended, &line)) {
		strcat(got->text, line.text ? line.text : "!");
		strcat(got->text, "|");
		got->number = lines->number;
	}
}

/* The stream comes in pieces of that many bytes. */
static struct got read_in_pieces(const char *bytes, size_t len, size_t piece)
{
	struct scriptlines lines = { .number = 0 };
	struct got got = { .number = 0 };
	int ends[2];

	ck_assert_int_eq(pipe(ends), 0);
	for (size_t at = 0; at < len; at += piece) {
		size_t n = len - at < piece ? len - at : piece;

		ck_assert_int_eq(write(ends[1], bytes + at, n), n);
		while (n) {
			ssize_t taken = scriptlines_read(&lines, ends[0]);

			ck_assert_int_gt(taken, 0);
			n -= (size_t)taken;
			take(&lines, false, &got);
		}
	}
	close(ends[1]);
	ck_assert_int_eq(scriptlines_read(&lines, ends[0]), 0);
	take(&lines, true, &got);
	close(ends[0]);
	return got;
}

static void expect_lines(const char *bytes, size_t len, const char *lines,
			 unsigned long number)
{
	static const size_t pieces[] = { 1, 2, 3, 7, 64, 1000 };

	for (unsigned i = 0; i < sizeof(pieces) / sizeof(*pieces); i++) {
		struct got got = read_in_pieces(bytes, len, pieces[i]);

		ck_assert_str_eq(got.text, lines);
		ck_assert_uint_eq(got.number, number);
	}
}

#define EXPECT_LINES(bytes, lines, number) \
	expect_lines(bytes, sizeof(bytes) - 1, lines, number)

START_TEST(lines_come_however_they_are_cut)
{
	EXPECT_LINES("key a\nkey b\n", "key a|key b|", 2);
	EXPECT_LINES("\n\n#\n", "||#|", 3);
	EXPECT_LINES("", "", 0);
}
END_TEST

START_TEST(a_last_line_needs_no_end)
{
	EXPECT_LINES("key a\nkey b", "key a|key b|", 2);
	EXPECT_LINES("x", "x|", 1);
}
END_TEST

/* One CR in front of the LF, and no other. */
START_TEST(lines_may_end_as_in_dos)
{
	EXPECT_LINES("key a\r\n\r\nx\r", "key a||x|", 3);
	EXPECT_LINES("a\rb\r\r\n", "a\rb\r|", 1);
}
END_TEST

START_TEST(a_nul_spoils_its_line_alone)
{
	EXPECT_LINES("key\0a\nkey b\n", "!|key b|", 2);
	EXPECT_LINES("\0\nkey b\n\0", "!|key b|!|", 3);
	EXPECT_LINES("a\0\r\n", "!|", 1);
}
END_TEST

/* The longest has 4095 bytes; of those that are longer nothing is left. */
START_TEST(a_line_may_be_too_long)
{
	enum { STEP = 61 };
	char bytes[3 * SCRIPT_LINE], lines[3 * SCRIPT_LINE];

	for (size_t len = SCRIPT_LINE - 3; len < 2 * SCRIPT_LINE + 3;
	     len += len < SCRIPT_LINE + 3 ? 1 : STEP) {
		bool fits = len < SCRIPT_LINE;
		struct got got;

		memset(bytes, 'x', len);
		strcpy(bytes + len, "\nkey b\n");
		snprintf(lines, sizeof(lines), "%.*s|key b|",
			 fits ? (int)len : 1, fits ? bytes : "!");
		got = read_in_pieces(bytes, len + 7, 1 + len % 20);
		ck_assert_str_eq(got.text, lines);
		ck_assert_uint_eq(got.number, 2);
	}
}
END_TEST

/* ---- numbers ---- */

START_TEST(numbers_are_decimal)
{
	static const struct {
		const char *word;
		int64_t millionths;
	} rows[] = {
		{ "0", 0 },
		{ "-0", 0 },
		{ "1", 1000000 },
		{ "+3", 3000000 },
		{ "-20", -20000000 },
		{ "0.5", 500000 },
		{ "-.25", -250000 },
		{ "7.", 7000000 },
		{ "0.000001", 1 },
		{ "0.9999999", 999999 },
		{ "007", 7000000 },
		{ "1000000", 1000000000000 },
		{ "-1000000.000000", -1000000000000 },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int64_t got;

		ck_assert_msg(script_decimal(rows[i].word, &got), "%s",
			      rows[i].word);
		ck_assert_int_eq(got, rows[i].millionths);
	}
}
END_TEST

START_TEST(other_words_are_no_numbers)
{
	static const char *const words[] = {
		"",	"-",	   ".",
		"-.",	"+-1",	   "1e3",
		"0x10", "inf",	   "nan",
		"1,5",	"1.2.",	   "1a",
		"a",	"1000001", "1000000.000001",
		"--1",	"-1e99",   "9999999999999999999999999999999999999999",
	};

	for (unsigned i = 0; i < sizeof(words) / sizeof(*words); i++) {
		int64_t millionths;
		int32_t whole;

		ck_assert_msg(!script_decimal(words[i], &millionths), "%s",
			      words[i]);
		ck_assert_msg(!script_whole(words[i], &whole), "%s", words[i]);
	}
}
END_TEST

START_TEST(whole_ones_have_no_point)
{
	int32_t whole;

	ck_assert(script_whole("-1000000", &whole) && whole == -1000000);
	ck_assert(script_whole("+1000000", &whole) && whole == 1000000);
	ck_assert(!script_whole("1.0", &whole));
	ck_assert(!script_whole("1.", &whole));
}
END_TEST

/* ---- commands ---- */

static struct script_command parse(const char *line)
{
	struct script_command command;
	char copy[SCRIPT_LINE];
	struct text fault = { .len = 0 };

	snprintf(copy, sizeof(copy), "%s", line);
	ck_assert_msg(script_parse(&command, copy, &fault), "%s: %s", line,
		      fault.bytes);
	return command;
}

START_TEST(blanks_and_comments_are_nothing)
{
	static const char *const lines[] = { "",    " ",  "\t \t", "#",
					     "# x", " #", "#key a" };

	for (unsigned i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		ck_assert(!parse(lines[i]).verb);
	ck_assert(parse("  key\t a ").verb);
}
END_TEST

/* To the nearest 120th. */
START_TEST(wheels_count_in_fractions)
{
	static const struct {
		const char *line;
		int32_t by;
	} rows[] = {
		{ "wheel 1", 120 },	   { "wheel -2.5", -300 },
		{ "wheel 0.25", 30 },	   { "wheel 0.008333", 1 },
		{ "wheel -0.008333", -1 }, { "wheel 0.004", 0 },
		{ "hwheel 0.0042", 1 },	   { "hwheel 1000000", 120000000 },
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		ck_assert_int_eq(parse(rows[i].line).y, rows[i].by);
}
END_TEST

/* Whatever a line is made of, it has a meaning or one line of a fault. */
START_TEST(no_line_is_too_wild)
{
	static const char *const verbs[] = { "key ",	"type ",  "move ",
					     "motion ", "wait ",  "down ",
					     "wheel ",	"click ", "" };
	char line[SCRIPT_LINE];

	srand(4);
	for (unsigned i = 0; i < 20000; i++) {
		struct script_command command;
		struct text fault = { .len = 0 };
		int len = sprintf(line, "%s", verbs[i % 9]);

		for (int n = rand() % 60; n; n--)
			line[len++] = (char)(1 + rand() % 255);
		line[len] = '\0';
		if (script_parse(&command, line, &fault))
			continue;
		ck_assert_uint_gt(strlen(fault.bytes), 0);
		for (const char *c = fault.bytes; *c; c++)
			ck_assert_msg(*c >= ' ' && *c <= '~', "%s",
				      fault.bytes);
	}
}
END_TEST

Suite *script_units(void)
{
	Suite *suite = suite_create("script");
	TCase *tests = tcase_create("script");

	tcase_add_test(tests, lines_come_however_they_are_cut);
	tcase_add_test(tests, a_last_line_needs_no_end);
	tcase_add_test(tests, lines_may_end_as_in_dos);
	tcase_add_test(tests, a_nul_spoils_its_line_alone);
	tcase_add_test(tests, a_line_may_be_too_long);
	tcase_add_test(tests, numbers_are_decimal);
	tcase_add_test(tests, other_words_are_no_numbers);
	tcase_add_test(tests, whole_ones_have_no_point);
	tcase_add_test(tests, blanks_and_comments_are_nothing);
	tcase_add_test(tests, wheels_count_in_fractions);
	tcase_add_test(tests, no_line_is_too_wild);
	suite_add_tcase(suite, tests);
	return suite;
}
