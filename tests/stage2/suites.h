/*
 * One suite a file, named after its subject.
 */
#ifndef SUITES_H
#define SUITES_H

#include "suite.h"

suite_maker create_suite;
suite_maker budget_suite;
suite_maker leftovers_suite;
suite_maker qemudisplay_suite;
suite_maker qemuslow_suite;
suite_maker qemuasking_suite;
suite_maker qemuanswers_suite;
suite_maker unref_suite;
suite_maker scanout_suite;
suite_maker badscanout_suite;
suite_maker flush_suite;
suite_maker transfer_suite;
suite_maker backing_suite;
suite_maker backinglist_suite;
suite_maker detach_suite;
suite_maker guestpages_suite;
suite_maker turns_suite;
suite_maker afresh_suite;
suite_maker anything_suite;
suite_maker edid_suite;
suite_maker edidmodes_suite;
suite_maker monitors_suite;
suite_maker pngdisplay_suite;
suite_maker pngfolder_suite;

#endif
