/*
 * The suites of stage 4: mouse and keyboard.
 */
#include <stddef.h>

#include "suites.h"

int main(int argc, char **argv)
{
	static suite_maker *const suites[] = {
		inputconfig_suite,  inputevents_suite,
		eventbuffers_suite, statusq_suite,
		inputlife_suite,    badevents_suite,
		inputsockets_suite, NULL,
	};

	return suite_main(argc, argv, suites);
}
