/*
 * A window manager, as far as windows need one: it lets them appear where they
 * like, fills the screen with them, and minimises them. It works during waits.
 */
#ifndef MANAGER_H
#define MANAGER_H

#include "xserver.h"

/* Before there are windows. One a test. */
void manager_start(struct xserver *x);

/* What its buttons do. */
void manager_minimise(struct xserver *x, Window w);
void manager_restore(struct xserver *x, Window w);

#endif
