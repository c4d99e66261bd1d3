/*
 * A picture as a PNG file.
 */
#ifndef PNGFILE_H
#define PNGFILE_H

struct frame;

/*
 * Writes the frame to `path` as RGB. Who looks at that path sees the whole
 * picture, or what was there before: it is written to a file beside it, which
 * is moved there at the end. Quick rather than small. Any thread's. Returns
 * NULL, or why not; then `path` is left as it was.
 */
const char *pngfile_write(const char *path, const struct frame *frame);

#endif
