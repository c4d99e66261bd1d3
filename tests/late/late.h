/*
 * What the device that answers late and its tests have to agree on.
 */
#ifndef LATE_H
#define LATE_H

enum {
	LATE_CMD_HOLD = 0x0f01,
	LATE_CMD_GATED = 0x0f02,
	LATE_WORD = 0x6c617465,
};

#endif
