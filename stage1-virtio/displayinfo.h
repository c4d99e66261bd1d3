/*
 * GET_DISPLAY_INFO: which monitors there are, how large, and where they stand.
 *
 * It is the first thing every driver asks, and what Linux' connectors are made
 * of: an enabled output is a connected one, its size the preferred mode.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#ifndef DISPLAYINFO_H
#define DISPLAYINFO_H

struct gpu;
struct options;

/* The command, and the options that say what it answers. */
void displayinfo_add(struct gpu *gpu, struct options *options);

#endif
