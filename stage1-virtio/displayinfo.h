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

#include <stdint.h>

struct gpu;
struct options;
struct request;
struct text;

/* What a monitor's width and height may be, in pixels: an EDID can say it all. */
enum { MONITOR_MIN_SIZE = 32, MONITOR_MAX_SIZE = 8192 };

/* The nearest to it that they may. */
uint32_t monitor_size(int64_t size);

/* The command, and the options that say what it answers. */
void displayinfo_add(struct gpu *gpu, struct options *options);

/* The command's handler, for a row that has something to find out before it. */
uint32_t get_display_info(struct request *req);
void describe_display_info(const struct request *req, struct text *fields);

#endif
