/*
 * Pictures on a screen of virtio-gpu's, by the kernel's ioctls alone.
 *
 * A picture of kms_create() is what DRM_IOCTL_VIRTGPU_RESOURCE_CREATE makes: any
 * format, and every rectangle reaches the device. A dumb buffer, which is what a
 * display program takes, is B8G8R8X8 and is transferred by the driver.
 *
 * What must not fail ends the program with a line on stderr.
 */
#ifndef KMS_H
#define KMS_H

#include <drm.h>
#include <stddef.h>
#include <stdint.h>

struct kms {
	int fd;
	uint32_t connector, crtc;
	struct drm_mode_modeinfo mode; /* the one the monitor prefers */
};

struct picture {
	uint32_t handle;
	uint32_t fb; /* 0: none yet */
	unsigned width, height;
	uint32_t *pixels; /* the guest's pages behind it */
	size_t size;
};

/* The first connected monitor. */
void kms_open(struct kms *kms);

/* A mode of any size; the clock is one that the kernel does not object to. */
struct drm_mode_modeinfo kms_mode(unsigned width, unsigned height);

/*
 * `format` is one of VIRTIO_GPU_FORMAT_, or no format; `bytes` is the size of
 * the backing, which may be too small. Nothing here minds what the device says.
 */
void kms_create(struct kms *kms, struct picture *picture, uint32_t format,
		unsigned width, unsigned height, size_t bytes);
/* A dumb buffer, its size a mode's or a cursor's; returns its bytes per row. */
unsigned kms_dumb(struct kms *kms, struct picture *picture, unsigned width,
		  unsigned height);
void kms_destroy(struct kms *kms, struct picture *picture);

/* TRANSFER_TO_HOST_2D, of any rectangle, even one that can't be. */
void kms_transfer(struct kms *kms, const struct picture *picture, uint32_t x,
		  uint32_t y, uint32_t width, uint32_t height, uint32_t offset);

/*
 * SET_SCANOUT and RESOURCE_FLUSH of a mode's size out of the picture, from x, y.
 * `width` and `height` are the picture's as the kernel is told. Returns 0 or
 * the kernel's errno.
 */
int kms_show(struct kms *kms, struct picture *picture, unsigned width,
	     unsigned height, const struct drm_mode_modeinfo *mode, unsigned x,
	     unsigned y);

/*
 * The CRTC's cursor: UPDATE_CURSOR, after a transfer of the picture, if it is of
 * kms_dumb(), that the driver waits for. `x`, `y` is the place of its top left;
 * NULL: none is shown.
 */
void kms_cursor(struct kms *kms, struct picture *picture, int32_t x, int32_t y,
		int32_t hot_x, int32_t hot_y);
/* MOVE_CURSOR. */
void kms_cursor_move(struct kms *kms, int32_t x, int32_t y);

/* Everything asked for so far has been answered by the device. */
void kms_barrier(struct kms *kms);

#endif
