/*
 * Frames that become one, and frames that must not.
 */
#include "eventframe.h"

#include <linux/input-event-codes.h>
#include <string.h>

#include "parts4.h"
#include "trace.h"

static struct eventframe one(uint16_t type, uint16_t code, int32_t value)
{
	struct eventframe frame = { .count = 0 };

	eventframe_add(&frame, type, code, value);
	eventframe_end(&frame);
	return frame;
}

static struct eventframe two(uint16_t type, uint16_t x, int32_t a, uint16_t y,
			     int32_t b)
{
	struct eventframe frame = { .count = 0 };

	eventframe_add(&frame, type, x, a);
	eventframe_add(&frame, type, y, b);
	eventframe_end(&frame);
	return frame;
}

static void expect(const struct eventframe *frame, unsigned i, uint16_t type,
		   uint16_t code, int32_t value)
{
	ck_assert_uint_eq(frame->events[i].type, type);
	ck_assert_uint_eq(frame->events[i].code, code);
	ck_assert_int_eq((int32_t)frame->events[i].value, value);
}

static void expect_apart(struct eventframe a, struct eventframe b)
{
	struct eventframe before = a;

	ck_assert(!eventframe_merge(&a, &b));
	ck_assert_mem_eq(&a, &before, sizeof(a));
}

START_TEST(a_frame_ends_with_syn)
{
	struct eventframe frame = two(EV_ABS, ABS_X, 1, ABS_Y, -2);

	ck_assert_uint_eq(frame.count, 3);
	expect(&frame, 0, EV_ABS, ABS_X, 1);
	expect(&frame, 1, EV_ABS, ABS_Y, -2);
	expect(&frame, 2, EV_SYN, SYN_REPORT, 0);
	ck_assert_uint_gt(frame.began_us, 0);
}
END_TEST

START_TEST(the_later_place_counts)
{
	struct eventframe a = two(EV_ABS, ABS_X, 10, ABS_Y, 20);
	struct eventframe b = two(EV_ABS, ABS_X, 5, ABS_Y, 30);
	uint64_t began = a.began_us;

	ck_assert(eventframe_merge(&a, &b));
	ck_assert_uint_eq(a.count, 3);
	expect(&a, 0, EV_ABS, ABS_X, 5);
	expect(&a, 1, EV_ABS, ABS_Y, 30);
	ck_assert_uint_eq(a.began_us, began);
}
END_TEST

START_TEST(steps_add_up)
{
	struct eventframe a = two(EV_REL, REL_X, 10, REL_Y, -20);
	struct eventframe b = two(EV_REL, REL_X, -15, REL_Y, -1);
	struct eventframe most = two(EV_REL, REL_X, INT32_MAX, REL_Y,
				     INT32_MIN);

	ck_assert(eventframe_merge(&a, &b));
	expect(&a, 0, EV_REL, REL_X, -5);
	expect(&a, 1, EV_REL, REL_Y, -21);
	b = two(EV_REL, REL_X, 1, REL_Y, -1);
	ck_assert(eventframe_merge(&most, &b));
	expect(&most, 0, EV_REL, REL_X, INT32_MAX);
	expect(&most, 1, EV_REL, REL_Y, INT32_MIN);
}
END_TEST

START_TEST(wheels_add_up)
{
	struct eventframe a = two(EV_REL, REL_WHEEL_HI_RES, 150, REL_WHEEL, 1);
	struct eventframe b = two(EV_REL, REL_WHEEL_HI_RES, 90, REL_WHEEL, 1);

	ck_assert(eventframe_merge(&a, &b));
	expect(&a, 0, EV_REL, REL_WHEEL_HI_RES, 240);
	expect(&a, 1, EV_REL, REL_WHEEL, 2);
}
END_TEST

/* A key that was pressed and let go is not one that was never pressed. */
START_TEST(others_stay_apart)
{
	expect_apart(one(EV_KEY, KEY_A, 1), one(EV_KEY, KEY_A, 1));
	expect_apart(one(EV_KEY, KEY_A, 1), one(EV_KEY, KEY_A, 0));
	expect_apart(one(EV_KEY, KEY_A, 1), one(EV_KEY, KEY_B, 1));
	expect_apart(two(EV_ABS, ABS_X, 1, ABS_Y, 2), one(EV_KEY, KEY_A, 1));
	expect_apart(two(EV_ABS, ABS_X, 1, ABS_Y, 2),
		     two(EV_REL, REL_X, 1, REL_Y, 2));
	expect_apart(two(EV_REL, REL_X, 1, REL_Y, 2),
		     two(EV_REL, REL_WHEEL_HI_RES, 120, REL_WHEEL, 1));
	expect_apart(one(EV_REL, REL_WHEEL_HI_RES, 60),
		     two(EV_REL, REL_WHEEL_HI_RES, 120, REL_WHEEL, 1));
	expect_apart(one(EV_REL, REL_WHEEL_HI_RES, 60),
		     one(EV_REL, REL_HWHEEL_HI_RES, 60));
}
END_TEST

START_TEST(it_is_described_without_its_end)
{
	struct eventframe frame = two(EV_REL, REL_X, 3, REL_Y, -4);
	struct text text = { .len = 0 };

	eventframe_describe(&frame, &text);
	ck_assert_str_eq(text.bytes, " REL 0=3 REL 1=-4");
}
END_TEST

Suite *eventframe_units(void)
{
	Suite *suite = suite_create("eventframe");
	TCase *tc = tcase_create("eventframe");

	tcase_add_test(tc, a_frame_ends_with_syn);
	tcase_add_test(tc, the_later_place_counts);
	tcase_add_test(tc, steps_add_up);
	tcase_add_test(tc, wheels_add_up);
	tcase_add_test(tc, others_stay_apart);
	tcase_add_test(tc, it_is_described_without_its_end);
	suite_add_tcase(suite, tc);
	return suite;
}
