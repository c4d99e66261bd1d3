/*
 * QEMU's display socket, held, and not used by this stage.
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
	/*
	 * For who draws there: a socket has come; this one is about to be
	 * closed. Either may be NULL.
	 */
	void (*opened)(void *arg);
	void (*closing)(void *arg);
	void *arg;
};

/* A socket that nobody draws on. */
void gpusocket_add(struct gpusocket *socket, struct device *dev);

#endif
