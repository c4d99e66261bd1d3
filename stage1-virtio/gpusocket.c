/*
 * Holds the socket until QEMU sends another one, or hangs up. By then it has
 * closed its own end. A reset is no reason: it is QEMU's and not the driver's.
 */
#include "gpusocket.h"

#include <unistd.h>

#include "device.h"

static void close_socket(void *arg)
{
	struct gpusocket *socket = arg;

	if (socket->fd < 0)
		return;
	if (socket->closing)
		socket->closing(socket->arg);
	close(socket->fd);
	socket->fd = -1;
}

static enum verdict gpu_set_socket(struct device *dev, struct message *m)
{
	struct gpusocket *socket = m->arg;
	int fd = message_fd(m);

	if (fd < 0) {
		dev->link.fault = "no file descriptor came with it";
		return MESSAGE_BROKEN;
	}
	close_socket(socket);
	socket->fd = fd;
	if (socket->opened)
		socket->opened(socket->arg);
	return MESSAGE_OK;
}

static const struct message_row gpusocket_messages[] = {
	{ VHOST_USER_GPU_SET_SOCKET, "GPU_SET_SOCKET", 0, 1, 0, gpu_set_socket,
	  NULL },
	{ 0 }
};

static const struct device_part gpusocket_part = { .hang_up = close_socket };

void gpusocket_add(struct gpusocket *socket, struct device *dev)
{
	*socket = (struct gpusocket){ .fd = -1 };
	device_add_part(dev, &gpusocket_part, socket);
	device_add_messages(dev, gpusocket_messages, socket);
}
