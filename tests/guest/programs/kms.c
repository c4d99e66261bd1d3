/*
 * Pictures on a screen of virtio-gpu's, by the kernel's ioctls alone.
 */
#include "kms.h"

#include <drm_fourcc.h>
#include <virtgpu_drm.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/virtio_gpu.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

enum { TEXTURE_2D = 2, MOST = 32 };

static void must(struct kms *kms, unsigned long request, void *arg,
		 const char *name)
{
	if (ioctl(kms->fd, request, arg))
		err(1, "%s", name);
}

/* One connector, its modes read; false if nothing is connected there. */
static int connected(struct kms *kms, uint32_t id)
{
	struct drm_mode_get_connector connector = { .connector_id = id };
	struct drm_mode_modeinfo *modes;

	must(kms, DRM_IOCTL_MODE_GETCONNECTOR, &connector, "GETCONNECTOR");
	if (connector.connection != 1 || connector.count_modes == 0)
		return 0;
	modes = calloc(connector.count_modes, sizeof(*modes));
	if (!modes)
		err(1, "%u modes", connector.count_modes);
	connector.modes_ptr = (uintptr_t)modes;
	connector.count_props = 0;
	connector.count_encoders = 0;
	must(kms, DRM_IOCTL_MODE_GETCONNECTOR, &connector, "GETCONNECTOR");
	kms->mode = modes[0];
	kms->connector = id;
	free(modes);
	return 1;
}

/* virtio-gpu's connectors and CRTCs are pairs, in the same order. */
void kms_open(struct kms *kms)
{
	uint32_t connectors[MOST], crtcs[MOST];
	struct drm_mode_card_res found = {
		.connector_id_ptr = (uintptr_t)connectors,
		.crtc_id_ptr = (uintptr_t)crtcs,
		.count_connectors = MOST,
		.count_crtcs = MOST,
	};

	kms->fd = open("/dev/dri/card0", O_RDWR | O_CLOEXEC);
	if (kms->fd < 0)
		err(1, "/dev/dri/card0");
	must(kms, DRM_IOCTL_MODE_GETRESOURCES, &found, "GETRESOURCES");
	for (uint32_t i = 0; i < found.count_connectors && i < MOST; i++) {
		kms->crtc = crtcs[i];
		if (connected(kms, connectors[i]))
			return;
	}
	errx(1, "no monitor is connected");
}

struct drm_mode_modeinfo kms_mode(unsigned width, unsigned height)
{
	struct drm_mode_modeinfo mode = {
		.hdisplay = (uint16_t)width,
		.hsync_start = (uint16_t)(width + 48),
		.hsync_end = (uint16_t)(width + 80),
		.htotal = (uint16_t)(width + 160),
		.vdisplay = (uint16_t)height,
		.vsync_start = (uint16_t)(height + 3),
		.vsync_end = (uint16_t)(height + 9),
		.vtotal = (uint16_t)(height + 30),
		.vrefresh = 60,
	};

	mode.clock = mode.htotal * mode.vtotal * 60u / 1000;
	return mode;
}

static void map(struct kms *kms, struct picture *picture)
{
	struct drm_virtgpu_map where = { .handle = picture->handle };
	void *pixels;

	must(kms, DRM_IOCTL_VIRTGPU_MAP, &where, "VIRTGPU_MAP");
	pixels = mmap(NULL, picture->size, PROT_READ | PROT_WRITE, MAP_SHARED,
		      kms->fd, (off_t)where.offset);
	if (pixels == MAP_FAILED)
		err(1, "mmap");
	picture->pixels = pixels;
}

void kms_create(struct kms *kms, struct picture *picture, uint32_t format,
		unsigned width, unsigned height, size_t bytes)
{
	struct drm_virtgpu_resource_create create = {
		.target = TEXTURE_2D,
		.format = format,
		.width = width,
		.height = height,
		.depth = 1,
		.array_size = 1,
		.size = (uint32_t)bytes,
	};

	must(kms, DRM_IOCTL_VIRTGPU_RESOURCE_CREATE, &create,
	     "VIRTGPU_RESOURCE_CREATE");
	*picture = (struct picture){ .handle = create.bo_handle,
				     .width = width,
				     .height = height,
				     .size = bytes };
	map(kms, picture);
}

unsigned kms_dumb(struct kms *kms, struct picture *picture, unsigned width,
		  unsigned height)
{
	struct drm_mode_create_dumb create = { .width = width,
					       .height = height,
					       .bpp = 32 };

	must(kms, DRM_IOCTL_MODE_CREATE_DUMB, &create, "MODE_CREATE_DUMB");
	*picture = (struct picture){ .handle = create.handle,
				     .width = width,
				     .height = height,
				     .size = create.size };
	map(kms, picture);
	return create.pitch;
}

void kms_destroy(struct kms *kms, struct picture *picture)
{
	struct drm_gem_close close_it = { .handle = picture->handle };

	if (picture->fb)
		must(kms, DRM_IOCTL_MODE_RMFB, &picture->fb, "RMFB");
	munmap(picture->pixels, picture->size);
	must(kms, DRM_IOCTL_GEM_CLOSE, &close_it, "GEM_CLOSE");
}

void kms_transfer(struct kms *kms, const struct picture *picture, uint32_t x,
		  uint32_t y, uint32_t width, uint32_t height, uint32_t offset)
{
	struct drm_virtgpu_3d_transfer_to_host transfer = {
		.bo_handle = picture->handle,
		.box = { .x = x, .y = y, .w = width, .h = height, .d = 1 },
		.offset = offset,
	};

	must(kms, DRM_IOCTL_VIRTGPU_TRANSFER_TO_HOST, &transfer,
	     "VIRTGPU_TRANSFER_TO_HOST");
}

/* The kernel is told XRGB8888 whatever it is: it would take nothing else. */
static int add_fb(struct kms *kms, struct picture *picture, unsigned width,
		  unsigned height)
{
	struct drm_mode_fb_cmd2 fb = {
		.width = width,
		.height = height,
		.pixel_format = DRM_FORMAT_XRGB8888,
		.handles = { picture->handle },
		.pitches = { width * 4 },
	};

	if (ioctl(kms->fd, DRM_IOCTL_MODE_ADDFB2, &fb))
		return errno;
	picture->fb = fb.fb_id;
	return 0;
}

int kms_show(struct kms *kms, struct picture *picture, unsigned width,
	     unsigned height, const struct drm_mode_modeinfo *mode, unsigned x,
	     unsigned y)
{
	struct drm_mode_crtc crtc = {
		.set_connectors_ptr = (uintptr_t)&kms->connector,
		.count_connectors = 1,
		.crtc_id = kms->crtc,
		.x = x,
		.y = y,
		.mode_valid = 1,
		.mode = *mode,
	};
	int error = picture->fb ? 0 : add_fb(kms, picture, width, height);

	if (error)
		return error;
	crtc.fb_id = picture->fb;
	return ioctl(kms->fd, DRM_IOCTL_MODE_SETCRTC, &crtc) ? errno : 0;
}

void kms_cursor(struct kms *kms, struct picture *picture, int32_t x, int32_t y,
		int32_t hot_x, int32_t hot_y)
{
	struct drm_mode_cursor2 cursor = {
		.flags = DRM_MODE_CURSOR_BO | DRM_MODE_CURSOR_MOVE,
		.crtc_id = kms->crtc,
		.x = x,
		.y = y,
		.width = picture ? picture->width : 0,
		.height = picture ? picture->height : 0,
		.handle = picture ? picture->handle : 0,
		.hot_x = hot_x,
		.hot_y = hot_y,
	};

	must(kms, DRM_IOCTL_MODE_CURSOR2, &cursor, "MODE_CURSOR2");
}

void kms_cursor_move(struct kms *kms, int32_t x, int32_t y)
{
	struct drm_mode_cursor2 cursor = {
		.flags = DRM_MODE_CURSOR_MOVE,
		.crtc_id = kms->crtc,
		.x = x,
		.y = y,
	};

	must(kms, DRM_IOCTL_MODE_CURSOR2, &cursor, "MODE_CURSOR2");
}

/* Commands are answered in order, and the one that makes a resource has a
 * fence, which the kernel can wait for. */
void kms_barrier(struct kms *kms)
{
	struct picture last;
	struct drm_virtgpu_3d_wait wait = { 0 };

	kms_create(kms, &last, VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM, 1, 1, 4096);
	wait.handle = last.handle;
	must(kms, DRM_IOCTL_VIRTGPU_WAIT, &wait, "VIRTGPU_WAIT");
	kms_destroy(kms, &last);
}
