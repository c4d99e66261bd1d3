/*
 * Guest RAM: regions in memfds, and what lies where.
 *
 * A region has a guest address, a front-end address and an offset in its file,
 * all unrelated, so that a device that mixes them up fails. Three layouts:
 *
 *   one    |=======================================|   one region
 *   seam   |======|======|======|======|======|====|   adjoining guest
 *            addresses, in files of their own: buffers lie across the seams
 *   edge   |===X|   |===X|   |===X|   |===X|           apart from each other:
 *            buffers and rings end with the region's last byte
 *
 * Everything written here through ram_write() is also kept in a copy. What
 * differs from the copy was written by the device: that is the guard (guard.h).
 */
#ifndef RAM_H
#define RAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "wire.h"

enum layout { LAYOUT_ONE, LAYOUT_SEAM, LAYOUT_EDGE, LAYOUTS };

enum { RAM_DEFAULT = 4 << 20 }; /* bytes, over all regions */

/* What untouched guest memory is full of. */
enum { RAM_FILL = 0xa5 };

struct region {
	struct vu_region vu;
	int fd;
	uint8_t *host; /* shared with the device, vu.size bytes */
	uint8_t *copy; /* the same without the device's writes */
};

struct extent { /* something that lies in RAM */
	uint64_t gpa, len;
	const char *label; /* "response"; not copied */
};

struct ram {
	enum layout layout;
	struct region regions[VU_MAX_REGIONS];
	unsigned count;
	struct extent *extents;
	unsigned nextents, room;
	struct extent *allowed; /* see guard.h */
	unsigned nallowed, allowed_room;
};

/* All of it filled with RAM_FILL. */
struct ram *ram_new(enum layout layout, uint64_t bytes);
void ram_free(struct ram *ram);

/*
 * Room for `len` bytes, where the layout is most trying: across a seam, at
 * the very end of a region. `align` is a power of two. FAILs when full.
 */
uint64_t ram_alloc(struct ram *ram, uint64_t len, uint32_t align,
		   const char *label);
/* The same, in one region: what ring parts need, as their address is the front
 * end's and not the guest's. */
uint64_t ram_alloc_inside(struct ram *ram, uint64_t len, uint32_t align,
			  const char *label);
void ram_release(struct ram *ram, uint64_t gpa);

/* The driver's accesses, across seams too. FAIL outside of all regions. */
void ram_write(struct ram *ram, uint64_t gpa, const void *buf, size_t len);
void ram_read(struct ram *ram, uint64_t gpa, void *buf, size_t len);
void ram_fill(struct ram *ram, uint64_t gpa, int byte, size_t len);

/* One aligned 16-bit word: with acquire, with release. */
uint16_t ram_load16(struct ram *ram, uint64_t gpa);
void ram_store16(struct ram *ram, uint64_t gpa, uint16_t value);

/*
 * The shared bytes themselves, within one region (NULL if not). What is written
 * through it looks like a stray write of the device's, unless allowed.
 */
void *ram_at(struct ram *ram, uint64_t gpa, size_t len);

/* The front end's address of a guest address. */
uint64_t ram_ua(struct ram *ram, uint64_t gpa);

/* Past the end of everything. */
uint64_t ram_end(const struct ram *ram);

/* What lies there: "control used ring + 6", "nothing". Valid until the next
 * call. */
const char *ram_what(struct ram *ram, uint64_t gpa);

/*
 * Puts all regions into other files, at other offsets, or all into one file;
 * the addresses stay, and the old files hold garbage. The device must be quiet
 * meanwhile, and has to be told: frontend_send_memory().
 */
void ram_move(struct ram *ram);
void ram_join(struct ram *ram);

/* SET_MEM_TABLE for all of it. */
struct message ram_table(const struct ram *ram);

#endif
