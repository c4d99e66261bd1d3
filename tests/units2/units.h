/*
 * What the tests of stage 2's own parts share: pictures to draw, a folder,
 * memory that runs out, and a disk that doesn't answer.
 *
 * Other than the suites these link the device's objects, and look at what no
 * driver sees: which thread waits for which, and what two of them make of a
 * picture.
 */
#ifndef UNITS_H
#define UNITS_H

#include <check.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "display.h"
#include "mailbox.h"
#include "resource.h"

/* A resource whose pixels the test draws, and its copy of what was shown. */
struct picture {
	struct resource res; /* first: a picture is a resource */
	uint32_t *pixels, *shown;
};

struct picture *picture_new(uint32_t width, uint32_t height);
void picture_free(struct picture *p);

/* Draws `r`, all different from each other and from those before. */
void picture_draw(struct picture *p, const struct virtio_gpu_rect *r);
/* All of it in one colour. */
void picture_fill(struct picture *p, uint32_t colour);
/* Gives `r` of it to the display, which may read it until then. */
void picture_show(struct picture *p, const struct virtio_gpu_rect *r,
		  const struct display_ops *ops, void *arg, unsigned scanout);
/* Draws all and shows it. */
void picture_next(struct picture *p, const struct display_ops *ops, void *arg,
		  unsigned scanout);

struct virtio_gpu_rect picture_all(const struct picture *p);
/* Somewhere inside, never empty. */
struct virtio_gpu_rect picture_part(const struct picture *p);

/* Fails the test unless the frame has that size and those pixels. */
void expect_shown(const struct picture *p, const struct frame *frame);

/* Is the file at `path` a whole PNG of those pixels? NULL, or what it is. */
const char *png_differs(const char *path, struct picture *p);
/* The same with several that it may be. */
const char *png_is_none_of(const char *path, struct picture *const *p,
			   unsigned count);

/* A number from 0 to below - 1; the same ones each time. */
uint32_t draw(uint32_t below);

/* An empty folder, its own for each test, and how many files are in it. */
const char *folder_new(void);
void folder_remove(const char *folder);
unsigned folder_files(const char *folder);
/* Of a file in it; valid until the eighth next call. */
const char *folder_path(const char *folder, const char *name);

/* The next `times` calls of calloc() by the device have no memory. */
void memory_runs_out(unsigned times);

/* From now on SDL makes none for the device. */
void textures_run_out(void);

/* The disk hangs: rename() by the device waits until it goes on. */
void disk_hangs(void);
/* Waits until somebody is waiting there. */
void disk_is_waited_for(void);
void disk_goes_on(void);

Suite *warnings_units(void), *mailbox_units(void), *account_units(void),
	*threads_units(void), *uplink_units(void), *pngfile_units(void),
	*pngdisplay_units(void), *layers_units(void), *damage_units(void),
	*viewport_units(void);

#endif
