/*
 * SET_VRING_...: how a ring is set up, started, enabled, and stopped.
 *
 *      NUM, BASE, ADDR in any order, then KICK, which starts the ring; CALL and
 *      ERR at any time; ENABLE; and in the end GET_VRING_BASE, which stops it
 *
 * A ring must be started and enabled to be served. A ring that can't be started
 * is broken (virtq.h): the message is refused, the err fd tells as well, and all
 * else goes on.
 */
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>
#include <unistd.h>

#include "device.h"
#include "messages.h"
#include "trace.h"

static struct virtq *queue(struct device *dev, uint32_t index)
{
	if (index < DEVICE_QUEUES)
		return &dev->queues[index];
	dev->link.fault = "no such ring";
	return NULL;
}

/* One that isn't running, as its place and size must not change under it. */
static struct virtq *stopped_queue(struct device *dev, uint32_t index)
{
	struct virtq *vq = queue(dev, index);

	if (!vq || !vq->started)
		return vq;
	dev->link.fault = "the ring is running";
	return NULL;
}

/* What was in flight in another ring than the one to come is nobody's. */
static void another_ring(struct device *dev, struct virtq *vq)
{
	if (device_paused(dev))
		device_reset(dev);
	virtq_forget(vq);
}

static enum verdict set_vring_num(struct device *dev, struct message *m)
{
	struct virtq *vq = stopped_queue(dev, m->state.index);

	if (!vq)
		return MESSAGE_BROKEN;
	if (!m->state.num || m->state.num > VIRTQ_MAX_SIZE) {
		dev->link.fault = "takes 1 to 32768 entries";
		return MESSAGE_BROKEN;
	}
	if (m->state.num != vq->num)
		another_ring(dev, vq);
	vq->num = m->state.num;
	return MESSAGE_OK;
}

/* The names of the areas as of virtio 1.3, 2.6: driver area, device area. */
static enum verdict set_vring_addr(struct device *dev, struct message *m)
{
	struct virtq *vq = stopped_queue(dev, m->addr.index);

	if (!vq)
		return MESSAGE_BROKEN;
	vq->desc_uva = m->addr.desc;
	vq->driver_uva = m->addr.avail;
	vq->device_uva = m->addr.used;
	return MESSAGE_OK;
}

/*
 * After a pause QEMU sends the base that GET_VRING_BASE returned; a driver that
 * was reset starts its rings anew. With several rings the other may run already
 * (if they need not be enabled): then it is too late to tell, and what this one
 * had in flight is dropped.
 */
static enum verdict set_vring_base(struct device *dev, struct message *m)
{
	struct virtq *vq = stopped_queue(dev, m->state.index);

	if (!vq)
		return MESSAGE_BROKEN;
	if (m->state.num != vq->base)
		another_ring(dev, vq);
	vq->base = m->state.num;
	return MESSAGE_OK;
}

static enum verdict get_vring_base(struct device *dev, struct message *m)
{
	struct virtq *vq = queue(dev, m->state.index);

	if (!vq)
		return MESSAGE_BROKEN;
	m->state.num = virtq_stop(vq);
	device_ring_stopped(dev);
	return MESSAGE_REPLY;
}

/* ---- file descriptors ---- */

/* KICK, CALL and ERR: the ring, and its fd or -1 if it is to have none. */
static struct virtq *queue_and_fd(struct device *dev, struct message *m,
				  int *fd)
{
	struct virtq *vq = queue(dev, m->u64 & VRING_INDEX);
	unsigned want = m->u64 & VRING_NO_FD ? 0 : 1;

	if (vq && m->fd_count != want) {
		dev->link.fault = "file descriptor missing, or not announced";
		return NULL;
	}
	if (!vq)
		return NULL;
	*fd = message_fd(m);
	if (*fd < 0 || notify_can_use(*fd))
		return vq;
	close(*fd);
	dev->link.fault = "file descriptor that can only be waited for";
	return NULL;
}

/*
 * vhost-user.rst lets a ring start with its first kick. QEMU expects it to run
 * once the kick fd is there: requests may lie in it that nobody kicks for again.
 */
static enum verdict start_ring(struct device *dev, struct virtq *vq)
{
	vq->packed = device_has(dev, 1ull << VIRTIO_F_RING_PACKED);
	vq->indirect = device_has(dev, 1ull << VIRTIO_RING_F_INDIRECT_DESC);
	vq->event_idx = device_has(dev, 1ull << VIRTIO_RING_F_EVENT_IDX);
	dev->link.fault = virtq_start(vq);
	if (!dev->link.fault && !device_has(dev, 1ull << VIRTIO_F_VERSION_1)) {
		dev->link.fault = "no features were negotiated";
		virtq_break(vq, dev->link.fault);
	}
	if (dev->link.fault)
		return MESSAGE_REFUSED;
	/* Who doesn't know of ENABLE has rings that are enabled. */
	if (!device_has(dev, VHOST_USER_F_PROTOCOL_FEATURES))
		vq->enabled = true;
	if (vq->enabled)
		device_ring_enabled(dev, vq);
	return MESSAGE_OK;
}

static enum verdict set_vring_kick(struct device *dev, struct message *m)
{
	int fd;
	struct virtq *vq = queue_and_fd(dev, m, &fd);

	if (!vq)
		return MESSAGE_BROKEN;
	virtq_set_kick(vq, fd);
	if (!vq->started)
		return start_ring(dev, vq);
	/* A kick on the old one may not have been seen. */
	virtq_service(vq);
	return MESSAGE_OK;
}

static enum verdict set_vring_call(struct device *dev, struct message *m)
{
	int fd;
	struct virtq *vq = queue_and_fd(dev, m, &fd);

	if (!vq)
		return MESSAGE_BROKEN;
	notify_set_call(&vq->notify, fd);
	return MESSAGE_OK;
}

static enum verdict set_vring_err(struct device *dev, struct message *m)
{
	int fd;
	struct virtq *vq = queue_and_fd(dev, m, &fd);

	if (!vq)
		return MESSAGE_BROKEN;
	notify_set_err(&vq->notify, fd);
	return MESSAGE_OK;
}

/* Requests may lie in the ring already, so it is served without a kick. */
static enum verdict set_vring_enable(struct device *dev, struct message *m)
{
	struct virtq *vq = queue(dev, m->state.index);

	if (!vq)
		return MESSAGE_BROKEN;
	vq->enabled = m->state.num;
	if (virtq_running(vq))
		device_ring_enabled(dev, vq);
	return MESSAGE_OK;
}

/* ---- the table ---- */

static void describe_state(const struct device *dev, const struct message *m,
			   struct text *fields)
{
	(void)dev;
	text_add(fields, " ring=%u num=%u", m->state.index, m->state.num);
}

static void describe_addr(const struct device *dev, const struct message *m,
			  struct text *fields)
{
	(void)dev;
	text_add(fields, " ring=%u desc=%#llx avail=%#llx used=%#llx",
		 m->addr.index, (unsigned long long)m->addr.desc,
		 (unsigned long long)m->addr.avail,
		 (unsigned long long)m->addr.used);
}

static void describe_fd(const struct device *dev, const struct message *m,
			struct text *fields)
{
	(void)dev;
	text_add(fields, " ring=%u%s", (unsigned)(m->u64 & VRING_INDEX),
		 m->u64 & VRING_NO_FD ? " without fd" : "");
}

const struct message_row ringsetup_messages[] = {
	{ VHOST_USER_SET_VRING_NUM, "SET_VRING_NUM", 8, 0, 0, set_vring_num,
	  describe_state },
	{ VHOST_USER_SET_VRING_ADDR, "SET_VRING_ADDR",
	  sizeof(struct vring_addr), 0, 0, set_vring_addr, describe_addr },
	{ VHOST_USER_SET_VRING_BASE, "SET_VRING_BASE", 8, 0, 0, set_vring_base,
	  describe_state },
	{ VHOST_USER_GET_VRING_BASE, "GET_VRING_BASE", 8, 0, MESSAGE_ANSWERED,
	  get_vring_base, describe_state },
	{ VHOST_USER_SET_VRING_KICK, "SET_VRING_KICK", 8, 1, 0, set_vring_kick,
	  describe_fd },
	{ VHOST_USER_SET_VRING_CALL, "SET_VRING_CALL", 8, 1, 0, set_vring_call,
	  describe_fd },
	{ VHOST_USER_SET_VRING_ERR, "SET_VRING_ERR", 8, 1, 0, set_vring_err,
	  describe_fd },
	{ VHOST_USER_SET_VRING_ENABLE, "SET_VRING_ENABLE", 8, 0, 0,
	  set_vring_enable, describe_state },
	{ 0 }
};
