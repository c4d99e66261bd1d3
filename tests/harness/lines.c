/*
 * Looking for lines: see lines.h.
 */
#include "lines.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "trail.h"

static struct lines lines;

static const struct lines *split(void)
{
	lines.count = 0;
	for (char *line = strtok(lines.text, "\n");
	     line && lines.count < LINES_MAX; line = strtok(NULL, "\n"))
		lines.line[lines.count++] = line;
	return &lines;
}

const struct lines *lines_of(const char *text)
{
	snprintf(lines.text, sizeof(lines.text), "%s", text);
	return split();
}

const struct lines *lines_of_file(const char *path)
{
	FILE *f = fopen(path, "re");
	size_t len;

	if (!f)
		FAIL("there is no %s", path);
	len = fread(lines.text, 1, sizeof(lines.text) - 1, f);
	lines.text[len] = '\0';
	fclose(f);
	return split();
}

bool line_has_word(const char *line, const char *word)
{
	size_t len = strlen(word);

	while ((line = strchr(line, ' '))) {
		line++;
		if (!strncmp(line, word, len) &&
		    (line[len] == ' ' || !line[len]))
			return true;
	}
	return false;
}

unsigned lines_find(const struct lines *l, unsigned from, const char *pattern)
{
	for (unsigned i = from; i < l->count; i++)
		if (!fnmatch(pattern, l->line[i], 0))
			return i;
	for (unsigned i = from; i < l->count; i++)
		trail_note("| %s", l->line[i]);
	FAIL("no line like %s from here on", pattern);
}

void lines_expect(const struct lines *l, bool (*sort)(const char *line),
		  const char *const *patterns, unsigned n)
{
	unsigned at = 0;

	for (unsigned i = 0; i < l->count; i++) {
		if (!sort(l->line[i]))
			continue;
		if (at == n)
			FAIL("one line more than expected: %s", l->line[i]);
		if (fnmatch(patterns[at], l->line[i], 0))
			FAIL("expected a line like %s, got %s", patterns[at],
			     l->line[i]);
		at++;
	}
	if (at < n)
		FAIL("no line like %s", patterns[at]);
}
