/*
 * A guest can have the host run out of memory, or of what it can show, as often
 * as it likes: it fills nobody's disk with that.
 */
#define _GNU_SOURCE
#include <SDL.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "layers.h"
#include "log.h"
#include "painter.h"
#include "units.h"

/* More often than anybody would read. */
enum { TIMES = 2000, LINES_A_SECOND = 11 };

/* From now on stderr is a file. */
static FILE *listen_to_warnings(void)
{
	FILE *file = tmpfile();

	ck_assert_ptr_nonnull(file);
	dup2(fileno(file), STDERR_FILENO);
	return file;
}

/* Lines with that text: some, but not one each time. */
static void expect_few(FILE *file, const char *text, uint64_t began_us)
{
	uint64_t seconds = (clock_us() - began_us) / 1000000 + 2;
	char line[512];
	unsigned count = 0;

	rewind(file);
	while (fgets(line, sizeof(line), file))
		count += !!strstr(line, text);
	ck_assert_uint_ge(count, 1);
	ck_assert_uint_le(count, seconds * LINES_A_SECOND);
	fclose(file);
}

static void change_size(struct mailboxes *boxes, unsigned time)
{
	mailbox_ops.scanout(boxes, 0, 40 + time % 2, 30);
}

START_TEST(no_memory_in_the_mailbox)
{
	FILE *file = listen_to_warnings();
	uint64_t began = clock_us();
	struct mailboxes boxes;

	mailboxes_init(&boxes, NULL, NULL);
	memory_runs_out(TIMES);
	for (unsigned i = 0; i < TIMES; i++)
		change_size(&boxes, i);
	expect_few(file, "no memory for a picture", began);
	mailboxes_free(&boxes);
}
END_TEST

START_TEST(no_memory_to_take_it)
{
	FILE *file = listen_to_warnings();
	uint64_t began = clock_us();
	struct virtio_gpu_rect damage;
	struct frame own = { 0 };
	struct mailboxes boxes;

	mailboxes_init(&boxes, NULL, NULL);
	for (unsigned i = 0; i < TIMES; i++) {
		change_size(&boxes, i);
		memory_runs_out(1);
		ck_assert(mailbox_take(&boxes, 0, &own, &damage));
		ck_assert_uint_eq(own.width, 0);
	}
	expect_few(file, "no memory for a picture", began);
	mailboxes_free(&boxes);
}
END_TEST

/* Larger than the GPU can have, say. */
START_TEST(no_texture_for_it)
{
	struct overlay_sources none = { 0 };
	const char *why = "no window";
	struct mailboxes boxes;
	struct layers layers;
	uint64_t began;
	void *painting;
	FILE *file;

	setenv("SDL_VIDEODRIVER", "dummy", 1);
	setenv("SDL_RENDER_DRIVER", "software", 1);
	ck_assert(!SDL_Init(SDL_INIT_VIDEO));
	mailboxes_init(&boxes, NULL, NULL);
	layers_init(&layers, &boxes, &none, 0);
	painting = sdl_painter.open(SDL_CreateWindow("", 0, 0, 50, 50, 0),
				    &layers, &why);
	ck_assert_msg(painting, "%s", why);
	file = listen_to_warnings();
	began = clock_us();
	textures_run_out();
	for (unsigned i = 0; i < TIMES; i++) {
		change_size(&boxes, i);
		ck_assert(sdl_painter.take(painting));
	}
	expect_few(file, "can't show a picture", began);
	/* Without a texture it is the mailbox's frame, and its copy. */
	ck_assert_uint_eq(mailbox_ops.held(&boxes, 0), 2 * 41 * 30 * 4);
	sdl_painter.close(painting);
	layers_free(&layers);
	mailboxes_free(&boxes);
	SDL_Quit();
}
END_TEST

Suite *warnings_units(void)
{
	Suite *suite = suite_create("warnings");
	TCase *tests = tcase_create("warnings");

	tcase_add_test(tests, no_memory_in_the_mailbox);
	tcase_add_test(tests, no_memory_to_take_it);
	tcase_add_test(tests, no_texture_for_it);
	tcase_set_timeout(tests, 120);
	suite_add_tcase(suite, tests);
	return suite;
}
