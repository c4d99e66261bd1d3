/*
 * Requests of the device to the front end. Stage 1 has one: the config changed.
 */
#include "channel.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "device.h"
#include "loop.h"
#include "trace.h"

/* CONFIG_CHANGE_MSG needs both (vhost-user.rst, "Back-end message types"). */
static bool may_speak(const struct device *dev)
{
	uint64_t both = 1ull << VHOST_USER_PROTOCOL_F_CONFIG |
			1ull << VHOST_USER_PROTOCOL_F_BACKEND_REQ;

	return dev->link.channel >= 0 &&
	       (dev->link.protocol_features & both) == both;
}

void channel_close(struct device *dev)
{
	if (dev->link.channel < 0)
		return;
	loop_unwatch(dev->loop, dev->link.channel);
	close(dev->link.channel);
	dev->link.channel = -1;
	dev->link.answered = 0;
}

/*
 * vhost-user-gpu-pci refuses whatever changed, in QEMU 7.2 to 11.1 alike
 * (vhost_user_gpu_config_change() in hw/display/vhost-user-gpu.c).
 */
static bool take_answer(struct device *dev)
{
	const struct text nothing = { .len = 0 };
	uint32_t header[3];
	uint64_t refused;

	memcpy(header, dev->link.answer, sizeof(header));
	memcpy(&refused, dev->link.answer + sizeof(header), sizeof(refused));
	dev->link.answered = 0;
	if (header[0] != VHOST_USER_BACKEND_CONFIG_CHANGE_MSG ||
	    !(header[1] & VHOST_USER_REPLY) || header[2] != sizeof(refused))
		return false;
	trace_message(dev->trace, dev->name, "CONFIG_CHANGE_MSG", &nothing,
		      refused ? "refused" : "ok");
	if (refused)
		device_config_unheard(dev);
	return true;
}

/* False: the front end closed its end, or speaks nonsense. */
static bool receive(struct device *dev)
{
	struct vhostuser *link = &dev->link;
	ssize_t n = recv(link->channel, link->answer + link->answered,
			 sizeof(link->answer) - link->answered, MSG_DONTWAIT);

	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	link->answered += (size_t)n;
	if (link->answered == sizeof(link->answer))
		return take_answer(dev);
	return n > 0;
}

static void ready(void *arg)
{
	struct device *dev = arg;

	if (!receive(dev))
		channel_close(dev);
	else if (dev->config_changed && dev->life == DEVICE_RUNNING)
		channel_tell_config_changed(dev);
	else
		loop_watch(dev->loop, dev->link.channel, POLLIN, ready, dev);
}

void channel_tell_config_changed(struct device *dev)
{
	bool answers = dev->link.protocol_features &
		       1ull << VHOST_USER_PROTOCOL_F_REPLY_ACK;
	uint32_t header[] = {
		VHOST_USER_BACKEND_CONFIG_CHANGE_MSG,
		VHOST_USER_VERSION | (answers ? VHOST_USER_NEED_REPLY : 0),
		0,
	};
	short events = POLLIN;

	if (!may_speak(dev)) {
		dev->config_changed = false;
		device_config_unheard(dev);
		return;
	}
	/* A stream socket takes twelve bytes whole or not at all. */
	if (send(dev->link.channel, header, sizeof(header),
		 MSG_DONTWAIT | MSG_NOSIGNAL) == sizeof(header))
		dev->config_changed = false;
	else if (errno == EAGAIN)
		events |= POLLOUT;
	else
		dev->config_changed = false;
	loop_watch(dev->loop, dev->link.channel, events, ready, dev);
}

static enum verdict set_backend_req_fd(struct device *dev, struct message *m)
{
	int fd = message_fd(m);

	if (fd < 0) {
		dev->link.fault = "no file descriptor came with it";
		return MESSAGE_BROKEN;
	}
	channel_close(dev);
	dev->link.channel = fd;
	loop_watch(dev->loop, fd, POLLIN, ready, dev);
	return MESSAGE_OK;
}

const struct message_row channel_messages[] = {
	{ VHOST_USER_SET_BACKEND_REQ_FD, "SET_BACKEND_REQ_FD", 0, 1, 0,
	  set_backend_req_fd, NULL },
	{ 0 },
};
