/*
 * The harness itself: a guard that notices nothing, or a layout that isn't one,
 * would let any device pass. No device is started here.
 */
#include <stdlib.h>
#include <string.h>

#include "draws.h"
#include "guard.h"
#include "json.h"
#include "ram.h"
#include "suites.h"
#include "trail.h"

static struct region *draw_region(struct ram *ram)
{
	return &ram->regions[draw_below(ram->count)];
}

/* The device's write: behind the back of ram_write(). */
static void poke(struct ram *ram, uint64_t gpa)
{
	uint8_t *byte = ram_at(ram, gpa, 1);

	*byte ^= 0xff;
}

START_TEST(guard_notices_a_single_byte)
{
	for (unsigned layout = 0; layout < LAYOUTS; layout++) {
		struct ram *ram = ram_new(layout, RAM_DEFAULT);
		struct stray s;

		for (int i = 0; i < 20; i++) {
			struct region *r = draw_region(ram);
			uint64_t gpa = r->vu.gpa + draw() % r->vu.size;

			ck_assert(!guard_find(ram, &s));
			poke(ram, gpa);
			ck_assert(guard_find(ram, &s));
			ck_assert_uint_eq(s.gpa, gpa);
			ck_assert_uint_eq(s.expected, RAM_FILL);
			poke(ram, gpa);
		}
		ram_free(ram);
	}
}
END_TEST

START_TEST(guard_notices_first_and_last_byte)
{
	for (unsigned layout = 0; layout < LAYOUTS; layout++) {
		struct ram *ram = ram_new(layout, RAM_DEFAULT);

		for (unsigned i = 0; i < ram->count; i++) {
			struct vu_region *r = &ram->regions[i].vu;
			struct stray s;

			poke(ram, r->gpa);
			ck_assert(guard_find(ram, &s) && s.gpa == r->gpa);
			poke(ram, r->gpa);
			poke(ram, r->gpa + r->size - 1);
			ck_assert(guard_find(ram, &s));
			ck_assert_uint_eq(s.gpa, r->gpa + r->size - 1);
			poke(ram, r->gpa + r->size - 1);
		}
		ram_free(ram);
	}
}
END_TEST

/* Allowed once is not allowed for ever. */
START_TEST(guard_allows_what_it_was_told)
{
	struct ram *ram = ram_new(LAYOUT_SEAM, RAM_DEFAULT);
	uint64_t gpa = ram_alloc(ram, 64, 1, "response");
	struct stray s;

	guard_allow(ram, gpa, 64);
	poke(ram, gpa);
	poke(ram, gpa + 63);
	ck_assert(!guard_find(ram, &s));
	guard_allow(ram, gpa, 64);
	poke(ram, gpa + 64);
	ck_assert(guard_find(ram, &s));
	ck_assert_uint_eq(s.gpa, gpa + 64);
	poke(ram, gpa + 64);
	poke(ram, gpa + 1);
	ck_assert(guard_find(ram, &s));
	ck_assert_str_eq(ram_what(ram, s.gpa), "response + 1");
	ram_free(ram);
}
END_TEST

/* Adjoining for the guest, apart for the front end and in their files. */
START_TEST(seam_layout_puts_things_across_seams)
{
	struct ram *ram = ram_new(LAYOUT_SEAM, RAM_DEFAULT);
	char text[32] = "across the seam, and back again", back[32];

	for (unsigned i = 1; i < ram->count; i++) {
		uint64_t gpa = ram_alloc(ram, sizeof(text), 1, "buffer");

		ck_assert(!ram_at(ram, gpa, sizeof(text)));
		ram_write(ram, gpa, text, sizeof(text));
		ram_read(ram, gpa, back, sizeof(back));
		ck_assert_mem_eq(text, back, sizeof(text));
		ck_assert_uint_ne(ram_ua(ram, gpa) + sizeof(text) - 1,
				  ram_ua(ram, gpa + sizeof(text) - 1));
	}
	ck_assert(ram_at(ram, ram_alloc_inside(ram, 4096, 16, "ring"), 4096));
	ram_free(ram);
}
END_TEST

START_TEST(edge_layout_ends_where_a_region_ends)
{
	struct ram *ram = ram_new(LAYOUT_EDGE, RAM_DEFAULT);

	for (unsigned i = 0; i < ram->count; i++) {
		uint64_t end = ram_alloc(ram, 77, 1, "buffer") + 77;
		bool found = false, beyond = false;

		for (unsigned j = 0; j < ram->count; j++) {
			struct vu_region *r = &ram->regions[j].vu;

			found |= end == r->gpa + r->size;
			beyond |= end - r->gpa < r->size;
		}
		ck_assert(found && !beyond);
	}
	ram_free(ram);
}
END_TEST

START_TEST(things_never_overlap)
{
	for (unsigned layout = 0; layout < LAYOUTS; layout++) {
		struct ram *ram = ram_new(layout, RAM_DEFAULT);

		for (int i = 0; i < 300; i++) {
			uint32_t n = ram->nextents;

			ram_alloc(ram, draw_below(5000), 1u << draw_below(8),
				  "thing");
			if (draw_below(3) == 0)
				ram_release(ram, ram->extents[draw_below(n + 1)]
							 .gpa);
		}
		for (unsigned a = 0; a < ram->nextents; a++)
			for (unsigned b = 0; b < a; b++) {
				struct extent *x = &ram->extents[a];
				struct extent *y = &ram->extents[b];

				ck_assert(x->gpa + x->len <= y->gpa ||
					  y->gpa + y->len <= x->gpa);
			}
		ram_free(ram);
	}
}
END_TEST

START_TEST(axes_have_names_of_their_own)
{
	static struct axes list[AXES_MAX], parsed;
	unsigned n = axes_all(list);

	ck_assert_uint_eq(n, 2 * 2 * LAYOUTS * 2 * (5 + 7));
	ck_assert_str_eq(axes_name(&list[0]), axes_name(&axes_default));
	for (unsigned i = 0; i < n; i++) {
		char name[AXES_NAME];

		strcpy(name, axes_name(&list[i]));
		ck_assert(axes_parse(name, &parsed));
		ck_assert_str_eq(axes_name(&parsed), name);
	}
	ck_assert(!axes_parse("split/idx/ind/5/one/zero", &parsed));
}
END_TEST

static bool meet(const struct axes *list, unsigned n, const struct axes *a)
{
	for (unsigned i = 0; i < n; i++)
		if (list[i].num == a->num && list[i].layout == a->layout)
			return true;
	return false;
}

/* A few instead of all, and no two values that never come together. */
START_TEST(pairs_of_values_meet)
{
	struct axes list[AXES_MAX], few[AXES_MAX];
	unsigned n = axes_all(list), kept;

	memcpy(few, list, sizeof(few));
	kept = axes_pairs(few, n, &axes_default);
	ck_assert_uint_lt(kept, n / 10);
	ck_assert_str_eq(axes_name(&few[0]), "split/idx/ind/64/one/zero");
	for (unsigned i = 0; i < n; i++)
		ck_assert(meet(few, kept, &list[i]));
}
END_TEST

START_TEST(draws_repeat_with_their_seed)
{
	uint64_t first, other;
	uint16_t order[100];
	bool seen[100] = { false };

	draws_begin(7, "a test");
	first = draw();
	draws_begin(7, "another test");
	other = draw();
	ck_assert_uint_ne(first, other);
	draws_begin(7, "a test");
	ck_assert_uint_eq(draw(), first);
	draw_order(order, 100);
	for (int i = 0; i < 100; i++) {
		ck_assert(order[i] < 100 && !seen[order[i]]);
		seen[order[i]] = true;
	}
}
END_TEST

START_TEST(json_is_told_from_what_is_not)
{
	static const char *const good[] = {
		"{}",
		" [ ] ",
		"{ \"a\": 1, \"b\": [ true, null ] }\n",
		"-0.5e+3",
		"\"\\u00e9\\n\"",
		"[[],{\"x\":{}}]",
	};
	static const char *const bad[] = {
		"",
		"{",
		"{}{}",
		"[1,]",
		"[,1]",
		"{\"a\"}",
		"{\"a\":}",
		"{a:1}",
		"'a'",
		"01",
		"1.",
		"+1",
		"\"\n\"",
		"\"\\x\"",
		"\"\\u12g4\"",
		"\"open",
		"tru",
		"[1 2]",
		"{\"a\":1,}",
		"{ \"type\": \"gpu\" } and more",
	};
	const char *text = "{ \"kind\": \"type\", \"type\" : \"gpu\" }";

	for (unsigned i = 0; i < sizeof(good) / sizeof(*good); i++)
		if (!json_valid(good[i]))
			FAIL("not JSON: %s", good[i]);
	for (unsigned i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		if (json_valid(bad[i]))
			FAIL("JSON: %s", bad[i]);
	ck_assert(json_is_string(json_member(text, "type"), "gpu"));
	ck_assert(!json_is_string(json_member(text, "type"), "gp"));
	ck_assert(!json_member(text, "typ"));
}
END_TEST

static const struct test tests[] = {
	ONCE("guard", guard_notices_a_single_byte, NULL),
	ONCE("guard", guard_notices_first_and_last_byte, NULL),
	ONCE("guard", guard_allows_what_it_was_told, NULL),
	ONCE("layouts", seam_layout_puts_things_across_seams, NULL),
	ONCE("layouts", edge_layout_ends_where_a_region_ends, NULL),
	ONCE("layouts", things_never_overlap, NULL),
	ONCE("axes", axes_have_names_of_their_own, NULL),
	ONCE("axes", pairs_of_values_meet, NULL),
	ONCE("draws", draws_repeat_with_their_seed, NULL),
	ONCE("json", json_is_told_from_what_is_not, NULL),
	{ 0 }
};

Suite *harness_suite(void)
{
	return suite_new("harness", tests);
}
