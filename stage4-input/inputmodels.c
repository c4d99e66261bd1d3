/*
 * Keyboard, tablet, mouse.
 */
#include "inputmodels.h"

#include <linux/input.h>

#include "keytable.h"

static void identify(struct input *input, const char *name, uint16_t product)
{
	input->config.name = name;
	input->config.serial = "1";
	input->config.ids = (struct virtio_input_devids){
		.bustype = BUS_VIRTUAL,
		.product = product,
		.version = 1,
	};
}

static void allow(struct input *input, uint16_t type, const uint16_t *codes,
		  unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		inputconfig_allow(&input->config, type, codes[i]);
}

#define ALLOW(input, type, ...) \
	allow(input, type, (const uint16_t[]){ __VA_ARGS__ }, \
	      sizeof((const uint16_t[]){ __VA_ARGS__ }) / sizeof(uint16_t))

/*
 * EV_REP has the guest repeat keys that are held, at the speed that is set there.
 * So nobody here sends one twice.
 */
void keyboard_init(struct input *input, struct loop *loop, struct trace *trace)
{
	input_init(input, "keyboard", "keyboard eventq", "keyboard statusq",
		   loop, trace);
	identify(input, "virtio keyboard", 1);
	for (unsigned i = 0; i < key_count; i++)
		inputconfig_allow(&input->config, EV_KEY, key_table[i].code);
	ALLOW(input, EV_LED, LED_NUML, LED_CAPSL, LED_SCROLLL);
	ALLOW(input, EV_REP, REP_DELAY, REP_PERIOD);
}

/*
 * Five buttons are what SDL tells apart. A wheel counts in notches, and in
 * 120ths of them for touchpads and fine wheels (the kernel's event-codes.rst).
 */
static void allow_pointing(struct input *input)
{
	ALLOW(input, EV_KEY, BTN_LEFT, BTN_RIGHT, BTN_MIDDLE, BTN_SIDE,
	      BTN_EXTRA);
	ALLOW(input, EV_REL, REL_WHEEL, REL_HWHEEL, REL_WHEEL_HI_RES,
	      REL_HWHEEL_HI_RES);
	input->config.properties[INPUT_PROP_POINTER / 8] |=
		1 << INPUT_PROP_POINTER % 8;
}

void tablet_init(struct input *input, struct loop *loop, struct trace *trace)
{
	input_init(input, "tablet", "tablet eventq", "tablet statusq", loop,
		   trace);
	identify(input, "virtio tablet", 2);
	allow_pointing(input);
	ALLOW(input, EV_ABS, ABS_X, ABS_Y);
	input->config.abs[ABS_X].max = TABLET_MAX;
	input->config.abs[ABS_Y].max = TABLET_MAX;
}

void mouse_init(struct input *input, struct loop *loop, struct trace *trace)
{
	input_init(input, "mouse", "mouse eventq", "mouse statusq", loop,
		   trace);
	identify(input, "virtio mouse", 3);
	allow_pointing(input);
	ALLOW(input, EV_REL, REL_X, REL_Y);
}
