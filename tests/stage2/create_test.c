#include "commands.h"
#include "suites.h"

START_TEST(ids_can_be_any_number_but_0)
{
	struct driver *d = driver_start_2d(_axes);
	struct pages *p = show_new(d, 0, 7, BGRX, 64, 48);
	expect_screen(d);
	pages_scribble(p);
	d->fickle = true;
	transfer_to_host(d, 7, RECT(3, 5, 20, 30), 24);
	flush(d, 7, RECT(3, 5, 20, 29));
	expect_screen(d);
	EXPECT_REFUSED(try_create(d, 7, BGRX, 1, 1), INVALID_RESOURCE);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("ids", ids_can_be_any_number_but_0, "G26 H10"), { 0 }
};

Suite *create_suite(void)
{
	return suite_new("create", tests);
}
