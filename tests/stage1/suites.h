/*
 * One suite a file, named after its subject.
 */
#ifndef SUITES_H
#define SUITES_H

#include "suite.h"

suite_maker harness_suite;
suite_maker rings_suite;
suite_maker handshake_suite;
suite_maker framing_suite;
suite_maker negotiation_suite;
suite_maker memory_suite;
suite_maker memtable_suite;
suite_maker ringsetup_suite;
suite_maker notify_suite;
suite_maker splitring_suite;
suite_maker packedring_suite;
suite_maker suppression_suite;
suite_maker kicks_suite;
suite_maker ordering_suite;
suite_maker ringstate_suite;
suite_maker configspace_suite;
suite_maker sidesockets_suite;
suite_maker lifecycle_suite;
suite_maker displayinfo_suite;

#endif
