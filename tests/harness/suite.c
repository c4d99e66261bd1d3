/*
 * Test suites: from tables of tests to `check`'s suites, and what goes on
 * around each single test. The command line is in selection.c. See suite.h.
 *
 * `check` knows a test as a function and a number. Here every test on every
 * axes is a run of its own, with a name of its own: the function is always
 * run_one(), and the number tells which run it is.
 */
#define _GNU_SOURCE
#include "suite.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "draws.h"
#include "driver.h"
#include "program.h"
#include "selection.h"
#include "trail.h"

enum { SECONDS = 30 };

struct run {
	TTest as_check_sees_it;
	char name[192];
	const struct test *test;
	struct axes axes;
};

static struct run **runs;
static unsigned nruns;

static struct run *running;
static jmp_buf skipped;

const struct axes *suite_axes(void)
{
	return &running->axes;
}

void suite_skip(const char *fmt, ...)
{
	char reason[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(reason, sizeof(reason), fmt, args);
	va_end(args);
	trail_skip(reason);
	longjmp(skipped, 1);
}

/*
 * The test's own deadline, a moment before `check` kills without a word. Not
 * all of this may be called in a signal handler; if it does go wrong, the
 * deadline of `check` still holds.
 */
static void out_of_time(int signal_number)
{
	(void)signal_number;
	FAIL("out of time");
}

static void run_one(int i)
{
	const TTest *t;

	running = runs[i];
	t = *running->test->test;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	trail_begin(t->file, t->line);
	draws_begin(selection_seed(), running->name);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGALRM, out_of_time);
	alarm(running->test->seconds ? running->test->seconds : SECONDS);
	trail_on_failure(program_abandon_all);
	if (!setjmp(skipped))
		t->fn(i);
	driver_end_all();
	program_stop_all();
}

static void add_run(TCase *tc, const char *suite, const struct test *t,
		    const struct axes *axes)
{
	struct run *r = calloc(1, sizeof(*r));
	int i = (int)nruns;

	snprintf(r->name, sizeof(r->name), "%s:%s:%s", suite, t->group,
		 (*t->test)->name);
	if (t->on_all_axes) {
		size_t len = strlen(r->name);

		snprintf(r->name + len, sizeof(r->name) - len, "[%s]",
			 axes_name(axes));
	}
	r->test = t;
	r->axes = *axes;
	r->as_check_sees_it = (TTest){ r->name, run_one, (*t->test)->file,
				       (*t->test)->line };
	if (!selection_takes(r->name)) {
		free(r);
		return;
	}
	runs = realloc(runs, (nruns + 1) * sizeof(*runs));
	runs[nruns++] = r;
	tcase_add_loop_test(tc, &r->as_check_sees_it, i, i + 1);
}

static bool fits(const struct test *t, const struct axes *axes)
{
	return t->rings == RINGS_ANY ||
	       axes->packed == (t->rings == RINGS_PACKED);
}

static void add_runs(TCase *tc, const char *suite, const struct test *t)
{
	struct axes other = axes_default;
	const struct axes *axes;
	unsigned n = selection_axes(&axes), fitting = 0;

	for (unsigned i = 0; i < (t->on_all_axes ? n : 1); i++) {
		if (!fits(t, &axes[i]))
			continue;
		add_run(tc, suite, t, &axes[i]);
		fitting++;
	}
	if (fitting)
		return;
	other.packed = t->rings == RINGS_PACKED;
	add_run(tc, suite, t, &other);
}

static void add_test(Suite *s, const char *suite, const struct test *t)
{
	unsigned seconds = t->seconds ? t->seconds : SECONDS;
	TCase *tc = tcase_create(t->group);

	tcase_set_timeout(tc, seconds + 5);
	if (t->rows)
		tcase_set_tags(tc, t->rows);
	add_runs(tc, suite, t);
	suite_add_tcase(s, tc);
}

Suite *suite_new(const char *name, const struct test *tests)
{
	Suite *s = suite_create(name);

	for (const struct test *t = tests; t->group; t++) {
		if (selection_lists())
			selection_list(name, t);
		else
			add_test(s, name, t);
	}
	return s;
}

unsigned suite_runs(void)
{
	return nruns;
}
