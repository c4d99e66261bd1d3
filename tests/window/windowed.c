/*
 * Windows as they have to look: see windowed.h.
 */
#include "windowed.h"

#include <png.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "pump.h"

struct driver *windowed_start(struct xserver *x, const char *options)
{
	char all[1024];
	struct program *p;

	snprintf(all, sizeof(all), "--display=sdl %s", options);
	p = program_start(all);
	xserver_window(x, "Virtual-1");
	return driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .program = p });
}

void expect_window(struct xserver *x, Window w, const struct picture *p)
{
	uint64_t end = pump_now() + XSERVER_WAIT_MS;
	struct picture *got = xserver_look(x, w);

	trail_step("the window shows %ux%u", p->width, p->height);
	while (!picture_same(p, got)) {
		if (pump_now() > end)
			picture_expect(p, got, "window");
		picture_free(got);
		xserver_wait(x);
		got = xserver_look(x, w);
	}
	picture_free(got);
}

void expect_scanout(struct xserver *x, Window w, struct driver *d,
		    unsigned scanout)
{
	expect_window(x, w, d->twin->scanout[scanout].shown);
}

void expect_black(struct xserver *x, Window w, uint32_t width, uint32_t height)
{
	struct picture *p = picture_new(width, height);

	expect_window(x, w, p);
	picture_free(p);
}

struct picture *placed(const struct picture *p, uint32_t factor, uint32_t width,
		       uint32_t height)
{
	struct picture *window = picture_new(width, height);
	uint32_t left = (width - p->width * factor) / 2;
	uint32_t top = (height - p->height * factor) / 2;

	for (uint32_t y = 0; y < p->height * factor; y++)
		for (uint32_t x = 0; x < p->width * factor; x++)
			window->pixels[(size_t)(top + y) * width + left + x] =
				p->pixels[(size_t)(y / factor) * p->width +
					  x / factor];
	return window;
}

void expect_line(struct driver *d, const char *text)
{
	uint64_t end = pump_now() + XSERVER_WAIT_MS;

	trail_step("the device says '%s'", text);
	while (!program_said(d->program, text)) {
		if (pump_now() > end)
			FAIL("it did not say '%s'", text);
		pump_until_readable(-1, 10);
	}
}

void go_to_own_folder(void)
{
	char folder[256];

	snprintf(folder, sizeof(folder), "%s", program_own_path(""));
	*strrchr(folder, '/') = 0;
	if (chdir(folder))
		FAIL("can't go to %s", folder);
}

static struct picture *read_png(const char *path)
{
	png_image image = { .version = PNG_IMAGE_VERSION };
	struct picture *p;

	if (!png_image_begin_read_from_file(&image, path))
		FAIL("%s: %s", path, image.message);
	image.format = PNG_FORMAT_BGRA;
	p = picture_new(image.width, image.height);
	if (!png_image_finish_read(&image, NULL, p->pixels, 0, NULL))
		FAIL("%s: %s", path, image.message);
	return p;
}

void expect_png(const char *path, const struct picture *expected)
{
	struct picture *p = read_png(path);

	picture_expect(expected, p, path);
	picture_free(p);
	unlink(path);
}
