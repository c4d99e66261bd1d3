/*
 * The device under test, as a process of its own.
 *
 * It is started with `--socket-path=PATH` behind its command line, or with PATH
 * where the command line says `{}`, and killed with the test. Its output (both
 * stdout and stderr) is kept, and shown when the test fails. If it ends while
 * it should be running, the test fails, wherever it is.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct program {
	pid_t pid;
	int pidfd;	/* readable when it has ended */
	int output;	/* memfd */
	char path[108]; /* of its socket */
	char *line;	/* its command line */
	bool may_end;	/* on its own, from here on */
	bool judged;	/* its status is the test's to look at */
	bool ended;
	int status;	 /* as of waitpid(), once it ended */
	unsigned starts; /* how often; see program_connect() */
	struct program *next;
};

/* What /proc says about it. */
struct vitals {
	unsigned fds, maps;
	uint64_t rss_kb, size_kb; /* in memory; of its address space */
	uint64_t cpu_us;	  /* user and system time so far */
	char state;		  /* 'R' running, 'S' sleeping: see proc(5) */
};

/* For all tests: the command line, and a folder for the sockets. */
void program_configure(const char *command, const char *folder);

/*
 * A path in that folder for a test's own use; it goes away in the end. Valid
 * until the next call but one.
 */
const char *program_own_path(const char *name);

/*
 * True if the command line is a path and options of ours (design: no `{}`), so
 * that a test may append options; a foreign program has options of its own.
 */
bool program_takes_options(void);
/* Skips the test where it isn't. */
void program_need_options(void);

/*
 * Starts it; `options` may be NULL. It isn't ready before a connect works. One
 * of ours that has displays is told to show its pictures on the harness's screen
 * (screen.h), unless `options` say otherwise: the last --display counts.
 */
struct program *program_start(const char *options);

/*
 * Other ways to start it: on a connected socket, by --fd=N; and with nothing
 * but `options`, no socket at all. Both for our program only, see above.
 */
struct program *program_start_on(int sock, const char *options);
struct program *program_run(const char *options);

/*
 * Connects, waiting until it listens. The fd is the caller's. Others may end
 * with their front end: they are started again for the next one.
 */
int program_connect(struct program *p);
/* The same for another socket of its own. */
int program_connect_to(struct program *p, const char *path);
/* Skips the test where it ends with its front end. */
void program_need_to_stay(void);

/*
 * Waits for its end and returns the status of waitpid(), which may then be any:
 * program_stop() leaves it to the test.
 */
int program_wait(struct program *p);

/* The same, where it has to be that exit status. */
void program_expect_status(struct program *p, int status);

/*
 * SIGTERM, unless it has ended by itself. Fails the test if it doesn't end
 * with status 0, as when a sanitizer has something to say.
 */
void program_stop(struct program *p);

/* "exit status 1", "signal 11 (Segmentation fault)". */
const char *program_how_it_ended(const struct program *p);

/* All it printed so far, NUL-terminated; valid until the next call. */
const char *program_output(const struct program *p);

/* How often that text stands in it. */
unsigned program_said(const struct program *p, const char *text);

struct vitals program_vitals(const struct program *p);

/*
 * FAILs if it has more file descriptors than before, or a dozen more mappings:
 * what was done in between, dozens of times, leaves something behind.
 */
void program_expect_no_more(const struct program *p, struct vitals before);

/*
 * FAILs if it takes more memory than before, and than `kb` more. Sanitizers keep
 * what is freed, and find leaks by themselves: with them it isn't looked at.
 */
void program_expect_no_growth(const struct program *p, struct vitals before,
			      uint64_t kb);

/*
 * From now on the host has no memory for it but `kb` more, until it is fed. Skips
 * the test where sanitizers need terabytes.
 */
void program_starve(const struct program *p, uint64_t kb);
void program_feed(const struct program *p);

/* Waits until it sleeps, time after time that one looks: it is not busy. */
void program_expect_rest(const struct program *p);

/*
 * Test and device work at the same time, each on a processor of its own. Skips
 * the test where there is one only.
 */
void program_take_two_processors(const struct program *device);

/* What a test has not stopped itself: stops all. After a failure: kills all. */
void program_stop_all(void);
void program_abandon_all(void);

#endif
