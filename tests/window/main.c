#include <stddef.h>

#include "suite.h"

suite_maker shown_suite;

int main(int argc, char **argv)
{
	static suite_maker *const suites[] = { shown_suite, NULL };

	return suite_main(argc, argv, suites);
}
