/*
 * What a suite program was asked to do: its command line.
 */
#ifndef SELECTION_H
#define SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "suite.h"

/* Reads it. What is wrong with it ends the program with status 2. */
void selection_read(int argc, char **argv);
void selection_wrong(const char *program, const char *what)
	__attribute__((noreturn));

uint64_t selection_seed(void);
const char *selection_device(void);
bool selection_verbose(void);

/* The axes that were selected; returns how many. */
unsigned selection_axes(const struct axes **axes);

/* Does any of the filters match? Without filters all do. */
bool selection_takes(const char *name);

/* --list: prints the test instead of running it. */
bool selection_lists(void);
void selection_list(const char *suite, const struct test *t);

/* In suite.c: how many runs have been made of the tests. */
unsigned suite_runs(void);

#endif
