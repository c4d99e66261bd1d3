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
		budget_suite,
		leftovers_suite,
		unref_suite,
		scanout_suite,
		badscanout_suite,
		flush_suite,
		transfer_suite,
		backing_suite,
		backinglist_suite,
		detach_suite,
		guestpages_suite,
		turns_suite,
		afresh_suite,
		anything_suite,
		edid_suite,
		edidmodes_suite,
		monitors_suite,
		pngdisplay_suite,
		pngfolder_suite,
		qemudisplay_suite,
		qemuslow_suite,
		qemuasking_suite,
		qemuanswers_suite,
		NULL,
	};

	return suite_main(argc, argv, suites);
}
