/*
 * SET_SCANOUT that makes no sense: an error, and the monitor shows on what it
 * did.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#include "commands.h"
#include "suites.h"

enum { WIDTH = 96, HEIGHT = 64 };

/* After each, the old picture is still there, and still the old one's. */
static void expect_binding_kept(struct driver *d, uint32_t id)
{
	show(d, id, WIDTH, HEIGHT);
	expect_screen(d);
}

START_TEST(a_part_lies_inside)
{
	static const struct virtio_gpu_rect outside[] = {
		{ 0, 0, WIDTH + 1, HEIGHT },
		{ 0, 0, WIDTH, HEIGHT + 1 },
		{ 1, 0, WIDTH, HEIGHT },
		{ 0, 1, WIDTH, HEIGHT },
		{ WIDTH, 0, 1, 1 },
		{ 0, HEIGHT, 1, 1 },
		/* These sums are small in 32 bits. */
		{ 0xffffffff, 0, WIDTH, HEIGHT },
		{ 0, 0xffffffff, WIDTH, HEIGHT },
		{ 1, 0, 0xffffffff, 1 },
		{ 0, 1, 1, 0xffffffff },
		{ 0x80000000, 0, 0x80000000, 1 },
		{ 0, 0x80000000, 1, 0x80000001 },
		{ 0xffffffff, 0xffffffff, 2, 2 },
		{ 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff },
	};
	struct driver *d = driver_start_2d(_axes);

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	for (unsigned i = 0; i < sizeof(outside) / sizeof(*outside); i++) {
		EXPECT_REFUSED(try_scanout(d, 0, 7, outside[i]),
			       INVALID_PARAMETER);
		expect_binding_kept(d, 7);
	}
}
END_TEST

START_TEST(a_part_is_not_empty)
{
	static const struct virtio_gpu_rect empty[] = {
		{ 0, 0, 0, 0 },
		{ 0, 0, 0, HEIGHT },
		{ 0, 0, WIDTH, 0 },
		{ WIDTH, HEIGHT, 0, 0 },
	};
	struct driver *d = driver_start_2d(_axes);

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	for (unsigned i = 0; i < 4; i++) {
		EXPECT_REFUSED(try_scanout(d, 0, 7, empty[i]),
			       INVALID_PARAMETER);
		expect_binding_kept(d, 7);
	}
}
END_TEST

/* 16 is what the structures have room for, not what there is. */
static void expect_no_scanout(struct driver *d, uint32_t scanout)
{
	EXPECT_REFUSED(try_scanout(d, scanout, 7, RECT(0, 0, WIDTH, HEIGHT)),
		       INVALID_SCANOUT);
	EXPECT_REFUSED(try_scanout(d, scanout, 0, RECT(0, 0, 0, 0)),
		       INVALID_SCANOUT);
	EXPECT_REFUSED(try_scanout(d, scanout, 0, RECT(0, 0, WIDTH, HEIGHT)),
		       INVALID_SCANOUT);
}

START_TEST(there_are_as_many_as_config_space_says)
{
	static const uint32_t more[] = { 16,	     17,	 32,
					 64,	     255,	 0x10000,
					 0x7fffffff, 0x80000000, 0xfffffff0,
					 0xffffffff };
	struct driver *d = driver_start_2d(_axes);

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	for (uint32_t i = d->scanouts; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		expect_no_scanout(d, i);
	for (unsigned i = 0; i < sizeof(more) / sizeof(*more); i++)
		expect_no_scanout(d, more[i]);
	expect_binding_kept(d, 7);
}
END_TEST

START_TEST(some_have_more_of_them)
{
	static const char *const options[] = { "--outputs=2", "--outputs=15",
					       "--outputs=16" };

	program_need_options();
	for (unsigned i = 0; i < 3; i++) {
		struct driver *d = driver_start_2d_with(
			&(struct driver_options){ .axes = _axes,
						  .options = options[i] });

		show_new(d, d->scanouts - 1, 7, BGRX, WIDTH, HEIGHT);
		for (uint32_t j = 0; j < 3; j++)
			expect_no_scanout(d, d->scanouts + j);
		expect_binding_kept(d, 7);
		driver_end(d);
	}
}
END_TEST

START_TEST(it_shows_only_what_is_there)
{
	struct driver *d = driver_start_2d(_axes);

	show_new(d, 0, 7, BGRX, WIDTH, HEIGHT);
	EXPECT_REFUSED(try_scanout(d, 0, 999, RECT(0, 0, WIDTH, HEIGHT)),
		       INVALID_RESOURCE);
	EXPECT_REFUSED(try_scanout(d, 0, 7 + 1024, RECT(0, 0, WIDTH, HEIGHT)),
		       INVALID_RESOURCE);
	EXPECT_REFUSED(try_scanout(d, 0, 0xffffffff, RECT(0, 0, 1, 1)),
		       INVALID_RESOURCE);
	expect_binding_kept(d, 7);
}
END_TEST

static const struct test tests[] = {
	ONCE("kept", a_part_lies_inside, "H28 G25"),
	ONCE("kept", a_part_is_not_empty, "H29 G25"),
	ONCE("kept", there_are_as_many_as_config_space_says, "H30 G25"),
	ONCE("kept", some_have_more_of_them, "H30"),
	ONCE("kept", it_shows_only_what_is_there, "H31 G25"),
	{ 0 }
};

Suite *badscanout_suite(void)
{
	return suite_new("badscanout", tests);
}
