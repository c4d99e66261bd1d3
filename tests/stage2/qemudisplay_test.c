/*
 * --display=qemu: what QEMU is told of the pictures, in which order, and again
 * on each new socket. QEMU believes all of it: an UPDATE without a SCANOUT before
 * it, or of one that is off, makes it crash. The screen of the harness FAILs
 * then, and at pixels beyond the SCANOUT's.
 *
 * QEMU's docs/interop/vhost-user-gpu.rst.
 */
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "picture.h"
#include "sequence.h"
#include "suites.h"

enum { WIDTH = 64, HEIGHT = 48 };
static const struct virtio_gpu_rect all = { 0, 0, WIDTH, HEIGHT };

static struct driver *start_with(const char *options)
{
	program_need_options();
	return driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .options = options });
}

static struct driver *start(void)
{
	return start_with(NULL);
}

static const struct picture *shown(struct driver *d, unsigned scanout)
{
	return d->twin->scanout[scanout].shown;
}

/* What the screen has been told so far is none of the test's business. */
static void forget(struct driver *d)
{
	struct screen_message *m;

	frontend_settle(d->fe);
	while ((m = screen_next(d->fe->screen)))
		free(m);
}

static void expect_quiet(struct driver *d)
{
	frontend_settle(d->fe);
	screen_expect_quiet(d->fe->screen);
}

/* All of a scanout's picture, after its size. */
static void expect_all(struct driver *d, unsigned scanout)
{
	const struct picture *p = shown(d, scanout);

	screen_expect_scanout(d->fe->screen, scanout, p->width, p->height);
	screen_expect_update(d->fe->screen, scanout,
			     RECT(0, 0, p->width, p->height), p);
}

/* ---- order and content ---- */

/* Whatever is sent in between, the picture is right in the end. */
START_TEST(its_size_comes_before_its_picture)
{
	struct driver *d = start();
	struct screen_message *m;

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	frontend_settle(d->fe);
	m = d->fe->screen->first;
	ck_assert_ptr_nonnull(m);
	ck_assert_uint_eq(m->request, SCREEN_SCANOUT);
	expect_screen(d);
}
END_TEST

START_TEST(a_flush_is_one_message_of_just_that)
{
	static const struct virtio_gpu_rect parts[] = {
		{ 3, 5, 20, 30 },
		{ 0, 0, 1, 1 },
		{ WIDTH - 1, HEIGHT - 1, 1, 1 },
		{ 0, 7, WIDTH, 9 },
		{ 9, 0, 7, HEIGHT },
		{ 0, 0, WIDTH, HEIGHT },
	};
	struct driver *d = start();
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	forget(d);
	for (unsigned i = 0; i < 6; i++) {
		pages_scribble(p);
		transfer_to_host(d, 7, all, 0);
		flush(d, 7, parts[i]);
		screen_expect_update(d->fe->screen, 0, parts[i], shown(d, 0));
	}
	expect_quiet(d);
}
END_TEST

/* Where the scanout begins elsewhere than the resource, that is taken off. */
START_TEST(rectangles_count_in_the_scanout)
{
	struct driver *d = start_with("--outputs=4");
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	set_scanout(d, 2, 7, RECT(8, 4, 32, 32));
	set_scanout(d, 3, 7, RECT(60, 40, 4, 8));
	flush(d, 7, all);
	forget(d);
	pages_scribble(p);
	transfer_to_host(d, 7, all, 0);
	flush(d, 7, RECT(4, 10, 10, 10));
	screen_expect_update(d->fe->screen, 0, RECT(4, 10, 10, 10),
			     shown(d, 0));
	screen_expect_update(d->fe->screen, 2, RECT(0, 6, 6, 10), shown(d, 2));
	expect_quiet(d);
}
END_TEST

START_TEST(another_size_is_told)
{
	struct driver *d = start();

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	show_new(d, 0, 8, BGRX, 2 * WIDTH, 10);
	expect_screen(d);
	show_new(d, 0, 9, BGRX, 5, 3 * HEIGHT);
	expect_screen(d);
	set_scanout(d, 0, 7, RECT(1, 2, 3, 4));
	flush(d, 7, all);
	expect_screen(d);
}
END_TEST

/* From one picture to another of the same size: nothing is told twice. */
START_TEST(a_flip_is_an_update)
{
	struct driver *d = start();

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	show_new(d, 0, 8, BGRX, WIDTH, HEIGHT);
	forget(d);
	for (unsigned i = 0; i < 4; i++) {
		set_scanout(d, 0, 7 + i % 2, all);
		flush(d, 7 + i % 2, all);
		screen_expect_update(d->fe->screen, 0, all, shown(d, 0));
	}
	expect_quiet(d);
}
END_TEST

/* ---- off ---- */

START_TEST(off_is_0_by_0_and_silence)
{
	struct driver *d = start();
	struct pages *p = show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);

	for (unsigned i = 0; i < 3; i++) {
		forget(d);
		scanout_off(d, 0);
		screen_expect_scanout(d->fe->screen, 0, 0, 0);
		show(d, 7, WIDTH, HEIGHT);
		scanout_off(d, 0);
		expect_quiet(d);
		set_scanout(d, 0, 7, all);
		pages_scribble(p);
		show(d, 7, WIDTH, HEIGHT);
	}
	forget(d);
	unref(d, 7);
	screen_expect_scanout(d->fe->screen, 0, 0, 0);
	expect_quiet(d);
}
END_TEST

/* On and off in one go: each message finds the scanout in its state. */
START_TEST(off_and_on_in_turns)
{
	struct driver *d = start_with("--outputs=3");

	for (unsigned i = 0; i < 3; i++)
		show_new(d, i, 7 + i, BGRX, WIDTH, HEIGHT);
	for (unsigned i = 0; i < 20; i++) {
		scanout_off(d, i % 3);
		show(d, 7 + (i + 1) % 3, WIDTH, HEIGHT);
		set_scanout(d, i % 3, 7 + i % 2, all);
		flush(d, 7 + i % 2, all);
	}
	expect_screen(d);
	scanout_off(d, 1);
	expect_screen(d);
}
END_TEST

/* ---- new sockets ---- */

START_TEST(a_resume_sends_everything_again)
{
	struct driver *d = start_with("--outputs=4");

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	show_new(d, 1, 8, BGRX, 3, 200);
	show_new(d, 3, 9, BGRX, 33, 44);
	scanout_off(d, 1);
	for (unsigned i = 0; i < 3; i++) {
		forget(d);
		driver_pause(d);
		driver_resume(d);
		expect_all(d, 0);
		/* QEMU may show what was there before. */
		screen_expect_scanout(d->fe->screen, 1, 0, 0);
		expect_all(d, 3);
		expect_quiet(d);
	}
	show_new(d, 2, 10, BGRX, WIDTH, HEIGHT);
	driver_pause(d);
	driver_resume(d);
	expect_screen(d);
}
END_TEST

/* Flushed, and nobody has read it: that counts as flushed all the same. */
START_TEST(what_the_last_socket_swallowed_is_sent_again)
{
	struct driver *d = start();
	struct pages *p = show_new(d, 0, 7, BGRX, 512, 512);

	for (unsigned i = 0; i < 3; i++) {
		screen_hold(d->fe->screen);
		pages_scribble(p);
		show(d, 7, 512, 512);
		/* In the midst of the message. */
		screen_sip(d->fe->screen, 100000);
		driver_pause(d);
		driver_resume(d);
		expect_screen(d);
	}
}
END_TEST

START_TEST(a_socket_may_be_replaced_at_any_time)
{
	struct driver *d = start_with("--outputs=2");

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	show_new(d, 1, 8, BGRX, HEIGHT, WIDTH);
	for (unsigned i = 0; i < 10; i++) {
		frontend_new_screen(d->fe);
		expect_all(d, 0);
		expect_all(d, 1);
		expect_quiet(d);
	}
}
END_TEST

/* It is closed with the guest's last picture on it. */
START_TEST(a_reset_turns_off_on_the_next_socket)
{
	struct driver *d = start_with("--outputs=3");

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	show_new(d, 2, 8, BGRX, WIDTH, HEIGHT);
	driver_reset(d);
	twin_reset(d->twin);
	screen_expect_scanout(d->fe->screen, 0, 0, 0);
	screen_expect_scanout(d->fe->screen, 2, 0, 0);
	expect_quiet(d);
	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	expect_screen(d);
}
END_TEST

/* A front end that keeps it open hears it at once. */
START_TEST(a_reset_turns_off_on_the_same_socket)
{
	struct dialect kept = *dialect_usual();
	struct driver *d;

	program_need_options();
	kept.keeps_screen = true;
	d = driver_start_2d_with(&(struct driver_options){
		.axes = _axes, .dialect = &kept, .options = "--outputs=2" });
	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	show_new(d, 1, 8, BGRX, WIDTH, HEIGHT);
	forget(d);
	driver_pause(d);
	frontend_reset(d->fe);
	screen_expect_scanout(d->fe->screen, 0, 0, 0);
	screen_expect_scanout(d->fe->screen, 1, 0, 0);
	expect_quiet(d);
}
END_TEST

/* Who has seen nothing has nothing to forget. */
START_TEST(the_next_front_end_is_told_nothing)
{
	struct driver *d = start();
	struct program *p = d->program;

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	expect_screen(d);
	driver_end(d);
	d = driver_start_2d_with(
		&(struct driver_options){ .axes = _axes, .program = p });
	expect_quiet(d);
	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	expect_screen(d);
}
END_TEST

/* ---- what is not sent ---- */

static void expect_answer_u64(struct screen *s, uint32_t request,
			      uint64_t value)
{
	struct screen_message *m = screen_await(s, request);

	ck_assert_uint_eq(m->size, 8);
	ck_assert_mem_eq(m->payload, &value, 8);
	free(m);
}

static void expect_question(struct screen *s, uint32_t request)
{
	struct screen_message *m = screen_await(s, request);

	ck_assert_uint_eq(m->size, 0);
	free(m);
}

/* What isn't used isn't acknowledged, and what depends on it is not sent. */
START_TEST(no_feature_is_acknowledged)
{
	struct driver *d = start();

	for (unsigned i = 0; i < 2; i++) {
		struct screen *s;

		frontend_new_screen(d->fe);
		s = d->fe->screen;
		s->mute = true;
		expect_question(s, SCREEN_GET_PROTOCOL_FEATURES);
		expect_answer_u64(s, SCREEN_SET_PROTOCOL_FEATURES, 0);
		expect_question(s, SCREEN_GET_DISPLAY_INFO);
		expect_quiet(d);
	}
}
END_TEST

static const struct test tests[] = {
	ONCE("order", its_size_comes_before_its_picture, "A54"),
	ONCE("order", a_flush_is_one_message_of_just_that, "A54 H40"),
	ONCE("order", rectangles_count_in_the_scanout, "A54 H39"),
	ONCE("order", another_size_is_told, "A54"),
	ONCE("order", a_flip_is_an_update, "A54 H34"),
	ONCE("off", off_is_0_by_0_and_silence, "A54 H22 H27"),
	ONCE("off", off_and_on_in_turns, "A54"),
	ONCE("sockets", a_resume_sends_everything_again, "A51 A54"),
	ONCE("sockets", what_the_last_socket_swallowed_is_sent_again,
	     "A51 A54"),
	ONCE("sockets", a_socket_may_be_replaced_at_any_time, "A51 A54"),
	ONCE("sockets", a_reset_turns_off_on_the_next_socket, "A51 A54"),
	ONCE("sockets", a_reset_turns_off_on_the_same_socket, "A51 A54"),
	ONCE("sockets", the_next_front_end_is_told_nothing, "A48"),
	ONCE("features", no_feature_is_acknowledged, "A52"),
	{ 0 }
};

Suite *qemudisplay_suite(void)
{
	return suite_new("qemudisplay", tests);
}
