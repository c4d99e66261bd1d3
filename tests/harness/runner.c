/*
 * main() of a suite program: three generations of processes.
 *
 *   this one        makes the report (verdict.h), cleans up
 *    `- runner      `check` with all suites, its output goes to the report
 *        `- test    one after the other, each with its device
 *            `- device
 *
 * Each ends with its parent, so nothing is left when the user has enough.
 */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "program.h"
#include "selection.h"
#include "verdict.h"

static pid_t runner;

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

static void run(suite_maker *const *suites, const int *stream)
{
	SRunner *sr = srunner_create(NULL);

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	/* When told to end, `check` ends all of its process group. */
	setpgid(0, 0);
	dup2(stream[1], 1);
	close(stream[0]);
	close(stream[1]);
	while (*suites)
		srunner_add_suite(sr, (*suites++)());
	srunner_set_fork_status(sr, CK_FORK);
	srunner_set_tap(sr, "-");
	srunner_run_all(sr, CK_SILENT);
	srunner_free(sr);
	exit(suite_runs() ? 0 : 2);
}

/* `check` in the runner ends its test, then itself; the report follows. */
static void pass_on(int signal_number)
{
	(void)signal_number;
	kill(runner, SIGTERM);
}

static unsigned report(suite_maker *const *suites, int *status)
{
	unsigned failed;
	int stream[2];

	if (pipe(stream))
		abort();
	printf("# seed %llu\n", (unsigned long long)selection_seed());
	fflush(stdout);
	runner = fork();
	if (!runner)
		run(suites, stream);
	signal(SIGINT, pass_on);
	signal(SIGTERM, pass_on);
	close(stream[1]);
	failed = verdict_report(stream[0], selection_verbose());
	waitpid(runner, status, 0);
	return failed;
}

int suite_main(int argc, char **argv, suite_maker *const *suites)
{
	char folder[] = "/tmp/harness-XXXXXX";
	unsigned failed;
	int status;

	selection_read(argc, argv);
	for (unsigned i = 0; selection_lists() && suites[i]; i++)
		suites[i]();
	if (selection_lists())
		return 0;
	if (!mkdtemp(folder))
		selection_wrong(argv[0], "no folder for sockets under /tmp");
	program_configure(selection_device(), folder);
	failed = report(suites, &status);
	remove_folder(folder);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
		selection_wrong(argv[0], "no test has such a name");
	return failed || status;
}
