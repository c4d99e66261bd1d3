/*
 * What the title of a window says, put together from parts:
 *
 *   stage2: Virtual-1 1280x800 (50 %)
 *   |       |         |        how large it is shown, if not as it is
 *   |       |         its mode, or "off"
 *   program connector, as Linux calls it
 */
#ifndef WINDOWTITLE_H
#define WINDOWTITLE_H

struct text;
struct window;
struct windows;

enum { TITLE_PARTS = 8 };

struct title_part {
	/* Adds to a window's title; on the main thread. */
	void (*add)(void *arg, const struct window *window, struct text *title);
	void *arg;
};

struct titles {
	struct title_part parts[TITLE_PARTS];
	unsigned count;
};

/* It follows those that are there. */
void windowtitle_add(struct titles *titles, const struct title_part *part);
void windowtitle_init(struct titles *titles);

void windowtitle_update(struct window *window);

#endif
