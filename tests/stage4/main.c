/*
 * The suites of stage 4: mouse and keyboard.
 */
#include <stddef.h>

#include "suites.h"

int main(int argc, char **argv)
{
	static suite_maker *const suites[] = {
		inputconfig_suite,    abilities_suite,
		inputevents_suite,    eventbuffers_suite,
		statusq_suite,	      badevents_suite,
		eventflood_suite,     inputlife_suite,
		inputfrontends_suite, inputsockets_suite,
		script_suite,	      scriptwaits_suite,
		scriptfaults_suite,   NULL,
	};

	return suite_main(argc, argv, suites);
}
