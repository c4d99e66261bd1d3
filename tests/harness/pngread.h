/*
 * PNG files, as other programs would read them.
 */
#ifndef PNGREAD_H
#define PNGREAD_H

#include <stdint.h>

struct picture;

/* NULL: there is no whole RGB picture at `path`. */
struct picture *png_picture(const char *path);

/* Waits until that picture has been moved to `path`, or FAILs; it may be there. */
void png_await(const char *path, const struct picture *expected,
	       uint64_t patience_ms);

#endif
