/*
 * Test suites: how tests are listed, selected and run.
 *
 * A test file ends with the table of its tests, and each suite program's
 * main.c with the list of its suites:
 *
 *   static const struct test tests[] = {
 *           ON_ALL_AXES("monitor", there_is_a_monitor, "H01 H03"),
 *           { 0 }
 *   };
 *
 *   Suite *displayinfo_suite(void)
 *   {
 *           return suite_new("displayinfo", tests);
 *   }
 *
 * Each test is run by `check` in a process of its own, with a deadline. It
 * fails by FAIL(), EXPECT...() or ck_assert_...().
 */
#ifndef SUITE_H
#define SUITE_H

#include <check.h>
#include <stdbool.h>

#include "axes.h"

enum { /* axes a test is for; see struct test */
       SPLIT_RINGS = 1,
       PACKED_RINGS = 2,
       WITH_INDIRECT = 4,
};

struct test {
	const char *group;  /* suite:group:name is its full name */
	const TTest **test; /* what START_TEST(name) made */
	bool on_all_axes;   /* that were selected, or on the first of them */
	unsigned only;	    /* those that are such, or the first such one
				 * there is if none was selected */
	const char *rows;   /* of the checklist, "A02 A07"; NULL: none */
	unsigned seconds;   /* its deadline; 0: 30 */
};

/* Entries of the table; `.seconds = 100` may follow. */
#define ONCE(in_group, name, of_checklist, ...) \
	{ \
		.group = in_group, .test = &name, .rows = of_checklist, \
		__VA_ARGS__ \
	}
#define ON_ALL_AXES(in_group, name, of_checklist, ...) \
	{ \
		.group = in_group, .test = &name, .rows = of_checklist, \
		.on_all_axes = true, __VA_ARGS__ \
	}
/* SPLIT_RINGS | WITH_INDIRECT */
#define ON_AXES_WITH(what, in_group, name, of_checklist, ...) \
	{ \
		.group = in_group, .test = &name, .rows = of_checklist, \
		.on_all_axes = true, .only = what, __VA_ARGS__ \
	}

Suite *suite_new(const char *name, const struct test *tests);

/* main() of a suite program; NULL behind the last suite. See README.md. */
typedef Suite *suite_maker(void);
int suite_main(int argc, char **argv, suite_maker *const *suites);

/* The axes the running test is on. */
#define _axes suite_axes()
const struct axes *suite_axes(void);

/* --portable: only what the specification and safety ask for. */
bool suite_portable(void);

/* Ends the test as neither passed nor failed, with a reason. */
void suite_skip(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));

#endif
