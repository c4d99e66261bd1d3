/*
 * Where pixels go: what a scanout and a place that shows pictures have to say
 * to each other.
 *
 *   scanout.c  --ops-->  mailbox.c  --latest frame-->  a window, files, QEMU
 *   (device thread)                                    (--display=)
 *
 * All pictures are x8r8g8b8 (format.h).
 */
#ifndef DISPLAY_H
#define DISPLAY_H

#include <linux/virtio_gpu.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.h"

struct gpu;
struct resource;
struct server;

enum { DISPLAY_KINDS = 8 };

/* What a scanout shows: the part of a resource whose top left is at x, y. */
struct view {
	const struct resource *res;
	uint32_t x, y;
};

/* Puts `r`, in the scanout's coordinates, into rows `stride` bytes apart. */
void view_read(const struct view *view, const struct virtio_gpu_rect *r,
	       uint32_t *to, size_t stride);

/* Called on the device's thread. */
struct display_ops {
	/*
	 * From now on the scanout has that size, in pixels, and its content is
	 * black until it is updated; 0x0: it is off.
	 */
	void (*scanout)(void *arg, unsigned scanout, uint32_t width,
			uint32_t height);
	/*
	 * `r` of the scanout, inside it and not empty, has new pixels. They
	 * are the view's until this returns.
	 */
	void (*update)(void *arg, unsigned scanout,
		       const struct virtio_gpu_rect *r,
		       const struct view *view);
	/* Bytes that the pictures of that scanout take by now. */
	uint64_t (*held)(void *arg, unsigned scanout);
};

/* One value of --display. */
struct display_kind {
	const char *name;  /* "png" */
	const char *value; /* "DIR" if one follows, as in png:DIR; or NULL */
	const struct display_ops *ops; /* NULL: pictures are not looked at */
	void *ops_arg;
	/*
	 * Copies of each scanout's picture that it keeps, for the budget: so
	 * many are paid for as long as the scanout is on.
	 */
	unsigned copies;

	/* Is there what it takes? NULL, or what is missing. For `auto`. */
	const char *(*missing)(void *arg);
	/*
	 * Start-up on the main thread, before the guest can be there. NULL, or
	 * why not. Any of these functions may be NULL.
	 */
	const char *(*open)(void *arg, const char *value);
	/*
	 * The main thread's work, until stop() was called, on the device's
	 * thread; then it shows what is left to show and returns. Without run()
	 * there is one thread.
	 */
	void (*run)(void *arg);
	void (*stop)(void *arg);
	void (*close)(void *arg);
	void *arg;
};

struct display {
	struct gpu *gpu;
	const struct display_kind *kinds[DISPLAY_KINDS];
	unsigned count;
	const struct display_kind *kind; /* that was chosen; NULL: none */
	const char *value;		 /* of its own, behind the colon */
	bool is_auto;

	struct server *server;
	int status; /* the program's */
	struct option_row rows[2];
	char takes[256]; /* "takes auto, none, ...", for its help and fault */
};

/* --display=auto|none, and those added. */
void display_init(struct display *display, struct gpu *gpu,
		  struct options *options);
/* Of those `auto` can take, the first added comes first. */
void display_add(struct display *display, const struct display_kind *kind);

/* Serves, and shows. Returns the program's exit status. */
int display_run(struct display *display, struct server *server);

/* For scanout.c. */
void display_scanout(struct display *display, unsigned scanout, uint32_t width,
		     uint32_t height);
void display_update(struct display *display, unsigned scanout,
		    const struct virtio_gpu_rect *r, const struct view *view);
unsigned display_copies(const struct display *display);
uint64_t display_held(const struct display *display, unsigned scanout);

#endif
