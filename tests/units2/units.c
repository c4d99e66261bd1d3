/*
 * Pictures, folders, and what can be made to go wrong.
 */
#define _GNU_SOURCE
#include "units.h"

#include <SDL.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <png.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- pictures ---- */

uint32_t draw(uint32_t below)
{
	static uint32_t state = 2463534242;

	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % below;
}

static void read_part(const struct resource *res,
		      const struct virtio_gpu_rect *r, uint32_t *to,
		      size_t stride)
{
	const struct picture *p = (const struct picture *)res;

	for (uint32_t y = 0; y < r->height; y++)
		memcpy((uint8_t *)to + y * stride,
		       p->pixels + (size_t)(r->y + y) * res->width + r->x,
		       r->width * sizeof(*to));
}

static const struct resource_ops picture_ops = { .read = read_part };

struct picture *picture_new(uint32_t width, uint32_t height)
{
	struct picture *p = malloc(sizeof(*p));
	size_t bytes = (size_t)width * height * sizeof(*p->pixels);

	*p = (struct picture){
		.res = { .ops = &picture_ops,
			 .width = width,
			 .height = height },
		.pixels = malloc(bytes),
		.shown = malloc(bytes),
	};
	memset(p->pixels, 0, bytes);
	memset(p->shown, 0, bytes);
	return p;
}

void picture_free(struct picture *p)
{
	free(p->pixels);
	free(p->shown);
	free(p);
}

void picture_draw(struct picture *p, const struct virtio_gpu_rect *r)
{
	static uint32_t drawn;

	for (uint32_t y = r->y; y < r->y + r->height; y++)
		for (uint32_t x = r->x; x < r->x + r->width; x++)
			p->pixels[(size_t)y * p->res.width + x] = ++drawn *
								  2654435761u;
}

void picture_fill(struct picture *p, uint32_t colour)
{
	for (size_t i = 0; i < (size_t)p->res.width * p->res.height; i++)
		p->pixels[i] = colour;
}

void picture_show(struct picture *p, const struct virtio_gpu_rect *r,
		  const struct display_ops *ops, void *arg, unsigned scanout)
{
	struct view view = { &p->res, 0, 0 };
	size_t at = (size_t)r->y * p->res.width + r->x;

	ops->update(arg, scanout, r, &view);
	read_part(&p->res, r, p->shown + at, p->res.width * sizeof(*p->shown));
}

void picture_next(struct picture *p, const struct display_ops *ops, void *arg,
		  unsigned scanout)
{
	struct virtio_gpu_rect all = picture_all(p);

	picture_draw(p, &all);
	picture_show(p, &all, ops, arg, scanout);
}

struct virtio_gpu_rect picture_all(const struct picture *p)
{
	return (struct virtio_gpu_rect){ 0, 0, p->res.width, p->res.height };
}

struct virtio_gpu_rect picture_part(const struct picture *p)
{
	struct virtio_gpu_rect r = { .x = draw(p->res.width),
				     .y = draw(p->res.height) };

	r.width = 1 + draw(p->res.width - r.x);
	r.height = 1 + draw(p->res.height - r.y);
	return r;
}

void expect_shown(const struct picture *p, const struct frame *frame)
{
	ck_assert_uint_eq(frame->width, p->res.width);
	ck_assert_uint_eq(frame->height, p->res.height);
	for (size_t i = 0; i < (size_t)frame->width * frame->height; i++)
		if (frame->pixels[i] != p->shown[i])
			ck_abort_msg("pixel %zu,%zu: expected %08x, got %08x",
				     i % frame->width, i / frame->width,
				     p->shown[i], frame->pixels[i]);
}

/* ---- PNG files ---- */

static const char *pixels_differ(const uint8_t *rgb, const struct picture *p)
{
	static char text[80];

	for (size_t i = 0; i < (size_t)p->res.width * p->res.height; i++) {
		uint32_t pixel = (uint32_t)rgb[3 * i] << 16 |
				 (uint32_t)rgb[3 * i + 1] << 8 | rgb[3 * i + 2];

		if (pixel == (p->shown[i] & 0xffffff))
			continue;
		snprintf(text, sizeof(text),
			 "pixel %zu is %06x and should be %06x", i, pixel,
			 p->shown[i] & 0xffffff);
		return text;
	}
	return NULL;
}

/* The simplified API fills a buffer only if the file is whole. NULL: it isn't. */
static uint8_t *read_png(const char *path, png_image *image)
{
	uint8_t *rgb;

	*image = (png_image){ .version = PNG_IMAGE_VERSION };
	if (!png_image_begin_read_from_file(image, path))
		return NULL;
	rgb = malloc(PNG_IMAGE_SIZE(*image));
	if (image->format == PNG_FORMAT_RGB &&
	    png_image_finish_read(image, NULL, rgb, 0, NULL) &&
	    !image->warning_or_error)
		return rgb;
	png_image_free(image);
	free(rgb);
	return NULL;
}

const char *png_is_none_of(const char *path, struct picture *const *p,
			   unsigned count)
{
	const char *what = "no picture is of that size";
	png_image image;
	uint8_t *rgb = read_png(path, &image);

	if (!rgb)
		return "no whole PNG file in RGB";
	for (unsigned i = 0; what && i < count; i++)
		if (image.width == p[i]->res.width &&
		    image.height == p[i]->res.height)
			what = pixels_differ(rgb, p[i]);
	free(rgb);
	return what;
}

const char *png_differs(const char *path, struct picture *p)
{
	return png_is_none_of(path, &p, 1);
}

/* ---- folders ---- */

const char *folder_new(void)
{
	static char folder[32];

	strcpy(folder, "/tmp/units2-XXXXXX");
	if (!mkdtemp(folder))
		ck_abort_msg("mkdtemp: %s", strerror(errno));
	return folder;
}

const char *folder_path(const char *folder, const char *name)
{
	static char paths[8][400];
	static unsigned turn;
	char *path = paths[turn++ % 8];

	snprintf(path, sizeof(paths[0]), "%s/%s", folder, name);
	return path;
}

static unsigned each_file(const char *folder, bool removing)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	unsigned count = 0;

	while (dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.')
			continue;
		count++;
		if (removing && unlinkat(dirfd(dir), entry->d_name, 0))
			unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR);
	}
	if (dir)
		closedir(dir);
	return count;
}

unsigned folder_files(const char *folder)
{
	return each_file(folder, false);
}

void folder_remove(const char *folder)
{
	each_file(folder, true);
	rmdir(folder);
}

/* ---- what the device calls instead of the C library: see the Makefile ---- */

void *__real_calloc(size_t count, size_t size);
void *__wrap_calloc(size_t count, size_t size);
int __real_rename(const char *from, const char *to);
int __wrap_rename(const char *from, const char *to);
SDL_Texture *__real_SDL_CreateTexture(SDL_Renderer *renderer, uint32_t format,
				      int access, int width, int height);
SDL_Texture *__wrap_SDL_CreateTexture(SDL_Renderer *renderer, uint32_t format,
				      int access, int width, int height);

static unsigned calls_without_memory;

void memory_runs_out(unsigned times)
{
	calls_without_memory = times;
}

void *__wrap_calloc(size_t count, size_t size)
{
	if (!calls_without_memory)
		return __real_calloc(count, size);
	calls_without_memory--;
	errno = ENOMEM;
	return NULL;
}

static bool no_textures;

void textures_run_out(void)
{
	no_textures = true;
}

SDL_Texture *__wrap_SDL_CreateTexture(SDL_Renderer *renderer, uint32_t format,
				      int access, int width, int height)
{
	if (!no_textures)
		return __real_SDL_CreateTexture(renderer, format, access, width,
						height);
	SDL_SetError("it is too large");
	return NULL;
}

static struct {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool hangs;
	unsigned waiting;
} disk = { .lock = PTHREAD_MUTEX_INITIALIZER,
	   .changed = PTHREAD_COND_INITIALIZER };

static void set_disk(bool hangs)
{
	pthread_mutex_lock(&disk.lock);
	disk.hangs = hangs;
	pthread_cond_broadcast(&disk.changed);
	pthread_mutex_unlock(&disk.lock);
}

void disk_hangs(void)
{
	set_disk(true);
}

void disk_goes_on(void)
{
	set_disk(false);
}

void disk_is_waited_for(void)
{
	pthread_mutex_lock(&disk.lock);
	while (!disk.waiting)
		pthread_cond_wait(&disk.changed, &disk.lock);
	pthread_mutex_unlock(&disk.lock);
}

int __wrap_rename(const char *from, const char *to)
{
	pthread_mutex_lock(&disk.lock);
	disk.waiting++;
	pthread_cond_broadcast(&disk.changed);
	while (disk.hangs)
		pthread_cond_wait(&disk.changed, &disk.lock);
	disk.waiting--;
	pthread_mutex_unlock(&disk.lock);
	return __real_rename(from, to);
}
