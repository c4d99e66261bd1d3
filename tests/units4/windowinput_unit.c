/*
 * SDL's events that no X server sends on demand: wheels in fractions of a
 * notch, wheels that are turned over, screens of high density.
 */
#include "windowinput.h"

#include <linux/input-event-codes.h>
#include <string.h>

#include "parts4.h"
#include "loop.h"
#include "seat.h"
#include "server.h"
#include "uplink.h"
#include "windowgrab.h"
#include "windows.h"

/* A window, and all it says on its way to the device's thread. */
struct hand {
	struct loop *loop;
	struct uplink uplink;
	struct windows windows;
	struct window window;
	struct port tablet;
	struct seat seat;
	struct windowgrab grab;
	struct windowinput input;
};

static struct hand *hand_new(void)
{
	static struct hand h;

	memset(&h, 0, sizeof(h));
	h.loop = loop_new();
	uplink_init(&h.uplink, h.loop);
	h.windows.uplink = &h.uplink;
	h.window.windows = &h.windows;
	h.window.scanout = 3;
	h.tablet.path = "tablet.sock";
	h.seat.tablet_port = &h.tablet;
	windowinput_add(&h.input, &h.windows, &h.seat, &h.grab);
	return &h;
}

static void hand_free(struct hand *h)
{
	uplink_free(&h->uplink);
	loop_free(h->loop);
}

static bool happen(struct hand *h, const SDL_Event *event)
{
	const struct window_handler *handler = &h->windows.handlers[0];

	return handler->handle(handler->arg, &h->window, event);
}

static void expect_next(struct hand *h, uint32_t what, int32_t a, int32_t b)
{
	const struct uplink_event *event = &h->uplink.events[h->uplink.first];

	ck_assert_uint_gt(h->uplink.count, 0);
	ck_assert_uint_eq(event->what, what);
	ck_assert_int_eq(event->a, a);
	ck_assert_int_eq(event->b, b);
	h->uplink.first++;
	h->uplink.count--;
}

static void expect_no_more(const struct hand *h)
{
	ck_assert_uint_eq(h->uplink.count, 0);
}

/* ---- wheels ---- */

static void turn(struct hand *h, float x, float y, uint32_t direction)
{
	ck_assert(happen(h, &(SDL_Event){ .wheel = {
						  .type = SDL_MOUSEWHEEL,
						  .direction = direction,
						  .preciseX = x,
						  .preciseY = y,
					  } }));
}

START_TEST(a_notch_is_120)
{
	struct hand *h = hand_new();

	turn(h, 0, 1, SDL_MOUSEWHEEL_NORMAL);
	turn(h, 0, -2, SDL_MOUSEWHEEL_NORMAL);
	turn(h, 1, 0, SDL_MOUSEWHEEL_NORMAL);
	turn(h, -0.5F, 0.25F, SDL_MOUSEWHEEL_NORMAL);
	expect_next(h, REL_WHEEL, 120, 0);
	expect_next(h, REL_WHEEL, -240, 0);
	expect_next(h, REL_HWHEEL, 120, 0);
	expect_next(h, REL_WHEEL, 30, 0);
	expect_next(h, REL_HWHEEL, -60, 0);
	expect_no_more(h);
	hand_free(h);
}
END_TEST

START_TEST(turned_over_is_turned_back)
{
	struct hand *h = hand_new();

	turn(h, 1, 1, SDL_MOUSEWHEEL_FLIPPED);
	expect_next(h, REL_WHEEL, -120, 0);
	expect_next(h, REL_HWHEEL, -120, 0);
	hand_free(h);
}
END_TEST

/* A thousand bits of a notch are as much as the notches they make. */
START_TEST(no_bit_is_lost)
{
	struct hand *h = hand_new();
	int32_t up = 0, left = 0;

	for (unsigned i = 0; i < 1000; i++) {
		turn(h, -0.00625F, 0.003F, SDL_MOUSEWHEEL_NORMAL);
		while (h->uplink.count) {
			const struct uplink_event *event =
				&h->uplink.events[h->uplink.first];

			ck_assert_int_ne(event->a, 0);
			if (event->what == REL_WHEEL)
				up += event->a;
			else
				left += event->a;
			h->uplink.first = (h->uplink.first + 1) % UPLINK_ROOM;
			h->uplink.count--;
		}
	}
	ck_assert_int_ge(up, 359);
	ck_assert_int_le(up, 360);
	ck_assert_int_ge(left, -750);
	ck_assert_int_le(left, -749);
	hand_free(h);
}
END_TEST

/* ---- pointers ---- */

static void move(struct hand *h, int32_t x, int32_t y, int32_t xrel,
		 int32_t yrel)
{
	ck_assert(happen(h, &(SDL_Event){ .motion = {
						  .type = SDL_MOUSEMOTION,
						  .x = x,
						  .y = y,
						  .xrel = xrel,
						  .yrel = yrel,
					  } }));
}

static void click(struct hand *h, uint8_t button, bool down)
{
	uint32_t type = down ? SDL_MOUSEBUTTONDOWN : SDL_MOUSEBUTTONUP;

	ck_assert(happen(h, &(SDL_Event){ .button = {
						  .type = type,
						  .button = button,
						  .state = down,
						  .x = 10,
						  .y = 20,
					  } }));
}

/* Points are what the mouse counts in: here they are two pixels each. */
START_TEST(the_pixel_under_it)
{
	struct hand *h = hand_new();

	move(h, 5, 6, 1, 1);
	expect_no_more(h);
	viewport_place(&h->window.view, (struct size){ 400, 300 },
		       (struct size){ 300, 150 }, (struct size){ 600, 300 });
	move(h, 50, 0, 1, 1);
	expect_next(h, 3, 1, 1);
	move(h, 249, 149, 1, 1);
	expect_next(h, 3, 399, 299);
	move(h, 0, 300, 1, 1);
	expect_next(h, 3, 0, 299);
	move(h, -70, -1, 1, 1);
	expect_next(h, 3, 0, 0);
	expect_no_more(h);
	hand_free(h);
}
END_TEST

START_TEST(a_grabbed_mouse_moves)
{
	struct hand *h = hand_new();

	viewport_place(&h->window.view, (struct size){ 400, 300 },
		       (struct size){ 400, 300 }, (struct size){ 400, 300 });
	h->grab.window = &h->window;
	move(h, 5, 6, -7, 8);
	expect_next(h, 0, -7, 8);
	move(h, 200, 150, 0, 0);
	click(h, SDL_BUTTON_LEFT, true);
	expect_next(h, BTN_LEFT, 1, 0);
	expect_no_more(h);
	hand_free(h);
}
END_TEST

START_TEST(five_buttons)
{
	static const uint16_t codes[] = { BTN_LEFT, BTN_MIDDLE, BTN_RIGHT,
					  BTN_SIDE, BTN_EXTRA };
	struct hand *h = hand_new();

	viewport_place(&h->window.view, (struct size){ 400, 300 },
		       (struct size){ 400, 300 }, (struct size){ 400, 300 });
	for (uint8_t i = 0; i < 5; i++) {
		click(h, SDL_BUTTON_LEFT + i, true);
		expect_next(h, 3, 10, 20);
		expect_next(h, codes[i], 1, 0);
		click(h, SDL_BUTTON_LEFT + i, false);
		expect_next(h, codes[i], 0, 0);
	}
	click(h, 6, true);
	click(h, 6, false);
	expect_no_more(h);
	hand_free(h);
}
END_TEST

/* With a mouse alone nothing is clicked before it is grabbed. */
START_TEST(without_a_tablet_it_has_to_be_grabbed)
{
	struct hand *h = hand_new();

	h->tablet.path = NULL;
	viewport_place(&h->window.view, (struct size){ 400, 300 },
		       (struct size){ 400, 300 }, (struct size){ 400, 300 });
	click(h, SDL_BUTTON_LEFT, true);
	turn(h, 1, 1, SDL_MOUSEWHEEL_NORMAL);
	expect_no_more(h);
	h->grab.window = &h->window;
	click(h, SDL_BUTTON_LEFT, true);
	expect_next(h, BTN_LEFT, 1, 0);
	turn(h, 0, 1, SDL_MOUSEWHEEL_NORMAL);
	expect_next(h, REL_WHEEL, 120, 0);
	hand_free(h);
}
END_TEST

Suite *windowinput_units(void)
{
	Suite *suite = suite_create("windowinput");
	TCase *tc = tcase_create("windowinput");

	tcase_add_test(tc, a_notch_is_120);
	tcase_add_test(tc, turned_over_is_turned_back);
	tcase_add_test(tc, no_bit_is_lost);
	tcase_add_test(tc, the_pixel_under_it);
	tcase_add_test(tc, a_grabbed_mouse_moves);
	tcase_add_test(tc, five_buttons);
	tcase_add_test(tc, without_a_tablet_it_has_to_be_grabbed);
	suite_add_tcase(suite, tc);
	return suite;
}
