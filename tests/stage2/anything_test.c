/*
 * Anything, in any order: hundreds of commands that make sense or don't, with
 * whatever rectangles, offsets, formats and pieces. The twin says what has to be
 * answered, and what has to be seen.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#include "commands.h"
#include "draws.h"
#include "sequence.h"
#include "suites.h"

enum { THINGS = 6, EDGE = 80 };

/* What the test knows of a resource: how to ask for something sensible. */
struct thing {
	uint32_t width, height; /* 0: there is none of that id */
	struct pages *pages;	/* its backing; NULL: none */
};

struct muddle {
	struct driver *d;
	struct thing things[THINGS + 1]; /* by id; 0 is none */
	unsigned wild;			 /* of 64 draws, those without sense */
};

static bool wild(const struct muddle *m)
{
	return draw_below(64) < m->wild;
}

/* ---- what to ask for ---- */

static uint32_t draw_number(uint32_t near)
{
	const uint32_t numbers[] = {
		0,
		1,
		near - 1,
		near,
		near + 1,
		0x3fffffff,
		0x40000000,
		0x7fffffff,
		0x80000000,
		0xfffffff0,
		-near,
		0xffffffff,
		(uint32_t)draw(),
	};

	return numbers[draw_below(sizeof(numbers) / sizeof(*numbers))];
}

static uint32_t draw_id(const struct muddle *m)
{
	return wild(m) ? draw_number(THINGS) : 1 + draw_below(THINGS);
}

/* One that is there, if any of a few draws is. */
static uint32_t draw_live(const struct muddle *m)
{
	uint32_t id = draw_id(m);

	for (unsigned i = 0; i < 4 * THINGS && !wild(m); i++) {
		if (id && id <= THINGS && m->things[id].width)
			return id;
		id = draw_id(m);
	}
	return id;
}

static struct thing *thing_of(struct muddle *m, uint32_t id)
{
	return &m->things[id <= THINGS ? id : 0];
}

static struct virtio_gpu_rect draw_rect(const struct muddle *m,
					const struct thing *t)
{
	uint32_t w = t->width ? t->width : EDGE;
	uint32_t h = t->height ? t->height : EDGE;
	struct virtio_gpu_rect r = RECT(draw_below(w), draw_below(h), 0, 0);

	r.width = 1 + draw_below(w - r.x);
	r.height = 1 + draw_below(h - r.y);
	if (draw_below(4) == 0)
		r = RECT(0, 0, w, h);
	if (draw_below(8) == 0)
		r = RECT(0, r.y, w, r.height);
	if (wild(m))
		r.x = draw_number(w);
	if (wild(m))
		r.y = draw_number(h);
	if (wild(m))
		r.width = draw_number(w - r.x);
	if (wild(m))
		r.height = draw_number(h - r.y);
	return r;
}

/* ---- asking ---- */

static void forget(struct thing *t)
{
	if (t->pages)
		pages_free(t->pages);
	t->pages = NULL;
}

static void create(struct muddle *m)
{
	uint32_t id = draw_id(m), w = 1 + draw_below(EDGE),
		 h = 1 + draw_below(EDGE);
	uint32_t format = all_formats[draw_below(FORMATS)];
	struct reply r;

	if (thing_of(m, id)->width && !m->wild)
		return;
	if (wild(m))
		format = draw_number(BGRX);
	if (wild(m))
		w = draw_below(2) ? 0 : 16385 + draw_below(0xffff0000);
	r = try_create(m->d, id, format, w, h);
	if (r.hdr.type == VIRTIO_GPU_RESP_OK_NODATA)
		*thing_of(m, id) = (struct thing){ w, h, NULL };
}

static void destroy(struct muddle *m)
{
	uint32_t id = draw_live(m);

	if (!thing_of(m, id)->width && !m->wild)
		return;
	try_unref(m->d, id);
	forget(thing_of(m, id));
	thing_of(m, id)->width = thing_of(m, id)->height = 0;
}

/* Enough of it, more or less; in pieces of one size or another. */
static void attach(struct muddle *m)
{
	uint32_t id = draw_live(m), most = 1u << draw_below(14);
	struct thing *t = thing_of(m, id);
	uint64_t size = t->width * t->height * 4ull + 1 + draw_below(64);
	uint32_t count;
	struct pages *p;
	struct reply r;

	if ((!t->width || t->pages) && !m->wild)
		return;
	if (wild(m))
		size = 1 + draw_below((uint32_t)size);
	if (size / most > 2000)
		most = 16;
	p = pages_new(m->d->ram, size, 1 + draw_below(most), most);
	if (wild(m))
		p->entries[draw_below(p->count)].length =
			draw_below(2) ? 0 : 0x10000000 + draw_below(~0u >> 1);
	if (wild(m))
		p->entries[draw_below(p->count)].addr = draw();
	count = wild(m) ? draw_number(p->count) : p->count;
	r = try_attach(m->d, id, count, p->entries, p->count);
	if (r.hdr.type != VIRTIO_GPU_RESP_OK_NODATA) {
		pages_free(p);
		return;
	}
	p->count = count;
	t->pages = p;
}

static void detach(struct muddle *m)
{
	uint32_t id = draw_live(m);

	if (!thing_of(m, id)->pages && !m->wild)
		return;
	try_detach(m->d, id);
	forget(thing_of(m, id));
}

static void transfer(struct muddle *m)
{
	uint32_t id = draw_live(m);
	struct thing *t = thing_of(m, id);
	struct virtio_gpu_rect r = draw_rect(m, t);
	uint64_t offset = draw_below(4) ? offset_of(&r, t->width) : 0;

	if (!t->pages && !m->wild)
		return;
	if (wild(m))
		offset = draw_below(2) ? draw() : draw_below(EDGE * EDGE * 4);
	try_transfer(m->d, id, r, offset);
}

static void scanout(struct muddle *m)
{
	uint32_t id = draw_below(8) ? draw_live(m) : 0;
	uint32_t i = draw_below(m->d->scanouts);

	if (id && !thing_of(m, id)->width && !m->wild)
		return;
	if (wild(m))
		i = draw_number(m->d->scanouts);
	try_scanout(m->d, i, id, draw_rect(m, thing_of(m, id)));
}

static void show_part(struct muddle *m)
{
	uint32_t id = draw_live(m);

	if (thing_of(m, id)->width || m->wild)
		try_flush(m->d, id, draw_rect(m, thing_of(m, id)));
}

static void scribble(struct muddle *m)
{
	struct thing *t = thing_of(m, 1 + draw_below(THINGS));

	if (t->pages && t->pages->size <= 4 * EDGE * EDGE + 64)
		pages_scribble(t->pages);
}

static void look(struct muddle *m)
{
	expect_screen(m->d);
}

static void pause_and_resume(struct muddle *m)
{
	driver_pause(m->d);
	if (draw_below(2))
		ram_move(m->d->ram);
	driver_resume(m->d);
}

static void reset(struct muddle *m)
{
	driver_reset(m->d);
	for (unsigned i = 0; i <= THINGS; i++) {
		forget(&m->things[i]);
		m->things[i] = (struct thing){ 0, 0, NULL };
	}
}

static void step(struct muddle *m)
{
	static const struct {
		unsigned of_256;
		void (*ask)(struct muddle *m);
	} steps[] = {
		{ 26, create },		 { 10, destroy },  { 22, attach },
		{ 8, detach },		 { 64, transfer }, { 26, scanout },
		{ 56, show_part },	 { 24, scribble }, { 15, look },
		{ 4, pause_and_resume }, { 1, reset },
	};
	unsigned n = draw_below(256), i = 0;

	while (n >= steps[i].of_256)
		n -= steps[i++].of_256;
	steps[i].ask(m);
}

static void muddle(const struct axes *axes, unsigned wild_draws, unsigned steps)
{
	struct muddle m = { .wild = wild_draws };

	m.d = driver_start_2d_with(&(struct driver_options){
		.axes = axes,
		.options = program_takes_options() ? "--outputs=3" : NULL });
	m.d->fickle = true;
	while (steps--)
		step(&m);
	look(&m);
}

/* ---- tests ---- */

START_TEST(what_makes_sense_is_seen)
{
	muddle(_axes, 0, 400);
}
END_TEST

START_TEST(what_makes_no_sense_changes_nothing)
{
	if (suite_portable())
		suite_skip("others answer what they like");
	muddle(_axes, 4, 400);
}
END_TEST

START_TEST(it_goes_on_for_a_long_time)
{
	if (suite_portable())
		suite_skip("others answer what they like");
	trail_quiet(true);
	muddle(_axes, 3, 10000);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("order", what_makes_sense_is_seen,
		    "H10 H26 H38 H47 H50 H60"),
	ON_ALL_AXES("order", what_makes_no_sense_changes_nothing,
		    "G25 H28 H41 H52 H54 H67"),
	ONCE("order", it_goes_on_for_a_long_time, "G25 H20 H47 H60",
	     .seconds = 120),
	{ 0 }
};

Suite *anything_suite(void)
{
	return suite_new("anything", tests);
}
