/*
 * --trace: where cursors are, with the sign, in requests and in what QEMU's
 * display is told.
 *
 * Patterns are those of fnmatch(3); how lines look else is the program's own
 * affair.
 */
#include <stdio.h>

#include "cursorcommands.h"
#include "lines.h"
#include "suites.h"

static struct driver *start(void)
{
	static char options[512];

	program_need_options();
	snprintf(options, sizeof(options), "--trace=%s",
		 program_own_path("trace"));
	return driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .options = options });
}

static bool is_request(const char *line)
{
	return line_has_word(line, "UPDATE_CURSOR") ||
	       line_has_word(line, "MOVE_CURSOR");
}

static bool is_message(const char *line)
{
	return line_has_word(line, "CURSOR_UPDATE") ||
	       line_has_word(line, "CURSOR_POS") ||
	       line_has_word(line, "CURSOR_POS_HIDE");
}

/* One message for each command: the next one waits for it. */
static void walk(struct driver *d)
{
	struct program *p = d->program;

	cursor_new(d, 5, BGRX);
	update_cursor_hot(d, 0, 5, -7, 300, 1, 63);
	expect_screen(d);
	move_cursor(d, 0, 5, -20, -63);
	expect_screen(d);
	move_cursor(d, 0, 5, 1279, -1);
	expect_screen(d);
	move_cursor(d, 0, 0, -5, 6);
	expect_screen(d);
	driver_end(d);
	program_stop(p);
}

START_TEST(places_have_a_sign)
{
	static const char *const requests[] = {
		"* cursorq *UPDATE_CURSOR scanout=0 id=5 at -7,300 hot=1,63 -> *",
		"* cursorq *MOVE_CURSOR scanout=0 id=5 at -20,-63 -> *",
		"* cursorq *MOVE_CURSOR scanout=0 id=5 at 1279,-1 -> *",
		"* cursorq *MOVE_CURSOR scanout=0 id=0 at -5,6 -> *",
	};
	static const char *const messages[] = {
		"* display *CURSOR_UPDATE scanout=0 x=-7 y=300 hot_x=1 hot_y=63*",
		"* display *CURSOR_POS scanout=0 x=-20 y=-63*",
		"* display *CURSOR_POS scanout=0 x=1279 y=-1*",
		"* display *CURSOR_POS_HIDE scanout=0 x=-5 y=6*",
	};
	const struct lines *trace;

	walk(start());
	trace = lines_of_file(program_own_path("trace"));
	lines_expect(trace, is_request, requests, 4);
	lines_expect(trace, is_message, messages, 4);
}
END_TEST

static const struct test tests[] = { ONCE("trace", places_have_a_sign, NULL),
				     { 0 } };

Suite *cursortrace_suite(void)
{
	return suite_new("cursortrace", tests);
}
