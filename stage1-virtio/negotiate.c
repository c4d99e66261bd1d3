/*
 * Negotiation: what either side can do.
 *
 * QEMU does not ask the back end for some bits: vhost-user-gpu-pci tells the
 * driver INDIRECT_DESC, EVENT_IDX and RING_RESET are there, and sends all three
 * in SET_FEATURES, offered or not. The first two the driver then uses, so they
 * are offered; what was never offered is passed over, not refused.
 */
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

#include "device.h"
#include "messages.h"
#include "trace.h"

const struct feature_row ring_features[] = {
	{ 1ull << VIRTIO_F_VERSION_1, "VERSION_1", 0 },
	{ 1ull << VIRTIO_F_RING_PACKED, "RING_PACKED", 0 },
	{ 1ull << VIRTIO_RING_F_INDIRECT_DESC, "INDIRECT_DESC", 0 },
	{ 1ull << VIRTIO_RING_F_EVENT_IDX, "EVENT_IDX", 0 },
	{ VHOST_USER_F_PROTOCOL_FEATURES, "PROTOCOL_FEATURES", 0 },
	{ 0 }
};

/*
 * QEMU acknowledges every bit it has a number for, used or not, so a bit is
 * offered only if all of it works. Left out, and why:
 *
 *    1 LOG_SHMFD            migration, which a GPU's resources don't survive
 *    2 RARP, 4 NET_MTU      network cards
 *    6 CROSS_ENDIAN         legacy rings of the other byte order
 *    7 CRYPTO_SESSION       crypto devices
 *    8 PAGEFAULT            post-copy migration
 *   11 HOST_NOTIFIER        doorbells in hardware
 *   12 INFLIGHT_SHMFD       QEMU never asks a GPU or an input device for it
 *   14 INBAND_NOTIFICATIONS acknowledged by QEMU and then not used: no kick
 *                           would ever come
 *   15 CONFIGURE_MEM_SLOTS  eight regions are enough; with it QEMU does not send
 *                           memory again after a reset, and 11.1 can be made to
 *                           abort by mapping too much
 *   16 STATUS               QEMU sets FEATURES_OK and nothing else: it shows
 *                           neither DRIVER_OK nor a reset
 *   17 XEN_MMAP             Xen
 *   18 SHARED_OBJECT        buffers by UUID, for video devices
 *   19 DEVICE_STATE         migration
 *   20 GET_VRING_BASE_INFLIGHT  goes with INFLIGHT_SHMFD
 *   21 GPA_ADDRESSES        would turn ring addresses into guest addresses
 *   22 SHMEM                host memory in the guest: blob resources, which
 *                           no stage has
 */
static const struct feature_row protocol_rows[] = {
	{ 1 << VHOST_USER_PROTOCOL_F_MQ, "MQ", 0 },
	{ 1 << VHOST_USER_PROTOCOL_F_REPLY_ACK, "REPLY_ACK", 0 },
	{ 1 << VHOST_USER_PROTOCOL_F_BACKEND_REQ, "BACKEND_REQ", 0 },
	{ 1 << VHOST_USER_PROTOCOL_F_CONFIG, "CONFIG", 0 },
	{ 1 << VHOST_USER_PROTOCOL_F_BACKEND_SEND_FD, "BACKEND_SEND_FD", 0 },
	{ 1 << VHOST_USER_PROTOCOL_F_RESET_DEVICE, "RESET_DEVICE", 0 },
	{ 0 }
};

static uint64_t protocol_features(void)
{
	uint64_t set = 0;

	for (const struct feature_row *row = protocol_rows; row->bits; row++)
		set |= row->bits;
	return set;
}

static enum verdict reply_u64(struct message *m, uint64_t value)
{
	m->u64 = value;
	m->size = sizeof(m->u64);
	return MESSAGE_REPLY;
}

static enum verdict get_features(struct device *dev, struct message *m)
{
	return reply_u64(m, dev->offered);
}

/* NULL, or what the set lacks (virtio 1.3, 2.2.2 and 6). */
static const char *features_fault(const struct device *dev, uint64_t set)
{
	if (!(set & 1ull << VIRTIO_F_VERSION_1))
		return "no VERSION_1: a driver of another age";
	for (unsigned t = 0; t < dev->feature_tables; t++) {
		const struct feature_row *row = dev->features_known[t].rows;

		for (; row->bits; row++)
			if (set & row->bits && (set & row->needs) != row->needs)
				return "a feature without the one it needs";
	}
	return NULL;
}

static bool any_ring_started(const struct device *dev)
{
	for (unsigned i = 0; i < DEVICE_QUEUES; i++)
		if (dev->queues[i].started)
			return true;
	return false;
}

/* A refused set leaves none behind, and without VERSION_1 no ring starts. */
static enum verdict set_features(struct device *dev, struct message *m)
{
	uint64_t set = m->u64 & dev->offered;

	if (set && set == dev->features)
		return MESSAGE_OK;
	if (any_ring_started(dev)) {
		dev->link.fault = "a ring is running";
		return MESSAGE_REFUSED;
	}
	if (device_paused(dev))
		device_reset(dev);
	dev->link.fault = features_fault(dev, set);
	dev->features = dev->link.fault ? 0 : set;
	return dev->link.fault ? MESSAGE_REFUSED : MESSAGE_OK;
}

static enum verdict get_protocol_features(struct device *dev, struct message *m)
{
	(void)dev;
	return reply_u64(m, protocol_features());
}

static enum verdict set_protocol_features(struct device *dev, struct message *m)
{
	dev->link.protocol_features = m->u64 & protocol_features();
	return MESSAGE_OK;
}

/* SET_OWNER comes behind the negotiation and marks nothing's beginning. */
static enum verdict ignore(struct device *dev, struct message *m)
{
	(void)dev, (void)m;
	return MESSAGE_OK;
}

static enum verdict get_queue_num(struct device *dev, struct message *m)
{
	(void)dev;
	return reply_u64(m, DEVICE_QUEUES);
}

/* QEMU's vhost-user-gpu has it from 10.0 on, also while nothing runs. */
static enum verdict reset_device(struct device *dev, struct message *m)
{
	(void)m;
	dev->link.tells_resets = true;
	device_reset(dev);
	for (unsigned i = 0; i < DEVICE_QUEUES; i++) {
		virtq_stop(&dev->queues[i]);
		dev->queues[i].enabled = false;
	}
	return MESSAGE_OK;
}

static void describe_value(const struct device *dev, const struct message *m,
			   struct text *fields)
{
	(void)dev;
	text_add(fields, " %llu", (unsigned long long)m->u64);
}

/* Names the bits of `set` that are in the table; returns the others. */
static uint64_t describe_rows(const struct feature_row *row, uint64_t set,
			      struct text *fields)
{
	for (; row->bits; row++) {
		if (set & row->bits)
			text_add(fields, " %s", row->name);
		set &= ~row->bits;
	}
	return set;
}

static void describe_rest(uint64_t set, struct text *fields)
{
	for (unsigned bit = 0; bit < 64; bit++)
		if (set & 1ull << bit)
			text_add(fields, " %u", bit);
}

static void describe_features(const struct device *dev, const struct message *m,
			      struct text *fields)
{
	uint64_t set = m->u64;

	for (unsigned t = 0; t < dev->feature_tables; t++)
		set = describe_rows(dev->features_known[t].rows, set, fields);
	describe_rest(set, fields);
}

static void describe_protocol(const struct device *dev, const struct message *m,
			      struct text *fields)
{
	(void)dev;
	describe_rest(describe_rows(protocol_rows, m->u64, fields), fields);
}

const struct message_row negotiate_messages[] = {
	{ VHOST_USER_GET_FEATURES, "GET_FEATURES", 0, 0, MESSAGE_ANSWERED,
	  get_features, describe_features },
	{ VHOST_USER_SET_FEATURES, "SET_FEATURES", 8, 0, 0, set_features,
	  describe_features },
	{ VHOST_USER_GET_PROTOCOL_FEATURES, "GET_PROTOCOL_FEATURES", 0, 0,
	  MESSAGE_ANSWERED, get_protocol_features, describe_protocol },
	{ VHOST_USER_SET_PROTOCOL_FEATURES, "SET_PROTOCOL_FEATURES", 8, 0, 0,
	  set_protocol_features, describe_protocol },
	{ VHOST_USER_GET_QUEUE_NUM, "GET_QUEUE_NUM", 0, 0, MESSAGE_ANSWERED,
	  get_queue_num, describe_value },
	{ VHOST_USER_SET_OWNER, "SET_OWNER", 0, 0, 0, ignore, NULL },
	{ VHOST_USER_RESET_OWNER, "RESET_OWNER", 0, 0, 0, ignore, NULL },
	{ VHOST_USER_RESET_DEVICE, "RESET_DEVICE", 0, 0, 0, reset_device,
	  NULL },
	{ 0 }
};
