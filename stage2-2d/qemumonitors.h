/*
 * What QEMU's monitors are like: with --display=qemu it is QEMU who knows how
 * large its windows are, and which of them are there.
 *
 *   guest               this device              QEMU
 *     |  GET_DISPLAY_INFO  |                       |
 *     | -----------------> |  GET_DISPLAY_INFO     |
 *     |    (other          | --------------------> |
 *     |     commands)      |                       |
 *     | <----------------> |  <------------------- |
 *     | <----------------- |                       |
 *
 * It is asked anew for each request of the guest's, as a window may have been
 * resized since; QEMU itself tells the guest when to ask. Requests that come
 * while a question is out wait for the same answer. If QEMU is paused first, it
 * closes the socket, and the question goes out again on the next one. A front
 * end that stays silent is given a few seconds.
 */
#ifndef QEMUMONITORS_H
#define QEMUMONITORS_H

#include <stdbool.h>

#include "qemusocket.h"

struct gpu;
struct monitors;

struct qemumonitors {
	struct gpu *gpu;
	struct monitors *monitors;
	struct qemusocket *socket;
	struct qemu_message features, acknowledged, question;
	uint64_t none; /* of QEMU's protocol features: what we use */
	bool hoping;   /* QEMU closed its socket, and may send another one */
	bool overdue;  /* it was waited for in vain, and has not spoken since */
	bool timing;   /* requests wait: */
	int timer;     /* a timerfd, for how long they do */
};

/* Adds itself to the socket's users. */
void qemumonitors_init(struct qemumonitors *qm, struct gpu *gpu,
		       struct monitors *monitors, struct qemusocket *socket);
/* From now on QEMU is asked. Ends the program without a descriptor. */
void qemumonitors_open(struct qemumonitors *qm);
void qemumonitors_close(struct qemumonitors *qm);

#endif
