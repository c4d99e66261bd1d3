/*
 * Parses the command line against the tables, and prints them as help.
 */
#define _GNU_SOURCE
#include "options.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef VERSION
#define VERSION "unknown"
#endif

void options_add(struct options *options, const struct option_row *rows,
		 void *arg)
{
	assert(options->count < OPTIONS_MAX_TABLES);
	options->tables[options->count].rows = rows;
	options->tables[options->count++].arg = arg;
}

void options_wrong(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fprintf(stderr, " (--help lists all options)\n");
	exit(2);
}

bool parse_number(const char *text, unsigned long min, unsigned long max,
		  unsigned long *number)
{
	unsigned long n;
	char *end;

	if (!text || !*text || strspn(text, "0123456789") != strlen(text))
		return false;
	errno = 0;
	n = strtoul(text, &end, 10);
	if (errno || n < min || n > max)
		return false;
	*number = n;
	return true;
}

static const struct option_row own_rows[];

static const struct option_row *find_in(const struct option_row *row,
					const char *name, size_t len)
{
	for (; row->name; row++)
		if (strlen(row->name) == len && !memcmp(row->name, name, len))
			return row;
	return NULL;
}

/* The last row of that name, and its table's argument. */
static const struct option_row *find(const struct options *options,
				     const char *name, size_t len, void **arg)
{
	for (unsigned t = options->count; t-- > 0;) {
		const struct option_row *row = find_in(options->tables[t].rows,
						       name, len);

		*arg = options->tables[t].arg;
		if (row)
			return row;
	}
	*arg = (void *)options;
	return find_in(own_rows, name, len);
}

static void print_rows(const struct options *options,
		       const struct option_row *row)
{
	void *arg;

	for (; row->name; row++) {
		const char *value = row->value ? row->value : "";
		char form[64];

		if (find(options, row->name, strlen(row->name), &arg) != row)
			continue;
		snprintf(form, sizeof(form), "--%s%s%s", row->name,
			 *value && *value != '[' ? "=" : "", value);
		printf("  %-28s %s\n", form, row->help);
	}
}

static const char *print_help(void *arg, const char *value)
{
	const struct options *options = arg;

	(void)value;
	printf("usage: %s [OPTION]...\n%s\n\n", program_invocation_short_name,
	       options->summary);
	for (unsigned t = 0; t < options->count; t++)
		print_rows(options, options->tables[t].rows);
	print_rows(options, own_rows);
	exit(0);
}

static const char *print_version(void *arg, const char *value)
{
	(void)arg, (void)value;
	printf("%s %s\n", program_invocation_short_name, VERSION);
	exit(0);
}

/* Those of every program; their argument is all the options. */
static const struct option_row own_rows[] = {
	{ "help", NULL, "print this and exit", print_help },
	{ "version", NULL, "print the version and exit", print_version },
	{ 0 }
};

static void apply(const struct option_row *row, void *arg, const char *value)
{
	const char *takes = row->set(arg, value);

	if (!takes)
		return;
	if (value)
		options_wrong("--%s=%s: %s", row->name, value, takes);
	options_wrong("--%s: %s", row->name, takes);
}

/* Returns how many words it took. */
static int parse_word(const struct options *options, int left, char **argv)
{
	bool dashes = !strncmp(argv[0], "--", 2);
	const char *name = dashes ? argv[0] + 2 : "";
	size_t len = strcspn(name, "=");
	const char *value = name[len] ? name + len + 1 : NULL;
	const struct option_row *row;
	void *arg;

	if (!len)
		options_wrong("'%s': only options are taken", argv[0]);
	row = find(options, name, len, &arg);
	if (!row)
		options_wrong("--%.*s: no such option", (int)len, name);
	if (!row->value && value)
		options_wrong("--%s: takes no value", row->name);
	if (!row->value || row->value[0] == '[' || value) {
		apply(row, arg, value);
		return 1;
	}
	if (left < 2)
		options_wrong("--%s: takes a value, --%s=%s", row->name,
			      row->name, row->value);
	apply(row, arg, argv[1]);
	return 2;
}

void options_parse(const struct options *options, int argc, char **argv)
{
	for (int i = 1; i < argc;)
		i += parse_word(options, argc - i, argv + i);
}
