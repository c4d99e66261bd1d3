/*
 * What the user sees of a run: see verdict.h.
 *
 * The stream has, for each test: its trail as comment lines ("#> " continues
 * the line before it, "#SKIP " is a reason to skip), then the one line of
 * `check`, as in "ok 3 - file.c:group:suite:group:test[axes]: Passed".
 */
#define _GNU_SOURCE
#include "verdict.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HELD = 60 };		/* lines of trail that are shown */

struct deviation {
	char *name, *reason;
	struct deviation *next;
};

struct report {
	bool verbose;
	char *held[HELD];
	unsigned lines;		/* of trail so far; the last ones are held */
	char *skip;		/* the reason */
	unsigned passed, failed, skipped, deviating;
	unsigned planned;
};

static struct deviation *deviations;

bool verdict_read_deviations(const char *path)
{
	FILE *f = fopen(path, "re");
	char line[1024];

	if (!f)
		return false;
	while (fgets(line, sizeof(line), f)) {
		struct deviation *d;
		char *tab = strchr(line, '\t');

		if (*line == '#' || !tab)
			continue;
		*tab = '\0';
		tab[1 + strcspn(tab + 1, "\n")] = '\0';
		d = malloc(sizeof(*d));
		*d = (struct deviation){ strdup(line), strdup(tab + 1),
					 deviations };
		deviations = d;
	}
	fclose(f);
	return true;
}

/* A '*' in the pattern stands for any characters, none included. */
static bool matches(const char *pattern, const char *name)
{
	for (; *pattern != '*'; pattern++, name++) {
		if (*pattern != *name)
			return !*pattern && *name == '[';
		if (!*pattern)
			return true;
	}
	do {
		if (matches(pattern + 1, name))
			return true;
	} while (*name++);
	return false;
}

/* Some of the axes, and it is not said which. */
static bool is_vague(const struct deviation *d)
{
	const char *axes = strchr(d->name, '[');

	return axes && strchr(axes, '*');
}

/*
 * Listed by its full name, or without the axes for all of them. What was a
 * success is held against clear words only.
 */
static const char *deviation_of(const char *name, bool ok)
{
	for (const struct deviation *d = deviations; d; d = d->next)
		if (matches(d->name, name) && !(ok && is_vague(d)))
			return d->reason;
	return NULL;
}

static void hold(struct report *r, const char *line)
{
	char **place = &r->held[r->lines++ % HELD];

	free(*place);
	*place = strdup(line);
}

/* An answer goes behind its step, in a column of its own. */
static void extend(struct report *r, const char *answer)
{
	char **last = &r->held[(r->lines + HELD - 1) % HELD];
	char *longer;

	if (!r->lines || asprintf(&longer, "%-62s -> %s", *last, answer) < 0)
		return;
	free(*last);
	*last = longer;
}

static void show_trail(struct report *r, bool show)
{
	unsigned from = r->lines > HELD ? r->lines - HELD : 0;

	if (show && from)
		printf("# ... %u steps before\n", from);
	for (unsigned i = from; show && i < r->lines; i++)
		puts(r->held[i % HELD]);
	r->lines = 0;
}

static void judge(struct report *r, bool ok, const char *number,
		  const char *name, const char *message)
{
	const char *reason = deviation_of(name, ok);
	bool bad = !r->skip && ok == !!reason;

	show_trail(r, bad || r->verbose);
	if (r->skip) {
		r->skipped++;
		printf("ok %s - %s # SKIP %s\n", number, name, r->skip);
	} else if (bad) {
		r->failed++;
		printf("not ok %s - %s: %s\n", number, name, ok ?
		       "passed, but is listed as a deviation" : message);
	} else if (reason) {
		r->deviating++;
		printf("not ok %s - %s # TODO %s\n", number, name, reason);
	} else {
		r->passed++;
		printf("ok %s - %s\n", number, name);
	}
	free(r->skip);
	r->skip = NULL;
}

/* "3 - file.c:group:NAME: message"; the names in it are for `check` alone. */
static void test_line(struct report *r, bool ok, char *line)
{
	char *name = strstr(line, " - "), *end;

	if (!name)
		return;
	*name = '\0';
	name += 3;
	for (int i = 0; i < 2; i++)
		name += strcspn(name, ":") + 1;
	end = strstr(name, ": ");
	if (!end)
		return;
	*end = '\0';
	judge(r, ok, line, name, end + 2);
	fflush(stdout);
}

static void stream_line(struct report *r, char *line)
{
	if (!strncmp(line, "ok ", 3)) {
		test_line(r, true, line + 3);
	} else if (!strncmp(line, "not ok ", 7)) {
		test_line(r, false, line + 7);
	} else if (!strncmp(line, "#SKIP ", 6)) {
		free(r->skip);
		r->skip = strdup(line + 6);
	} else if (!strncmp(line, "#> ", 3)) {
		extend(r, line + 3);
	} else if (!strncmp(line, "1..", 3)) {
		r->planned = (unsigned)atoi(line + 3);
		puts(line);
	} else {
		hold(r, line);
	}
}

static void closing_line(const struct report *r)
{
	printf("%u passed, %u failed", r->passed, r->failed);
	if (r->skipped)
		printf(", %u skipped", r->skipped);
	if (r->deviating)
		printf(", %u known deviations", r->deviating);
	putchar('\n');
}

unsigned verdict_report(int stream, bool verbose)
{
	struct report r = { .verbose = verbose };
	FILE *f = fdopen(stream, "r");
	char *line = NULL;
	size_t room = 0;
	ssize_t len;

	while ((len = getline(&line, &room, f)) > 0) {
		line[len - (line[len - 1] == '\n')] = '\0';
		stream_line(&r, line);
	}
	free(line);
	fclose(f);
	show_trail(&r, true);
	if (r.planned != r.passed + r.failed + r.skipped + r.deviating) {
		puts("Bail out! the run broke off");
		r.failed++;
	}
	closing_line(&r);
	return r.failed;
}
