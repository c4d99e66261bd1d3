/*
 * The back-end channel: a second socket, on which the device speaks first.
 *
 * The front end sends its end with SET_BACKEND_REQ_FD. QEMU serves it from its
 * main loop, the one that may be waiting for an answer of ours on the main
 * socket at that moment. So nothing is ever waited for here: no message asks for
 * a reply, and one that does not fit into the socket waits until it does.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "vhostuser.h"

extern const struct message_row channel_messages[];

void channel_close(struct device *dev);

/*
 * The driver should look at config space (BACKEND_CONFIG_CHANGE_MSG). Takes
 * back dev->config_changed when the message is on its way, or when there is no
 * way for it.
 */
void channel_tell_config_changed(struct device *dev);

#endif
