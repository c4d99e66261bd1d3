/*
 * Guest pages: see pages.h.
 */
#include "pages.h"

#include <stdlib.h>

#include "draws.h"
#include "ram.h"
#include "trail.h"

static void add(struct pages *p, uint64_t gpa, uint32_t len)
{
	p->entries = realloc(p->entries, (p->count + 1) * sizeof(*p->entries));
	p->entries[p->count++] = (struct virtio_gpu_mem_entry){
		.addr = gpa,
		.length = len,
	};
}

static void shuffle(struct pages *p)
{
	for (uint32_t i = p->count; i > 1; i--) {
		uint32_t j = draw_below(i);
		struct virtio_gpu_mem_entry e = p->entries[i - 1];

		p->entries[i - 1] = p->entries[j];
		p->entries[j] = e;
	}
}

struct pages *pages_new(struct ram *ram, uint64_t size, uint32_t least,
			uint32_t most)
{
	struct pages *p = calloc(1, sizeof(*p));

	p->ram = ram;
	p->block = ram_alloc(ram, size, 1, "backing");
	while (p->size < size) {
		uint32_t len = least + draw_below(most - least + 1);

		if (len > size - p->size)
			len = (uint32_t)(size - p->size);
		add(p, p->block + p->size, len);
		p->size += len;
	}
	shuffle(p);
	pages_scribble(p);
	return p;
}

struct pages *pages_whole(struct ram *ram, uint64_t size)
{
	return pages_new(ram, size, (uint32_t)size, (uint32_t)size);
}

struct pages *pages_at(struct ram *ram, uint64_t gpa, uint32_t size)
{
	struct pages *p = calloc(1, sizeof(*p));

	p->ram = ram;
	p->size = size;
	add(p, gpa, size);
	return p;
}

void pages_free(struct pages *p)
{
	if (p->block)
		ram_release(p->ram, p->block);
	free(p->entries);
	free(p);
}

void pages_write(struct pages *p, uint64_t at, const void *bytes, size_t len)
{
	const uint8_t *from = bytes;

	if (at > p->size || len > p->size - at)
		FAIL("the test itself writes behind its pages");
	for (uint32_t i = 0; i < p->count && len; i++) {
		const struct virtio_gpu_mem_entry *e = &p->entries[i];
		size_t n = e->length;

		if (at >= n) {
			at -= n;
			continue;
		}
		n -= at;
		if (n > len)
			n = len;
		ram_write(p->ram, e->addr + at, from, n);
		from += n;
		len -= n;
		at = 0;
	}
}

void pages_scribble(struct pages *p)
{
	uint8_t *bytes = malloc(p->size);

	draw_bytes(bytes, p->size);
	pages_write(p, 0, bytes, p->size);
	free(bytes);
}
