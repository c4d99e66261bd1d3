/*
 * Writes PNG files with libpng, which reports its errors through longjmp(): what
 * it can leave that way is in encode() alone.
 */
#define _GNU_SOURCE
#include "pngfile.h"

#include <errno.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "mailbox.h"

enum { RGB = 3 }; /* bytes of a pixel in the file */

struct writer {
	const struct frame *frame;
	FILE *file;
	uint8_t *row;
	const char *why; /* of the first thing that went wrong */
	jmp_buf failed;
};

static void note_errno(struct writer *w)
{
	if (!w->why)
		w->why = strerrordesc_np(errno);
}

static void write_bytes(png_structp png, png_bytep bytes, size_t len)
{
	struct writer *w = png_get_io_ptr(png);

	if (fwrite(bytes, 1, len, w->file) == len)
		return;
	note_errno(w);
	png_error(png, "write");
}

/* libpng would flush where it thinks fit; fclose() does. */
static void flush_nothing(png_structp png)
{
	(void)png;
}

static _Noreturn void fail(png_structp png, const char *text)
{
	struct writer *w = png_get_error_ptr(png);

	(void)text;
	longjmp(w->failed, 1);
}

static void ignore(png_structp png, const char *text)
{
	(void)png, (void)text;
}

static void set_header(png_structp png, png_infop info,
		       const struct frame *frame)
{
	png_set_IHDR(png, info, frame->width, frame->height, 8,
		     PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
		     PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	/*
	 * Differences to the left, and runs of equal ones: screens have many,
	 * and nothing is searched for, whatever the picture is.
	 */
	png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_SUB);
	png_set_compression_strategy(png, Z_RLE);
	png_set_compression_level(png, 1);
}

static void write_row(png_structp png, struct writer *w, uint32_t y)
{
	const uint32_t *pixels = w->frame->pixels + (size_t)y * w->frame->width;
	uint8_t *to = w->row;

	for (uint32_t x = 0; x < w->frame->width; x++, to += RGB) {
		to[0] = (uint8_t)(pixels[x] >> 16);
		to[1] = (uint8_t)(pixels[x] >> 8);
		to[2] = (uint8_t)pixels[x];
	}
	png_write_row(png, w->row);
}

static void encode(png_structp png, png_infop info, struct writer *w)
{
	if (setjmp(w->failed)) {
		if (!w->why)
			w->why = "no memory for the encoder";
		return;
	}
	png_set_write_fn(png, w, write_bytes, flush_nothing);
	set_header(png, info, w->frame);
	png_write_info(png, info);
	for (uint32_t y = 0; y < w->frame->height; y++)
		write_row(png, w, y);
	png_write_end(png, info);
}

/* To w->file, which it doesn't close. */
static void write_picture(struct writer *w)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, w,
						  fail, ignore);
	png_infop info = png ? png_create_info_struct(png) : NULL;

	w->row = malloc((size_t)w->frame->width * RGB);
	if (info && w->row)
		encode(png, info, w);
	else
		w->why = "no memory for the encoder";
	free(w->row);
	png_destroy_write_struct(&png, &info);
}

/* "x": nobody else's file is written to, nor what a link there names. */
static void write_file(struct writer *w, const char *path)
{
	unlink(path);
	w->file = fopen(path, "wxe");
	if (!w->file) {
		note_errno(w);
		return;
	}
	write_picture(w);
	if (fclose(w->file))
		note_errno(w);
}

const char *pngfile_write(const char *path, const struct frame *frame)
{
	struct writer w = { .frame = frame };
	char *beside;

	if (!frame->width || !frame->height)
		return "there is no picture";
	if (asprintf(&beside, "%s.%d", path, (int)getpid()) < 0)
		return "no memory for its name";
	write_file(&w, beside);
	if (!w.why && rename(beside, path))
		note_errno(&w);
	if (w.why)
		unlink(beside);
	free(beside);
	return w.why;
}
