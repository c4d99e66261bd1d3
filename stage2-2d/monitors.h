/*
 * What the monitors are like: GET_DISPLAY_INFO and GET_EDID.
 *
 * A window and files show whatever size they are told to (--resolution). With
 * --display=qemu it is QEMU who knows, and has to be asked over a socket first:
 * the request waits until the answer comes, and everything else goes on. Linux
 * asks for the EDIDs before the display info, so both wait.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#ifndef MONITORS_H
#define MONITORS_H

#include <stdbool.h>
#include <sys/queue.h>

#include "gpu.h"

struct waiting;

struct monitors {
	struct gpu *gpu;
	/*
	 * Somebody has to be asked: asks, and returns true if an answer is on
	 * its way; monitors_known() is called then, whatever becomes of it.
	 * NULL: what gpu->output says is right.
	 */
	bool (*ask)(void *arg);
	void *ask_arg;
	TAILQ_HEAD(, waiting) waiting; /* requests */
};

void monitors_add(struct monitors *monitors, struct gpu *gpu);

/* gpu->output is right now: answers all that wait. */
void monitors_known(struct monitors *monitors);

/* In edid.c: GET_EDID's handler, once the sizes are known. */
uint32_t get_edid(struct request *req);

#endif
