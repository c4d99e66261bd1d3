/*
 * The cursor in PNG files: put into the picture, as one sees it, unless
 * --png-cursor=no asks for the picture alone. What Ctrl+Alt+S saves is what the
 * window shows: always with the cursor.
 */
#ifndef CURSORFILES_H
#define CURSORFILES_H

struct cursoroverlay;
struct cursors;
struct options;
struct pngdisplay;

void cursorfiles_add(struct cursoroverlay *overlay, struct cursors *cursors,
		     struct pngdisplay *png, struct options *options);

#endif
