/*
 * A JSON parser that keeps nothing: each function takes one thing at `at` and
 * returns what is behind it, or NULL if that thing isn't there.
 */
#include "json.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

static const char *skip_value(const char *at);

static const char *skip_space(const char *at)
{
	return at + strspn(at, " \t\r\n");
}

/* The byte, and space around it. */
static const char *skip_sign(const char *at, char sign)
{
	at = skip_space(at);
	return *at == sign ? skip_space(at + 1) : NULL;
}

static const char *skip_string(const char *at)
{
	if (*at++ != '"')
		return NULL;
	for (; *at != '"'; at++) {
		if ((unsigned char)*at < ' ')
			return NULL;
		if (*at != '\\')
			continue;
		if (!*++at || !strchr("\"\\/bfnrtu", *at))
			return NULL;
		for (int i = 0; *at == 'u' && i < 4; i++)
			if (!isxdigit((unsigned char)at[1 + i]))
				return NULL;
	}
	return at + 1;
}

static const char *skip_digits(const char *at)
{
	size_t n = strspn(at, "0123456789");

	return n ? at + n : NULL;
}

static const char *skip_number(const char *at)
{
	at += *at == '-';
	at = *at == '0' ? at + 1 : skip_digits(at);
	if (at && *at == '.')
		at = skip_digits(at + 1);
	if (at && (*at == 'e' || *at == 'E')) {
		at++;
		at += *at == '+' || *at == '-';
		at = skip_digits(at);
	}
	return at;
}

static const char *skip_key(const char *at)
{
	at = skip_string(at);
	return at ? skip_sign(at, ':') : NULL;
}

/* Of an array, or of an object, whose elements have keys. */
static const char *skip_elements(const char *at, char end, bool keys)
{
	const char *next = skip_sign(at + 1, end);

	if (next)
		return next;
	for (at = skip_space(at + 1); at; at = skip_sign(next, ',')) {
		at = keys ? skip_key(at) : at;
		next = at ? skip_value(at) : NULL;
		if (!next)
			return NULL;
		at = skip_sign(next, end);
		if (at)
			return at;
	}
	return NULL;
}

static const char *skip_value(const char *at)
{
	static const char *const words[] = { "true", "false", "null" };

	at = skip_space(at);
	for (int i = 0; i < 3; i++)
		if (!strncmp(at, words[i], strlen(words[i])))
			return skip_space(at + strlen(words[i]));
	if (*at == '{')
		return skip_elements(at, '}', true);
	if (*at == '[')
		return skip_elements(at, ']', false);
	at = *at == '"' ? skip_string(at) : skip_number(at);
	return at ? skip_space(at) : NULL;
}

bool json_valid(const char *text)
{
	const char *end = skip_value(text);

	return end && !*end;
}

bool json_is_string(const char *value, const char *string)
{
	size_t len = strlen(string);

	return value && value[0] == '"' && !strncmp(value + 1, string, len) &&
	       value[1 + len] == '"';
}

const char *json_member(const char *text, const char *key)
{
	const char *at = skip_sign(text, '{');

	while (at && *at == '"') {
		bool found = json_is_string(at, key);

		at = skip_key(at);
		if (found)
			return at;
		at = skip_sign(skip_value(at), ',');
	}
	return NULL;
}
