/*
 * The form of each vhost-user request that every back end has: what a test
 * needs that goes through all of them.
 */
#ifndef FORMS_H
#define FORMS_H

#include <stdbool.h>
#include <stdint.h>

#include "wire.h"

struct form {
	uint32_t request;
	uint32_t size; /* of its payload, in bytes */
	unsigned fds;
};

/* All that QEMU sends to a GPU; FORMS of them. */
enum { FORMS = 20 };
extern const struct form forms[FORMS];

/* Is it one of those answered with data? */
bool form_has_reply(uint32_t request);

/*
 * Well-formed but for its size: queue 0, one region, 16 bytes of config. The
 * descriptors are the test's to add.
 */
struct message form_message(const struct form *f, uint32_t size);

#endif
