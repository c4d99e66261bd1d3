/*
 * Words and numbers, as a person writes them: strtod() would take "inf", "0x1p3"
 * and what the user's locale has for a point.
 */
#include "scriptwords.h"

#include <string.h>

#include "trace.h"

enum { NUMBER_MAX = 1000 * 1000, WORD_SHOWN = 40 };

char *script_word(char **rest)
{
	char *word = *rest + strspn(*rest, " \t");
	size_t len = strcspn(word, " \t");

	*rest = word + len + (word[len] != '\0');
	word[len] = '\0';
	return len ? word : NULL;
}

bool script_wrong(struct text *fault, const char *word, const char *what)
{
	text_add(fault, "'");
	for (unsigned i = 0; word[i] && i < WORD_SHOWN; i++) {
		unsigned char byte = (unsigned char)word[i];

		text_add(fault, byte < ' ' || byte > '~' ? "\\x%02x" : "%c",
			 byte);
	}
	text_add(fault, "%s' is %s", strlen(word) > WORD_SHOWN ? "..." : "",
		 what);
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Returns what is behind the digits, and NULL if there are none. */
static const char *read_digits(const char *at, int64_t *millionths)
{
	bool any = is_digit(*at);
	int64_t unit = MILLION, whole = 0;

	for (; is_digit(*at); at++)
		if (whole <= NUMBER_MAX)
			whole = 10 * whole + (*at - '0');
	*millionths = whole * MILLION;
	if (*at == '.')
		for (at++; is_digit(*at); at++, any = true) {
			unit /= 10;
			*millionths += (*at - '0') * unit;
		}
	return any ? at : NULL;
}

bool script_decimal(const char *word, int64_t *millionths)
{
	bool minus = *word == '-';
	const char *end = read_digits(word + (minus || *word == '+'),
				      millionths);

	if (!end || *end || *millionths > (int64_t)NUMBER_MAX * MILLION)
		return false;
	if (minus)
		*millionths = -*millionths;
	return true;
}

bool script_whole(const char *word, int32_t *number)
{
	int64_t millionths;

	if (strchr(word, '.') || !script_decimal(word, &millionths))
		return false;
	*number = (int32_t)(millionths / MILLION);
	return true;
}
