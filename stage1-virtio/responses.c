/*
 * The names of responses, for logs and traces.
 */
#include "gpu.h"

const char *gpu_response_name(uint32_t type)
{
	static const char *const ok[] = {
		"OK_NODATA", "OK_DISPLAY_INFO",	 "OK_CAPSET_INFO", "OK_CAPSET",
		"OK_EDID",   "OK_RESOURCE_UUID", "OK_MAP_INFO",
	};
	static const char *const err[] = {
		"ERR_UNSPEC",
		"ERR_OUT_OF_MEMORY",
		"ERR_INVALID_SCANOUT_ID",
		"ERR_INVALID_RESOURCE_ID",
		"ERR_INVALID_CONTEXT_ID",
		"ERR_INVALID_PARAMETER",
	};
	uint32_t i = type & 0xff;

	if (type - i == VIRTIO_GPU_RESP_OK_NODATA &&
	    i < sizeof(ok) / sizeof(ok[0]))
		return ok[i];
	if (type - i == VIRTIO_GPU_RESP_ERR_UNSPEC &&
	    i < sizeof(err) / sizeof(err[0]))
		return err[i];
	return "unknown";
}
