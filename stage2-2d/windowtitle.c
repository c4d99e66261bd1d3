/*
 * Titles of windows.
 */
#define _GNU_SOURCE
#include "windowtitle.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "trace.h"
#include "windows.h"

void windowtitle_add(struct titles *titles, const struct title_part *part)
{
	assert(titles->count < TITLE_PARTS);
	titles->parts[titles->count++] = *part;
}

/* Asks for nothing that is so already: it may be called for each picture. */
void windowtitle_update(struct window *window)
{
	const struct titles *titles = &window->windows->titles;
	struct text title = { .len = 0 };

	for (unsigned i = 0; i < titles->count; i++)
		titles->parts[i].add(titles->parts[i].arg, window, &title);
	if (strcmp(title.bytes, SDL_GetWindowTitle(window->sdl)))
		SDL_SetWindowTitle(window->sdl, title.bytes);
}

static void add_name(void *arg, const struct window *window, struct text *title)
{
	(void)arg;
	text_add(title, "%s: Virtual-%u", program_invocation_short_name,
		 window->scanout + 1);
}

static void add_mode(void *arg, const struct window *window, struct text *title)
{
	const struct viewport *view = &window->view;
	unsigned percent = viewport_percent(view);

	(void)arg;
	if (!view->scanout.width) {
		text_add(title, " off");
		return;
	}
	text_add(title, " %ux%u", view->scanout.width, view->scanout.height);
	if (percent != 100)
		text_add(title, " (%u %%)", percent);
}

static const struct title_part name_part = { .add = add_name };
static const struct title_part mode_part = { .add = add_mode };

void windowtitle_init(struct titles *titles)
{
	titles->count = 0;
	windowtitle_add(titles, &name_part);
	windowtitle_add(titles, &mode_part);
}
