/*
 * One suite a file, named after its subject.
 */
#ifndef SUITES_H
#define SUITES_H

#include "suite.h"

suite_maker script_suite;
suite_maker scriptwaits_suite;
suite_maker scriptfaults_suite;

#endif
