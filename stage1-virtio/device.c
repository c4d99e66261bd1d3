/*
 * The device's life, and the tables its parts are added to.
 */
#include "device.h"

#include <assert.h>

#include "channel.h"
#include "messages.h"
#include "trace.h"

void device_init(struct device *dev, const char *name, struct loop *loop,
		 struct trace *trace)
{
	*dev = (struct device){
		.name = name,
		.loop = loop,
		.trace = trace,
		.link = { .sock = -1, .channel = -1 },
	};
	for (unsigned i = 0; i < DEVICE_QUEUES; i++) {
		struct virtq *vq = &dev->queues[i];

		virtq_init(vq, i, name);
		vq->mem = &dev->mem;
		vq->loop = loop;
		vq->limit = &dev->limit;
	}
	device_add_features(dev, ring_features);
	device_add_messages(dev, negotiate_messages, NULL);
	device_add_messages(dev, channel_messages, NULL);
	device_add_messages(dev, configspace_messages, NULL);
	device_add_messages(dev, memtable_messages, NULL);
	device_add_messages(dev, ringsetup_messages, NULL);
}

void device_free(struct device *dev)
{
	vhostuser_hang_up(dev);
	for (unsigned i = 0; i < DEVICE_QUEUES; i++)
		virtq_release(&dev->queues[i]);
}

void device_add_features(struct device *dev, const struct feature_row *rows)
{
	assert(dev->feature_tables < DEVICE_TABLES);
	dev->features_known[dev->feature_tables++].rows = rows;
	for (; rows->bits; rows++)
		dev->offered |= rows->bits;
}

void device_add_messages(struct device *dev, const struct message_row *rows,
			 void *arg)
{
	assert(dev->message_tables < DEVICE_TABLES);
	dev->messages[dev->message_tables].rows = rows;
	dev->messages[dev->message_tables++].arg = arg;
}

void device_add_part(struct device *dev, const struct device_part *part,
		     void *arg)
{
	assert(dev->part_count < DEVICE_PARTS);
	dev->parts[dev->part_count].part = part;
	dev->parts[dev->part_count++].arg = arg;
}

bool device_has(const struct device *dev, uint64_t feature)
{
	return (dev->features & feature) == feature;
}

/* ---- the turns of its life ---- */

/* All parts do what they have to do there: start, pause, ... */
#define CALL_PARTS(dev, what) \
	do { \
		for (unsigned p = 0; p < (dev)->part_count; p++) \
			if ((dev)->parts[p].part->what) \
				(dev)->parts[p].part->what( \
					(dev)->parts[p].arg); \
	} while (0)

static void turn(struct device *dev, enum life to, const char *name)
{
	dev->life = to;
	trace_life(dev->trace, dev->name, name);
}

void device_ring_enabled(struct device *dev, struct virtq *vq)
{
	if (dev->life == DEVICE_IDLE) {
		turn(dev, DEVICE_RUNNING, "start");
		CALL_PARTS(dev, start);
	} else if (dev->life == DEVICE_PAUSED) {
		turn(dev, DEVICE_RUNNING, "resume");
		CALL_PARTS(dev, resume);
	}
	virtq_service(vq);
	if (dev->config_changed)
		device_config_changed(dev);
}

void device_ring_stopped(struct device *dev)
{
	for (unsigned i = 0; i < DEVICE_QUEUES; i++)
		if (dev->queues[i].started)
			return;
	if (dev->life != DEVICE_RUNNING)
		return;
	turn(dev, DEVICE_PAUSED, "pause");
	CALL_PARTS(dev, pause);
}

void device_reset(struct device *dev)
{
	if (dev->life == DEVICE_IDLE)
		return;
	if (dev->life == DEVICE_RUNNING) {
		for (unsigned i = 0; i < DEVICE_QUEUES; i++)
			virtq_stop(&dev->queues[i]);
		device_ring_stopped(dev);
	}
	for (unsigned i = 0; i < DEVICE_QUEUES; i++)
		virtq_forget(&dev->queues[i]);
	turn(dev, DEVICE_IDLE, "reset");
	CALL_PARTS(dev, reset);
}

void device_probed(struct device *dev)
{
	if (device_paused(dev) && !dev->link.tells_resets)
		device_reset(dev);
}

bool device_paused(const struct device *dev)
{
	return dev->life == DEVICE_PAUSED;
}

void device_set_memory(struct device *dev, const struct guestmem *mem)
{
	struct guestmem old = dev->mem;

	dev->mem = *mem;
	for (unsigned i = 0; i < DEVICE_QUEUES; i++)
		virtq_remap(&dev->queues[i]);
	CALL_PARTS(dev, memory);
	guestmem_clear(&old);
}

void device_hang_up(struct device *dev)
{
	device_reset(dev);
	for (unsigned i = 0; i < DEVICE_QUEUES; i++)
		virtq_release(&dev->queues[i]);
	device_set_memory(dev, &(struct guestmem){ 0 });
	dev->features = 0;
	trace_life(dev->trace, dev->name, "hang-up");
	CALL_PARTS(dev, hang_up);
}

void device_config_unheard(struct device *dev)
{
	CALL_PARTS(dev, config_unheard);
}
