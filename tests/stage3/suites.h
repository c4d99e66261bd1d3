/*
 * One suite a file, named after its subject.
 */
#ifndef SUITES_H
#define SUITES_H

#include "suite.h"

suite_maker cursorimage_suite;
suite_maker cursorplace_suite;
suite_maker cursorqueue_suite;
suite_maker cursororder_suite;
suite_maker qemucursor_suite;
suite_maker pngcursor_suite;
suite_maker cursortrace_suite;

#endif
