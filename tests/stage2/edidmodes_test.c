/*
 * The modes in an EDID, for monitors of many sizes: what a driver makes of them,
 * and what else goes with a size.
 *
 * VESA E-EDID 1.4, DisplayID 1.3, CVT 1.2.
 */
#include <stdio.h>
#include <string.h>

#include "driver.h"
#include "edid_read.h"
#include "suites.h"

static const struct size {
	uint32_t width, height;
	bool usual; /* edid-decode has nothing at all to remark */
} sizes[] = {
	{ 640, 480, true },    { 800, 600, true },    { 1024, 768, true },
	{ 1280, 720, true },   { 1280, 800, true },   { 1366, 768, true },
	{ 1367, 771, true },   { 1440, 900, true },   { 1920, 1080, true },
	{ 1920, 1200, true },  { 2560, 1440, true },  { 3840, 2160, true },
	{ 4095, 2160, true },  { 1080, 1920, true },  { 2160, 3840, false },
	{ 4096, 2160, false }, { 4095, 4095, false }, { 5120, 2880, false },
	{ 7680, 4320, false }, { 8192, 8192, false }, { 8192, 32, false },
	{ 32, 8192, false },   { 32, 32, false },     { 63, 64, false },
	{ 64, 64, false },     { 320, 240, false },   { 641, 300, false },
	{ 4000, 33, false },   { 63, 2600, false },   { 4095, 2692, false },
	{ 1024, 2692, true },  { 1024, 2693, false },
};

enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

/* A device for each; only its size is a step worth telling of. */
static struct virtio_gpu_resp_edid edid_of(const struct size *s)
{
	struct virtio_gpu_resp_edid resp;
	struct driver *d;
	struct program *p;
	char options[64];

	snprintf(options, sizeof(options), "--display=none --resolution=%ux%u",
		 s->width, s->height);
	trail_step("a monitor with %s", options);
	trail_quiet(true);
	d = driver_start_with(&(struct driver_options){
		.axes = _axes, .options = options, .ram = 1 << 20 });
	p = d->program;
	resp = edid_get(d, 0);
	driver_end(d);
	program_stop(p);
	trail_quiet(false);
	return resp;
}

static void at_every_size(void (*look)(const struct size *s,
				       const struct virtio_gpu_resp_edid *resp))
{
	program_need_options();
	for (unsigned i = 0; i < SIZES; i++) {
		struct virtio_gpu_resp_edid resp = edid_of(&sizes[i]);

		look(&sizes[i], &resp);
	}
}

static struct edid_read read_edid(const struct virtio_gpu_resp_edid *resp)
{
	struct edid_read e;

	edid_read(resp, &e);
	return e;
}

static bool near(double a, double b, double far)
{
	return a - b <= far && b - a <= far;
}

/* ---- the preferred mode ---- */

/*
 * What drivers/gpu/drm takes for preferred: the first detailed timing, but none
 * below 64, and those a DisplayID says so of. drivers/gpu/drm/virtio drops what
 * is not within 16 pixels of the display info, 1024x768 aside; the largest of
 * those left is first in the list.
 */
static struct mode_read linux_choice(const struct edid_read *e,
				     const struct size *s)
{
	const struct mode_read *modes[] = { &e->base, &e->preferred };
	struct mode_read best = { 0 };

	for (unsigned i = 0; i < (e->extended ? 2 : 1); i++) {
		const struct mode_read *m = modes[i];

		if (i == 0 && (m->width < 64 || m->height < 64))
			continue;

		if ((m->width != 1024 || m->height != 768) &&
		    (m->width > s->width || m->width + 16 < s->width ||
		     m->height > s->height || m->height + 16 < s->height))
			continue;
		if (m->width * m->height > best.width * best.height)
			best = *m;
	}
	return best;
}

static void look_at_choice(const struct size *s,
			   const struct virtio_gpu_resp_edid *resp)
{
	struct edid_read e = read_edid(resp);
	struct mode_read m = linux_choice(&e, s);

	EXPECT(e.preferred.width == s->width && e.preferred.height == s->height,
	       "it prefers %ux%u", e.preferred.width, e.preferred.height);
	EXPECT(m.width == s->width && m.height == s->height,
	       "Linux chooses %ux%u", m.width, m.height);
}

START_TEST(every_size_is_what_linux_chooses)
{
	at_every_size(look_at_choice);
}
END_TEST

/* CVT 1.2 with reduced blanking, version 2, as its document computes it. */
static void expect_cvt(const struct mode_read *m)
{
	double line_us = (1e6 / 60 - 460) / m->height;
	uint32_t blank = (uint32_t)(460 / line_us) + 1;
	double clock;

	if (blank < 1 + 8 + 6)
		blank = 1 + 8 + 6;
	clock = 60.0 * (m->height + blank) * (m->width + 80) / 1000;
	EXPECT(m->hblank == 80 && m->hfront == 8 && m->hsync == 32 && m->hplus,
	       "%ux%u: across %u, %u, %u", m->width, m->height, m->hblank,
	       m->hfront, m->hsync);
	EXPECT(m->vblank == blank && m->vfront == blank - 8 - 6 &&
		       m->vsync == 8 && !m->vplus,
	       "%ux%u: down %u, %u, %u", m->width, m->height, m->vblank,
	       m->vfront, m->vsync);
	EXPECT(near(m->clock_khz, clock, 10), "%ux%u: %u kHz, not %.0f",
	       m->width, m->height, m->clock_khz, clock);
	EXPECT(near(mode_hz(m), 60, 1), "%ux%u: %.1f Hz", m->width, m->height,
	       mode_hz(m));
}

static void look_at_timings(const struct size *s,
			    const struct virtio_gpu_resp_edid *resp)
{
	struct edid_read e = read_edid(resp);

	(void)s;
	expect_cvt(&e.base);
	expect_cvt(&e.preferred);
}

START_TEST(timings_are_those_of_cvt)
{
	at_every_size(look_at_timings);
}
END_TEST

/* ---- what else it says ---- */

static void expect_within_limits(const struct edid_read *e,
				 const struct mode_read *m)
{
	EXPECT(mode_hz(m) >= e->hz_min - 0.5 && mode_hz(m) <= e->hz_max + 0.5,
	       "%.1f Hz, limits %u to %u", mode_hz(m), e->hz_min, e->hz_max);
	EXPECT(mode_khz(m) >= e->khz_min && mode_khz(m) <= e->khz_max,
	       "%.1f kHz, limits %u to %u", mode_khz(m), e->khz_min,
	       e->khz_max);
	/* That much is all that has room there. */
	EXPECT(m->clock_khz <= e->mhz_max * 1000 || e->mhz_max == 2550,
	       "%u kHz of pixels, limit %u MHz", m->clock_khz, e->mhz_max);
}

/* VGA's 640x480 has 31.5 kHz and 25.175 MHz. */
static void look_at_limits(const struct size *s,
			   const struct virtio_gpu_resp_edid *resp)
{
	struct edid_read e = read_edid(resp);

	(void)s;
	ck_assert(e.continuous);
	expect_within_limits(&e, &e.base);
	expect_within_limits(&e, &e.preferred);
	ck_assert_uint_le(e.khz_min, 31);
	ck_assert_uint_ge(e.khz_max, 32);
	ck_assert_uint_ge(e.mhz_max, 30);
}

START_TEST(its_modes_are_within_its_limits)
{
	at_every_size(look_at_limits);
}
END_TEST

/* A monitor has to take 640x480, however small it is. */
static void look_at_other_modes(const struct size *s,
				const struct virtio_gpu_resp_edid *resp)
{
	struct edid_read e = read_edid(resp);
	bool safe = false;

	for (unsigned i = 0; i < e.others; i++) {
		const struct size_read *o = &e.other[i];

		if (o->width == 640 && o->height == 480)
			safe = true;
		else if (o->width > s->width || o->height > s->height)
			FAIL("it takes %ux%u", o->width, o->height);
	}
	ck_assert(safe);
	if (s->width >= 1920 && s->height >= 1200)
		ck_assert_uint_eq(e.others, 11);
}

START_TEST(other_modes_are_no_larger_than_it)
{
	at_every_size(look_at_other_modes);
}
END_TEST

/* Of a hundred dots an inch, to the centimetre; 0 would mean unknown. */
static void look_at_centimetres(const struct size *s,
				const struct virtio_gpu_resp_edid *resp)
{
	struct edid_read e = read_edid(resp);

	EXPECT(e.cm_wide >= 1 && near(e.cm_wide, s->width * 0.0254, 0.95),
	       "%u pixels are %u cm", s->width, e.cm_wide);
	EXPECT(e.cm_high >= 1 && near(e.cm_high, s->height * 0.0254, 0.95),
	       "%u lines are %u cm", s->height, e.cm_high);
}

START_TEST(it_has_a_size_to_hold_in_hands)
{
	at_every_size(look_at_centimetres);
}
END_TEST

/* ---- what others say of it ---- */

static void run_edid_decode(const struct virtio_gpu_resp_edid *resp, char *text,
			    size_t room)
{
	const char *path = program_own_path("edid");
	char command[512];
	FILE *f = fopen(path, "w");
	size_t n;

	ck_assert(f && fwrite(resp->edid, 1, resp->size, f) == resp->size);
	fclose(f);
	snprintf(command, sizeof(command), "edid-decode --check %s 2>&1", path);
	f = popen(command, "r");
	ck_assert(f);
	n = fread(text, 1, room - 1, f);
	text[n] = '\0';
	pclose(f);
	if (strstr(text, "not found"))
		suite_skip("there is no edid-decode");
}

static void ask_edid_decode(const struct size *s,
			    const struct virtio_gpu_resp_edid *resp)
{
	char text[32768];

	run_edid_decode(resp, text, sizeof(text));
	if (strstr(text, "EDID conformity: PASS") &&
	    (!s->usual || !strstr(text, "Warnings:")))
		return;
	trail_quote(text, strlen(text));
	FAIL("edid-decode is not content");
}

START_TEST(edid_decode_is_content)
{
	at_every_size(ask_edid_decode);
}
END_TEST

static const struct test tests[] = {
	ONCE("mode", every_size_is_what_linux_chooses, "H04 H05",
	     .seconds = 120),
	ONCE("mode", timings_are_those_of_cvt, "H05", .seconds = 120),
	ONCE("monitor", its_modes_are_within_its_limits, "H05", .seconds = 120),
	ONCE("monitor", other_modes_are_no_larger_than_it, "H05",
	     .seconds = 120),
	ONCE("monitor", it_has_a_size_to_hold_in_hands, "H05", .seconds = 120),
	ONCE("others", edid_decode_is_content, "H05", .seconds = 120),
	{ 0 }
};

Suite *edidmodes_suite(void)
{
	return suite_new("edidmodes", tests);
}
