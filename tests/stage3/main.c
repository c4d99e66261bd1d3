/*
 * The suites of stage 3: the cursor plane.
 */
#include <stddef.h>

#include "suites.h"

int main(int argc, char **argv)
{
	static suite_maker *const suites[] = {
		cursorimage_suite, cursorplace_suite,
		cursorqueue_suite, cursororder_suite,
		qemucursor_suite,  pngcursor_suite,
		cursortrace_suite, NULL,
	};

	return suite_main(argc, argv, suites);
}
