/*
 * QEMU's display socket, held but not used.
 *
 * vhost-user-gpu-pci sends a new one at every start, for the back end to show
 * its pictures in QEMU's window. It may be left unused but not be closed: QEMU
 * would go on reading from it for ever, at full speed. (vhost-user-gpu.rst)
 */
#ifndef GPUSOCKET_H
#define GPUSOCKET_H

struct device;

struct gpusocket {
	int fd; /* -1: none yet */
};

void gpusocket_add(struct gpusocket *socket, struct device *dev);

#endif
