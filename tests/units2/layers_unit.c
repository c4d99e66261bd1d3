/*
 * Layers: what lies over a picture.
 */
#include "layered.h"

START_TEST(without_overlays_it_is_the_frame)
{
	struct bench *b = bench_new();
	struct frame picture;

	on(b);
	ck_assert(layers_take(&b->layers));
	ck_assert(layers_picture(&b->layers, &picture));
	expect_shown(b->p, &picture);
	frame_free(&picture);
	bench_free(b);
}
END_TEST

/* At the edges and beyond them, each over the other. */
START_TEST(overlays_lie_anywhere)
{
	static const int32_t far[] = { INT32_MIN, INT32_MAX, -SMALL, WIDTH };
	struct bench *b = bench_new();

	on(b);
	for (unsigned i = 0; i < 300; i++) {
		for (unsigned j = 0; j < SOURCES; j++)
			put(b, j, (int32_t)draw(WIDTH + 2 * SMALL) - SMALL,
			    (int32_t)draw(HEIGHT + 2 * SMALL) - SMALL);
		if (i % 8 == 0)
			b->want[0].x = far[draw(4)];
		if (i % 8 == 1)
			b->want[1].y = far[draw(4)];
		ck_assert(layers_take(&b->layers));
		expect_composed(b, picture_part(b->p));
	}
	bench_free(b);
}
END_TEST

/* Exact where nothing is to be rounded. */
START_TEST(clear_and_solid_are_exact)
{
	struct bench *b = bench_new();
	uint32_t to[4];

	on(b);
	put(b, 0, 0, 0);
	b->pixels[0][0] = 0x00000000;
	b->pixels[0][1] = 0xff123456;
	b->pixels[0][2] = 0x00ffffff; /* brighter than it may be */
	b->pixels[0][3] = 0x80808080;
	layers_take(&b->layers);
	layers_compose(&b->layers, &(struct virtio_gpu_rect){ 0, 0, 4, 1 }, to,
		       sizeof(to));
	ck_assert_uint_eq(to[0] & 0xffffff, b->p->shown[0] & 0xffffff);
	ck_assert_uint_eq(to[1] & 0xffffff, 0x123456);
	ck_assert_uint_eq(to[2] & 0xffffff, 0xffffff);
	bench_free(b);
}
END_TEST

Suite *layers_units(void)
{
	Suite *suite = suite_create("layers");
	TCase *all = tcase_create("layers");

	tcase_add_test(all, without_overlays_it_is_the_frame);
	tcase_add_test(all, overlays_lie_anywhere);
	tcase_add_test(all, clear_and_solid_are_exact);
	suite_add_tcase(suite, all);
	return suite;
}
