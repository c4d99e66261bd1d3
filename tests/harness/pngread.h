/*
 * PNG files, as other programs would read them.
 */
#ifndef PNGREAD_H
#define PNGREAD_H

struct picture;

/* NULL: there is no whole RGB picture at `path`. */
struct picture *png_picture(const char *path);

#endif
