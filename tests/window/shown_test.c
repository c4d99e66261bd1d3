/*
 * What a window shows is what its scanout does.
 */
#include <stdlib.h>

#include "commands.h"
#include "xserver.h"

START_TEST(a_picture_is_shown_as_it_is)
{
	struct xserver *x = xserver_start();
	struct driver *d = driver_start_2d_with(
		&(struct driver_options){ .options = "--display=sdl" });
	Window w = xserver_window(x, "Virtual-1");

	show_new(d, 0, 7, BGRX, 640, 480);
	w = xserver_window(x, "Virtual-1 640x480");
	xserver_expect(x, w, d->twin->scanout[0].shown);
}
END_TEST

static const struct test tests[] = {
	ONCE("picture", a_picture_is_shown_as_it_is, NULL), { 0 }
};

Suite *shown_suite(void);
Suite *shown_suite(void)
{
	return suite_new("shown", tests);
}
