/*
 * Drivers of a device that shows its pictures in windows, and what those
 * windows have to look like.
 */
#ifndef WINDOWED_H
#define WINDOWED_H

#include "commands.h"
#include "manager.h"
#include "suite.h"
#include "xserver.h"

suite_maker shown_suite, scaled_suite, keys_suite, closing_suite;
suite_maker resizing_suite, resting_suite, choice_suite, pointer_suite;
suite_maker typing_suite, pointing_suite, grabbing_suite;

/* The device with --display=sdl and other options, or "", once it has a window. */
struct driver *windowed_start(struct xserver *x, const char *options);

/* FAILs unless the window shows that, or the scanout's own picture. */
void expect_window(struct xserver *x, Window w, const struct picture *p);
void expect_scanout(struct xserver *x, Window w, struct driver *d,
		    unsigned scanout);
void expect_black(struct xserver *x, Window w, uint32_t width, uint32_t height);

/*
 * The picture with each pixel made a square of `factor`, in the middle of a
 * window of that size.
 */
struct picture *placed(const struct picture *p, uint32_t factor, uint32_t width,
		       uint32_t height);

/* Waits until the device has said that. */
void expect_line(struct driver *d, const char *text);

/* FAILs unless the file has that picture; deletes it. */
void expect_png(const char *path, const struct picture *expected);

/* The current directory is the harness's own folder until the test ends. */
void go_to_own_folder(void);

#endif
