/*
 * One suite a file, named after its subject.
 */
#ifndef SUITES_H
#define SUITES_H

#include "suite.h"

suite_maker harness_suite;
suite_maker rings_suite;
suite_maker options_suite;
suite_maker program_suite;
suite_maker trace_suite;
suite_maker handshake_suite;
suite_maker framing_suite;
suite_maker descriptors_suite;
suite_maker negotiation_suite;
suite_maker features_suite;
suite_maker memory_suite;
suite_maker memtable_suite;
suite_maker ringsetup_suite;
suite_maker notify_suite;
suite_maker splitring_suite;
suite_maker packedring_suite;
suite_maker suppression_suite;
suite_maker kicks_suite;
suite_maker ordering_suite;
suite_maker changing_suite;
suite_maker blocking_suite;
suite_maker ringstate_suite;
suite_maker queuereset_suite;
suite_maker configspace_suite;
suite_maker sidesockets_suite;
suite_maker lifecycle_suite;
suite_maker commands_suite;
suite_maker fences_suite;
suite_maker gpuconfig_suite;
suite_maker chains_suite;
suite_maker chainparts_suite;
suite_maker badchains_suite;
suite_maker splitchains_suite;
suite_maker packedchains_suite;
suite_maker overlaps_suite;
suite_maker reasons_suite;
suite_maker displayinfo_suite;

#endif
