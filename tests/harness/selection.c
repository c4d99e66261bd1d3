/*
 * The command line of a suite program, and its main(). See README.md.
 */
#define _GNU_SOURCE
#include "selection.h"

#include <dirent.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "draws.h"
#include "program.h"
#include "verdict.h"

enum { SAMPLE = 16 };		/* axes in a sample */

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
"  --axes=WHICH       default, sample, all, or one as printed in [...]\n"
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
		if (colon && strchr(colon + 1, ':') ? is_whole(name, filter) :
		    strstr(name, filter) != NULL)
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

/* The default ones always belong to a sample. */
static void draw_sample(unsigned n)
{
	draws_begin(asked.seed, "axes");
	for (unsigned i = 1; i < SAMPLE; i++) {
		unsigned j = i + draw_below(n - i);
		struct axes a = asked.axes[i];

		asked.axes[i] = asked.axes[j];
		asked.axes[j] = a;
	}
	asked.naxes = SAMPLE;
}

static bool choose_axes(const char *which)
{
	asked.naxes = axes_all(asked.axes);
	if (!strcmp(which, "all"))
		return true;
	if (!strcmp(which, "sample")) {
		draw_sample(asked.naxes);
		return true;
	}
	asked.naxes = 1;
	asked.axes[0] = axes_default;
	return !strcmp(which, "default") || axes_parse(which, asked.axes);
}

static int wrong(const char *program, const char *what)
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
			wrong(argv[0], "cannot read the deviations");
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

static void take_options(int argc, char **argv)
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
		wrong(argv[0], "--axes takes default, sample, all or a name");
	if (!asked.list && (!asked.device || !*asked.device))
		wrong(argv[0], "--device=COMMAND is missing");
}

static void remove_folder(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	char path[512];

	while (dir && (entry = readdir(dir))) {
		snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
		if (entry->d_name[0] != '.')
			unlink(path);
	}
	if (dir)
		closedir(dir);
	rmdir(folder);
}

/* In a process of its own, whose output is made into the report. */
static void run(suite_maker *const *suites, int stream)
{
	SRunner *sr = srunner_create(NULL);

	dup2(stream, 1);
	close(stream);
	while (*suites)
		srunner_add_suite(sr, (*suites++)());
	srunner_set_fork_status(sr, CK_FORK);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	srunner_free(sr);
	exit(suite_runs() ? 0 : 2);
}

int suite_main(int argc, char **argv, suite_maker *const *suites)
{
	char folder[] = "/tmp/harness-XXXXXX";
	int stream[2], status;
	unsigned failed;
	pid_t pid;

	take_options(argc, argv);
	for (unsigned i = 0; asked.list && suites[i]; i++)
		suites[i]();
	if (asked.list)
		return 0;
	if (!mkdtemp(folder) || pipe(stream))
		wrong(argv[0], "no folder for sockets under /tmp");
	program_configure(asked.device, folder);
	printf("# seed %llu\n", (unsigned long long)asked.seed);
	fflush(stdout);
	pid = fork();
	if (!pid) {
		close(stream[0]);
		run(suites, stream[1]);
	}
	close(stream[1]);
	failed = verdict_report(stream[0], asked.verbose);
	waitpid(pid, &status, 0);
	remove_folder(folder);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
		wrong(argv[0], "no test has such a name");
	return failed || status;
}
