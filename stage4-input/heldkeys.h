/*
 * Which keys and buttons are down, and which of them the guest believes to be.
 *
 *               is down   was told
 *   press         x          .      a frame is sent, and both are down
 *   release       .          x      a frame is sent ...
 *   ... but dropped, as the driver is too slow: the two differ, and what they
 *   differ in is sent once it is up to date. So no key gets stuck.
 *
 * What a guest was never told to be down it is not told to be up: the releases of
 * keys that were pressed before its driver was there, or in another window.
 */
#ifndef HELDKEYS_H
#define HELDKEYS_H

#include <linux/input-event-codes.h>
#include <stdbool.h>
#include <stdint.h>

struct heldkeys {
	uint8_t down[KEY_CNT / 8], told[KEY_CNT / 8];
};

void heldkeys_set(struct heldkeys *held, uint16_t code, bool down);
/* The guest was told what is so. */
void heldkeys_told(struct heldkeys *held, uint16_t code);

/* Is it down? Does the guest have to be told? */
bool heldkeys_down(const struct heldkeys *held, uint16_t code);
bool heldkeys_owed(const struct heldkeys *held, uint16_t code);

/* The first one from `code` on that is owed, or that is down; KEY_CNT: none. */
uint16_t heldkeys_next_owed(const struct heldkeys *held, uint16_t code);
uint16_t heldkeys_next_down(const struct heldkeys *held, uint16_t code);

#endif
