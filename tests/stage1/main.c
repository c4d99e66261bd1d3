/*
 * The suites of stage 1: virtqueues, vhost-user, and a monitor to be seen.
 */
#include <stddef.h>

#include "suites.h"

int main(int argc, char **argv)
{
	static suite_maker *const suites[] = {
		harness_suite,
		rings_suite,
		handshake_suite,
		framing_suite,
		negotiation_suite,
		memory_suite,
		memtable_suite,
		ringsetup_suite,
		notify_suite,
		splitring_suite,
		packedring_suite,
		suppression_suite,
		kicks_suite,
		ordering_suite,
		ringstate_suite,
		configspace_suite,
		sidesockets_suite,
		lifecycle_suite,
		displayinfo_suite,
		NULL,
	};

	return suite_main(argc, argv, suites);
}
