/*
 * Parts of stage 4, each by itself.
 */
#include <stdio.h>
#include <stdlib.h>

#include "parts4.h"

int main(void)
{
	SRunner *runner = srunner_create(keytable_units());
	int run, failed;

	srunner_add_suite(runner, eventframe_units());
	srunner_add_suite(runner, heldkeys_units());
	srunner_add_suite(runner, inputconfig_units());
	srunner_add_suite(runner, windowinput_units());
	srunner_add_suite(runner, windowgrab_units());
	srunner_add_suite(runner, script_units());
	srunner_run_all(runner, CK_NORMAL);
	run = srunner_ntests_run(runner);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	printf("%d passed, %d failed\n", run - failed, failed);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
