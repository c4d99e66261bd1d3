/*
 * What the monitors are like: GET_DISPLAY_INFO and GET_EDID.
 *
 * A window and files show whatever size they are told to (--resolution). With
 * --display=qemu it is QEMU who knows, and has to be asked over a socket first:
 * the request waits until the answer comes, and everything else goes on. Linux
 * asks for the EDIDs before the display info, so both wait.
 *
 *   request ---> ask() ---> on its way: it waits ... monitors_known() --> answer
 *                  |
 *                  +------> nobody to ask: answered at once, from gpu->output
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
	/*
	 * Somebody has to be asked: asks, and returns true if an answer is on
	 * its way; monitors_known() is called then, whatever becomes of it.
	 * NULL: what gpu->output says is right.
	 *
	 * Called for each request, before that waits: an answer that comes in
	 * here was given before the request was, and may be out of date. It is
	 * for those that wait already.
	 */
	bool (*ask)(void *arg);
	void *ask_arg;
	TAILQ_HEAD(, waiting) waiting; /* requests, in the order they came */
};

/* Both commands, in place of stage 1's one, and the feature EDID. */
void monitors_add(struct monitors *monitors, struct gpu *gpu);

/*
 * gpu->output is right now, or as right as it will get: answers all that wait,
 * in order. In a pause as well; the driver has the answers after the resume. A
 * reset leaves none waiting, and whoever was asked may answer to nobody.
 */
void monitors_known(struct monitors *monitors);

#endif
