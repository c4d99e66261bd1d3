/*
 * The back-end channel: a second socket, on which the device speaks first.
 *
 * The front end sends its end with SET_BACKEND_REQ_FD. QEMU serves it from its
 * main loop, the one that may be waiting for an answer of ours on the main
 * socket at that moment. So nothing is ever waited for here: replies are asked
 * for and read whenever they come, and a message that does not fit into the
 * socket goes out once it does.
 */
#ifndef CHANNEL_H
#define CHANNEL_H

#include "vhostuser.h"

extern const struct message_row channel_messages[];

void channel_close(struct device *dev);

/*
 * The driver should look at config space (BACKEND_CONFIG_CHANGE_MSG). Takes
 * back dev->config_changed when the message is on its way, or when there is no
 * way for it. In the latter case, and when the front end says it won't pass it
 * on (vhost-user-gpu-pci says that), device_config_unheard() is called.
 */
void channel_tell_config_changed(struct device *dev);

#endif
