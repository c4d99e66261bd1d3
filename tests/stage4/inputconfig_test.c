/*
 * Config space of input devices: questions and answers.
 */
#include <linux/input.h>
#include <linux/virtio_config.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>

#include "sequence.h"
#include "sitting.h"
#include "suites.h"

enum { ANSWER = offsetof(struct virtio_input_config, u) };

static const char *const names[DESK_DEVICES] = { "keyboard", "tablet",
						 "mouse" };

/* ---- what it is ---- */

START_TEST(each_has_its_name)
{
	WITH_EACH(in)
	{
		struct virtio_input_config c =
			input_ask(in, VIRTIO_INPUT_CFG_ID_NAME, 0);
		char text[sizeof(c.u) + 1] = "";

		ck_assert_uint_gt(c.size, 0);
		ck_assert_uint_le(c.size, sizeof(c.u));
		memcpy(text, c.u.string, c.size);
		/* No NUL is counted. */
		ck_assert_uint_eq(strlen(text), c.size);
		if (!strstr(text, names[in->device]))
			FAIL("the %s is called %s", names[in->device], text);
	}
}
END_TEST

START_TEST(serials_are_text_or_none)
{
	WITH_EACH(in)
	{
		struct virtio_input_config name =
			input_ask(in, VIRTIO_INPUT_CFG_ID_NAME, 0);
		struct virtio_input_config c =
			input_ask(in, VIRTIO_INPUT_CFG_ID_SERIAL, 0);

		ck_assert_uint_le(c.size, sizeof(c.u));
		ck_assert_ptr_null(memchr(c.u.string, 0, c.size));
		if (c.size == name.size &&
		    !memcmp(c.u.string, name.u.string, c.size))
			FAIL("the serial is the name");
	}
}
END_TEST

/* What userspace tells them apart by, beside their names. */
START_TEST(each_has_its_id)
{
	uint16_t products[DESK_DEVICES];
	unsigned n = 0;

	WITH_EACH(in)
	{
		struct virtio_input_config c =
			input_ask(in, VIRTIO_INPUT_CFG_ID_DEVIDS, 0);

		ck_assert_uint_eq(c.size, sizeof(c.u.ids));
		ck_assert_uint_eq(c.u.ids.bustype, BUS_VIRTUAL);
		for (unsigned i = 0; i < n; i++)
			ck_assert_uint_ne(products[i], c.u.ids.product);
		products[n++] = c.u.ids.product;
	}
}
END_TEST

/* A desktop makes a pointer of what has this property, or a touch screen. */
START_TEST(pointers_say_so)
{
	WITH_EACH(in)
	{
		struct virtio_input_config c =
			input_ask(in, VIRTIO_INPUT_CFG_PROP_BITS, 0);

		ck_assert_int_eq(input_has_bit(&c, INPUT_PROP_POINTER),
				 in->device != KEYBOARD);
		ck_assert_uint_eq(input_bits(&c), in->device != KEYBOARD);
	}
}
END_TEST

/* ---- how it is asked ---- */

START_TEST(any_way_to_ask_will_do)
{
	static const uint8_t pairs[][2] = {
		{ VIRTIO_INPUT_CFG_ID_NAME, 0 },
		{ VIRTIO_INPUT_CFG_EV_BITS, EV_KEY },
		{ VIRTIO_INPUT_CFG_EV_BITS, EV_ABS },
		{ VIRTIO_INPUT_CFG_ABS_INFO, ABS_Y },
		{ VIRTIO_INPUT_CFG_EV_BITS, EV_MSC },
		{ VIRTIO_INPUT_CFG_ID_DEVIDS, 0 },
		{ VIRTIO_INPUT_CFG_UNSET, 0 },
	};

	WITH_EACH(in)
	{
		for (unsigned i = 0; i < sizeof(pairs) / sizeof(*pairs); i++) {
			struct virtio_input_config first =
				input_ask(in, pairs[i][0], pairs[i][1]);

			for (unsigned way = 0; way < ASK_WAYS; way++) {
				struct virtio_input_config c =
					input_ask_in(in, way, pairs[i][0],
						     pairs[i][1]);

				ck_assert_mem_eq(&c, &first, sizeof(c));
			}
		}
	}
}
END_TEST

/* QEMU reads all of it, others what they need; neither changes anything. */
START_TEST(any_part_can_be_read)
{
	WITH_EACH(in)
	{
		struct virtio_input_config c =
			input_ask(in, VIRTIO_INPUT_CFG_EV_BITS, EV_KEY);
		uint8_t bytes[INPUT_CONFIG];

		for (unsigned i = 0; i < INPUT_CONFIG; i++)
			ck_assert(frontend_get_config(in->d->fe, i, &bytes[i],
						      1));
		ck_assert_mem_eq(bytes, &c, INPUT_CONFIG);
		ck_assert(frontend_get_config(in->d->fe, 0, bytes, ANSWER));
		ck_assert(frontend_get_config(in->d->fe, ANSWER, bytes + ANSWER,
					      INPUT_CONFIG - ANSWER));
		ck_assert_mem_eq(bytes, &c, INPUT_CONFIG);
	}
}
END_TEST

START_TEST(only_the_question_can_be_written)
{
	WITH_EACH(in)
	{
		struct virtio_input_config c =
			input_ask(in, VIRTIO_INPUT_CFG_ID_NAME, 0);
		uint8_t junk[INPUT_CONFIG], bytes[INPUT_CONFIG];

		memset(junk, 0xee, sizeof(junk));
		ck_assert_int_eq(frontend_set_config(in->d->fe, 2, junk,
						     INPUT_CONFIG - 2),
				 ACCEPTED);
		ck_assert(
			frontend_get_config(in->d->fe, 0, bytes, INPUT_CONFIG));
		ck_assert_mem_eq(bytes, &c, INPUT_CONFIG);
	}
}
END_TEST

/* More than there is reads as zero: other front ends have longer structures. */
static void expect_no_effect(struct inputdriver *in,
			     const struct virtio_input_config *c,
			     enum outcome outcome, uint32_t offset,
			     const uint8_t *junk, uint32_t size)
{
	uint8_t bytes[INPUT_CONFIG + 4];

	ck_assert_int_eq(frontend_set_config(in->d->fe, offset, junk, size),
			 outcome);
	ck_assert(frontend_get_config(in->d->fe, 0, bytes, sizeof(bytes)));
	ck_assert_mem_eq(bytes, c, INPUT_CONFIG);
	ck_assert_mem_eq(bytes + INPUT_CONFIG, "\0\0\0\0", 4);
}

/* vhost-user's config space ends at 256 bytes, and what is in ours at 136. */
START_TEST(writes_beyond_have_no_effect)
{
	static const struct {
		uint32_t offset, size;
	} none[] = { { INPUT_CONFIG - 1, 2 },
		     { INPUT_CONFIG, 0 },
		     { INPUT_CONFIG, 120 },
		     { 256, 0 } },
	  beyond[] = { { 255, 2 },
		       { 257, 0 },
		       { 257, 1 },
		       { 0xffffffff, 2 },
		       { 1, 256 } };
	uint8_t junk[256];

	WITH_EACH(in)
	{
		struct virtio_input_config c =
			input_ask(in, VIRTIO_INPUT_CFG_ID_NAME, 0);

		memset(junk, 0xee, sizeof(junk));
		for (unsigned i = 0; i < sizeof(beyond) / sizeof(*beyond); i++)
			expect_no_effect(in, &c, REFUSED, beyond[i].offset,
					 junk, beyond[i].size);
		for (unsigned i = 0; i < sizeof(none) / sizeof(*none); i++)
			expect_no_effect(in, &c, ACCEPTED, none[i].offset, junk,
					 none[i].size);
	}
}
END_TEST

/* ---- every question there is ---- */

/* What may be answered with more than nothing. */
static bool makes_sense(uint8_t select, uint8_t subsel)
{
	switch (select) {
	case VIRTIO_INPUT_CFG_ID_NAME:
	case VIRTIO_INPUT_CFG_ID_SERIAL:
	case VIRTIO_INPUT_CFG_ID_DEVIDS:
	case VIRTIO_INPUT_CFG_PROP_BITS:
		return !subsel;
	case VIRTIO_INPUT_CFG_EV_BITS:
		return subsel && subsel < EV_CNT;
	case VIRTIO_INPUT_CFG_ABS_INFO:
		return subsel < ABS_CNT;
	default:
		return false;
	}
}

static void write_quickly(struct frontend *fe, uint8_t select, uint8_t subsel)
{
	struct message m = { .header = { VU_SET_CONFIG, VU_VERSION, 12 + 2 },
			     .config = { .size = 2,
					 .data = { select, subsel } } };

	frontend_send(fe, &m);
}

/* Behind the longest answer there is, so that what is left of it shows. */
static struct virtio_input_config ask_quickly(struct frontend *fe,
					      uint8_t select, uint8_t subsel)
{
	struct virtio_input_config c;

	write_quickly(fe, VIRTIO_INPUT_CFG_EV_BITS, EV_KEY);
	write_quickly(fe, select, subsel);
	if (!frontend_get_config(fe, 0, &c, sizeof(c)))
		FAIL("GET_CONFIG was refused");
	return c;
}

static void check_answer(const struct virtio_input_config *c, uint8_t select,
			 uint8_t subsel)
{
	if (c->select != select || c->subsel != subsel)
		FAIL("%#x, %#x: config space says %#x, %#x", select, subsel,
		     c->select, c->subsel);
	if (c->size > sizeof(c->u))
		FAIL("%#x, %#x: size %u", select, subsel, c->size);
	if (c->size && !makes_sense(select, subsel))
		FAIL("%#x, %#x: unknown, and yet has size %u", select, subsel,
		     c->size);
	for (unsigned i = c->size; i < sizeof(c->u); i++)
		if (c->u.bitmap[i])
			FAIL("%#x, %#x: size %u, but byte %u is %#x", select,
			     subsel, c->size, i, c->u.bitmap[i]);
	for (unsigned i = 0; i < sizeof(c->reserved); i++)
		ck_assert_uint_eq(c->reserved[i], 0);
}

START_TEST(all_questions_have_an_answer)
{
	bool quiet = trail_quiet(true);

	WITH_EACH(in)
	for (unsigned pair = 0; pair < 0x10000; pair++) {
		uint8_t select = pair >> 8, subsel = pair & 0xff;
		struct virtio_input_config c = ask_quickly(in->d->fe, select,
							   subsel);

		check_answer(&c, select, subsel);
	}
	trail_quiet(quiet);
}
END_TEST

/* ---- when it is asked ---- */

START_TEST(it_answers_before_any_driver)
{
	struct inputdriver *in =
		input_probe(TABLET, &(struct input_options){ .axes = _axes });

	/* SET_FEATURES comes with the start only. */
	ck_assert_uint_eq(input_ask(in, VIRTIO_INPUT_CFG_ABS_INFO, ABS_X).size,
			  sizeof(struct virtio_input_absinfo));
	input_go(in);
	ck_assert_uint_eq(input_ask(in, VIRTIO_INPUT_CFG_ABS_INFO, ABS_Y).size,
			  sizeof(struct virtio_input_absinfo));
}
END_TEST

/* No change of config space: what a driver writes there is its own doing. */
START_TEST(questions_are_no_changes)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);
	struct pollfd channel = { in->d->fe->channel, POLLIN, 0 };

	for (unsigned i = 0; i < 10; i++)
		input_ask(in, VIRTIO_INPUT_CFG_EV_BITS, (uint8_t)i);
	frontend_settle(in->d->fe);
	ck_assert_int_eq(poll(&channel, 1, 0), 0);
}
END_TEST

static void expect_nothing_asked(struct frontend *fe)
{
	struct virtio_input_config c, none = { .select = 0 };

	ck_assert(frontend_get_config(fe, 0, &c, sizeof(c)));
	ck_assert_mem_eq(&c, &none, sizeof(c));
}

START_TEST(a_reset_forgets_the_question)
{
	WITH_EACH(in)
	{
		input_ask(in, VIRTIO_INPUT_CFG_ID_NAME, 0);
		/* What is read first behind a stop tells of the reset. */
		frontend_stop(in->d->fe);
		expect_nothing_asked(in->d->fe);
	}
}
END_TEST

START_TEST(the_next_front_end_finds_no_question)
{
	struct inputdriver *in =
		input_probe(MOUSE, &(struct input_options){ .axes = _axes });
	struct desk *desk = in->desk;
	struct frontend *fe;

	input_ask(in, VIRTIO_INPUT_CFG_ID_NAME, 0);
	input_end(in);
	fe = frontend_on(desk->program, &qemu_input_10_0,
			 program_connect_to(desk->program, desk->paths[MOUSE]));
	expect_nothing_asked(fe);
	frontend_free(fe);
}
END_TEST

/* No driver runs in a pause, so nobody asks in one. */
START_TEST(a_pause_keeps_the_question)
{
	struct inputdriver *in = input_start(_axes, KEYBOARD);
	struct virtio_input_config c = input_ask(in, VIRTIO_INPUT_CFG_EV_BITS,
						 EV_KEY),
				   after;

	input_pause(in);
	input_resume(in);
	ck_assert(frontend_get_config(in->d->fe, 0, &after, sizeof(after)));
	ck_assert_mem_eq(&after, &c, sizeof(c));
}
END_TEST

static const struct test tests[] = {
	ONCE("identity", each_has_its_name, "K04 K11"),
	ONCE("identity", serials_are_text_or_none, "K13"),
	ONCE("identity", each_has_its_id, "K14 B17"),
	ONCE("identity", pointers_say_so, "K15"),
	ONCE("questions", any_way_to_ask_will_do, "K05"),
	ONCE("questions", any_part_can_be_read, "K04 B16"),
	ONCE("questions", only_the_question_can_be_written, "K09"),
	ONCE("questions", writes_beyond_have_no_effect, "K26"),
	ONCE("questions", all_questions_have_an_answer,
	     "K06 K07 K08 K10 K12 K18", .seconds = 120),
	ONCE("times", it_answers_before_any_driver, "K23"),
	ONCE("times", questions_are_no_changes, "K24"),
	ONCE("times", a_reset_forgets_the_question, "K25"),
	ONCE("times", the_next_front_end_finds_no_question, "K25"),
	ONCE("times", a_pause_keeps_the_question, NULL),
	{ 0 }
};

Suite *inputconfig_suite(void)
{
	return suite_new("inputconfig", tests);
}
