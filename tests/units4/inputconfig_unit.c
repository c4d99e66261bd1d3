/*
 * Names and serials of any length, and the question that each answer belongs to.
 *
 * virtio 1.3, section 5.8.4 and 5.8.5.
 */
#include "inputconfig.h"

#include <string.h>

#include "device.h"
#include "parts4.h"

enum { ANSWER = 128 };

struct asked {
	struct device dev;
	struct inputconfig config;
};

static struct asked *asked_new(void)
{
	static struct asked a;

	memset(&a, 0, sizeof(a));
	inputconfig_init(&a.config, &a.dev);
	return &a;
}

static const struct virtio_input_config *ask(struct asked *a, uint8_t select,
					     uint8_t subsel)
{
	const uint8_t question[] = { select, subsel };

	a->dev.config_written(a->dev.config_arg, 0, question, 2);
	return a->dev.config;
}

/* Nothing behind it is left of another answer. */
static void expect_text(struct asked *a, uint8_t select, const char *text,
			size_t size)
{
	static const uint8_t zeros[ANSWER];
	const struct virtio_input_config *page;

	ask(a, VIRTIO_INPUT_CFG_EV_BITS, EV_KEY);
	page = ask(a, select, 0);
	ck_assert_uint_eq(page->size, size);
	ck_assert_mem_eq(page->u.string, text, size);
	ck_assert_mem_eq(page->u.string + size, zeros, ANSWER - size);
}

START_TEST(a_serial_is_not_the_name)
{
	struct asked *a = asked_new();

	a->config.name = "a name";
	a->config.serial = "0042";
	expect_text(a, VIRTIO_INPUT_CFG_ID_SERIAL, "0042", 4);
	expect_text(a, VIRTIO_INPUT_CFG_ID_NAME, "a name", 6);
	a->config.serial = NULL;
	expect_text(a, VIRTIO_INPUT_CFG_ID_SERIAL, "", 0);
	expect_text(a, VIRTIO_INPUT_CFG_ID_NAME, "a name", 6);
}
END_TEST

/* As much of it as there is room for, and no NUL. */
START_TEST(texts_are_cut)
{
	static char text[ANSWER + 200];
	static const size_t sizes[] = { 0,	    1,	 ANSWER - 1, ANSWER,
					ANSWER + 1, 255, 256,	     257 };

	for (unsigned i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
		struct asked *a = asked_new();
		size_t cut = sizes[i] < ANSWER ? sizes[i] : ANSWER;

		memset(text, 0, sizeof(text));
		for (size_t at = 0; at < sizes[i]; at++)
			text[at] = (char)('a' + at % 26);
		inputconfig_allow(&a->config, EV_KEY, KEY_CNT - 1);
		a->config.name = text;
		expect_text(a, VIRTIO_INPUT_CFG_ID_NAME, text, cut);
		a->config.name = "another";
		a->config.serial = text;
		expect_text(a, VIRTIO_INPUT_CFG_ID_SERIAL, text, cut);
	}
}
END_TEST

/* ---- every question there is ---- */

/* The largest of each, so that no answer is empty by chance. */
static struct asked *asked_full(void)
{
	struct asked *a = asked_new();

	a->config.name = "a name";
	a->config.serial = "0042";
	a->config.properties[0] = 1;
	a->config.ids.bustype = 6;
	for (uint16_t type = 1; type < EV_CNT; type++)
		inputconfig_allow(&a->config, type, KEY_CNT - 1);
	inputconfig_allow(&a->config, EV_ABS, ABS_X);
	inputconfig_allow(&a->config, EV_ABS, ABS_MAX);
	return a;
}

static unsigned expected_size(uint8_t select, uint8_t subsel)
{
	switch (select) {
	case VIRTIO_INPUT_CFG_ID_NAME:
		return subsel ? 0 : 6;
	case VIRTIO_INPUT_CFG_ID_SERIAL:
		return subsel ? 0 : 4;
	case VIRTIO_INPUT_CFG_ID_DEVIDS:
		return subsel ? 0 : sizeof(struct virtio_input_devids);
	case VIRTIO_INPUT_CFG_PROP_BITS:
		return subsel ? 0 : 1;
	case VIRTIO_INPUT_CFG_EV_BITS:
		return subsel && subsel < EV_CNT ? KEY_CNT / 8 : 0;
	case VIRTIO_INPUT_CFG_ABS_INFO:
		return subsel == ABS_X || subsel == ABS_MAX
			       ? sizeof(struct virtio_input_absinfo)
			       : 0;
	default:
		return 0;
	}
}

START_TEST(each_question_has_its_size)
{
	struct asked *a = asked_full();

	for (unsigned pair = 0; pair < 0x10000; pair++) {
		uint8_t select = (uint8_t)(pair >> 8), subsel = (uint8_t)pair;
		unsigned size = ask(a, select, subsel)->size;

		ck_assert_msg(size == expected_size(select, subsel),
			      "%#x, %#x: size %u", select, subsel, size);
	}
}
END_TEST

/* Linux writes the two one by one, and either may come first. */
START_TEST(both_bytes_count_by_themselves)
{
	struct asked *a = asked_full();
	const struct virtio_input_config *page = &a->config.page;
	const uint8_t subsel = EV_KEY, select = VIRTIO_INPUT_CFG_EV_BITS;
	const uint8_t none = 0, name = VIRTIO_INPUT_CFG_ID_NAME;

	a->dev.config_written(a->dev.config_arg, 1, &subsel, 1);
	ck_assert_uint_eq(page->size, 0);
	a->dev.config_written(a->dev.config_arg, 0, &select, 1);
	ck_assert_uint_eq(page->size, KEY_CNT / 8);
	a->dev.config_written(a->dev.config_arg, 0, &name, 1);
	ck_assert_uint_eq(page->size, 0);
	a->dev.config_written(a->dev.config_arg, 1, &none, 1);
	ck_assert_uint_eq(page->size, 6);
}
END_TEST

Suite *inputconfig_units(void)
{
	Suite *suite = suite_create("inputconfig");
	TCase *tc = tcase_create("inputconfig");

	tcase_add_test(tc, a_serial_is_not_the_name);
	tcase_add_test(tc, texts_are_cut);
	tcase_add_test(tc, each_question_has_its_size);
	tcase_add_test(tc, both_bytes_count_by_themselves);
	suite_add_tcase(suite, tc);
	return suite;
}
