/*
 * A text by its lines, and which of them look like what. Patterns are those of
 * fnmatch(3): "* GET_FEATURES *VERSION_1*".
 */
#ifndef LINES_H
#define LINES_H

#include <stdbool.h>

enum { LINES_MAX = 1024 };

struct lines {
	unsigned count; /* at most LINES_MAX */
	char *line[LINES_MAX];
	char text[128 * 1024]; /* cut there */
};

/* Valid until the next call of either. */
const struct lines *lines_of(const char *text);
const struct lines *lines_of_file(const char *path);

/* The word, with spaces around it. */
bool line_has_word(const char *line, const char *word);

/* The next line from `from` on that fits; FAILs if none does. */
unsigned lines_find(const struct lines *l, unsigned from, const char *pattern);

/* FAILs unless the lines of that sort fit these patterns, one each. */
void lines_expect(const struct lines *l, bool (*sort)(const char *line),
		  const char *const *patterns, unsigned n);

#endif
