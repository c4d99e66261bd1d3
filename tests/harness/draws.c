/*
 * Random draws that can be repeated: see draws.h.
 *
 * The generator is splitmix64: a counter and a mixing function.
 */
#include "draws.h"

static uint64_t state;

void draws_begin(uint64_t seed, const char *test_name)
{
	state = seed;
	for (; *test_name; test_name++)
		state = (state ^ (unsigned char)*test_name) * 0x100000001b3;
}

uint64_t draw(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

uint32_t draw_below(uint32_t n)
{
	return (uint32_t)((draw() >> 32) * n >> 32);
}

void draw_bytes(void *buf, size_t len)
{
	uint8_t *p = buf;

	while (len--)
		*p++ = (uint8_t)(draw() >> 56);
}

void draw_order(uint16_t *order, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint32_t j = draw_below(i + 1);

		order[i] = order[j];
		order[j] = (uint16_t)i;
	}
}
