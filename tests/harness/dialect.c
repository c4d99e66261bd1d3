/*
 * How different QEMUs speak vhost-user: see dialect.h. All of this was seen on
 * the wire, from 7.2.22, 10.0.13 and 11.1.3.
 */
#include "dialect.h"

#include <stddef.h>

#include "suite.h"
#include "wire.h"

#define MEMORY_REPLIES \
	(BIT(VU_SET_BACKEND_REQ_FD) | BIT(VU_SET_MEM_TABLE) | \
	 BIT(VU_ADD_MEM_REG) | BIT(VU_REM_MEM_REG))
#define RING_RESET BIT(40) /* VIRTIO_F_RING_RESET */

const struct dialect qemu_7_2 = {
	.name = "QEMU 7.2",
	.known = BIT(17) - 1,
	.unasked = RING_RESET,
	.wants_reply = MEMORY_REPLIES,
	.screen = true,
	.config_size = 16,
	.control_num = 64,
	.cursor_num = 16,
};

const struct dialect qemu_10_0 = {
	.name = "QEMU 10.0",
	.known = BIT(20) - 1,
	.unasked = RING_RESET,
	.wants_reply = MEMORY_REPLIES | BIT(VU_SET_VRING_ENABLE) |
		       BIT(VU_SET_CONFIG),
	.screen = true,
	.screen_features = 3,
	.resets = true,
	.config_size = 16,
	.control_num = 1024,
	.cursor_num = 1024,
};

const struct dialect qemu_11_1 = {
	.name = "QEMU 11.1",
	.known = BIT(23) - 1,
	.unasked = RING_RESET,
	.wants_reply = MEMORY_REPLIES | BIT(VU_SET_VRING_ENABLE) |
		       BIT(VU_SET_CONFIG) | BIT(VU_SET_VRING_KICK) |
		       BIT(VU_SET_VRING_CALL) | BIT(VU_SET_VRING_ERR),
	.screen = true,
	.screen_features = 3,
	.resets = true,
	.config_size = 20,
	.control_num = 64,
	.cursor_num = 16,
};

const struct dialect qemu_generic = {
	.name = "QEMU 11.1, generic device",
	.known = BIT(23) - 1,
	.wants_reply = MEMORY_REPLIES | BIT(VU_SET_VRING_ENABLE) |
		       BIT(VU_SET_CONFIG) | BIT(VU_SET_VRING_KICK) |
		       BIT(VU_SET_VRING_CALL) | BIT(VU_SET_VRING_ERR),
	.call_behind_kick = true,
	.config_size = 24,
	.control_num = 256,
	.cursor_num = 256,
};

enum { INPUT_CONFIG = 136 };

const struct dialect qemu_input_7_2 = {
	.name = "QEMU 7.2, input",
	.known = BIT(17) - 1,
	.unasked = RING_RESET,
	.wants_reply = MEMORY_REPLIES,
	.config_size = INPUT_CONFIG,
	.control_num = 64,
	.cursor_num = 64,
};

const struct dialect qemu_input_10_0 = {
	.name = "QEMU 10.0, input",
	.known = BIT(20) - 1,
	.wants_reply = MEMORY_REPLIES | BIT(VU_SET_VRING_ENABLE) |
		       BIT(VU_SET_CONFIG),
	.call_behind_kick = true,
	.config_size = INPUT_CONFIG,
	.control_num = 1024,
	.cursor_num = 1024,
};

const struct dialect qemu_input_11_1 = {
	.name = "QEMU 11.1, input",
	.known = BIT(23) - 1,
	.wants_reply = MEMORY_REPLIES | BIT(VU_SET_VRING_ENABLE) |
		       BIT(VU_SET_CONFIG) | BIT(VU_SET_VRING_KICK) |
		       BIT(VU_SET_VRING_CALL) | BIT(VU_SET_VRING_ERR),
	.call_behind_kick = true,
	.config_size = INPUT_CONFIG,
	.control_num = 4,
	.cursor_num = 4,
};

/*
 * Nobody says that a screen can be replaced. A back end for which it can't be
 * would fail every test with a pause or a reset in it, whatever that test is
 * about; those which are about QEMU's ways ask for one of QEMU's dialects. And
 * tests change the memory table as a whole.
 */
const struct dialect *dialect_usual(void)
{
	static struct dialect patient;

	if (!suite_portable())
		return &qemu_10_0;
	patient = qemu_10_0;
	patient.name = "a patient QEMU 10.0";
	patient.keeps_screen = true;
	patient.known &= ~BIT(VU_CONFIGURE_MEM_SLOTS);
	return &patient;
}

const struct dialect *const dialects[] = {
	&qemu_7_2, &qemu_10_0, &qemu_11_1, &qemu_generic, NULL,
};

const struct dialect *const input_dialects[] = {
	&qemu_input_7_2,
	&qemu_input_10_0,
	&qemu_input_11_1,
	NULL,
};
