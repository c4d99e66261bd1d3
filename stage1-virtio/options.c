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

/* The last row of that name, and its table's argument. */
static const struct option_row *find(const struct options *options,
				     const char *name, size_t len, void **arg)
{
	for (unsigned t = options->count; t-- > 0;) {
		const struct option_row *row = options->tables[t].rows;

		for (; row->name; row++) {
			if (strlen(row->name) != len ||
			    memcmp(row->name, name, len))
				continue;
			*arg = options->tables[t].arg;
			return row;
		}
	}
	return NULL;
}

static void print_row(const char *name, const char *value, const char *help)
{
	char form[64];
	const char *equals = value && value[0] != '[' ? "=" : "";

	snprintf(form, sizeof(form), "--%s%s%s", name, equals,
		 value ? value : "");
	printf("  %-28s %s\n", form, help);
}

_Noreturn static void print_help(const struct options *options)
{
	printf("usage: %s [OPTION]...\n%s\n\n", program_invocation_short_name,
	       options->summary);
	for (unsigned t = 0; t < options->count; t++) {
		const struct option_row *row = options->tables[t].rows;
		void *arg;

		for (; row->name; row++)
			if (find(options, row->name, strlen(row->name),
				 &arg) == row)
				print_row(row->name, row->value, row->help);
	}
	print_row("help", NULL, "print this and exit");
	print_row("version", NULL, "print the version and exit");
	exit(0);
}

_Noreturn static void print_version(void)
{
	printf("%s %s\n", program_invocation_short_name, VERSION);
	exit(0);
}

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
	const char *name = argv[0] + 2;
	size_t len = strcspn(name, "=");
	const char *value = name[len] ? name + len + 1 : NULL;
	const struct option_row *row;
	void *arg;

	if (strncmp(argv[0], "--", 2) || !len)
		options_wrong("'%s': only options are taken", argv[0]);
	if (!strcmp(name, "help"))
		print_help(options);
	if (!strcmp(name, "version"))
		print_version();

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
