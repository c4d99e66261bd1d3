/*
 * The guard: the device may write what it was given, and nothing else.
 *
 * Guest RAM is compared with the copy the driver kept of it (ram.h). Bytes that
 * differ must lie in what was allowed: the writable part of a chain, the used
 * elements, the event words. The rings and the driver allow those by
 * themselves; driver_send() checks after every command.
 */
#ifndef GUARD_H
#define GUARD_H

#include <stdbool.h>
#include <stdint.h>

struct ram;

struct stray {
	uint64_t gpa;
	uint8_t expected, got;
};

/* Until the next check. */
void guard_allow(struct ram *ram, uint64_t gpa, uint64_t len);

/*
 * Looks for a byte that changed without being allowed to; false if there is
 * none. Either way the allowance is used up, and what was allowed is taken
 * over into the copy.
 */
bool guard_find(struct ram *ram, struct stray *stray);

/* FAILs with the first stray byte and what lies there. */
void guard_check(struct ram *ram);

#endif
