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

/*
 * What a 2D request asks for: "RESOURCE_CREATE_2D 7: 64x48, format 2". Others
 * are their names. Valid until the next call.
 */
const char *request_text(const void *request, uint32_t len);

#endif
