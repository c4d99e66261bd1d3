/*
 * fbdev - the frame buffer device, which the driver lays over its first screen:
 * drawing into mapped memory, changing some of it, panning.
 *
 * Nothing is said to the driver when pixels change: it finds the pages that were
 * written to, a twentieth of a second later, and transfers and flushes the rows
 * in them. Panning moves the scanout's rectangle within the one resource; Linux
 * has room below the screen only if it is asked to (overalloc), and never
 * transfers what is drawn there: it stays black.
 */
#include "canvas.h"

#include <err.h>
#include <fcntl.h>
#include <linux/fb.h>
#include <linux/kd.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
	BOX = 40,      /* pixels, either side */
	PACE = 40,     /* milliseconds from step to step */
	BOXES = 8,     /* that are drawn before the host looks */
	PAN_STEPS = 16 /* down a quarter of the screen */
};

struct fb {
	int fd, console;
	struct fb_var_screeninfo var;
	struct canvas canvas;
};

static void set_console(struct fb *fb, int mode)
{
	if (fb->console >= 0 && ioctl(fb->console, KDSETMODE, mode))
		err(1, "/dev/tty0: KDSETMODE");
}

/* The text console stops drawing for as long as we do. */
static void fb_open(struct fb *fb)
{
	struct fb_fix_screeninfo fix;
	void *memory;

	fb->fd = open("/dev/fb0", O_RDWR);
	if (fb->fd < 0)
		err(1, "/dev/fb0");
	if (ioctl(fb->fd, FBIOGET_VSCREENINFO, &fb->var) ||
	    ioctl(fb->fd, FBIOGET_FSCREENINFO, &fix))
		err(1, "/dev/fb0: its size");
	if (fb->var.bits_per_pixel != 32)
		errx(1, "/dev/fb0 has %u bits per pixel, not 32",
		     fb->var.bits_per_pixel);
	memory = mmap(NULL, fix.smem_len, PROT_READ | PROT_WRITE, MAP_SHARED,
		      fb->fd, 0);
	if (memory == MAP_FAILED)
		err(1, "/dev/fb0: mmap");
	fb->canvas = (struct canvas){ memory, fb->var.xres, fb->var.yres,
				      fix.line_length / 4 };
	fb->console = open("/dev/tty0", O_RDWR);
	set_console(fb, KD_GRAPHICS);
	printf("guest: /dev/fb0 is %s, %ux%u in %ux%u, %u bytes a line\n",
	       fix.id, fb->var.xres, fb->var.yres, fb->var.xres_virtual,
	       fb->var.yres_virtual, fix.line_length);
}

/* The host's turn: it answers with a line when it has seen the picture. */
static void picture_done(const char *what, const char *name)
{
	char line[80];

	printf("guest: %s %s\n", what, name);
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		exit(0);
}

static bool host_said_something(void)
{
	struct pollfd host = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&host, 1, PACE) != 0;
}

/* Boxes from corner to corner, each of which the driver has to notice. */
static void draw_boxes(struct fb *fb)
{
	const struct canvas *on = &fb->canvas;

	for (unsigned i = 0; i < BOXES; i++) {
		unsigned x = (on->width - BOX) * i / (BOXES - 1);
		unsigned y = (on->height - BOX) * i / (BOXES - 1);

		canvas_fill(on, (int)x, (int)y, BOX, BOX, 0x204060);
		canvas_fill(on, (int)x + 4, (int)y + 4, BOX - 8, BOX - 8,
			    0xf0c020 + i);
		usleep(PACE * 1000);
	}
}

static void pan(struct fb *fb, unsigned row)
{
	fb->var.yoffset = row;
	if (ioctl(fb->fd, FBIOPAN_DISPLAY, &fb->var))
		err(1, "/dev/fb0: FBIOPAN_DISPLAY");
}

/* To and fro until the host says that it has seen enough. */
static void keep_panning(struct fb *fb)
{
	for (unsigned step = 0; !host_said_something(); step++) {
		unsigned to_and_fro = step % (2 * PAN_STEPS);

		if (to_and_fro > PAN_STEPS)
			to_and_fro = 2 * PAN_STEPS - to_and_fro;
		pan(fb, fb->var.yres / 4 * to_and_fro / PAN_STEPS);
	}
}

static void show_panning(struct fb *fb)
{
	if (fb->var.yres_virtual < fb->var.yres / 4 * 5) {
		printf("guest: no room to pan; ask the kernel for it with "
		       "drm_kms_helper.drm_fbdev_overalloc=200\n");
		picture_done("stay", "damage");
		return;
	}
	pan(fb, fb->var.yres / 4);
	picture_done("look", "pan");
	printf("guest: stay panning\n");
	fflush(stdout);
	keep_panning(fb);
	pan(fb, 0);
}

int main(void)
{
	struct fb fb;

	fb_open(&fb);
	card_draw(&fb.canvas, "/dev/fb0");
	picture_done("look", "draw");
	draw_boxes(&fb);
	picture_done("look", "damage");
	show_panning(&fb);
	set_console(&fb, KD_TEXT);
	return 0;
}
