/*
 * GET_DISPLAY_INFO of the guest's, and the device's to its screen.
 */
#ifndef ASKING_H
#define ASKING_H

#include "commands.h"
#include "screen.h"

/* A driver that has asked once. */
struct driver *start_asking(const char *options);

struct posted *post_info(struct driver *d);
void expect_info(struct driver *d, struct posted *p, uint32_t width,
		 uint32_t height);
/* FAILs if anything was answered. */
void expect_waiting(struct driver *d);
/* Of a mute screen: the device's question is the next message. */
void await_question(struct screen *s);

#endif
