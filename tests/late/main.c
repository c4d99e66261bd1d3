/*
 * The suites of the device that answers late.
 */
#include <stddef.h>

#include "suite.h"

suite_maker late_suite, forgotten_suite, changes_suite, answers_suite;

int main(int argc, char **argv)
{
	static suite_maker *const suites[] = {
		late_suite, forgotten_suite, changes_suite, answers_suite, NULL,
	};

	return suite_main(argc, argv, suites);
}
