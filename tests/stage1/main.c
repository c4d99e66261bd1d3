/*
 * The suites of stage 1: virtqueues, vhost-user, and a monitor to be seen.
 */
#include <stddef.h>

#include "suites.h"

int main(int argc, char **argv)
{
	static suite_maker *const suites[] = {
		harness_suite,	   rings_suite,
		options_suite,	   program_suite,
		trace_suite,	   handshake_suite,
		framing_suite,	   descriptors_suite,
		negotiation_suite, features_suite,
		memory_suite,	   memtable_suite,
		ringsetup_suite,   notify_suite,
		splitring_suite,   packedring_suite,
		suppression_suite, kicks_suite,
		ordering_suite,	   changing_suite,
		blocking_suite,	   ringstate_suite,
		queuereset_suite,  configspace_suite,
		sidesockets_suite, lifecycle_suite,
		commands_suite,	   fences_suite,
		gpuconfig_suite,   chains_suite,
		chainparts_suite,  badchains_suite,
		splitchains_suite, packedchains_suite,
		overlaps_suite,	   reasons_suite,
		displayinfo_suite, NULL,
	};

	return suite_main(argc, argv, suites);
}
