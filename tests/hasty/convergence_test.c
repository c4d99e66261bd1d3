/*
 * However much a driver has missed, in the end the guest believes what is so: which
 * keys are down, and where the pointer is.
 */
#include <stdio.h>

#include "draws.h"
#include "hasty.h"
#include "sequence.h"
#include "suite.h"

enum { WAIT = 256 };

static const uint16_t keys[] = { KEY_A,		KEY_S,	      KEY_D, KEY_SPACE,
				 KEY_LEFTSHIFT, KEY_LEFTCTRL, KEY_F5 };
static const uint16_t buttons[] = { BTN_LEFT, BTN_RIGHT, BTN_MIDDLE };

enum {
	KEYS = sizeof(keys) / sizeof(*keys),
	BUTTONS = sizeof(buttons) / sizeof(*buttons),
};

static void expect_belief(const struct belief *is, const struct belief *b)
{
	for (unsigned code = 0; code < KEY_CNT; code++)
		if (is->down[code] != b->down[code])
			FAIL("key %u is %s, and the guest does not know", code,
			     is->down[code] ? "down" : "up");
	if (is->x != b->x || is->y != b->y)
		FAIL("the pointer is at %u, %u, the guest has it at %u, %u",
		     is->x, is->y, b->x, b->y);
}

/* Fills all there is to wait in, and more. */
static void flood(struct inputdriver *in)
{
	bool quiet = trail_quiet(true);

	for (unsigned i = 0; i < WAIT + 20; i++)
		hasty_do(in, "%s %u", i % 2 ? "up" : "down",
			 in->device == KEYBOARD ? KEY_Q : BTN_EXTRA);
	trail_quiet(quiet);
}

/* ---- one key ---- */

START_TEST(a_release_is_never_lost)
{
	struct inputdriver *in = hasty_start(_axes, KEYBOARD);
	struct belief b = { .frames = 0 };

	input_post(in, 2);
	hasty_do(in, "down %u", KEY_A);
	hasty_believe(in, &b);
	flood(in);
	hasty_do(in, "up %u", KEY_A);
	hasty_await(in);
	hasty_catch_up(in, &b);
	if (b.down[KEY_A])
		FAIL("the key is stuck");
	expect_belief(&(struct belief){ .x = 0 }, &b);
}
END_TEST

/* One that is down by the end is told so, late as it is. */
START_TEST(a_press_is_not_lost)
{
	struct inputdriver *in = hasty_start(_axes, KEYBOARD);
	struct belief b = { .frames = 0 }, is = { .down[KEY_A] = true };

	flood(in);
	hasty_do(in, "down %u", KEY_A);
	hasty_await(in);
	hasty_catch_up(in, &b);
	expect_belief(&is, &b);
	ck_assert_uint_eq(b.frames, WAIT + 1);
}
END_TEST

/* All of it in the drop: nothing is to be told. */
START_TEST(what_came_and_went_is_not_told)
{
	struct inputdriver *in = hasty_start(_axes, KEYBOARD);
	struct belief b = { .frames = 0 };

	flood(in);
	hasty_do(in, "down %u", KEY_A);
	hasty_do(in, "up %u", KEY_A);
	hasty_await(in);
	hasty_catch_up(in, &b);
	expect_belief(&(struct belief){ .x = 0 }, &b);
	ck_assert_uint_eq(b.frames, WAIT);
}
END_TEST

/*
 * A control key that is up already must not make a command of a letter, however
 * much room there is for that by then.
 */
START_TEST(no_press_overtakes_a_release)
{
	static const uint16_t others[] = { KEY_Q, KEY_W, KEY_Z, KEY_F1 };
	struct inputdriver *in = hasty_start(_axes, KEYBOARD);
	struct belief b = { .frames = 0 };

	input_post(in, 2);
	hasty_do(in, "down %u", KEY_LEFTCTRL);
	hasty_believe(in, &b);
	flood(in);
	hasty_do(in, "up %u", KEY_LEFTCTRL);
	hasty_await(in);
	input_post(in, 4);
	hasty_believe(in, &b);
	hasty_believe(in, &b);
	for (unsigned i = 0; i < 4; i++)
		hasty_do(in, "down %u", others[i]);
	hasty_await(in);
	in->lazy = false;
	input_fill(in);
	while (!b.down[KEY_F1]) {
		hasty_believe(in, &b);
		if (b.down[KEY_LEFTCTRL] && (b.down[KEY_W] || b.down[KEY_Z]))
			FAIL("a letter became a command");
	}
	ck_assert(!b.down[KEY_LEFTCTRL]);
}
END_TEST

START_TEST(the_place_is_not_lost)
{
	struct inputdriver *in = hasty_start(_axes, TABLET);
	struct belief b = { .frames = 0 }, is = { .x = 77, .y = 88 };

	flood(in);
	hasty_do(in, "place 77 88");
	hasty_await(in);
	hasty_catch_up(in, &b);
	expect_belief(&is, &b);
}
END_TEST

/* As when a window loses the focus, at the worst of moments. */
START_TEST(all_is_released)
{
	struct inputdriver *in = hasty_start(_axes, KEYBOARD);
	struct belief b = { .frames = 0 };

	for (unsigned i = 0; i < KEYS; i++)
		hasty_do(in, "down %u", keys[i]);
	hasty_await(in);
	hasty_catch_up(in, &b);
	for (unsigned i = 0; i < KEYS; i++)
		ck_assert(b.down[keys[i]]);
	input_reset(in);
	hasty_do(in, "release");
	hasty_await(in);
	/* The next driver was told of none. */
	input_expect_nothing(in);

	b = (struct belief){ .frames = 0 };
	for (unsigned i = 0; i < KEYS; i++)
		hasty_do(in, "down %u", keys[i]);
	flood(in);
	hasty_do(in, "release");
	hasty_await(in);
	hasty_catch_up(in, &b);
	expect_belief(&(struct belief){ .x = 0 }, &b);
}
END_TEST

/* More keys than may wait: they are told in two goes. */
START_TEST(many_keys_at_once)
{
	struct inputdriver *in = hasty_start(_axes, KEYBOARD);
	struct belief b = { .frames = 0 }, is = { .frames = 0 };
	struct virtio_input_config c = input_ask(in, VIRTIO_INPUT_CFG_EV_BITS,
						 EV_KEY);

	flood(in);
	for (unsigned code = 1; code < c.size * 8u; code++) {
		if (!(c.u.bitmap[code / 8] >> code % 8 & 1))
			continue;
		hasty_do(in, "down %u", code);
		is.down[code] = true;
	}
	hasty_await(in);
	hasty_catch_up(in, &b);
	expect_belief(&is, &b);
	flood(in);
	hasty_do(in, "release");
	hasty_await(in);
	hasty_catch_up(in, &b);
	expect_belief(&(struct belief){ .x = 0 }, &b);
}
END_TEST

/* ---- by chance ---- */

static void draw_keys(struct inputdriver *in, struct belief *is)
{
	bool keyboard = in->device == KEYBOARD;
	uint16_t code = keyboard ? keys[draw_below(KEYS)]
				 : buttons[draw_below(BUTTONS)];

	is->down[code] = draw_below(2);
	hasty_do(in, "%s %u", is->down[code] ? "down" : "up", code);
}

static void draw_action(struct inputdriver *in, struct belief *is)
{
	unsigned what = in->device == TABLET ? draw_below(3) : 0;

	if (!what) {
		draw_keys(in, is);
		return;
	}
	is->x = draw_below(32768);
	is->y = draw_below(32768);
	hasty_do(in, "place %u %u", is->x, is->y);
}

/* Some buffers, or none, or all; and now and then a pause. */
static void draw_driver(struct inputdriver *in, struct belief *b)
{
	struct ring *r = in->d->control;
	unsigned room = in->d->control->num - in->posted;

	if (draw_below(40) == 0) {
		frontend_stop(in->d->fe);
		frontend_start(in->d->fe, in->d->features);
	}
	if (room && draw_below(3) == 0)
		input_post(in, 1 + draw_below(room < 6 ? room : 6));
	if (draw_below(200) == 0) {
		hasty_await(in);
		hasty_catch_up(in, b);
	}
	/* A frame is there whole or not at all. */
	while (r->ops->ready(r))
		hasty_believe(in, b);
}

static void converge(enum desk_device device)
{
	struct inputdriver *in = hasty_start(_axes, device);
	struct belief b = { .frames = 0 }, is = { .frames = 0 };
	bool quiet = trail_quiet(true);

	in->d->guarded = false;
	for (unsigned i = 0; i < 1500; i++) {
		for (unsigned n = draw_below(12); n; n--)
			draw_action(in, &is);
		draw_driver(in, &b);
	}
	/* And in the end more than can wait. */
	for (unsigned i = 0; i < 6 * WAIT; i++)
		draw_action(in, &is);
	trail_quiet(quiet);
	hasty_await(in);
	hasty_catch_up(in, &b);
	expect_belief(&is, &b);
}

START_TEST(keys_converge)
{
	converge(KEYBOARD);
}
END_TEST

START_TEST(buttons_and_places_converge)
{
	converge(TABLET);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("drops", a_release_is_never_lost, "L10"),
	ON_ALL_AXES("drops", a_press_is_not_lost, "L10"),
	ONCE("drops", what_came_and_went_is_not_told, "L10"),
	ON_ALL_AXES("drops", no_press_overtakes_a_release, "L10"),
	ON_ALL_AXES("drops", the_place_is_not_lost, "L10"),
	ONCE("drops", all_is_released, "L10"),
	ONCE("drops", many_keys_at_once, "L10"),
	ON_ALL_AXES("chance", keys_converge, "L10", .seconds = 120),
	ON_ALL_AXES("chance", buttons_and_places_converge, "L10",
		    .seconds = 120),
	{ 0 }
};

Suite *convergence_suite(void)
{
	return suite_new("convergence", tests);
}
