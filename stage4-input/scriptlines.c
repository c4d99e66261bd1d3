/*
 * Lines, cut out of whatever comes.
 */
#include "scriptlines.h"

#include <assert.h>
#include <string.h>
#include <unistd.h>

ssize_t scriptlines_read(struct scriptlines *lines, int fd)
{
	ssize_t n;

	memmove(lines->bytes, lines->bytes + lines->from,
		lines->to - lines->from);
	lines->to -= lines->from;
	lines->from = 0;
	assert(lines->to < SCRIPT_LINE);
	n = read(fd, lines->bytes + lines->to, SCRIPT_LINE - lines->to);
	if (n > 0)
		lines->to += (size_t)n;
	return n;
}

/* False: its end is still to come. */
static bool skip_line(struct scriptlines *lines)
{
	char *from = lines->bytes + lines->from;
	char *end = memchr(from, '\n', lines->to - lines->from);

	lines->from = end ? (size_t)(end + 1 - lines->bytes) : lines->to;
	lines->skips = !end;
	return end;
}

/* A NUL would end it for us, and not for who wrote it. */
static void cut(struct scriptline *line, char *text, size_t len)
{
	if (len && text[len - 1] == '\r')
		len--;
	text[len] = '\0';
	if (strlen(text) == len)
		line->text = text;
	else
		line->fault = "there is a NUL byte in the line";
}

bool scriptlines_next(struct scriptlines *lines, bool ended,
		      struct scriptline *line)
{
	char *from, *end;
	size_t len;

	if (lines->skips && !skip_line(lines))
		return false;
	from = lines->bytes + lines->from;
	len = lines->to - lines->from;
	end = memchr(from, '\n', len);
	*line = (struct scriptline){ .text = NULL };
	if (end) {
		lines->from += (size_t)(end - from) + 1;
		cut(line, from, (size_t)(end - from));
	} else if (len == SCRIPT_LINE) {
		lines->skips = true;
		lines->from = lines->to;
		line->fault = "the line is longer than 4095 bytes";
	} else if (ended && len) {
		lines->from = lines->to;
		cut(line, from, len);
	} else {
		return false;
	}
	lines->number++;
	return true;
}
