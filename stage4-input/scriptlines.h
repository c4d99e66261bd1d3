/*
 * A stream of bytes as lines, of which no more than one is kept.
 *
 *   a file   -\            +--------------------------+
 *              >-- read -> | key a\nkey b\r\nwai      | -> "key a", "key b"
 *   a FIFO   -/            +--------------------------+
 *                            the rest waits for its end
 *
 * What is read is text of a person or a program, or anything else, and as much of
 * it as there is.
 */
#ifndef SCRIPTLINES_H
#define SCRIPTLINES_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { SCRIPT_LINE = 4096 }; /* bytes of a line, its end included */

struct scriptlines {
	char bytes[SCRIPT_LINE + 1]; /* a NUL has room behind the last line */
	size_t from, to;	     /* what was read, and not yet taken */
	unsigned long number;	     /* of the last line taken, from 1 on */
	bool skips; /* up to the end of a line that is too long */
};

/* One line without its end; in the buffer, until more is read. */
struct scriptline {
	char *text;
	const char
		*fault; /* NULL, or why it can't be a command: then no text */
};

/* Zeroed memory is the beginning of a stream. Returns what read(2) returned. */
ssize_t scriptlines_read(struct scriptlines *lines, int fd);

/*
 * The next line, if all of it is there; once the stream has ended, a last one
 * needs no end. False: more has to be read.
 */
bool scriptlines_next(struct scriptlines *lines, bool ended,
		      struct scriptline *line);

#endif
