/*
 * The base block of an EDID.
 *
 * Everything about this monitor is made up, and still not everything is free to
 * be: drivers pick modes by it, desktops tell monitors apart by it, and letters
 * get their size by its millimetres.
 */
#include "edid.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "displayid.h"
#include "displayinfo.h"
#include "timing.h"

enum { /* where things are: E-EDID 1.4, table 3.1 */
       AT_MAKER = 8,
       AT_PRODUCT = 10,
       AT_SERIAL = 12,
       AT_YEAR = 16,
       AT_VERSION = 18,
       AT_INPUT = 20,
       AT_SIZE = 21,
       AT_GAMMA = 23,
       AT_FEATURES = 24,
       AT_COLOURS = 25,
       AT_ESTABLISHED = 35,
       AT_STANDARD = 38,
       AT_DESCRIPTORS = 54,
       DESCRIPTOR = 18, /* bytes */
       AT_EXTENSIONS = 126,
};

/* ---- what is said twice ---- */

void edid_name(const struct edid_monitor *m, char name[14])
{
	snprintf(name, 14, "virtio-gpu %u", m->index % 100);
}

uint32_t edid_serial(const struct edid_monitor *m)
{
	return m->index + 1;
}

uint32_t edid_length(uint32_t pixels)
{
	return pixels * 254 / EDID_DPI;
}

void edid_checksum(uint8_t *bytes, size_t count)
{
	uint8_t sum = 0;

	for (size_t i = 0; i + 1 < count; i++)
		sum += bytes[i];
	bytes[count - 1] = -sum;
}

/* ---- who it is ---- */

/* Three letters of five bits each, A is 1. */
static void put_maker(uint8_t *to)
{
	const char *maker = EDID_MAKER;
	unsigned packed = 0;

	for (unsigned i = 0; i < 3; i++)
		packed = packed << 5 | (unsigned)(maker[i] - 'A' + 1);
	to[0] = packed >> 8;
	to[1] = packed & 0xff;
}

static void put_identity(uint8_t *edid, const struct edid_monitor *m)
{
	static const uint8_t header[] = { 0,	0xff, 0xff, 0xff,
					  0xff, 0xff, 0xff, 0 };

	memcpy(edid, header, sizeof(header));
	put_maker(edid + AT_MAKER);
	edid[AT_PRODUCT] = EDID_PRODUCT & 0xff;
	edid[AT_PRODUCT + 1] = EDID_PRODUCT >> 8;
	edid[AT_SERIAL] = edid_serial(m);
	edid[AT_YEAR] = 0xff; /* no week: the year is the model's */
	edid[AT_YEAR + 1] = EDID_MODEL_YEAR - 1990;
	edid[AT_VERSION] = 1;
	edid[AT_VERSION + 1] = 4;
}

/* ---- what it is like ---- */

static uint8_t centimetres(uint32_t pixels)
{
	uint32_t cm = (edid_length(pixels) + 50) / 100;

	return cm ? cm : 1; /* 0 would mean that nobody knows */
}

static void put_screen(uint8_t *edid, const struct edid_monitor *m, bool native)
{
	/* sRGB's primaries and white point, ten bits for each number. */
	static const uint8_t colours[] = { 0xee, 0x91, 0xa3, 0x54, 0x4c,
					   0x99, 0x26, 0x0f, 0x50, 0x54 };

	/* Digital, 8 bits a colour, and no plug that has a number. */
	edid[AT_INPUT] = 0x80 | 0x20;
	edid[AT_SIZE] = centimetres(m->width);
	edid[AT_SIZE + 1] = centimetres(m->height);
	edid[AT_GAMMA] = EDID_GAMMA - 100;
	/*
	 * RGB and nothing else; sRGB; whether the first timing is the screen's
	 * own; and "continuous frequency": it takes modes that are not listed,
	 * within its limits.
	 */
	edid[AT_FEATURES] = 0x04 | (native ? 0x02 : 0) | 0x01;
	memcpy(edid + AT_COLOURS, colours, sizeof(colours));
}

/* ---- other modes it takes, at 60 Hz: none larger than the screen ---- */

/* As standard timings number them. */
enum shape { SHAPE_16_10, SHAPE_4_3, SHAPE_5_4, SHAPE_16_9 };

/* By the number of pixels. */
static const struct mode {
	uint16_t width, height;
	enum shape shape;
	uint16_t established; /* its bit there; 0: it is a standard timing */
} modes[] = {
	{ 640, 480, SHAPE_4_3, 0x2000 },  { 800, 600, SHAPE_4_3, 0x0100 },
	{ 1024, 768, SHAPE_4_3, 0x0008 }, { 1280, 720, SHAPE_16_9, 0 },
	{ 1280, 800, SHAPE_16_10, 0 },	  { 1440, 900, SHAPE_16_10, 0 },
	{ 1280, 1024, SHAPE_5_4, 0 },	  { 1600, 900, SHAPE_16_9, 0 },
	{ 1680, 1050, SHAPE_16_10, 0 },	  { 1920, 1080, SHAPE_16_9, 0 },
	{ 1920, 1200, SHAPE_16_10, 0 },
};

enum { MODES = sizeof(modes) / sizeof(modes[0]) };

/* What every monitor takes: firmware begins with it. */
static const struct mode *const safe_mode = &modes[0];

static bool takes(const struct edid_monitor *m, const struct mode *mode)
{
	return mode == safe_mode ||
	       (mode->width <= m->width && mode->height <= m->height);
}

static void put_modes(uint8_t *edid, const struct edid_monitor *m)
{
	uint8_t *standard = edid + AT_STANDARD;
	unsigned established = 0;

	memset(standard, 1, AT_DESCRIPTORS - AT_STANDARD); /* none */
	for (unsigned i = 0; i < MODES; i++) {
		if (!takes(m, &modes[i]))
			continue;
		established |= modes[i].established;
		if (modes[i].established)
			continue;
		*standard++ = modes[i].width / 8 - 31;
		*standard++ = modes[i].shape << 6; /* | rate - 60 Hz */
	}
	edid[AT_ESTABLISHED] = established >> 8;
	edid[AT_ESTABLISHED + 1] = established & 0xff;
}

/* ---- the descriptors ---- */

/*
 * Does it go into a detailed timing, and is it found there? The fields have 12
 * bits for pixels and lines, 6 for the front porch, 16 for the clock; Linux
 * passes over sizes below 64 there (drm_mode_detailed()), and edid-decode takes
 * a clock below 10 MHz for garbage.
 */
static bool fits_descriptor(const struct timing *t)
{
	return t->width >= 64 && t->width < 4096 && t->height >= 64 &&
	       t->height < 4096 && t->vfront < 64 && t->clock >= 1000 &&
	       t->clock < 65536;
}

static void put_timing(uint8_t *d, const struct timing *t,
		       const struct edid_monitor *m)
{
	uint32_t mm_wide = edid_length(m->width) / 10;
	uint32_t mm_high = edid_length(m->height) / 10;

	d[0] = t->clock & 0xff;
	d[1] = t->clock >> 8;
	d[2] = t->width & 0xff;
	d[3] = t->hblank & 0xff;
	d[4] = t->width >> 8 << 4 | t->hblank >> 8;
	d[5] = t->height & 0xff;
	d[6] = t->vblank & 0xff;
	d[7] = t->height >> 8 << 4 | t->vblank >> 8;
	d[8] = t->hfront;
	d[9] = t->hsync;
	d[10] = (t->vfront & 0xf) << 4 | t->vsync;
	d[11] = t->vfront >> 4 << 2;
	d[12] = mm_wide & 0xff;
	d[13] = mm_high & 0xff;
	d[14] = mm_wide >> 8 << 4 | mm_high >> 8;
	d[17] = 0x18 | 0x02; /* a wire for each sync; + across, - down */
}

static void put_name(uint8_t *d, const struct edid_monitor *m)
{
	char name[14];
	size_t len;

	edid_name(m, name);
	len = strlen(name);
	d[3] = 0xfc;
	memset(d + 5, ' ', DESCRIPTOR - 5);
	memcpy(d + 5, name, len);
	if (5 + len < DESCRIPTOR)
		d[5 + len] = '\n';
}

static uint32_t larger(uint32_t a, uint32_t b)
{
	return a > b ? a : b;
}

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/*
 * 60 Hz, lines from the slower of the safe mode and its own, and lines and pixels
 * a third faster than the faster one has with reduced blanking: so it takes that
 * size, and those within, with full blanking too. Linux lists as modes what it
 * knows within these limits (add_inferred_modes()), up to the largest size it
 * was told. What is beyond the fields stays at their greatest; for the clock
 * that is 2550 MHz, which Linux takes for no limit.
 */
static void put_limits(uint8_t *d, const struct timing *own)
{
	struct timing safe = timing_reduced(safe_mode->width,
					    safe_mode->height);
	uint32_t clock = larger(own->clock, safe.clock);
	uint32_t khz = larger(timing_line_khz(own), timing_line_khz(&safe));

	khz = smaller(khz * 4 / 3 + 1, 255 + 255);
	d[3] = 0xfd;
	d[4] = khz > 255 ? 0x08 : 0; /* 255 more */
	d[5] = 59;
	d[6] = 61;
	d[7] = smaller(timing_line_khz(own), timing_line_khz(&safe));
	d[8] = khz > 255 ? khz - 255 : khz;
	d[9] = smaller(clock * 4 / 3 / 1000 + 1, 255); /* in 10 MHz */
	d[10] = 0x01; /* there is no more to say: the rest is filling */
	d[11] = '\n';
	memset(d + 12, ' ', DESCRIPTOR - 12);
}

/* The largest of the other modes, for readers who stop at the base block. */
static struct timing other_timing(const struct edid_monitor *m)
{
	unsigned i = MODES - 1;

	while (!takes(m, &modes[i]))
		i--;
	return timing_reduced(modes[i].width, modes[i].height);
}

size_t edid_make(const struct edid_monitor *m, uint8_t edid[EDID_MAX])
{
	struct timing own = timing_reduced(m->width, m->height);
	bool fits = fits_descriptor(&own);
	struct timing first = fits ? own : other_timing(m);
	uint8_t *d = edid + AT_DESCRIPTORS;

	assert(m->width == monitor_size(m->width) &&
	       m->height == monitor_size(m->height));
	memset(edid, 0, EDID_MAX);
	put_identity(edid, m);
	put_screen(edid, m, fits);
	put_modes(edid, m);
	put_timing(d, &first, m);
	put_name(d + DESCRIPTOR, m);
	put_limits(d + 2 * DESCRIPTOR, &own);
	d[3 * DESCRIPTOR + 3] = 0x10; /* the fourth is empty */
	edid[AT_EXTENSIONS] = fits ? 0 : 1;
	edid_checksum(edid, EDID_BLOCK);
	if (fits)
		return EDID_BLOCK;
	displayid_make(m, &own, edid + EDID_BLOCK);
	return EDID_MAX;
}
