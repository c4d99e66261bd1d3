/*
 * Finds a name for a picture, and writes it.
 */
#define _GNU_SOURCE
#include "screenshot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "log.h"
#include "pngfile.h"
#include "windows.h"

enum { NUMBERS = 999 };

/* A name that is made is ours, whoever else looks for one. */
static const char *claim(char *name, size_t room, unsigned scanout)
{
	for (unsigned number = 1; number <= NUMBERS; number++) {
		int fd;

		snprintf(name, room, "Virtual-%u-%03u.png", scanout + 1,
			 number);
		fd = open(name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
		if (fd >= 0) {
			close(fd);
			return NULL;
		}
		if (errno != EEXIST)
			return strerrordesc_np(errno);
	}
	return "all names are taken";
}

static const char *write_picture(const struct window *window, const char *name)
{
	const struct painter *painter = window->windows->painter;
	const char *why = "no memory";
	struct frame picture;

	if (painter->read(window->painting, &picture)) {
		why = pngfile_write(name, &picture);
		frame_free(&picture);
	}
	if (why)
		unlink(name);
	return why;
}

void screenshot_save(struct window *window)
{
	char name[64], *whole;
	const char *why;

	if (!window->layers.frame.width) {
		warn("Virtual-%u is off: there is no picture to save",
		     window->scanout + 1);
		return;
	}
	why = claim(name, sizeof(name), window->scanout);
	if (!why)
		why = write_picture(window, name);
	if (why) {
		warn("%s can't be saved: %s", name, why);
		return;
	}
	whole = realpath(name, NULL);
	warn("saved as %s", whole ? whole : name);
	free(whole);
}
