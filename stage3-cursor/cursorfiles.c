/*
 * An overlay, and the option to do without.
 */
#include "cursorfiles.h"

#include <string.h>

#include "cursoroverlay.h"
#include "options.h"
#include "pngdisplay.h"

static const char *set_png_cursor(void *arg, const char *value)
{
	struct cursoroverlay *overlay = arg;

	overlay->unseen = !strcmp(value, "no");
	return overlay->unseen || !strcmp(value, "yes") ? NULL
							: "takes yes or no";
}

static const struct option_row cursor_options[] = {
	{ "png-cursor", "yes|no",
	  "whether --display=png draws the cursor (yes)", set_png_cursor },
	{ 0 }
};

void cursorfiles_add(struct cursoroverlay *overlay, struct cursors *cursors,
		     struct pngdisplay *png, struct options *options)
{
	cursoroverlay_init(overlay, &png->overlays, &png->boxes);
	cursors_show_on(cursors, &png->kind, &cursoroverlay_ops, overlay);
	options_add(options, cursor_options, overlay);
}
