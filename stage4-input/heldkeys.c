/*
 * Two bitmaps.
 */
#include "heldkeys.h"

static bool get(const uint8_t *bits, uint16_t code)
{
	return bits[code / 8] >> code % 8 & 1;
}

static void set(uint8_t *bits, uint16_t code, bool to)
{
	if (to)
		bits[code / 8] |= 1 << code % 8;
	else
		bits[code / 8] &= ~(1 << code % 8);
}

void heldkeys_set(struct heldkeys *held, uint16_t code, bool down)
{
	set(held->down, code, down);
}

void heldkeys_told(struct heldkeys *held, uint16_t code)
{
	set(held->told, code, get(held->down, code));
}

bool heldkeys_down(const struct heldkeys *held, uint16_t code)
{
	return get(held->down, code);
}

bool heldkeys_owed(const struct heldkeys *held, uint16_t code)
{
	return get(held->down, code) != get(held->told, code);
}

uint16_t heldkeys_next_owed(const struct heldkeys *held, uint16_t code)
{
	while (code < KEY_CNT && !heldkeys_owed(held, code))
		code++;
	return code;
}

uint16_t heldkeys_next_down(const struct heldkeys *held, uint16_t code)
{
	while (code < KEY_CNT && !heldkeys_down(held, code))
		code++;
	return code;
}
