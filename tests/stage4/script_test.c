/*
 * A user who follows a script: what each verb does, and what is a line.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "commands.h"
#include "inputdriver.h"
#include "suites.h"

static void expect_key(struct inputdriver *in, uint16_t code, bool down)
{
	EXPECT_FRAME(in, { EV_KEY, code, down });
}

static void expect_tap(struct inputdriver *in, uint16_t code)
{
	expect_key(in, code, true);
	expect_key(in, code, false);
}

/* ---- keys and buttons ---- */

START_TEST(keys_go_up_in_reverse)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	desk_do(in->desk, "key leftctrl+leftalt+c");
	expect_key(in, KEY_LEFTCTRL, true);
	expect_key(in, KEY_LEFTALT, true);
	expect_tap(in, KEY_C);
	expect_key(in, KEY_LEFTALT, false);
	expect_key(in, KEY_LEFTCTRL, false);
	input_expect_nothing(in);
}
END_TEST

START_TEST(down_holds_until_up)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	desk_do(in->desk, "down leftshift");
	expect_key(in, KEY_LEFTSHIFT, true);
	desk_do(in->desk, "key a");
	expect_tap(in, KEY_A);
	desk_do(in->desk, "down leftshift");
	input_expect_nothing(in);
	desk_do(in->desk, "up leftshift");
	expect_key(in, KEY_LEFTSHIFT, false);
	desk_do(in->desk, "up leftshift");
	input_expect_nothing(in);
}
END_TEST

/* "left" is a button where both could be meant, unless one says what it is. */
START_TEST(arrows_are_no_buttons)
{
	struct desk *desk = desk_start(DESK_KEYBOARD | DESK_MOUSE, NULL);
	struct input_options o = { .axes = _axes, .desk = desk };
	struct inputdriver *keys = input_start_with(KEYBOARD, &o);
	struct inputdriver *mouse = input_start_with(MOUSE, &o);

	desk_do(desk, "key left+right");
	expect_key(keys, KEY_LEFT, true);
	expect_tap(keys, KEY_RIGHT);
	expect_key(keys, KEY_LEFT, false);
	desk_do(desk, "down left");
	expect_key(mouse, BTN_LEFT, true);
	desk_do(desk, "down key left");
	expect_key(keys, KEY_LEFT, true);
	desk_do(desk, "up left");
	expect_key(mouse, BTN_LEFT, false);
	desk_do(desk, "up key left");
	expect_key(keys, KEY_LEFT, false);
	input_expect_nothing(keys);
	input_expect_nothing(mouse);
}
END_TEST

START_TEST(a_click_is_two_frames)
{
	static const char *const names[] = { "",       "left", "right",
					     "middle", "side", "extra" };
	static const uint16_t codes[] = { BTN_LEFT,   BTN_LEFT, BTN_RIGHT,
					  BTN_MIDDLE, BTN_SIDE, BTN_EXTRA };
	struct inputdriver *in = input_start(_axes, MOUSE);

	for (unsigned i = 0; i < 6; i++) {
		desk_do(in->desk, "click %s", names[i]);
		expect_tap(in, codes[i]);
	}
	input_expect_nothing(in);
}
END_TEST

/* ---- text ---- */

/* A US keyboard's rows, without and with shift; their codes run on. */
static const struct {
	uint16_t first;
	const char *plain, *shifted;
} rows[] = {
	{ KEY_1, "1234567890-=", "!@#$%^&*()_+" },
	{ KEY_Q, "qwertyuiop[]", "QWERTYUIOP{}" },
	{ KEY_A, "asdfghjkl;'`", "ASDFGHJKL:\"~" },
	{ KEY_BACKSLASH, "\\zxcvbnm,./", "|ZXCVBNM<>?" },
	{ KEY_SPACE, " ", " " },
};

/* What a guest makes of a key, 0: nothing. */
static char typed(uint16_t code, bool shift)
{
	for (unsigned i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *row = shift ? rows[i].shifted : rows[i].plain;

		if (code >= rows[i].first &&
		    code - rows[i].first < (int)strlen(row))
			return row[code - rows[i].first];
	}
	return 0;
}

/* The next character, with shift down or up as it was before it; then it is up. */
static char read_character(struct inputdriver *in)
{
	struct virtio_input_event event = input_frame(in).events[0];
	bool shift = event.code == KEY_LEFTSHIFT;
	uint16_t code = event.code;

	ck_assert_uint_eq(event.value, 1);
	if (shift) {
		code = input_frame(in).events[0].code;
		expect_key(in, code, false);
		expect_key(in, KEY_LEFTSHIFT, false);
	} else {
		expect_key(in, code, false);
	}
	return typed(code, shift);
}

START_TEST(text_is_typed_as_on_a_us_keyboard)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);
	char text[96];

	for (unsigned i = 0; i < 95; i++)
		text[i] = (char)(' ' + i);
	text[95] = '\0';
	desk_do_lines(in->desk, "type ");
	desk_do_lines(in->desk, text);
	desk_do_lines(in->desk, "\n");
	for (unsigned i = 0; i < 95; i++)
		ck_assert_int_eq(read_character(in), text[i]);
	input_expect_nothing(in);
}
END_TEST

/* The one blank behind the verb is none of it, others are. */
START_TEST(blanks_are_text)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	desk_do(in->desk, "type  # ");
	ck_assert_int_eq(read_character(in), ' ');
	ck_assert_int_eq(read_character(in), '#');
	ck_assert_int_eq(read_character(in), ' ');
	input_expect_nothing(in);
}
END_TEST

/* ---- pointers ---- */

#define MINUS(n) ((uint32_t) - (n))

START_TEST(a_mouse_moves_and_its_wheels_turn)
{
	struct inputdriver *in = input_start(_axes, MOUSE);

	desk_do(in->desk, "motion 3 -4");
	EXPECT_FRAME(in, { EV_REL, REL_X, 3 }, { EV_REL, REL_Y, MINUS(4) });
	desk_do(in->desk, "wheel 1");
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, 120 },
		     { EV_REL, REL_WHEEL, 1 });
	desk_do(in->desk, "hwheel -0.5");
	EXPECT_FRAME(in, { EV_REL, REL_HWHEEL_HI_RES, MINUS(60) });
	desk_do(in->desk, "hwheel -.5");
	EXPECT_FRAME(in, { EV_REL, REL_HWHEEL_HI_RES, MINUS(60) },
		     { EV_REL, REL_HWHEEL, MINUS(1) });
	input_expect_nothing(in);
}
END_TEST

/* Two heads of 64x48, side by side; a third one is off. */
START_TEST(a_tablet_points_at_a_scanout)
{
	struct desk *desk = desk_new(DESK_TABLET);
	char options[1024];
	struct inputdriver *in;
	struct driver *d;

	snprintf(options, sizeof(options), "--outputs=3 %s",
		 desk_options(desk));
	d = driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .options = options });
	desk_is_at(desk, d->program);
	show_new(d, 0, 7, BGRX, 64, 48);
	show_new(d, 1, 8, BGRX, 64, 48);
	in = input_start_with(TABLET, &(struct input_options){ .axes = _axes,
							       .desk = desk });
	desk_do(desk, "move 0 0");
	EXPECT_FRAME(in, { EV_ABS, ABS_X, 128 }, { EV_ABS, ABS_Y, 341 });
	desk_do(desk, "move 10 47 1");
	EXPECT_FRAME(in, { EV_ABS, ABS_X, (2 * 74 + 1) * 128 },
		     { EV_ABS, ABS_Y, 32768 - 342 });
	desk_do(desk, "move 10 47 2");
	desk_do(desk, "move 10 47 15");
	input_expect_nothing(in);
}
END_TEST

/* ---- lines ---- */

/* Comments, blanks, DOS' ends of lines, and a last one without. */
START_TEST(a_file_is_done_to_its_end)
{
	static const char script[] =
		"# keys\r\n\r\n wait\tready \r\n\tkey  a \r\nkey b";
	struct inputdriver *in;
	char path[256], more[300];
	FILE *file;

	snprintf(path, sizeof(path), "%s", program_own_path("keys.txt"));
	file = fopen(path, "we");
	ck_assert(file && fputs(script, file) >= 0 && !fclose(file));
	snprintf(more, sizeof(more), "--input-script=%s", path);
	in = input_start_with(KEYBOARD,
			      &(struct input_options){
				      .axes = _axes,
				      .desk = desk_start(DESK_KEYBOARD,
							 more) });
	expect_tap(in, KEY_A);
	expect_tap(in, KEY_B);
	input_expect_nothing(in);
	program_expect_rest(in->d->program);
}
END_TEST

START_TEST(a_line_counts_when_its_end_is_there)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);

	desk_do_lines(in->desk, "ke");
	input_expect_nothing(in);
	desk_do_lines(in->desk, "y a");
	input_expect_nothing(in);
	desk_do_lines(in->desk, "\nkey ");
	expect_tap(in, KEY_A);
	desk_do_lines(in->desk, "b\n");
	expect_tap(in, KEY_B);
	input_expect_nothing(in);
}
END_TEST

/* Each time it has nobody who writes, it is no end, and nothing to be busy with. */
START_TEST(writers_come_and_go)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);
	struct desk *desk = in->desk;

	for (unsigned i = 0; i < 3; i++) {
		close(desk->hands);
		program_expect_rest(in->d->program);
		desk->hands = open(desk->script,
				   O_WRONLY | O_NONBLOCK | O_CLOEXEC);
		ck_assert_int_ge(desk->hands, 0);
		desk_do_lines(desk, "key a\n");
		expect_tap(in, KEY_A);
	}
}
END_TEST

static const struct test tests[] = {
	ONCE("verbs", keys_go_up_in_reverse, NULL),
	ONCE("verbs", down_holds_until_up, NULL),
	ONCE("verbs", arrows_are_no_buttons, NULL),
	ONCE("verbs", a_click_is_two_frames, NULL),
	ONCE("verbs", text_is_typed_as_on_a_us_keyboard, NULL),
	ONCE("verbs", blanks_are_text, NULL),
	ONCE("verbs", a_mouse_moves_and_its_wheels_turn, NULL),
	ONCE("verbs", a_tablet_points_at_a_scanout, NULL),
	ONCE("lines", a_file_is_done_to_its_end, NULL),
	ONCE("lines", a_line_counts_when_its_end_is_there, NULL),
	ONCE("lines", writers_come_and_go, NULL),
	{ 0 }
};

Suite *script_suite(void)
{
	return suite_new("script", tests);
}
