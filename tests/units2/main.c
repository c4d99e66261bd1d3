/*
 * Runs them, each test in a process of its own. CK_RUN_CASE=name runs a part.
 */
#include <stdio.h>
#include <stdlib.h>

#include "units.h"

/* Memory that is asked for and not there is NULL, as without sanitizers. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "allocator_may_return_null=1";
}

int main(void)
{
	SRunner *runner = srunner_create(mailbox_units());
	int run, failed;

	srunner_add_suite(runner, account_units());
	srunner_add_suite(runner, threads_units());
	srunner_add_suite(runner, uplink_units());
	srunner_add_suite(runner, pngfile_units());
	srunner_add_suite(runner, pngdisplay_units());
	srunner_add_suite(runner, warnings_units());
	srunner_add_suite(runner, layers_units());
	srunner_add_suite(runner, damage_units());
	srunner_add_suite(runner, viewport_units());
	srunner_run_all(runner, CK_NORMAL);
	run = srunner_ntests_run(runner);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	printf("%d passed, %d failed\n", run - failed, failed);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
