/*
 * One suite a file, named after its subject.
 */
#ifndef SUITES_H
#define SUITES_H

#include "suite.h"

suite_maker inputconfig_suite;
suite_maker abilities_suite;
suite_maker inputevents_suite;
suite_maker eventbuffers_suite;
suite_maker statusq_suite;
suite_maker badevents_suite;
suite_maker eventflood_suite;
suite_maker inputlife_suite;
suite_maker inputfrontends_suite;
suite_maker inputsockets_suite;
suite_maker script_suite;
suite_maker scriptwaits_suite;
suite_maker scriptfaults_suite;

#endif
