/*
 * The blocks a display has to have in its DisplayID: who it is, what it is like,
 * what it is plugged in with, a timing.
 *
 * VESA DisplayID 1.3, section 4.
 */
#include "displayid.h"

#include <string.h>

#include "timing.h"

enum { /* data blocks */
       PRODUCT = 0x00,
       PARAMETERS = 0x01,
       DETAILED_TIMING = 0x03, /* "type I" */
       INTERFACE = 0x0f,
};

enum { EXTENSION_TAG = 0x70, SECTION_VERSION = 0x13, STANDALONE_DISPLAY = 3 };

static void put16(uint8_t *to, uint32_t number)
{
	to[0] = number & 0xff;
	to[1] = number >> 8 & 0xff;
}

/* Appends a data block of `len` bytes to the section; they are zero. */
static uint8_t *add(uint8_t *section, uint8_t tag, uint8_t len)
{
	uint8_t *block = section + 4 + section[1];

	block[0] = tag;
	block[2] = len;
	section[1] += 3 + len;
	return block + 3;
}

static void add_product(uint8_t *section, const struct edid_monitor *m)
{
	char name[14];
	uint8_t *p;
	size_t len;

	edid_name(m, name);
	len = strlen(name);
	p = add(section, PRODUCT, 12 + len);
	memcpy(p, EDID_MAKER, 3);
	put16(p + 3, EDID_PRODUCT);
	put16(p + 5, edid_serial(m));
	p[9] = 0xff; /* no week: the year is the model's */
	p[10] = EDID_MODEL_YEAR - 2000;
	p[11] = len;
	memcpy(p + 12, name, len);
}

/* Long side to short side, in hundredths, as far as there is room. */
static uint8_t aspect(const struct edid_monitor *m)
{
	uint32_t wide = m->width, high = m->height;
	uint32_t ratio = wide > high ? wide * 100 / high : high * 100 / wide;

	return ratio - 100 < 255 ? ratio - 100 : 255;
}

static void add_parameters(uint8_t *section, const struct edid_monitor *m)
{
	uint8_t *p = add(section, PARAMETERS, 12);

	put16(p, edid_length(m->width));
	put16(p + 2, edid_length(m->height));
	put16(p + 4, m->width);
	put16(p + 6, m->height);
	p[9] = EDID_GAMMA - 100;
	p[10] = aspect(m);
	p[11] = 7 << 4 | 7; /* 8 bits a colour, at most and by nature */
}

/* What isn't a number is one less than what it means; the rest is, too. */
static void add_timing(uint8_t *section, const struct timing *t)
{
	uint8_t *p = add(section, DETAILED_TIMING, 20);

	put16(p, t->clock - 1);
	p[2] = (t->clock - 1) >> 16;
	p[3] = 0x80 | 8; /* preferred; of a shape that has no number here */
	put16(p + 4, t->width - 1);
	put16(p + 6, t->hblank - 1);
	put16(p + 8, (t->hfront - 1) | 0x8000); /* the pulse is positive */
	put16(p + 10, t->hsync - 1);
	put16(p + 12, t->height - 1);
	put16(p + 14, t->vblank - 1);
	put16(p + 16, t->vfront - 1);
	put16(p + 18, t->vsync - 1);
}

static void add_interface(uint8_t *section)
{
	uint8_t *p = add(section, INTERFACE, 10);

	p[0] = 0xb << 4 | 1; /* a digital one that is nobody's standard */
	p[2] = 0x02;	     /* RGB, 8 bits a colour */
}

void displayid_make(const struct edid_monitor *m, const struct timing *own,
		    uint8_t block[EDID_BLOCK])
{
	uint8_t *section = block + 1;

	memset(block, 0, EDID_BLOCK);
	block[0] = EXTENSION_TAG;
	section[0] = SECTION_VERSION;
	section[2] = STANDALONE_DISPLAY;
	add_product(section, m);
	add_parameters(section, m);
	add_timing(section, own);
	add_interface(section);
	edid_checksum(section, 4 + section[1] + 1);
	edid_checksum(block, EDID_BLOCK);
}
