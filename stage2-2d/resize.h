/*
 * What the user wants a monitor's size to be, on its way to the guest.
 *
 *   main thread      device thread            front end      driver
 *   resize_wish() -> gpu_set_output() ------> passes it on-> asks for the
 *                    config space changed     |              display info,
 *                                             or doesn't     sets a mode
 *
 * vhost-user-gpu-pci doesn't. Then the guest keeps its mode until its driver
 * asks again, at the next boot, and one line says so.
 */
#ifndef RESIZE_H
#define RESIZE_H

#include <stdbool.h>

#include "viewport.h"

struct gpu;
struct uplink;

struct resize {
	struct gpu *gpu;
	struct uplink *uplink;
	bool said; /* that it is of no use; the device thread's */
};

void resize_add(struct resize *resize, struct gpu *gpu, struct uplink *uplink);

/* Any thread's. */
void resize_wish(struct resize *resize, unsigned scanout, struct size size);

#endif
