/*
 * Config space of an input device: 136 bytes that answer questions.
 *
 *   driver writes    select    subsel          then reads size and 128 bytes
 *                    EV_BITS   EV_KEY          a bit for each key there is
 *                    ABS_INFO  ABS_X           the axis' range
 *                    ID_NAME   0               "..."
 *
 * Whatever is not listed here does not exist for the guest: Linux makes an evdev
 * node of it that has exactly these keys and axes, and swallows all other
 * events. So this is also the list of what may be sent: inputconfig_has().
 *
 * virtio 1.3, section 5.8.4 and 5.8.5.
 */
#ifndef INPUTCONFIG_H
#define INPUTCONFIG_H

#include <linux/input-event-codes.h>
#include <linux/virtio_input.h>
#include <stdbool.h>
#include <stdint.h>

struct device;

struct inputconfig {
	struct virtio_input_config page; /* as the driver sees it */

	const char *name, *serial; /* up to 128 bytes; serial: or NULL */
	struct virtio_input_devids ids;
	uint8_t properties[(INPUT_PROP_CNT + 7) / 8];
	/* A bitmap of codes for each type of event. */
	uint8_t bits[EV_CNT][KEY_CNT / 8];
	struct virtio_input_absinfo abs[ABS_CNT];
};

/* Says nothing yet. */
void inputconfig_init(struct inputconfig *config, struct device *dev);

void inputconfig_allow(struct inputconfig *config, uint16_t type,
		       uint16_t code);
bool inputconfig_has(const struct inputconfig *config, uint16_t type,
		     uint16_t code);

/* A new driver has asked nothing yet. */
void inputconfig_reset(struct inputconfig *config);

#endif
