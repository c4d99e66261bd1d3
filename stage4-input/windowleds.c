/*
 * From a bitmap to words.
 */
#include "windowleds.h"

#include <linux/input-event-codes.h>

#include "input.h"
#include "trace.h"
#include "windows.h"

static const struct {
	uint16_t code;
	const char *word;
} lights[] = {
	{ LED_NUML, "Num" },
	{ LED_CAPSL, "Caps" },
	{ LED_SCROLLL, "Scroll" },
};

static void add_lit(void *arg, const struct window *window, struct text *title)
{
	const struct windowleds *leds = arg;
	uint32_t lit = __atomic_load_n(&leds->keyboard->leds, __ATOMIC_RELAXED);

	(void)window;
	for (unsigned i = 0; i < sizeof(lights) / sizeof(lights[0]); i++)
		if (lit >> lights[i].code & 1)
			text_add(title, " %s", lights[i].word);
}

/* On the device's thread. */
static void changed(void *arg)
{
	struct windowleds *leds = arg;

	windows_retitle(leds->windows);
}

void windowleds_add(struct windowleds *leds, struct windows *windows,
		    struct input *keyboard)
{
	*leds = (struct windowleds){ windows, keyboard };
	keyboard->leds_changed = changed;
	keyboard->leds_arg = leds;
	windowtitle_add(&windows->titles,
			&(struct title_part){ .add = add_lit, .arg = leds });
}
