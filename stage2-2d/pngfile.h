/*
 * A picture as a PNG file.
 */
#ifndef PNGFILE_H
#define PNGFILE_H

#include <stdint.h>

struct frame;

struct png_rows {
	uint32_t width, height; /* pixels */
	/* Puts row `y` there, as x8r8g8b8. */
	void (*read)(const void *arg, uint32_t y, uint32_t *to);
	const void *arg;
};

/*
 * Writes the rows to `path` as RGB. Who looks at that path sees the whole
 * picture, or what was there before: it is written to a file beside it, which
 * is moved there at the end. Quick rather than small. Any thread's. Returns
 * NULL, or why not; then `path` is left as it was.
 */
const char *pngfile_write_rows(const char *path, const struct png_rows *rows);
/* The same of a picture that is there as a whole. */
const char *pngfile_write(const char *path, const struct frame *frame);

#endif
