/*
 * Reads PNG files by libpng's simplified interface, which gives all or nothing.
 */
#define _GNU_SOURCE
#include "pngread.h"

#include <png.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "picture.h"
#include "pump.h"

struct picture *png_picture(const char *path)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	struct picture *p = NULL;
	uint8_t *rgb;

	if (!png_image_begin_read_from_file(&image, path))
		return NULL;
	rgb = malloc(PNG_IMAGE_SIZE(image));
	if (image.format == PNG_FORMAT_RGB &&
	    png_image_finish_read(&image, NULL, rgb, 0, NULL) &&
	    !image.warning_or_error)
		p = picture_new(image.width, image.height);
	for (size_t i = 0; p && i < (size_t)p->width * p->height; i++)
		p->pixels[i] = (uint32_t)rgb[3 * i] << 16 |
			       (uint32_t)rgb[3 * i + 1] << 8 | rgb[3 * i + 2];
	png_image_free(&image);
	free(rgb);
	return p;
}

static bool is_there(const char *path, const struct picture *expected)
{
	struct picture *got = png_picture(path);
	bool same = got && picture_same(expected, got);

	picture_free(got);
	return same;
}

static int watch_folder(const char *path)
{
	int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
	char *folder = strdup(path);

	*strrchr(folder, '/') = 0;
	inotify_add_watch(watch, folder, IN_MOVED_TO);
	free(folder);
	return watch;
}

void png_await(const char *path, const struct picture *expected,
	       uint64_t patience_ms)
{
	uint64_t end = pump_now() + patience_ms;
	int watch = watch_folder(path);
	char events[4096];

	while (!is_there(path, expected)) {
		if (pump_now() > end)
			picture_expect(expected, png_picture(path), path);
		if (pump_until_readable(watch, 1000))
			while (read(watch, events, sizeof(events)) > 0)
				continue;
	}
	close(watch);
}
