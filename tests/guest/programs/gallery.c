/*
 * gallery - what the formats and odd sizes look like, and what the device
 * refuses: a page each, on the first monitor.
 *
 * Every page is the same test card: where one of the eight differs from the
 * others, its format's bytes were taken in a wrong order. It goes to the device
 * in rectangles of odd sizes, so a wrong stride or offset tears it apart.
 */
#include "canvas.h"
#include "kms.h"
#include "refusals.h"

#include <err.h>
#include <linux/virtio_gpu.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	PIECE_WIDTH = 61, /* of a transfer; odd, as are all sizes here */
	PIECE_HEIGHT = 37,
	ODD_WIDTH = 701,
	ODD_HEIGHT = 393,
	ODD_X = 101,
	ODD_Y = 83,
};

/* The name is the order of the bytes in memory, low address first. */
static const struct format {
	uint32_t id;
	const char *name;
} formats[] = {
	{ VIRTIO_GPU_FORMAT_B8G8R8A8_UNORM, "B8G8R8A8" },
	{ VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM, "B8G8R8X8" },
	{ VIRTIO_GPU_FORMAT_A8R8G8B8_UNORM, "A8R8G8B8" },
	{ VIRTIO_GPU_FORMAT_X8R8G8B8_UNORM, "X8R8G8B8" },
	{ VIRTIO_GPU_FORMAT_R8G8B8A8_UNORM, "R8G8B8A8" },
	{ VIRTIO_GPU_FORMAT_X8B8G8R8_UNORM, "X8B8G8R8" },
	{ VIRTIO_GPU_FORMAT_A8B8G8R8_UNORM, "A8B8G8R8" },
	{ VIRTIO_GPU_FORMAT_R8G8B8X8_UNORM, "R8G8B8X8" },
};

/* The host's turn: it answers with a line when it has seen the page. */
static void page_done(const char *what, const char *name)
{
	char line[80];

	printf("guest: %s %s\n", what, name);
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		exit(0);
}

/* The byte of a colour that a letter of a format's name stands for. */
static uint8_t component(char letter, uint32_t colour, uint8_t rest)
{
	switch (letter) {
	case 'R':
		return (uint8_t)(colour >> 16);
	case 'G':
		return (uint8_t)(colour >> 8);
	case 'B':
		return (uint8_t)colour;
	default:
		return rest;
	}
}

/* Alpha and padding differ from pixel to pixel: on a screen neither counts. */
static void pack(const struct format *format, uint32_t *pixels, size_t count)
{
	uint8_t *bytes = (uint8_t *)pixels;

	for (size_t i = 0; i < count; i++) {
		uint32_t colour = pixels[i];

		for (size_t byte = 0; byte < 4; byte++)
			bytes[i * 4 + byte] = component(format->name[byte * 2],
							colour, (uint8_t)i);
	}
}

static unsigned least(unsigned a, unsigned b)
{
	return a < b ? a : b;
}

static void transfer_in_pieces(struct kms *kms, const struct picture *picture)
{
	for (unsigned y = 0; y < picture->height; y += PIECE_HEIGHT)
		for (unsigned x = 0; x < picture->width; x += PIECE_WIDTH)
			kms_transfer(kms, picture, x, y,
				     least(PIECE_WIDTH, picture->width - x),
				     least(PIECE_HEIGHT, picture->height - y),
				     (y * picture->width + x) * 4);
}

static void show(struct kms *kms, struct picture *picture,
		 const struct drm_mode_modeinfo *mode, unsigned x, unsigned y)
{
	int error = kms_show(kms, picture, picture->width, picture->height,
			     mode, x, y);

	if (error)
		errx(1, "can't show a picture: %s", strerror(error));
}

static void format_page(struct kms *kms, const struct format *format,
			struct picture *picture)
{
	unsigned width = kms->mode.hdisplay, height = kms->mode.vdisplay;
	struct canvas canvas = { .width = width,
				 .height = height,
				 .stride = width };

	kms_create(kms, picture, format->id, width, height,
		   (size_t)width * height * 4);
	canvas.pixels = picture->pixels;
	card_draw(&canvas, format->name);
	pack(format, picture->pixels, (size_t)width * height);
	transfer_in_pieces(kms, picture);
	show(kms, picture, &kms->mode, 0, 0);
	page_done("look", format->name);
}

/* A screen of an odd size inside a larger resource of another; outside of it
 * that is red, which must not be seen. */
static void odd_page(struct kms *kms, struct picture *picture)
{
	struct drm_mode_modeinfo mode = kms_mode(ODD_WIDTH, ODD_HEIGHT);
	unsigned width = ODD_WIDTH + 2 * ODD_X - 1;
	unsigned height = ODD_HEIGHT + 2 * ODD_Y - 1;
	struct canvas canvas;

	kms_create(kms, picture, VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM, width,
		   height, (size_t)width * height * 4);
	canvas = (struct canvas){ picture->pixels, width, height, width };
	canvas_fill(&canvas, 0, 0, width, height, 0xff0000);
	canvas = (struct canvas){ picture->pixels + ODD_Y * width + ODD_X,
				  ODD_WIDTH, ODD_HEIGHT, width };
	card_draw(&canvas, "701x393 at 101,83");
	transfer_in_pieces(kms, picture);
	show(kms, picture, &mode, ODD_X, ODD_Y);
	page_done("look", "odd");
}

int main(void)
{
	enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };
	struct picture pictures[FORMATS + 2];
	struct kms kms;
	int let_through;

	kms_open(&kms);
	for (size_t i = 0; i < FORMATS; i++)
		format_page(&kms, &formats[i], &pictures[i]);
	odd_page(&kms, &pictures[FORMATS]);
	let_through = refusals_show(&kms, &pictures[FORMATS + 1]);
	page_done("stay", "refusals");
	return let_through ? 1 : 0;
}
