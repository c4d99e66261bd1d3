/*
 * The suites of stage 2: resources, where their pixels come from, and what is
 * seen of them.
 */
#include <stddef.h>

#include "suites.h"

int main(int argc, char **argv)
{
	static suite_maker *const suites[] = {
		create_suite,
		NULL,
	};

	return suite_main(argc, argv, suites);
}
