/*
 * A window's picture, kept as a file.
 */
#ifndef SCREENSHOT_H
#define SCREENSHOT_H

struct window;

/*
 * Saves what the scanout shows, unscaled, as Virtual-1-001.png or the first
 * number that is free in the current directory, and says so in one line.
 */
void screenshot_save(struct window *window);

#endif
