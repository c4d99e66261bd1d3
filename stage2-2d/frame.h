/*
 * A picture in our memory, and the account that its bytes are on.
 *
 *   mailbox's frame   1 MiB  --+
 *   who shows it: its copy   --+-->  account of scanout 0: 3 MiB
 *   a texture of it          --+
 *
 * A scanout pays for its pictures while it is on (scanout.c). When it goes off
 * they don't all go with it: one is on its way to QEMU, one waits for a disk. So
 * what there is is counted, from its beginning to its end and on whichever
 * thread, and what nobody pays for is not to be had by the guest.
 */
#ifndef FRAME_H
#define FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Zeroed memory is an empty one. Any thread's. */
struct account {
	uint64_t bytes;
};

void account_add(struct account *account, uint64_t bytes);
void account_remove(struct account *account, uint64_t bytes);
uint64_t account_bytes(const struct account *account);

/*
 * x8r8g8b8, its rows one behind the other. Zeroed memory is an empty one. It may
 * be moved, but not copied, by assignment.
 */
struct frame {
	uint32_t width, height; /* 0x0: none */
	uint32_t *pixels;
	struct account *account; /* NULL: it is not counted */
};

/* A black one, at least 1x1. False: no memory, and it is empty. */
bool frame_make(struct frame *frame, struct account *account, uint32_t width,
		uint32_t height);
/* It is empty then, and may have been before. */
void frame_free(struct frame *frame);

size_t frame_bytes(uint32_t width, uint32_t height);

#endif
