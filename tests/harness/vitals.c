/*
 * What /proc says about the device: file descriptors, mappings, memory, time.
 */
#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "program.h"
#include "pump.h"
#include "trail.h"

static FILE *proc_open(const struct program *p, const char *file)
{
	char path[64];
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%d/%s", p->pid, file);
	f = fopen(path, "re");
	if (!f)
		FAIL("the device is gone: no %s", path);
	return f;
}

static unsigned count_lines(const struct program *p, const char *file)
{
	FILE *f = proc_open(p, file);
	unsigned n = 0;
	int c;

	while ((c = getc(f)) != EOF)
		n += c == '\n';
	fclose(f);
	return n;
}

static unsigned count_fds(const struct program *p)
{
	struct dirent *entry;
	unsigned n = 0;
	char path[64];
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%d/fd", p->pid);
	dir = opendir(path);
	if (!dir)
		FAIL("the device is gone: no %s", path);
	while ((entry = readdir(dir)))
		n += entry->d_name[0] != '.';
	closedir(dir);
	return n;
}

/* Of proc(5)'s stat: fields 3, 14 and 15, behind the name in brackets. */
static void read_stat(const struct program *p, struct vitals *v)
{
	FILE *f = proc_open(p, "stat");
	unsigned long user, system;
	char line[1024], *at;
	size_t len = fread(line, 1, sizeof(line) - 1, f);

	fclose(f);
	line[len] = '\0';
	at = strrchr(line, ')');
	if (!at || sscanf(at + 1,
			  " %c %*d %*d %*d %*d %*d %*u %*u %*u %*u "
			  "%*u %lu %lu",
			  &v->state, &user, &system) != 3)
		FAIL("cannot read the device's stat");
	v->cpu_us = (uint64_t)(user + system) * 1000000 /
		    (uint64_t)sysconf(_SC_CLK_TCK);
}

static uint64_t rss_kb(const struct program *p)
{
	FILE *f = proc_open(p, "statm");
	unsigned long pages = 0;

	if (fscanf(f, "%*u %lu", &pages) != 1)
		FAIL("cannot read the device's statm");
	fclose(f);
	return (uint64_t)pages * (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
}

struct vitals program_vitals(const struct program *p)
{
	struct vitals v = {
		.fds = count_fds(p),
		.maps = count_lines(p, "maps"),
		.rss_kb = rss_kb(p),
	};

	read_stat(p, &v);
	return v;
}

/* A heap that grows may take a mapping or two; a leak takes one a round. */
enum { MAPS_SLACK = 12 };

void program_expect_no_more(const struct program *p, struct vitals before)
{
	struct vitals now = program_vitals(p);

	if (now.fds > before.fds)
		FAIL("the device had %u file descriptors and now has %u",
		     before.fds, now.fds);
	if (now.maps > before.maps + MAPS_SLACK)
		FAIL("the device had %u mappings and now has %u", before.maps,
		     now.maps);
}

enum { LOOKS = 20 };

void program_expect_rest(const struct program *p)
{
	uint64_t end = pump_now() + PATIENCE_MS;
	unsigned asleep = 0;

	while (asleep < LOOKS) {
		struct vitals v = { .state = '?' };

		if (pump_now() > end)
			FAIL("the device is busy, with nothing to do");
		read_stat(p, &v);
		asleep = v.state == 'S' ? asleep + 1 : 0;
		sched_yield();
	}
}
