/*
 * A processor for the device and one for the test: see program.h.
 */
#define _GNU_SOURCE
#include <sched.h>

#include "program.h"
#include "suite.h"

/* Left to itself, the device would run where it was woken, and wait for us. */
void program_take_two_processors(const struct program *device)
{
	static cpu_set_t all;
	cpu_set_t one;
	int cpu = -1;

	if (!CPU_COUNT(&all))
		sched_getaffinity(0, sizeof(all), &all);
	if (CPU_COUNT(&all) < 2)
		suite_skip("there is one processor only");
	for (unsigned i = 0; i < 2; i++) {
		while (!CPU_ISSET(++cpu, &all))
			;
		CPU_ZERO(&one);
		CPU_SET(cpu, &one);
		sched_setaffinity(i ? device->pid : 0, sizeof(one), &one);
	}
}
