/*
 * The 2D commands of the driver, and what is seen of them.
 *
 *   struct driver *d = driver_start_2d(_axes);
 *   struct pages *p = pages_new(d->ram, 64 * 48 * 4, 1, 4096);
 *
 *   create_2d(d, 7, BGRX, 64, 48);
 *   attach_backing(d, 7, p);
 *   set_scanout(d, 0, 7, RECT(0, 0, 64, 48));
 *   transfer_to_host(d, 7, RECT(0, 0, 64, 48), 0);
 *   flush(d, 7, RECT(0, 0, 64, 48));
 *   expect_screen(d);
 *
 * Beside the device there is its twin (twin.h): it is told the same, each reply
 * has to be one that it allows, and expect_screen() compares what both show.
 * Those of the functions that return nothing need OK_NODATA.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#ifndef COMMANDS_H
#define COMMANDS_H

#include "driver.h"
#include "pages.h"
#include "twin.h"

enum {
	BGRA = VIRTIO_GPU_FORMAT_B8G8R8A8_UNORM,
	BGRX = VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM,
};

/* All eight. */
enum { FORMATS = 8 };
extern const uint32_t all_formats[FORMATS];

#define RECT(left, top, w, h) \
	(struct virtio_gpu_rect) \
	{ \
		.x = (left), .y = (top), .width = (w), .height = (h) \
	}

/* A driver with a twin. */
struct driver *driver_start_2d(const struct axes *axes);
struct driver *driver_start_2d_with(const struct driver_options *o);

void create_2d(struct driver *d, uint32_t id, uint32_t format, uint32_t width,
	       uint32_t height);
void unref(struct driver *d, uint32_t id);
void attach_backing(struct driver *d, uint32_t id, const struct pages *p);
void detach_backing(struct driver *d, uint32_t id);
void transfer_to_host(struct driver *d, uint32_t id, struct virtio_gpu_rect r,
		      uint64_t offset);
void set_scanout(struct driver *d, uint32_t scanout, uint32_t id,
		 struct virtio_gpu_rect r);
void scanout_off(struct driver *d, uint32_t scanout);
void flush(struct driver *d, uint32_t id, struct virtio_gpu_rect r);

/* The same, where something else may be answered. */
struct reply try_create(struct driver *d, uint32_t id, uint32_t format,
			uint32_t width, uint32_t height);
struct reply try_unref(struct driver *d, uint32_t id);
/* `count` is what nr_entries says, `n` are there. */
struct reply try_attach(struct driver *d, uint32_t id, uint32_t count,
			const struct virtio_gpu_mem_entry *entries, uint32_t n);
struct reply try_detach(struct driver *d, uint32_t id);
struct reply try_transfer(struct driver *d, uint32_t id,
			  struct virtio_gpu_rect r, uint64_t offset);
struct reply try_scanout(struct driver *d, uint32_t scanout, uint32_t id,
			 struct virtio_gpu_rect r);
struct reply try_flush(struct driver *d, uint32_t id, struct virtio_gpu_rect r);

/* Any of these commands, as bytes. */
struct reply try_2d(struct driver *d, const struct request *r);

/* Where a rectangle's first pixel is in the backing, as Linux has it. */
uint64_t offset_of(const struct virtio_gpu_rect *r, uint32_t width);

/*
 * FAILs unless the screen shows what the twin does, on each scanout, cursors
 * (cursorcommands.h) included. What was not flushed since its SET_SCANOUT may be
 * anything.
 */
void expect_screen(struct driver *d);

/* transfer_to_host() and flush() of all of it; and all of that in one go. */
void show(struct driver *d, uint32_t id, uint32_t width, uint32_t height);
struct pages *show_new(struct driver *d, uint32_t scanout, uint32_t id,
		       uint32_t format, uint32_t width, uint32_t height);

/*
 * A transfer of `r`, at offset 0, and the command behind it, both in the ring
 * before either is answered. Both are done, and the transfer is the first.
 */
void transfer_and(struct driver *d, uint32_t id, struct virtio_gpu_rect r,
		  const struct request *then);

/* An error, `code` or with --portable any. */
#define EXPECT_REFUSED(call, code) \
	do { \
		struct reply refused_ = (call); \
		EXPECT_ERROR(refused_, code); \
	} while (0)
#define EXPECT_DONE(call) \
	do { \
		struct reply done_ = (call); \
		EXPECT_REPLY(done_, VIRTIO_GPU_RESP_OK_NODATA, 24); \
	} while (0)
#define INVALID_PARAMETER VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER
#define INVALID_RESOURCE VIRTIO_GPU_RESP_ERR_INVALID_RESOURCE_ID
#define INVALID_SCANOUT VIRTIO_GPU_RESP_ERR_INVALID_SCANOUT_ID
#define OUT_OF_MEMORY VIRTIO_GPU_RESP_ERR_OUT_OF_MEMORY
#define UNSPEC VIRTIO_GPU_RESP_ERR_UNSPEC

#endif
