/*
 * An EDID, read byte by byte. See edid_read.h.
 */
#include "edid_read.h"

#include <stdio.h>
#include <string.h>

#include "driver.h"

enum { BLOCK = 128 };

double mode_khz(const struct mode_read *m)
{
	return (double)m->clock_khz / (m->width + m->hblank);
}

double mode_hz(const struct mode_read *m)
{
	return mode_khz(m) * 1000 / (m->height + m->vblank);
}

static uint32_t little(const uint8_t *at, unsigned bytes)
{
	uint32_t number = 0;

	while (bytes--)
		number = number << 8 | at[bytes];
	return number;
}

static void check_sum(const char *what, const uint8_t *bytes, unsigned count)
{
	uint8_t sum = 0;

	for (unsigned i = 0; i < count; i++)
		sum += bytes[i];
	EXPECT(!sum, "%s: its bytes sum up to %u", what, sum);
}

static void check_zero(const char *what, const uint8_t *from, const uint8_t *to)
{
	for (const uint8_t *b = from; b < to; b++)
		EXPECT(!*b, "%s: byte %ld is %#x", what, (long)(b - from), *b);
}

/* ---- the base block ---- */

static void read_identity(const uint8_t *b, struct edid_read *e)
{
	static const uint8_t header[8] = { 0, 255, 255, 255, 255, 255, 255, 0 };
	unsigned letters = (unsigned)b[8] << 8 | b[9];

	EXPECT(!memcmp(b, header, 8), "it does not begin like an EDID");
	EXPECT(b[18] == 1 && b[19] == 4, "version %u.%u", b[18], b[19]);
	for (unsigned i = 0; i < 3; i++) {
		unsigned letter = letters >> (10 - 5 * i) & 31;

		EXPECT(letter >= 1 && letter <= 26, "maker %#x", letters);
		e->maker[i] = 'A' - 1 + letter;
	}
	e->product = little(b + 10, 2);
	e->serial = little(b + 12, 4);
	e->year = 1990 + b[17];
	EXPECT(b[20] & 0x80, "it is an analog monitor");
	e->cm_wide = b[21];
	e->cm_high = b[22];
	e->continuous = b[24] & 1;
}

static void add_other(struct edid_read *e, uint32_t width, uint32_t height)
{
	e->other[e->others].width = width;
	e->other[e->others++].height = height;
}

static void read_other_modes(const uint8_t *b, struct edid_read *e)
{
	static const uint32_t shapes[4][2] = {
		{ 16, 10 }, { 4, 3 }, { 5, 4 }, { 16, 9 }
	};

	EXPECT(!(b[35] & ~0x21) && !(b[36] & ~0x08) && !b[37],
	       "established timings that are not at 60 Hz: %02x %02x %02x",
	       b[35], b[36], b[37]);
	if (b[35] & 0x20)
		add_other(e, 640, 480);
	if (b[35] & 0x01)
		add_other(e, 800, 600);
	if (b[36] & 0x08)
		add_other(e, 1024, 768);
	for (const uint8_t *s = b + 38; s < b + 54; s += 2) {
		uint32_t width = (s[0] + 31) * 8;
		const uint32_t *shape = shapes[s[1] >> 6];

		if (s[0] == 1 && s[1] == 1)
			continue;
		EXPECT(s[0] > 1, "standard timing %02x %02x", s[0], s[1]);
		EXPECT(!(s[1] & 63), "a standard timing at %u Hz",
		       60 + (s[1] & 63));
		add_other(e, width, width * shape[1] / shape[0]);
	}
}

static void read_detailed(const uint8_t *d, struct edid_read *e)
{
	struct mode_read *m = &e->base;
	uint32_t mm_wide = d[12] | (d[14] & 0xf0u) << 4;
	uint32_t mm_high = d[13] | (d[14] & 0x0fu) << 8;

	m->clock_khz = little(d, 2) * 10;
	m->width = d[2] | (d[4] & 0xf0u) << 4;
	m->hblank = d[3] | (d[4] & 0x0fu) << 8;
	m->height = d[5] | (d[7] & 0xf0u) << 4;
	m->vblank = d[6] | (d[7] & 0x0fu) << 8;
	m->hfront = d[8] | (d[11] & 0xc0u) << 2;
	m->hsync = d[9] | (d[11] & 0x30u) << 4;
	m->vfront = d[10] >> 4 | (d[11] & 0x0cu) << 2;
	m->vsync = (d[10] & 0xfu) | (d[11] & 0x03u) << 4;
	EXPECT(!d[15] && !d[16], "the timing has borders");
	EXPECT((d[17] & 0xf9) == 0x18, "the timing's flags are %#x", d[17]);
	m->hplus = d[17] & 2;
	m->vplus = d[17] & 4;
	EXPECT((mm_wide + 5) / 10 == e->cm_wide || mm_wide < 10,
	       "%u mm wide, and %u cm", mm_wide, e->cm_wide);
	EXPECT((mm_high + 5) / 10 == e->cm_high || mm_high < 10,
	       "%u mm high, and %u cm", mm_high, e->cm_high);
}

static void read_name(const uint8_t *d, struct edid_read *e)
{
	unsigned i;

	for (i = 0; i < 13 && d[5 + i] != '\n'; i++) {
		EXPECT(d[5 + i] >= ' ' && d[5 + i] < 127, "the name has %#x",
		       d[5 + i]);
		e->name[i] = d[5 + i];
	}
	for (i++; i < 13; i++)
		EXPECT(d[5 + i] == ' ', "the name is filled with %#x",
		       d[5 + i]);
}

static void read_limits(const uint8_t *d, struct edid_read *e)
{
	e->hz_min = d[5] + (d[4] & 1 ? 255 : 0);
	e->hz_max = d[6] + (d[4] & 2 ? 255 : 0);
	e->khz_min = d[7] + (d[4] & 4 ? 255 : 0);
	e->khz_max = d[8] + (d[4] & 8 ? 255 : 0);
	e->mhz_max = d[9] * 10;
	EXPECT(!(d[4] & 0xf0), "the limits' byte 4 is %#x", d[4]);
	EXPECT(d[10] == 1, "limits of kind %u", d[10]);
	EXPECT(d[11] == '\n' && !memcmp(d + 12, "      ", 6),
	       "the limits are not filled up");
}

static void read_descriptor(const uint8_t *d, struct edid_read *e)
{
	EXPECT(!d[0] && !d[1] && !d[2], "a second detailed timing");
	if (d[3] == 0xfc)
		read_name(d, e);
	else if (d[3] == 0xfd)
		read_limits(d, e);
	else if (d[3] == 0x10)
		check_zero("an empty descriptor", d + 4, d + 18);
	else
		FAIL("a descriptor of kind %#x", d[3]);
}

static void read_base(const uint8_t *b, struct edid_read *e)
{
	check_sum("the base block", b, BLOCK);
	read_identity(b, e);
	read_other_modes(b, e);
	EXPECT(b[54] || b[55], "there is no detailed timing");
	read_detailed(b + 54, e);
	for (const uint8_t *d = b + 72; d < b + 126; d += 18)
		read_descriptor(d, e);
	EXPECT(e->name[0], "it has no name");
	EXPECT(e->hz_max, "it has no range limits");
}

/* ---- the DisplayID ---- */

static void read_product(const uint8_t *p, const struct edid_read *e)
{
	EXPECT(!memcmp(p, e->maker, 3), "the DisplayID's maker is %.3s", p);
	EXPECT(little(p + 3, 2) == e->product, "the DisplayID's product is %u",
	       little(p + 3, 2));
	EXPECT(little(p + 5, 4) == e->serial, "the DisplayID's serial is %u",
	       little(p + 5, 4));
	EXPECT(2000u + p[10] == e->year, "the DisplayID's year is %u",
	       2000 + p[10]);
	EXPECT(p[11] == strlen(e->name) && !memcmp(p + 12, e->name, p[11]),
	       "the DisplayID's name is '%.*s'", p[11], p + 12);
}

static void read_parameters(const uint8_t *p, const struct edid_read *e)
{
	EXPECT((little(p, 2) + 50) / 100 == e->cm_wide || e->cm_wide == 1,
	       "%u tenths of mm wide, and %u cm", little(p, 2), e->cm_wide);
	EXPECT((little(p + 2, 2) + 50) / 100 == e->cm_high || e->cm_high == 1,
	       "%u tenths of mm high, and %u cm", little(p + 2, 2), e->cm_high);
	EXPECT(little(p + 4, 2) == e->preferred.width &&
		       little(p + 6, 2) == e->preferred.height,
	       "made of %ux%u pixels, and prefers %ux%u", little(p + 4, 2),
	       little(p + 6, 2), e->preferred.width, e->preferred.height);
}

static void read_type_1(const uint8_t *p, struct edid_read *e)
{
	EXPECT((p[3] & 0xf0) == 0x80 && (p[3] & 15) <= 8,
	       "the DisplayID's timing has options %#x", p[3]);
	e->preferred = (struct mode_read){
		.clock_khz = (little(p, 3) + 1) * 10,
		.width = little(p + 4, 2) + 1,
		.hblank = little(p + 6, 2) + 1,
		.hfront = (little(p + 8, 2) & 0x7fff) + 1,
		.hplus = p[9] & 0x80,
		.hsync = little(p + 10, 2) + 1,
		.height = little(p + 12, 2) + 1,
		.vblank = little(p + 14, 2) + 1,
		.vfront = (little(p + 16, 2) & 0x7fff) + 1,
		.vplus = p[17] & 0x80,
		.vsync = little(p + 18, 2) + 1,
	};
}

/* The data block of that tag, of `min` bytes at least. */
static const uint8_t *find(const uint8_t *section, uint8_t tag, unsigned min)
{
	const uint8_t *end = section + 4 + section[1];
	const uint8_t *b = section + 4;

	for (; b < end; b += 3 + b[2]) {
		EXPECT(b + 3 <= end && b + 3 + b[2] <= end,
		       "data block %#x does not fit", b[0]);
		EXPECT(!b[1], "data block %#x has revision %u", b[0], b[1]);
		if (b[0] != tag)
			continue;
		EXPECT(b[2] >= min, "data block %#x: %u bytes", tag, b[2]);
		return b + 3;
	}
	FAIL("the DisplayID has no data block %#x", tag);
}

static void read_displayid(const uint8_t *b, struct edid_read *e)
{
	const uint8_t *section = b + 1;
	const uint8_t *end = section + 4 + section[1] + 1;

	check_sum("the extension block", b, BLOCK);
	EXPECT(b[0] == 0x70, "an extension block of kind %#x", b[0]);
	EXPECT(section[0] == 0x13, "DisplayID of version %#x", section[0]);
	EXPECT(section[1] <= 121, "a section of %u bytes", section[1]);
	EXPECT(section[2] == 3 && !section[3],
	       "the DisplayID's type is %u, and it has %u extensions",
	       section[2], section[3]);
	check_sum("the section", section, end - section);
	check_zero("behind the section", end, b + BLOCK - 1);
	e->extended = true;
	read_type_1(find(section, 0x03, 20), e);
	read_product(find(section, 0x00, 12), e);
	read_parameters(find(section, 0x01, 12), e);
	find(section, 0x0f, 10);
}

void edid_read(const struct virtio_gpu_resp_edid *resp, struct edid_read *e)
{
	const uint8_t *b = resp->edid;

	memset(e, 0, sizeof(*e));
	EXPECT(resp->size == BLOCK || resp->size == 2 * BLOCK,
	       "an EDID of %u bytes", resp->size);
	EXPECT(b[126] == resp->size / BLOCK - 1, "%u bytes, and %u extensions",
	       resp->size, b[126]);
	check_zero("behind the EDID", b + resp->size, b + sizeof(resp->edid));
	read_base(b, e);
	e->preferred = e->base;
	if (b[126])
		read_displayid(b + BLOCK, e);
}

struct virtio_gpu_resp_edid edid_get(struct driver *d, uint32_t scanout)
{
	struct virtio_gpu_cmd_get_edid cmd = {
		.hdr = driver_header(VIRTIO_GPU_CMD_GET_EDID, 0),
		.scanout = scanout,
	};
	struct reply r =
		driver_send(d, &(struct request){ REQUEST(cmd), .room = 1056 });

	EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_EDID, 1056);
	return r.edid;
}
