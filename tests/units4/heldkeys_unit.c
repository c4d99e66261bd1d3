/*
 * What is down, and what the guest was told.
 */
#include "heldkeys.h"

#include "parts4.h"

START_TEST(a_press_is_owed_until_told)
{
	struct heldkeys held = { { 0 }, { 0 } };

	heldkeys_set(&held, KEY_A, true);
	ck_assert(heldkeys_down(&held, KEY_A));
	ck_assert(heldkeys_owed(&held, KEY_A));
	heldkeys_told(&held, KEY_A);
	ck_assert(heldkeys_down(&held, KEY_A));
	ck_assert(!heldkeys_owed(&held, KEY_A));
	heldkeys_set(&held, KEY_A, true);
	ck_assert(!heldkeys_owed(&held, KEY_A));
	heldkeys_set(&held, KEY_A, false);
	ck_assert(!heldkeys_down(&held, KEY_A));
	ck_assert(heldkeys_owed(&held, KEY_A));
	heldkeys_told(&held, KEY_A);
	ck_assert(!heldkeys_owed(&held, KEY_A));
}
END_TEST

/* Of what nobody was told there is nothing to take back. */
START_TEST(a_press_that_was_never_told_leaves_nothing)
{
	struct heldkeys held = { { 0 }, { 0 } };

	heldkeys_set(&held, KEY_A, false);
	ck_assert(!heldkeys_owed(&held, KEY_A));
	heldkeys_set(&held, KEY_A, true);
	heldkeys_set(&held, KEY_A, false);
	ck_assert(!heldkeys_owed(&held, KEY_A));
	heldkeys_set(&held, KEY_A, true);
	heldkeys_told(&held, KEY_A);
	heldkeys_set(&held, KEY_A, false);
	heldkeys_set(&held, KEY_A, true);
	ck_assert(!heldkeys_owed(&held, KEY_A));
}
END_TEST

/* Each code has bits of its own, the first, the last, and those in one byte. */
START_TEST(all_are_found_in_order)
{
	static const uint16_t codes[] = { 0, KEY_A, KEY_A + 1, BTN_LEFT,
					  KEY_CNT - 1 };
	struct heldkeys held = { { 0 }, { 0 } };
	uint16_t code = 0;

	ck_assert_uint_eq(heldkeys_next_down(&held, 0), KEY_CNT);
	ck_assert_uint_eq(heldkeys_next_owed(&held, 0), KEY_CNT);
	for (unsigned i = 0; i < 5; i++)
		heldkeys_set(&held, codes[i], true);
	heldkeys_told(&held, KEY_A);
	for (unsigned i = 0; i < 5; i++) {
		ck_assert_uint_eq(heldkeys_next_down(&held, code), codes[i]);
		code = codes[i] + 1;
	}
	ck_assert_uint_eq(heldkeys_next_down(&held, code), KEY_CNT);
	ck_assert_uint_eq(heldkeys_next_owed(&held, 1), KEY_A + 1);
	ck_assert_uint_eq(heldkeys_next_owed(&held, KEY_CNT), KEY_CNT);
}
END_TEST

Suite *heldkeys_units(void)
{
	Suite *suite = suite_create("heldkeys");
	TCase *tc = tcase_create("heldkeys");

	tcase_add_test(tc, a_press_is_owed_until_told);
	tcase_add_test(tc, a_press_that_was_never_told_leaves_nothing);
	tcase_add_test(tc, all_are_found_in_order);
	suite_add_tcase(suite, tc);
	return suite;
}
