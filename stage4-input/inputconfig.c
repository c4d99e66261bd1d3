/*
 * Questions and answers.
 */
#include "inputconfig.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "device.h"

enum { ANSWER = sizeof(((struct virtio_input_config *)0)->u) };

void inputconfig_allow(struct inputconfig *config, uint16_t type, uint16_t code)
{
	assert(type && type < EV_CNT && code < KEY_CNT);
	config->bits[type][code / 8] |= 1 << code % 8;
}

bool inputconfig_has(const struct inputconfig *config, uint16_t type,
		     uint16_t code)
{
	return type < EV_CNT && code < KEY_CNT &&
	       (config->bits[type][code / 8] >> code % 8 & 1);
}

/* ---- answers ---- */

static void say(struct virtio_input_config *page, const void *bytes,
		size_t size)
{
	page->size = size < ANSWER ? size : ANSWER;
	memcpy(&page->u, bytes, page->size);
}

static void say_text(struct virtio_input_config *page, const char *text)
{
	if (text)
		say(page, text, strlen(text));
}

/* No more than it takes: an empty bitmap means that there is no such thing. */
static void say_bits(struct virtio_input_config *page, const uint8_t *bits,
		     size_t size)
{
	while (size && !bits[size - 1])
		size--;
	say(page, bits, size);
}

/*
 * Two bytes choose, and only together do they mean something. Linux writes them
 * one by one; what lies there between the two is of no consequence.
 */
static void answer(struct inputconfig *config)
{
	struct virtio_input_config *page = &config->page;
	uint8_t sub = page->subsel;

	page->size = 0;
	memset(&page->u, 0, sizeof(page->u));
	if (page->select == VIRTIO_INPUT_CFG_EV_BITS && sub < EV_CNT)
		say_bits(page, config->bits[sub], sizeof(config->bits[sub]));
	else if (page->select == VIRTIO_INPUT_CFG_ABS_INFO &&
		 inputconfig_has(config, EV_ABS, sub))
		say(page, &config->abs[sub], sizeof(config->abs[sub]));
	else if (sub)
		return;
	else if (page->select == VIRTIO_INPUT_CFG_ID_NAME)
		say_text(page, config->name);
	else if (page->select == VIRTIO_INPUT_CFG_ID_SERIAL)
		say_text(page, config->serial);
	else if (page->select == VIRTIO_INPUT_CFG_ID_DEVIDS)
		say(page, &config->ids, sizeof(config->ids));
	else if (page->select == VIRTIO_INPUT_CFG_PROP_BITS)
		say_bits(page, config->properties, sizeof(config->properties));
}

/* ---- questions ---- */

/*
 * QEMU sends all 136 bytes each time the driver writes one, so the others are
 * what it last read; only the first two can be written (5.8.5.1).
 */
static void written(void *arg, uint32_t offset, const void *data, uint32_t size)
{
	struct inputconfig *config = arg;
	const uint8_t *bytes = data;

	for (uint32_t i = 0; i < size; i++) {
		if (offset + i == offsetof(struct virtio_input_config, select))
			config->page.select = bytes[i];
		if (offset + i == offsetof(struct virtio_input_config, subsel))
			config->page.subsel = bytes[i];
	}
	answer(config);
}

void inputconfig_reset(struct inputconfig *config)
{
	config->page.select = config->page.subsel = 0;
	answer(config);
}

void inputconfig_init(struct inputconfig *config, struct device *dev)
{
	*config = (struct inputconfig){ .name = "" };
	dev->config = &config->page;
	dev->config_size = sizeof(config->page);
	dev->config_written = written;
	dev->config_arg = config;
}
