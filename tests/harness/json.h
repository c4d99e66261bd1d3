/*
 * JSON, as far as a test has to look at some: whether a text is any, and what
 * is under a key of its outermost object. RFC 8259.
 */
#ifndef JSON_H
#define JSON_H

#include <stdbool.h>

/* One value and white space around it; nothing else. */
bool json_valid(const char *text);

/*
 * Points at the value under that key of an object that is valid; NULL if there
 * is none. Keys are compared as they are written.
 */
const char *json_member(const char *text, const char *key);

/* That value is this string. */
bool json_is_string(const char *value, const char *string);

#endif
