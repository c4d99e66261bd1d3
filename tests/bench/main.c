/*
 * How fast is the device? A table, and no verdict.
 *
 *   bench COMMAND BESIDE [PART...]
 *
 * COMMAND is the program, as suites take it: {} for the socket, or options.
 * BESIDE is another one, or empty. Where the project has set itself a bar it
 * stands beside the figure.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "draws.h"
#include "selection.h"

static const struct {
	const char *name;
	void (*measure)(const struct bench *b);
} parts[] = {
	{ "roundtrips", bench_roundtrips },
	{ "transfers", bench_transfers },
	{ "resources", bench_resources },
	{ "frames", bench_frames },
	{ "moves", bench_moves }, /* of a cursor */
	{ "input", bench_input }, /* of a user */
	{ 0 },
};

/* No names: all of them. */
static bool is_asked_for(const char *part, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(*names, part))
			return true;
	return false;
}

/* Whatever a suite would say at length. */
static void give_up(void)
{
	fprintf(stderr, "bench: a program does what no suite lets pass\n");
	exit(1);
}

/*
 * The harness lets another program be as it is, draws the same each time, and
 * doesn't have freed memory written over.
 */
static void set_up_harness(char *name)
{
	char *options[] = { name, "--portable", "--seed=1", "--device=any",
			    NULL };

	setenv("MALLOC_PERTURB_", "0", 1);
	selection_read(4, options);
	draws_begin(selection_seed(), "bench");
	trail_on_failure(give_up);
	trail_quiet(true);
}

int main(int argc, char **argv)
{
	char folder[] = "/tmp/bench-XXXXXX";
	struct bench b = { .folder = folder };

	if (argc < 3 || !mkdtemp(folder)) {
		fprintf(stderr, "usage: bench COMMAND BESIDE [PART...]\n");
		return 2;
	}
	b.out = fdopen(dup(STDOUT_FILENO), "w");
	if (!b.out || !freopen("/dev/null", "w", stdout))
		return 1;
	b.command[OURS] = argv[1];
	b.command[THEIRS] = argv[2];
	b.subjects = *argv[2] ? SUBJECTS : 1;
	set_up_harness(argv[0]);
	for (unsigned i = 0; parts[i].name; i++)
		if (is_asked_for(parts[i].name, argv + 3))
			parts[i].measure(&b);
	driver_end_all();
	program_stop_all();
	fprintf(b.out, "\nMedians of %d runs of %d ms in turn; theirs is %s.\n",
		RUNS, SLICE_MS,
		b.subjects > 1 ? bench_name(&b, THEIRS) : "nobody");
	return rmdir(folder) ? 1 : 0;
}
