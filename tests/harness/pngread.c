/*
 * Reads PNG files by libpng's simplified interface, which gives all or nothing.
 */
#include "pngread.h"

#include <png.h>
#include <stdlib.h>

#include "picture.h"

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
