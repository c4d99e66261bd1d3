/*
 * The suites of the windows, one a file, named after its subject.
 */
#include <stddef.h>

#include "windowed.h"

int main(int argc, char **argv)
{
	static suite_maker *const suites[] = {
		shown_suite,	scaled_suite,	keys_suite,	closing_suite,
		resizing_suite, resting_suite,	choice_suite,	pointer_suite,
		typing_suite,	pointing_suite, grabbing_suite, NULL,
	};

	return suite_main(argc, argv, suites);
}
