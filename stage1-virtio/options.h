/*
 * The command line, as a table that every stage adds rows to.
 *
 * The forms are those QEMU's conventions for vhost-user back-end programs ask
 * for (docs/interop/vhost-user.rst), so that libvirt can start us: --name=VALUE,
 * also as two words; no short options, no operands.
 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stdbool.h>

struct option_row {
	const char *name; /* without the dashes */
	/* "WxH"; "[=FILE]" if it may be left out; NULL: takes none */
	const char *value;
	const char *help; /* one line */
	/*
	 * Takes the value over (NULL if there is none; the string lives as
	 * long as the program) and returns NULL, or says in a few words what
	 * the option takes: "takes a number from 1 to 16".
	 */
	const char *(*set)(void *arg, const char *value);
};

enum { OPTIONS_MAX_TABLES = 16 };

struct options {
	struct {
		const struct option_row *rows; /* end without a name */
		void *arg;
	} tables[OPTIONS_MAX_TABLES];
	unsigned count;
	const char *summary; /* what the program is, for --help */
};

/* A row of the same name added later hides the earlier one. */
void options_add(struct options *options, const struct option_row *rows,
		 void *arg);

/*
 * Parses the whole command line. --help and --version print to stdout and exit
 * with status 0; anything wrong prints one line to stderr that names the option
 * and what it takes, and exits with status 2.
 */
void options_parse(const struct options *options, int argc, char **argv);

/* For a fault that only shows with all options together; the same ending. */
_Noreturn void options_wrong(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* Decimal digits only, within the bounds given. False: left alone. */
bool parse_number(const char *text, unsigned long min, unsigned long max,
		  unsigned long *number);

#endif
