/*
 * Names for what virtio-gpu has numbers for: "GET_DISPLAY_INFO",
 * "ERR_INVALID_PARAMETER". Valid until the fourth call after.
 */
#ifndef WORDING_H
#define WORDING_H

#include <stdbool.h>
#include <stdint.h>

const char *command_name(uint32_t type);
const char *reply_name(uint32_t type);
bool reply_is_error(uint32_t type);

#endif
