/*
 * A device of a few lines, to check the driver with: see model.h.
 *
 * virtio 1.3, sections 2.7.13, 2.7.14, 2.8.21.
 */
#include "model.h"

#include <linux/virtio_ring.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/eventfd.h>

#include "ring_packed.h"
#include "ring_split.h"
#include "trail.h"

static bool is_packed(const struct model *m)
{
	return m->r->ops == &ring_packed;
}

struct model model_start(struct ring *r)
{
	struct model m = { .r = r };

	if (is_packed(&m)) {
		m.avail = r->base & 0x7fff;
		m.avail_wrap = r->base >> 15 & 1;
		m.used = r->base >> 16 & 0x7fff;
		m.used_wrap = r->base >> 31;
	} else {
		m.avail = m.used = (uint16_t)r->base;
	}
	return m;
}

uint32_t model_base(const struct model *m)
{
	return is_packed(m) ? m->avail | (uint32_t)m->avail_wrap << 15 |
				      (uint32_t)m->used << 16 |
				      (uint32_t)m->used_wrap << 31
			    : m->avail;
}

static void add_piece(struct model_chain *c, uint64_t gpa, uint32_t len,
		      bool writable)
{
	if (c->count == 64)
		FAIL("the model's chain has no end");
	c->pieces[c->count++] = (struct piece){ gpa, len, writable };
}

static struct vring_desc split_desc(struct model *m, uint64_t table,
				    uint16_t index)
{
	struct vring_desc d;

	ram_read(m->r->ram, table + index * sizeof(d), &d, sizeof(d));
	return d;
}

static void split_walk(struct model *m, struct model_chain *c, uint64_t table,
		       uint16_t index)
{
	struct vring_desc d = split_desc(m, table, index);

	for (;;) {
		if (d.flags & VRING_DESC_F_INDIRECT)
			split_walk(m, c, d.addr, 0);
		else
			add_piece(c, d.addr, d.len,
				  d.flags & VRING_DESC_F_WRITE);
		if (!(d.flags & VRING_DESC_F_NEXT))
			return;
		d = split_desc(m, table, d.next);
	}
}

static bool split_pop(struct model *m, struct model_chain *c)
{
	struct ring *r = m->r;

	if (ram_load16(r->ram, r->driver + 2) == m->avail)
		return false;
	c->id = ram_load16(r->ram, r->driver + 4 + 2 * (m->avail % r->num));
	m->avail++;
	split_walk(m, c, r->desc, c->id);
	return true;
}

static void packed_table(struct model *m, struct model_chain *c,
			 const struct vring_packed_desc *at)
{
	struct vring_packed_desc d;

	for (uint32_t i = 0; i < at->len / sizeof(d); i++) {
		ram_read(m->r->ram, at->addr + i * sizeof(d), &d, sizeof(d));
		add_piece(c, d.addr, d.len, d.flags & VRING_DESC_F_WRITE);
	}
}

static void step(const struct model *m, uint16_t *slot, bool *wrap)
{
	if (++*slot == m->r->num) {
		*slot = 0;
		*wrap = !*wrap;
	}
}

static bool packed_pop(struct model *m, struct model_chain *c)
{
	struct vring_packed_desc d = packed_desc(m->r, m->avail);
	bool avail = d.flags >> VRING_PACKED_DESC_F_AVAIL & 1;
	bool used = d.flags >> VRING_PACKED_DESC_F_USED & 1;

	if (avail != m->avail_wrap || used == m->avail_wrap)
		return false;
	for (;;) {
		if (d.flags & VRING_DESC_F_INDIRECT)
			packed_table(m, c, &d);
		else
			add_piece(c, d.addr, d.len,
				  d.flags & VRING_DESC_F_WRITE);
		c->slots++;
		step(m, &m->avail, &m->avail_wrap);
		if (!(d.flags & VRING_DESC_F_NEXT))
			break;
		d = packed_desc(m->r, m->avail);
	}
	c->id = d.id;
	return true;
}

bool model_pop(struct model *m, struct model_chain *c)
{
	c->count = c->slots = 0;
	return is_packed(m) ? packed_pop(m, c) : split_pop(m, c);
}

/* Byte by byte, as slow as it is plain. Returns what was written. */
static uint32_t echo(struct ram *ram, const struct model_chain *c)
{
	uint32_t written = 0, out = 0, in = 0, out_at = 0, in_at = 0;

	while (in < c->count && !c->pieces[in].writable)
		in++;
	for (uint32_t first = in; in < c->count;) {
		if (in_at == c->pieces[in].len) {
			in++;
			in_at = 0;
			continue;
		}
		while (out < first && out_at == c->pieces[out].len) {
			out++;
			out_at = 0;
		}
		if (out == first)
			break;
		*(uint8_t *)ram_at(ram, c->pieces[in].gpa + in_at++, 1) = *(
			uint8_t *)ram_at(ram, c->pieces[out].gpa + out_at++, 1);
		written++;
	}
	return written;
}

/* Behind the guard's back, as a device does. */
static void poke(struct model *m, uint64_t gpa, const void *bytes, size_t len)
{
	uint8_t *to = ram_at(m->r->ram, gpa, len);

	for (size_t i = 0; i < len; i++)
		to[i] = ((const uint8_t *)bytes)[i];
}

static bool split_use(struct model *m, const struct model_chain *c,
		      uint32_t written)
{
	struct vring_used_elem e = { c->id, written };
	struct ring *r = m->r;
	uint16_t event, now;

	poke(m, r->device + 4 + sizeof(e) * (m->used % r->num), &e, sizeof(e));
	now = ++m->used;
	poke(m, r->device + 2, &now, sizeof(now));
	if (!r->event_idx)
		return !(ram_load16(r->ram, r->driver) &
			 VRING_AVAIL_F_NO_INTERRUPT);
	event = ram_load16(r->ram, r->driver + 4 + 2 * r->num);
	return event == (uint16_t)(now - 1);
}

/* Is the driver's event among the slots this chain takes? */
static bool packed_wants_call(struct model *m, uint16_t slots)
{
	struct ring *r = m->r;
	uint16_t off_wrap = ram_load16(r->ram, r->driver);
	uint16_t flags = ram_load16(r->ram, r->driver + 2);
	uint32_t event = off_wrap & 0x7fff;

	if (flags != VRING_PACKED_EVENT_FLAG_DESC)
		return flags == VRING_PACKED_EVENT_FLAG_ENABLE;
	if (off_wrap >> 15 != m->used_wrap)
		event += r->num;
	return event >= m->used && event < m->used + (uint32_t)slots;
}

static bool packed_use(struct model *m, const struct model_chain *c,
		       uint32_t written)
{
	struct vring_packed_desc d = { .len = written, .id = c->id };
	bool call = packed_wants_call(m, c->slots);

	if (m->used_wrap)
		d.flags = 1 << VRING_PACKED_DESC_F_AVAIL |
			  1 << VRING_PACKED_DESC_F_USED;
	if (written)
		d.flags |= VRING_DESC_F_WRITE;
	poke(m, m->r->desc + m->used * sizeof(d), &d, sizeof(d));
	for (uint16_t i = 0; i < c->slots; i++)
		step(m, &m->used, &m->used_wrap);
	return call;
}

void model_use(struct model *m, const struct model_chain *c)
{
	uint32_t written = echo(m->r->ram, c);

	if (is_packed(m) ? packed_use(m, c, written) : split_use(m, c, written))
		eventfd_write(m->r->call, 1);
}
