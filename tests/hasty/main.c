/*
 * The suites of the input devices whose user waits for nobody.
 */
#include <stddef.h>

#include "hasty.h"

int main(int argc, char **argv)
{
	static suite_maker *const suites[] = {
		starved_suite,
		convergence_suite,
		paused_suite,
		NULL,
	};

	return suite_main(argc, argv, suites);
}
