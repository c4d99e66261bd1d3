/*
 * Random draws that can be repeated.
 *
 * One seed for the whole run, printed at its start; every test draws from a
 * sequence of its own, made of that seed and of its name. So a single test
 * repeated with the same seed draws the same, whatever else runs with it.
 */
#ifndef DRAWS_H
#define DRAWS_H

#include <stddef.h>
#include <stdint.h>

void draws_begin(uint64_t seed, const char *test_name);

uint64_t draw(void);
/* A number in 0 .. n-1. */
uint32_t draw_below(uint32_t n);
void draw_bytes(void *buf, size_t len);
/* The numbers 0 .. n-1 in random order. */
void draw_order(uint16_t *order, uint32_t n);

#endif
