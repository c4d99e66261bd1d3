/*
 * How different QEMUs speak vhost-user.
 *
 * The messages are the same, but which are sent, in what order, and which ask
 * for a reply differs by version, and by the device model inside QEMU. The
 * sequences (sequence.h) follow one of these tables.
 */
#ifndef DIALECT_H
#define DIALECT_H

#include <stdbool.h>
#include <stdint.h>

struct dialect {
	const char *name;
	uint64_t known;	      /* protocol features it acknowledges */
	uint64_t unasked;     /* features it sets without an offer */
	uint64_t wants_reply; /* bit = request: has need_reply set */
	/*
	 * Call fds: stand-ins before SET_FEATURES and the guest's behind
	 * ENABLE; or only the guest's, right behind each SET_VRING_KICK.
	 */
	bool call_behind_kick;
	bool screen;	   /* sends GPU_SET_SOCKET at every start */
	bool keeps_screen; /* no QEMU: only at the first, and no end */
	uint64_t screen_features;
	bool resets;	      /* RESET_DEVICE: at realize and at a reset */
	uint32_t config_size; /* of each GET_CONFIG */
	uint32_t control_num, cursor_num; /* ring sizes it gives a gpu */
	bool bytewise; /* no QEMU: each byte is sent on its own */
};

extern const struct dialect qemu_7_2, qemu_10_0, qemu_11_1;
/* 11.1's generic device (vhost-user-base). */
extern const struct dialect qemu_generic;

/*
 * vhost-user-input of each: the first is a device model of its own, those behind
 * it rest on the generic one. None ever sends RESET_DEVICE.
 */
extern const struct dialect qemu_input_7_2, qemu_input_10_0, qemu_input_11_1;

/* What a driver speaks who has not asked for another. */
const struct dialect *dialect_usual(void);

/* All four, all three; NULL behind the last. */
extern const struct dialect *const dialects[];
extern const struct dialect *const input_dialects[];

#endif
