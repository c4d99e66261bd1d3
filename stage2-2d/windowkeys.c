/*
 * Ctrl, Alt and a letter.
 */
#include "windowkeys.h"

#include <assert.h>
#include <ctype.h>

#include "log.h"
#include "screenshot.h"
#include "trace.h"
#include "windows.h"

void windowkeys_add(struct windowkeys *keys, const struct window_key *rows,
		    void *arg)
{
	assert(keys->count < WINDOWKEYS_TABLES);
	keys->tables[keys->count].rows = rows;
	keys->tables[keys->count++].arg = arg;
}

/* A layout without Latin letters has them where others do. */
static bool is_letter(const SDL_Keysym *key, char letter)
{
	if (key->sym > 0 && key->sym < 128)
		return key->sym == letter;
	return (int)key->scancode == SDL_SCANCODE_A + (letter - 'a');
}

/* Held down it is pressed once, and taken all the while. */
static bool press(const struct window_key *row, void *arg,
		  struct window *window, const SDL_KeyboardEvent *event)
{
	for (; row->letter; row++) {
		if (!is_letter(&event->keysym, row->letter))
			continue;
		if (!event->repeat)
			row->press(arg, window);
		return true;
	}
	return false;
}

bool windowkeys_handle(const struct windowkeys *keys, struct window *window,
		       const SDL_Event *event)
{
	uint16_t held = event->key.keysym.mod;

	if (!window || event->type != SDL_KEYDOWN || !(held & KMOD_CTRL) ||
	    !(held & KMOD_ALT) || (held & (KMOD_SHIFT | KMOD_GUI)))
		return false;
	for (unsigned i = keys->count; i-- > 0;)
		if (press(keys->tables[i].rows, keys->tables[i].arg, window,
			  &event->key))
			return true;
	return false;
}

void windowkeys_help(const struct windowkeys *keys)
{
	struct text text = { .len = 0 };

	for (unsigned i = 0; i < keys->count; i++)
		for (const struct window_key *row = keys->tables[i].rows;
		     row->letter; row++)
			text_add(&text, ", Ctrl+Alt+%c %s",
				 toupper(row->letter), row->help);
	warn("in the window%s", text.bytes);
}

/* ---- those that there are ---- */

static void full_screen(void *arg, struct window *window)
{
	uint32_t is = SDL_GetWindowFlags(window->sdl) & SDL_WINDOW_FULLSCREEN;

	(void)arg;
	if (SDL_SetWindowFullscreen(window->sdl,
				    is ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP))
		warn("full screen: %s", SDL_GetError());
}

static void save(void *arg, struct window *window)
{
	(void)arg;
	screenshot_save(window);
}

static void close_all(void *arg, struct window *window)
{
	(void)arg;
	windows_close(window->windows);
}

static const struct window_key own_keys[] = {
	{ 'f', "full screen", full_screen },
	{ 's', "saves a PNG", save },
	{ 'q', "closes", close_all },
	{ 0 },
};

void windowkeys_init(struct windowkeys *keys)
{
	keys->count = 0;
	windowkeys_add(keys, own_keys, NULL);
}
