/*
 * What /proc says about the device: file descriptors, mappings, memory, time.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "program.h"
#include "pump.h"
#include "suite.h"
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

static void read_sizes(const struct program *p, struct vitals *v)
{
	uint64_t page_kb = (uint64_t)sysconf(_SC_PAGESIZE) / 1024;
	FILE *f = proc_open(p, "statm");
	unsigned long size = 0, resident = 0;

	if (fscanf(f, "%lu %lu", &size, &resident) != 2)
		FAIL("cannot read the device's statm");
	fclose(f);
	v->size_kb = size * page_kb;
	v->rss_kb = resident * page_kb;
}

struct vitals program_vitals(const struct program *p)
{
	struct vitals v = {
		.fds = count_fds(p),
		.maps = count_lines(p, "maps"),
	};

	read_sizes(p, &v);
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

static bool is_sanitized(struct vitals v)
{
	return v.size_kb > 1ull << 32;
}

void program_expect_no_growth(const struct program *p, struct vitals before,
			      uint64_t kb)
{
	struct vitals now = program_vitals(p);

	if (!is_sanitized(now) && now.rss_kb > before.rss_kb + kb)
		FAIL("the device took %llu KiB and now takes %llu",
		     (unsigned long long)before.rss_kb,
		     (unsigned long long)now.rss_kb);
}

/* The soft limit; the hard one leaves a way back. */
static void limit_memory(const struct program *p, rlim_t bytes)
{
	struct rlimit limit;

	if (prlimit(p->pid, RLIMIT_AS, NULL, &limit))
		FAIL("the device has no limits");
	limit.rlim_cur = bytes < limit.rlim_max ? bytes : limit.rlim_max;
	if (prlimit(p->pid, RLIMIT_AS, &limit, NULL))
		FAIL("the device can't be starved");
}

void program_starve(const struct program *p, uint64_t kb)
{
	struct vitals now = program_vitals(p);

	if (is_sanitized(now))
		suite_skip("sanitizers need a vast address space");
	trail_step("no memory for the device but %llu KiB",
		   (unsigned long long)kb);
	limit_memory(p, (now.size_kb + kb) * 1024);
}

void program_feed(const struct program *p)
{
	trail_step("memory for the device");
	limit_memory(p, RLIM_INFINITY);
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
