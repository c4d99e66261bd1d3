/*
 * What all pictures of a scanout take is known, whoever has them.
 */
#include "units.h"

enum { WIDTH = 40, HEIGHT = 30, ONE = WIDTH * HEIGHT * 4 };

static uint64_t held(struct mailboxes *boxes)
{
	return mailbox_ops.held(boxes, 0);
}

/* Also when the scanout is long off. */
START_TEST(all_pictures_are_counted)
{
	struct mailboxes boxes;
	struct virtio_gpu_rect damage;
	struct frame own = { 0 }, moved;

	mailboxes_init(&boxes, NULL, NULL);
	ck_assert_uint_eq(held(&boxes), 0);
	mailbox_ops.scanout(&boxes, 0, WIDTH, HEIGHT);
	ck_assert_uint_eq(held(&boxes), ONE);
	mailbox_take(&boxes, 0, &own, &damage);
	ck_assert_uint_eq(held(&boxes), 2 * ONE);
	mailbox_ops.scanout(&boxes, 0, WIDTH / 2, HEIGHT);
	ck_assert_uint_eq(held(&boxes), ONE + ONE / 2);
	mailbox_take(&boxes, 0, &own, &damage);
	ck_assert_uint_eq(held(&boxes), ONE);
	moved = own;
	own = (struct frame){ 0 };
	mailbox_ops.scanout(&boxes, 0, 0, 0);
	mailbox_take(&boxes, 0, &own, &damage);
	ck_assert_uint_eq(held(&boxes), ONE / 2);
	frame_free(&moved);
	ck_assert_uint_eq(held(&boxes), 0);
	ck_assert_uint_eq(mailbox_ops.held(&boxes, 1), 0);
	memory_runs_out(1);
	mailbox_ops.scanout(&boxes, 0, WIDTH, HEIGHT);
	ck_assert_uint_eq(held(&boxes), 0);
	mailboxes_free(&boxes);
}
END_TEST

Suite *account_units(void)
{
	Suite *suite = suite_create("account");
	TCase *alone = tcase_create("account");

	tcase_add_test(alone, all_pictures_are_counted);
	suite_add_tcase(suite, alone);
	return suite;
}
