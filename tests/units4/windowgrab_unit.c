/*
 * Who frees a grabbed mouse. SDL has one focus for all windows, so that on X no
 * other window loses it meanwhile; elsewhere events may come in another order.
 */
#include "windowgrab.h"

#include <string.h>

#include "parts4.h"
#include "server.h"
#include "windows.h"

/* Two windows, of which the first has the mouse. */
struct hold {
	struct windows windows;
	struct port mouse;
	struct windowgrab grab;
};

static struct hold *hold_new(void)
{
	static struct hold h;

	memset(&h, 0, sizeof(h));
	h.mouse.path = "mouse.sock";
	windowgrab_add(&h.grab, &h.windows, &h.mouse);
	h.grab.window = &h.windows.window[0];
	return &h;
}

static void happen(struct hold *h, struct window *window, uint8_t what)
{
	const struct window_handler *handler = &h->windows.handlers[0];
	SDL_Event event = { .window = { .type = SDL_WINDOWEVENT,
					.event = what } };

	/* Others have something to do with it as well. */
	ck_assert(!handler->handle(handler->arg, window, &event));
}

START_TEST(its_own_window_frees_it)
{
	struct hold *h = hold_new();

	happen(h, &h->windows.window[0], SDL_WINDOWEVENT_EXPOSED);
	ck_assert(windowgrab_holds(&h->grab));
	happen(h, &h->windows.window[0], SDL_WINDOWEVENT_FOCUS_LOST);
	ck_assert(!windowgrab_holds(&h->grab));
	happen(h, &h->windows.window[0], SDL_WINDOWEVENT_FOCUS_LOST);
	ck_assert(!windowgrab_holds(&h->grab));
}
END_TEST

START_TEST(another_window_does_not)
{
	struct hold *h = hold_new();

	happen(h, &h->windows.window[1], SDL_WINDOWEVENT_FOCUS_LOST);
	happen(h, NULL, SDL_WINDOWEVENT_FOCUS_LOST);
	ck_assert_ptr_eq(h->grab.window, &h->windows.window[0]);
}
END_TEST

Suite *windowgrab_units(void)
{
	Suite *suite = suite_create("windowgrab");
	TCase *tc = tcase_create("windowgrab");

	tcase_add_test(tc, its_own_window_frees_it);
	tcase_add_test(tc, another_window_does_not);
	suite_add_tcase(suite, tc);
	return suite;
}
