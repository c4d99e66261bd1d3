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

#include "format.h"
#include "frame.h"

enum { RGB = 3 }; /* bytes of a pixel in the file */

struct writer {
	const struct png_rows *rows;
	FILE *file;
	uint32_t *pixels; /* of one row, and ... */
	uint8_t *row;	  /* ... what is made of it */
	const char *why;  /* of the first thing that went wrong */
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
		       const struct png_rows *rows)
{
	png_set_IHDR(png, info, rows->width, rows->height, 8,
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
	uint8_t *to = w->row;

	w->rows->read(w->rows->arg, y, w->pixels);
	for (uint32_t x = 0; x < w->rows->width; x++, to += RGB) {
		to[0] = (uint8_t)(w->pixels[x] >> 16);
		to[1] = (uint8_t)(w->pixels[x] >> 8);
		to[2] = (uint8_t)w->pixels[x];
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
	set_header(png, info, w->rows);
	png_write_info(png, info);
	for (uint32_t y = 0; y < w->rows->height; y++)
		write_row(png, w, y);
	png_write_end(png, info);
}

/* To w->file, which it doesn't close. */
static void write_picture(struct writer *w)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, w,
						  fail, ignore);
	png_infop info = png ? png_create_info_struct(png) : NULL;

	w->pixels = malloc((size_t)w->rows->width * PIXEL_BYTES);
	w->row = malloc((size_t)w->rows->width * RGB);
	if (info && w->pixels && w->row)
		encode(png, info, w);
	else
		w->why = "no memory for the encoder";
	free(w->row);
	free(w->pixels);
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

const char *pngfile_write_rows(const char *path, const struct png_rows *rows)
{
	struct writer w = { .rows = rows };
	char *beside;

	if (!rows->width || !rows->height)
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

static void read_frame(const void *arg, uint32_t y, uint32_t *to)
{
	const struct frame *frame = arg;

	memcpy(to, frame->pixels + (size_t)y * frame->width,
	       frame_bytes(frame->width, 1));
}

const char *pngfile_write(const char *path, const struct frame *frame)
{
	struct png_rows rows = { frame->width, frame->height, read_frame,
				 frame };

	return pngfile_write_rows(path, &rows);
}
