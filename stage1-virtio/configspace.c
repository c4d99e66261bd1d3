/*
 * Config space: the few words a driver reads without a queue.
 *
 * QEMU asks for the size of its own structure, which grew between versions: 16
 * bytes up to 10.0, 20 from 11.1. So what lies beyond ours reads as zero.
 *
 * No driver can touch it while its virtual machine is paused. An access while
 * all rings are stopped is therefore a new driver at work, and for QEMU 7.2 and
 * the input devices of all versions it is the only sign of a reset there is: see
 * device_probed().
 */
#include <string.h>

#include "channel.h"
#include "device.h"
#include "messages.h"
#include "trace.h"

enum { HEAD = offsetof(struct config_message, data) };

static bool fits(const struct config_message *c)
{
	return (uint64_t)c->offset + c->size <= VHOST_USER_CONFIG_MAX;
}

static bool wrong_size(struct device *dev, const struct message *m)
{
	if (m->size == HEAD + (uint64_t)m->config.size)
		return false;
	dev->link.fault = "message of the wrong size";
	return true;
}

static enum verdict get_config(struct device *dev, struct message *m)
{
	struct config_message *c = &m->config;

	if (wrong_size(dev, m))
		return MESSAGE_BROKEN;
	if (!fits(c)) {
		dev->link.fault = "beyond config space";
		m->size = 0; /* how this reply says no */
		return MESSAGE_REPLY;
	}
	device_probed(dev);
	memset(c->data, 0, c->size);
	for (uint32_t i = 0; i < c->size; i++)
		if (c->offset + i < dev->config_size)
			c->data[i] = ((uint8_t *)dev->config)[c->offset + i];
	return MESSAGE_REPLY;
}

/* Flags other than 0 restore a migrated device, which we don't do. */
static enum verdict set_config(struct device *dev, struct message *m)
{
	struct config_message *c = &m->config;

	if (wrong_size(dev, m))
		return MESSAGE_BROKEN;
	if (!fits(c)) {
		dev->link.fault = "beyond config space";
		return MESSAGE_REFUSED;
	}
	device_probed(dev);
	if (!c->flags && dev->config_written)
		dev->config_written(dev->config_arg, c->offset, c->data,
				    c->size);
	return MESSAGE_OK;
}

void device_config_changed(struct device *dev)
{
	dev->config_changed = true;
	if (dev->life == DEVICE_RUNNING)
		channel_tell_config_changed(dev);
}

static void describe(const struct device *dev, const struct message *m,
		     struct text *fields)
{
	(void)dev;
	text_add(fields, " offset=%u size=%u", m->config.offset,
		 m->config.size);
}

const struct message_row configspace_messages[] = {
	{ VHOST_USER_GET_CONFIG, "GET_CONFIG", HEAD, 0,
	  MESSAGE_LONGER | MESSAGE_ANSWERED, get_config, describe },
	{ VHOST_USER_SET_CONFIG, "SET_CONFIG", HEAD, 0, MESSAGE_LONGER,
	  set_config, describe },
	{ 0 }
};
