/*
 * What a line of a script is made of: words, and numbers among them.
 */
#ifndef SCRIPTWORDS_H
#define SCRIPTWORDS_H

#include <stdbool.h>
#include <stdint.h>

struct text;

enum { MILLION = 1000 * 1000 };

/* Cuts it off `rest`, with the one blank behind it. NULL: there is none left. */
char *script_word(char **rest);

/*
 * "'wheeel' is no command": false, for whoever returns it. A word may be of any
 * bytes, as many as a line has; what is shown of it does a terminal no harm.
 */
bool script_wrong(struct text *fault, const char *word, const char *what);

/*
 * Numbers from -1000000 to 1000000, with a sign or without. False: it is none,
 * and `number` is anything. Of decimals the first six count.
 */
bool script_whole(const char *word, int32_t *number);
bool script_decimal(const char *word, int64_t *millionths);

#endif
