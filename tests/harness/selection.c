/*
 * The command line of a suite program. See README.md.
 */
#define _GNU_SOURCE
#include "selection.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "draws.h"
#include "verdict.h"

static struct {
	bool list, verbose, portable;
	uint64_t seed;
	const char *device;
	struct axes axes[AXES_MAX];
	unsigned naxes;
	char *const *filters;
	int nfilters;
} asked;

static const char usage[] =
	"usage: %s [OPTION]... [NAME]...\n"
	"Runs the tests whose suite:group:test[axes] contains a NAME, or is one.\n"
	"  --device=COMMAND   the program to test; {} stands for its socket's path,\n"
	"                     without it --socket-path=PATH is appended (or $DEVICE)\n"
	"  --axes=WHICH       default, all, one as printed in [...], or pairs: a few\n"
	"                     in which any two values meet\n"
	"  --seed=N           repeats the draws of an earlier run (or $CHECK_SEED)\n"
	"  --portable         only what the specification and safety ask for\n"
	"  --deviations=FILE  known failures: lines of NAME<TAB>REASON\n"
	"  --list             names, and the checklist's rows they cover\n"
	"  --verbose          the steps of all tests, not only of failing ones\n";

enum { DEVICE = 1, AXES, SEED, PORTABLE, DEVIATIONS, LIST, VERBOSE, HELP };

static const struct option options[] = {
	{ "device", required_argument, NULL, DEVICE },
	{ "axes", required_argument, NULL, AXES },
	{ "seed", required_argument, NULL, SEED },
	{ "portable", no_argument, NULL, PORTABLE },
	{ "deviations", required_argument, NULL, DEVIATIONS },
	{ "list", no_argument, NULL, LIST },
	{ "verbose", no_argument, NULL, VERBOSE },
	{ "help", no_argument, NULL, HELP },
	{ NULL, 0, NULL, 0 },
};

uint64_t selection_seed(void)
{
	return asked.seed;
}

unsigned selection_axes(const struct axes **axes)
{
	*axes = asked.axes;
	return asked.naxes;
}

const char *selection_device(void)
{
	return asked.device;
}

bool selection_verbose(void)
{
	return asked.verbose;
}

bool selection_lists(void)
{
	return asked.list;
}

bool suite_portable(void)
{
	return asked.portable;
}

/* A whole name, with or without its axes, means that one test only. */
static bool is_whole(const char *name, const char *filter)
{
	size_t len = strlen(filter);

	return !strncmp(name, filter, len) && (!name[len] || name[len] == '[');
}

bool selection_takes(const char *name)
{
	for (int i = 0; i < asked.nfilters; i++) {
		const char *filter = asked.filters[i], *colon;

		colon = strchr(filter, ':');
		if (colon && strchr(colon + 1, ':')
			    ? is_whole(name, filter)
			    : strstr(name, filter) != NULL)
			return true;
	}
	return !asked.nfilters;
}

void selection_list(const char *suite, const struct test *t)
{
	char name[192];

	snprintf(name, sizeof(name), "%s:%s:%s", suite, t->group,
		 (*t->test)->name);
	if (selection_takes(name))
		printf("%s\t%s\t%s\n", name, t->on_all_axes ? "axes" : "once",
		       t->rows ? t->rows : "");
}

static bool choose_axes(const char *which)
{
	asked.naxes = axes_all(asked.axes);
	if (!strcmp(which, "all"))
		return true;
	if (!strcmp(which, "pairs")) {
		draws_begin(asked.seed, "axes");
		asked.naxes = axes_pairs(asked.axes, asked.naxes,
					 &axes_default);
		return true;
	}
	asked.naxes = 1;
	asked.axes[0] = axes_default;
	return !strcmp(which, "default") || axes_parse(which, asked.axes);
}

void selection_wrong(const char *program, const char *what)
{
	fprintf(stderr, "%s: %s; see --help\n", program, what);
	exit(2);
}

static void take_option(int option, const char **axes, char *const *argv)
{
	switch (option) {
	case DEVICE:
		asked.device = optarg;
		break;
	case AXES:
		*axes = optarg;
		break;
	case SEED:
		asked.seed = strtoull(optarg, NULL, 0);
		break;
	case PORTABLE:
		asked.portable = true;
		break;
	case DEVIATIONS:
		if (!verdict_read_deviations(optarg))
			selection_wrong(argv[0], "cannot read the deviations");
		break;
	case LIST:
		asked.list = true;
		break;
	case VERBOSE:
		asked.verbose = true;
		break;
	case HELP:
		printf(usage, argv[0]);
		exit(0);
	default:
		exit(2);
	}
}

void selection_read(int argc, char **argv)
{
	const char *axes = "default", *seed = getenv("CHECK_SEED");
	int option;

	asked.device = getenv("DEVICE");
	asked.seed = seed ? strtoull(seed, NULL, 0) : (uint64_t)time(NULL);
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1)
		take_option(option, &axes, argv);
	asked.filters = argv + optind;
	asked.nfilters = argc - optind;
	if (!choose_axes(axes))
		selection_wrong(argv[0],
				"--axes takes default, pairs, all or a name");
	if (!asked.list && (!asked.device || !*asked.device))
		selection_wrong(argv[0], "--device=COMMAND is missing");
}
