/*
 * The cursor overlay, between the thread that moves it and the one that shows it.
 */
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <string.h>

#include "cursoroverlay.h"
#include "mailbox.h"
#include "parts.h"

enum { SCANOUT = 3, TIMES = 20000 };

/* Who shows it: takes once for each wake, and never looks otherwise. */
struct viewer {
	struct mailboxes boxes;
	struct overlay_sources sources;
	struct cursoroverlay overlay;
	struct overlay seen;
	sem_t woken;
	unsigned wakes;
};

static void wake(void *arg, unsigned scanout)
{
	struct viewer *v = arg;

	ck_assert_uint_eq(scanout, SCANOUT);
	v->wakes++;
	sem_post(&v->woken);
}

static struct viewer *viewer_new(void)
{
	static struct viewer v;

	memset(&v, 0, sizeof(v));
	sem_init(&v.woken, 0, 0);
	mailboxes_init(&v.boxes, wake, &v);
	cursoroverlay_init(&v.overlay, &v.sources, &v.boxes);
	return &v;
}

static void viewer_free(struct viewer *v)
{
	cursoroverlay_free(&v->overlay);
	mailboxes_free(&v->boxes);
	sem_destroy(&v->woken);
}

static bool take(struct viewer *v)
{
	const struct overlay_source *source = &v->sources.source[0];

	return source->take(source->arg, SCANOUT, &v->seen);
}

/* All of one colour, which is its place as well. */
static void set(struct cursor *cursor, uint32_t colour, bool visible)
{
	for (unsigned i = 0; i < CURSOR_PIXELS; i++)
		cursor->pixels[i] = colour;
	cursor->x = cursor->y = (int32_t)colour;
	cursor->has_image = true;
	cursor->visible = visible;
}

static void show(struct viewer *v, const struct cursor *cursor)
{
	cursoroverlay_ops.image(&v->overlay, SCANOUT, cursor);
}

static void move(struct viewer *v, const struct cursor *cursor)
{
	cursoroverlay_ops.move(&v->overlay, SCANOUT, cursor);
}

static void expect_seen(const struct viewer *v, uint32_t colour, int32_t place)
{
	ck_assert_uint_eq(v->seen.width, CURSOR_SIZE);
	ck_assert_uint_eq(v->seen.height, CURSOR_SIZE);
	ck_assert_int_eq(v->seen.x, place);
	ck_assert_int_eq(v->seen.y, place);
	for (unsigned i = 0; i < CURSOR_PIXELS; i++)
		ck_assert_uint_eq(v->seen.pixels[i], colour);
}

/* ---- one thread ---- */

START_TEST(the_latest_wins)
{
	struct viewer *v = viewer_new();
	struct cursor cursor;

	ck_assert(!take(v));
	for (uint32_t i = 1; i < 5; i++) {
		set(&cursor, i, true);
		show(v, &cursor);
	}
	cursor.x = cursor.y = 77;
	move(v, &cursor);
	ck_assert_uint_eq(v->wakes, 1);
	ck_assert(take(v));
	expect_seen(v, 4, 77);
	ck_assert(!take(v));
	set(&cursor, 0, false);
	move(v, &cursor);
	ck_assert_uint_eq(v->wakes, 2);
	ck_assert(take(v));
	ck_assert_uint_eq(v->seen.width, 0);
	viewer_free(v);
}
END_TEST

/* What was taken stays as it is until it is taken again. */
START_TEST(pixels_are_the_takers)
{
	struct viewer *v = viewer_new();
	struct cursor cursor;

	set(&cursor, 1, true);
	show(v, &cursor);
	take(v);
	set(&cursor, 2, true);
	show(v, &cursor);
	expect_seen(v, 1, 1);
	ck_assert(take(v));
	expect_seen(v, 2, 2);
	/* The image of a move has no part in it. */
	set(&cursor, 3, true);
	move(v, &cursor);
	ck_assert(take(v));
	expect_seen(v, 2, 3);
	viewer_free(v);
}
END_TEST

START_TEST(the_latest_may_be_looked_at)
{
	struct viewer *v = viewer_new();
	const struct overlay_source *source = &v->sources.source[0];
	struct overlay now = { 0 };
	struct cursor cursor;

	ck_assert(!source->latest(source->arg, SCANOUT, &now));
	ck_assert_uint_eq(now.width, 0);
	set(&cursor, 1, true);
	show(v, &cursor);
	ck_assert(source->latest(source->arg, SCANOUT, &now));
	ck_assert(source->latest(source->arg, SCANOUT, &now));
	ck_assert_int_eq(now.x, 1);
	ck_assert_uint_eq(now.pixels[0], 1);
	ck_assert(take(v));
	ck_assert(!source->latest(source->arg, SCANOUT, &now));
	ck_assert_uint_eq(now.width, CURSOR_SIZE);
	viewer_free(v);
}
END_TEST

START_TEST(one_that_nobody_wants_wakes_nobody)
{
	struct viewer *v = viewer_new();
	struct cursor cursor;

	v->overlay.unseen = true;
	set(&cursor, 1, true);
	show(v, &cursor);
	move(v, &cursor);
	ck_assert_uint_eq(v->wakes, 0);
	ck_assert(!take(v));
	ck_assert(!cursoroverlay_shows(&v->overlay, SCANOUT, 200, 100));
	viewer_free(v);
}
END_TEST

static bool shows_at(struct viewer *v, int32_t x, int32_t y)
{
	struct cursor cursor;

	set(&cursor, 1, true);
	cursor.x = x;
	cursor.y = y;
	move(v, &cursor);
	return cursoroverlay_shows(&v->overlay, SCANOUT, 200, 100);
}

/* A pixel of it is enough. */
START_TEST(one_that_lies_outside_is_not_shown)
{
	struct viewer *v = viewer_new();

	ck_assert(shows_at(v, 0, 0));
	ck_assert(shows_at(v, -63, -63));
	ck_assert(shows_at(v, 199, 99));
	ck_assert(!shows_at(v, -64, 0));
	ck_assert(!shows_at(v, 0, -64));
	ck_assert(!shows_at(v, 200, 0));
	ck_assert(!shows_at(v, 0, 100));
	ck_assert(!shows_at(v, INT32_MIN, INT32_MAX));
	ck_assert(shows_at(v, 100, 50));
	ck_assert(!cursoroverlay_shows(&v->overlay, SCANOUT, 0, 0));
	ck_assert(!cursoroverlay_shows(&v->overlay, SCANOUT + 1, 200, 100));
	viewer_free(v);
}
END_TEST

/* ---- two ---- */

static void *show_colours(void *arg)
{
	struct viewer *v = arg;
	struct cursor cursor;

	for (uint32_t colour = 1; colour <= TIMES; colour++) {
		set(&cursor, colour, true);
		show(v, &cursor);
	}
	return NULL;
}

/*
 * A wake that were lost would leave the last cursor where it is and the test
 * waiting for ever.
 */
START_TEST(no_wake_is_lost_and_no_cursor_torn)
{
	struct viewer *v = viewer_new();
	uint32_t last = 0;
	pthread_t guest;

	pthread_create(&guest, NULL, show_colours, v);
	while (last < TIMES) {
		sem_wait(&v->woken);
		ck_assert(take(v));
		ck_assert_uint_gt(v->seen.pixels[0], last);
		last = v->seen.pixels[0];
		expect_seen(v, last, (int32_t)last);
		if (last % 3)
			sched_yield();
	}
	pthread_join(guest, NULL);
	ck_assert(!take(v));
	viewer_free(v);
}
END_TEST

Suite *cursoroverlay_units(void)
{
	Suite *suite = suite_create("cursoroverlay");
	TCase *tc = tcase_create("cursoroverlay");

	tcase_add_test(tc, the_latest_wins);
	tcase_add_test(tc, pixels_are_the_takers);
	tcase_add_test(tc, the_latest_may_be_looked_at);
	tcase_add_test(tc, one_that_nobody_wants_wakes_nobody);
	tcase_add_test(tc, one_that_lies_outside_is_not_shown);
	tcase_add_test(tc, no_wake_is_lost_and_no_cursor_torn);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	return suite;
}
