/*
 * Who may be at the other end: features, versions of QEMU, sizes of rings.
 */
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>

#include "sitting.h"
#include "suites.h"

/* ---- features ---- */

/* From QEMU 10.0 on the driver has what the device offers, and no more. */
START_TEST(it_offers_what_it_can)
{
	const uint64_t all = BIT(VIRTIO_F_VERSION_1) |
			     BIT(VIRTIO_F_RING_PACKED) |
			     BIT(VIRTIO_RING_F_INDIRECT_DESC) |
			     BIT(VIRTIO_RING_F_EVENT_IDX) |
			     BIT(VU_F_PROTOCOL_FEATURES);

	for (unsigned device = 0; device < DESK_DEVICES; device++) {
		struct inputdriver *in = input_start(_axes, device);
		struct frontend *fe = in->d->fe;

		ck_assert_uint_eq(fe->offered & 0xffffff, 0);
		ck_assert(fe->offered & BIT(VIRTIO_F_VERSION_1));
		ck_assert_uint_eq(fe->offered & ~all, 0);
		ck_assert_uint_eq(frontend_get(fe, VU_GET_QUEUE_NUM), 2);
	}
}
END_TEST

/* Any subset of what is offered, which has VERSION_1 in it. */
START_TEST(any_subset_will_do)
{
	const uint64_t bits[] = { BIT(VIRTIO_RING_F_INDIRECT_DESC),
				  BIT(VIRTIO_RING_F_EVENT_IDX),
				  BIT(VIRTIO_F_RING_PACKED) };
	struct desk *desk = desk_start(DESK_KEYBOARD, NULL);

	for (unsigned set = 0; set < 8; set++) {
		struct axes axes = { .num = 16,
				     .indirect = set & 1,
				     .event_idx = set & 2,
				     .packed = set & 4 };
		struct inputdriver *in = input_start_with(
			KEYBOARD,
			&(struct input_options){ .axes = &axes, .desk = desk });

		for (unsigned i = 0; i < 3; i++)
			ck_assert_int_eq(!!(in->d->features & bits[i]),
					 !!(set & 1u << i));
		expect_press(in);
		expect_let_go(in);
		input_end(in);
	}
}
END_TEST

/* ---- front ends ---- */

START_TEST(each_qemu_is_served)
{
	struct desk *desk = desk_start(DESK_ALL, NULL);

	for (unsigned i = 0; input_dialects[i]; i++)
		for (unsigned device = 0; device < DESK_DEVICES; device++) {
			struct axes axes = *_axes;
			struct inputdriver *in;

			axes.num = input_dialects[i]->control_num;
			in = input_start_with(
				device, &(struct input_options){
						.axes = &axes,
						.dialect = input_dialects[i],
						.desk = desk });
			expect_press(in);
			input_reset(in);
			expect_press(in);
			input_pause(in);
			input_resume(in);
			expect_let_go(in);
			input_status(in, EV_LED, LED_CAPSL, 1);
			input_end(in);
		}
}
END_TEST

/* ---- sizes ---- */

START_TEST(queues_of_any_size)
{
	static const uint32_t sizes[] = { 2, 4, 64, 256, 1024, 32768 };
	struct desk *desk = desk_start(DESK_KEYBOARD, NULL);

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct axes axes = *_axes;
		struct inputdriver *in;

		axes.num = sizes[i];
		in = input_start_with(KEYBOARD,
				      &(struct input_options){ .axes = &axes,
							       .desk = desk });
		expect_press(in);
		expect_let_go(in);
		input_status(in, EV_LED, LED_CAPSL, 1);
		input_end(in);
	}
}
END_TEST

static const struct test tests[] = {
	ONCE("features", it_offers_what_it_can,
	     "K02 K03 A36 B08 B21 B26 E09 E10 E11"),
	ONCE("features", any_subset_will_do, "B06 B10"),
	ONCE("front ends", each_qemu_is_served, "A38 E12", .seconds = 60),
	ONCE("sizes", queues_of_any_size, "E12"),
	{ 0 }
};

Suite *inputfrontends_suite(void)
{
	return suite_new("inputfrontends", tests);
}
