/*
 * The form of each request: see forms.h.
 */
#include "forms.h"

const struct form forms[FORMS] = {
	{ VU_GET_FEATURES, 0, 0 },
	{ VU_SET_FEATURES, 8, 0 },
	{ VU_SET_OWNER, 0, 0 },
	{ VU_SET_MEM_TABLE, 8 + 32, 1 },
	{ VU_SET_VRING_NUM, 8, 0 },
	{ VU_SET_VRING_ADDR, 40, 0 },
	{ VU_SET_VRING_BASE, 8, 0 },
	{ VU_GET_VRING_BASE, 8, 0 },
	{ VU_SET_VRING_KICK, 8, 1 },
	{ VU_SET_VRING_CALL, 8, 1 },
	{ VU_SET_VRING_ERR, 8, 1 },
	{ VU_GET_PROTOCOL_FEATURES, 0, 0 },
	{ VU_SET_PROTOCOL_FEATURES, 8, 0 },
	{ VU_GET_QUEUE_NUM, 0, 0 },
	{ VU_SET_VRING_ENABLE, 8, 0 },
	{ VU_SET_BACKEND_REQ_FD, 0, 1 },
	{ VU_GET_CONFIG, 12 + 16, 0 },
	{ VU_SET_CONFIG, 12 + 16, 0 },
	{ VU_GPU_SET_SOCKET, 0, 1 },
	{ VU_RESET_DEVICE, 0, 0 },
};

bool form_has_reply(uint32_t request)
{
	return request == VU_GET_FEATURES || request == VU_GET_VRING_BASE ||
	       request == VU_GET_PROTOCOL_FEATURES ||
	       request == VU_GET_QUEUE_NUM || request == VU_GET_CONFIG;
}

struct message form_message(const struct form *f, uint32_t size)
{
	struct message m = message(f->request);

	m.header.size = size;
	if (f->request == VU_SET_MEM_TABLE)
		m.table.count = 1;
	if (f->request == VU_GET_CONFIG || f->request == VU_SET_CONFIG)
		m.config.size = 16;
	return m;
}
