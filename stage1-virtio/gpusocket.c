/*
 * Holds the socket until QEMU sends another one, or hangs up. By then it has
 * closed its own end.
 */
#include "gpusocket.h"

#include <unistd.h>

#include "device.h"

void gpusocket_close(struct gpusocket *socket)
{
	if (socket->fd >= 0)
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
	gpusocket_close(socket);
	socket->fd = fd;
	return MESSAGE_OK;
}

static const struct message_row gpusocket_messages[] = {
	{ VHOST_USER_GPU_SET_SOCKET, "GPU_SET_SOCKET", 0, 1, false,
	  gpu_set_socket, NULL },
	{ 0 }
};

/* A part without a reset: while the connection stands, the socket stays. */
void gpusocket_add(struct gpusocket *socket, struct device *dev)
{
	socket->fd = -1;
	device_add_messages(dev, gpusocket_messages, socket);
}
