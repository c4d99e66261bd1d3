/*
 * Guest RAM: its regions and the driver's accesses. Where things are put is in
 * placement.c. See ram.h.
 */
#define _GNU_SOURCE
#include "ram.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "trail.h"

/* Numbers that have nothing to do with each other. */
static const uint64_t offsets[VU_MAX_REGIONS] = {
	0x3000, 0, 0x7000, 0x1000, 0x2000, 0, 0x5000, 0x4000,
};

static int new_file(uint64_t bytes)
{
	int fd = memfd_create("guest RAM", MFD_CLOEXEC);

	if (fd < 0 || ftruncate(fd, (off_t)bytes))
		FAIL("no guest RAM");
	return fd;
}

static void map_file(struct region *r, int fd, uint64_t offset)
{
	r->fd = fd;
	r->vu.mmap_offset = offset;
	r->host = mmap(NULL, r->vu.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd,
		       (off_t)offset);
	if (r->host == MAP_FAILED)
		FAIL("no guest RAM");
}

static void region_open(struct region *r)
{
	uint64_t size = r->vu.size, offset = r->vu.mmap_offset;

	map_file(r, new_file(offset + size), offset);
	r->copy = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (r->copy == MAP_FAILED)
		FAIL("no guest RAM");
	memset(r->host, RAM_FILL, size);
	memset(r->copy, RAM_FILL, size);
}

static void add_region(struct ram *ram, uint64_t gpa, uint64_t size)
{
	unsigned i = ram->count++;
	struct region *r = &ram->regions[i];

	/* Front-end addresses descend while guest addresses ascend. */
	r->vu = (struct vu_region){
		.gpa = gpa,
		.size = size,
		.ua = 0x7fb500000000 - (uint64_t)i * 0x40000000,
		.mmap_offset = offsets[i],
	};
	region_open(r);
}

struct ram *ram_new(enum layout layout, uint64_t bytes)
{
	struct ram *ram = calloc(1, sizeof(*ram));
	uint64_t gap = layout == LAYOUT_EDGE ? 0x10000000 : 0;
	uint64_t gpa = 0x1c0000, size;
	unsigned n = layout == LAYOUT_ONE ? 1 : VU_MAX_REGIONS;

	ram->layout = layout;
	for (unsigned i = 0; i < n; i++) {
		/* The first one takes half, for what need not lie anywhere. */
		size = n == 1 ? bytes : !i ? bytes / 2 : bytes / 2 / (n - 1);
		size = (size + 4095) & ~4095ull;
		add_region(ram, gpa, size);
		gpa += size + gap;
	}
	return ram;
}

void ram_free(struct ram *ram)
{
	for (unsigned i = 0; i < ram->count; i++) {
		munmap(ram->regions[i].host, ram->regions[i].vu.size);
		munmap(ram->regions[i].copy, ram->regions[i].vu.size);
		close(ram->regions[i].fd);
	}
	free(ram->extents);
	free(ram->allowed);
	free(ram);
}

/* To another place; whoever still looks into the old one finds garbage. */
static void move_region(struct region *r, int fd, uint64_t offset)
{
	struct region old = *r;

	map_file(r, fd, offset);
	memcpy(r->host, old.host, r->vu.size);
	memset(old.host, (uint8_t)~RAM_FILL, r->vu.size);
	munmap(old.host, r->vu.size);
	close(old.fd);
}

void ram_move(struct ram *ram)
{
	for (unsigned i = 0; i < ram->count; i++) {
		struct region *r = &ram->regions[i];
		uint64_t offset = (r->vu.mmap_offset + 0x1000) % 0x8000;

		move_region(r, new_file(offset + r->vu.size), offset);
	}
}

void ram_join(struct ram *ram)
{
	uint64_t size = 0;
	int fd;

	for (unsigned i = 0; i < ram->count; i++)
		size += ram->regions[i].vu.size;
	fd = new_file(size);
	for (unsigned i = 0; i < ram->count; i++) {
		size -= ram->regions[i].vu.size;
		move_region(&ram->regions[i], dup(fd), size);
	}
	close(fd);
}

static struct region *region_of(struct ram *ram, uint64_t gpa)
{
	for (unsigned i = 0; i < ram->count; i++) {
		struct region *r = &ram->regions[i];

		if (gpa - r->vu.gpa < r->vu.size)
			return r;
	}
	FAIL("the test itself reaches outside guest RAM, at %#llx",
	     (unsigned long long)gpa);
}

/* Bytes from `gpa` on that its region still has, at most `len`. */
static size_t span(const struct region *r, uint64_t gpa, size_t len)
{
	uint64_t left = r->vu.gpa + r->vu.size - gpa;

	return len < left ? len : left;
}

void ram_write(struct ram *ram, uint64_t gpa, const void *buf, size_t len)
{
	const uint8_t *from = buf;

	while (len) {
		struct region *r = region_of(ram, gpa);
		size_t n = span(r, gpa, len);

		memcpy(r->copy + (gpa - r->vu.gpa), from, n);
		memcpy(r->host + (gpa - r->vu.gpa), from, n);
		from += n;
		gpa += n;
		len -= n;
	}
}

void ram_read(struct ram *ram, uint64_t gpa, void *buf, size_t len)
{
	uint8_t *to = buf;

	while (len) {
		struct region *r = region_of(ram, gpa);
		size_t n = span(r, gpa, len);

		memcpy(to, r->host + (gpa - r->vu.gpa), n);
		to += n;
		gpa += n;
		len -= n;
	}
}

void ram_fill(struct ram *ram, uint64_t gpa, int byte, size_t len)
{
	while (len) {
		struct region *r = region_of(ram, gpa);
		size_t n = span(r, gpa, len);

		memset(r->copy + (gpa - r->vu.gpa), byte, n);
		memset(r->host + (gpa - r->vu.gpa), byte, n);
		gpa += n;
		len -= n;
	}
}

uint16_t ram_load16(struct ram *ram, uint64_t gpa)
{
	uint16_t *at = ram_at(ram, gpa, sizeof(*at));

	return __atomic_load_n(at, __ATOMIC_ACQUIRE);
}

void ram_store16(struct ram *ram, uint64_t gpa, uint16_t value)
{
	struct region *r = region_of(ram, gpa);
	uint16_t *at = ram_at(ram, gpa, sizeof(*at));

	memcpy(r->copy + (gpa - r->vu.gpa), &value, sizeof(value));
	__atomic_store_n(at, value, __ATOMIC_RELEASE);
}

void *ram_at(struct ram *ram, uint64_t gpa, size_t len)
{
	struct region *r = region_of(ram, gpa);

	return span(r, gpa, len) == len ? r->host + (gpa - r->vu.gpa) : NULL;
}

uint64_t ram_ua(struct ram *ram, uint64_t gpa)
{
	struct region *r = region_of(ram, gpa);

	return r->vu.ua + (gpa - r->vu.gpa);
}

uint64_t ram_end(const struct ram *ram)
{
	const struct region *last = &ram->regions[ram->count - 1];

	return last->vu.gpa + last->vu.size;
}

const char *ram_what(struct ram *ram, uint64_t gpa)
{
	static char text[96];

	for (unsigned i = 0; i < ram->nextents; i++) {
		const struct extent *e = &ram->extents[i];

		if (gpa - e->gpa >= e->len)
			continue;
		snprintf(text, sizeof(text), "%s + %llu", e->label,
			 (unsigned long long)(gpa - e->gpa));
		return text;
	}
	return "nothing";
}

struct message ram_table(const struct ram *ram)
{
	struct message m = message(VU_SET_MEM_TABLE);

	m.header.size = (uint32_t)(8 + ram->count * sizeof(struct vu_region));
	m.table.count = ram->count;
	for (unsigned i = 0; i < ram->count; i++) {
		m.table.regions[i] = ram->regions[i].vu;
		m.fds[m.nfds++] = ram->regions[i].fd;
	}
	return m;
}
