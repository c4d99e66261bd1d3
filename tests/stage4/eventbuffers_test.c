/*
 * Event buffers: whole frames or nothing, whatever the driver has posted.
 */
#include "sequence.h"
#include "sitting.h"
#include "suites.h"

/* A driver that posts nothing by itself. */
static struct inputdriver *start_lazy(const struct axes *axes,
				      enum desk_device device)
{
	return input_start_with(device, &(struct input_options){
						.axes = axes, .lazy = true });
}

static struct axes with_size(uint32_t num)
{
	struct axes axes = *_axes;

	axes.num = num;
	return axes;
}

/* ---- too few ---- */

/* Three events, two buffers: none is used, and with one more all three are. */
START_TEST(a_frame_waits_for_its_last_buffer)
{
	struct inputdriver *in = start_lazy(_axes, MOUSE);

	for (unsigned round = 0; round < 5; round++) {
		input_post(in, 2);
		desk_do(in->desk, "motion 3 4");
		input_expect_nothing(in);
		input_post(in, 1);
		EXPECT_FRAME(in, { EV_REL, REL_X, 3 }, { EV_REL, REL_Y, 4 });
		ck_assert_uint_eq(in->posted, 0);
	}
}
END_TEST

/* For each number of buffers from none to one too many. */
START_TEST(frames_are_whole_or_not_there)
{
	struct inputdriver *in = start_lazy(_axes, MOUSE);

	for (unsigned n = 0; n < 3; n++) {
		if (n)
			input_post(in, n);
		desk_do(in->desk, "motion 1 %u", n);
		input_expect_nothing(in);
		for (unsigned more = n; more < 2; more++) {
			input_post(in, 1);
			input_expect_nothing(in);
		}
		input_post(in, 1);
		EXPECT_FRAME(in, { EV_REL, REL_X, 1 }, { EV_REL, REL_Y, n });
	}
}
END_TEST

/* What comes behind starts with a buffer of its own. */
START_TEST(the_next_frame_starts_clean)
{
	struct inputdriver *in = start_lazy(_axes, MOUSE);

	input_post(in, 3);
	desk_do(in->desk, "down left");
	EXPECT_FRAME(in, { EV_KEY, BTN_LEFT, 1 });
	desk_do(in->desk, "wheel 1");
	input_expect_nothing(in);
	input_post(in, 2);
	EXPECT_FRAME(in, { EV_REL, REL_WHEEL_HI_RES, 120 },
		     { EV_REL, REL_WHEEL, 1 });
	input_post(in, 2);
	desk_do(in->desk, "up left");
	EXPECT_FRAME(in, { EV_KEY, BTN_LEFT, 0 });
}
END_TEST

/* A script waits for the driver; all of it comes, a frame at a time. */
START_TEST(a_slow_driver_gets_all_of_it)
{
	struct inputdriver *in = start_lazy(_axes, KEYBOARD);
	static const uint16_t word[] = { KEY_S, KEY_L, KEY_O,
					 KEY_W, KEY_L, KEY_Y };

	desk_do(in->desk, "type slowly");
	for (unsigned i = 0; i < 2 * sizeof(word) / sizeof(*word); i++) {
		input_expect_nothing(in);
		input_post(in, 2);
		EXPECT_FRAME(in, { EV_KEY, word[i / 2], i % 2 == 0 });
	}
	input_expect_nothing(in);
}
END_TEST

/* Laps of the ring, buffers given back one by one. */
START_TEST(laps)
{
	struct inputdriver *in = input_start(_axes, MOUSE);
	unsigned rounds = 40 + 2 * in->d->control->num / 3;

	in->d->guarded = false;
	for (unsigned i = 0; i < rounds; i++) {
		desk_do(in->desk, "motion %u 2", i + 1);
		EXPECT_FRAME(in, { EV_REL, REL_X, i + 1 },
			     { EV_REL, REL_Y, 2 });
	}
	driver_check_ram(in->d);
}
END_TEST

/* ---- small rings ---- */

/* QEMU 11.1 gives input devices rings of four: all frames fit. */
START_TEST(four_entries_are_enough)
{
	struct axes axes = with_size(4);
	struct sitting s = sit_down(&axes, DESK_ALL);

	expect_press(s.in[KEYBOARD]);
	desk_do(s.desk, "move 5 5");
	EXPECT_FRAME(s.in[TABLET], { EV_ABS, ABS_X, place_of(5, SCREEN_WIDTH) },
		     { EV_ABS, ABS_Y, place_of(5, SCREEN_HEIGHT) });
	desk_do(s.desk, "wheel 1");
	EXPECT_FRAME(s.in[TABLET], { EV_REL, REL_WHEEL_HI_RES, 120 },
		     { EV_REL, REL_WHEEL, 1 });
	desk_do(s.desk, "motion 1 1");
	EXPECT_FRAME(s.in[MOUSE], { EV_REL, REL_X, 1 }, { EV_REL, REL_Y, 1 });
	desk_do(s.desk, "hwheel 1");
	EXPECT_FRAME(s.in[MOUSE], { EV_REL, REL_HWHEEL_HI_RES, 120 },
		     { EV_REL, REL_HWHEEL, 1 });
	ck_assert_uint_eq(program_said(s.gpu->program, "entries"), 0);
}
END_TEST

/* What can never fit is dropped, and what fits behind it comes. */
START_TEST(two_entries_are_enough_for_keys)
{
	struct axes axes = with_size(2);
	struct inputdriver *in = input_start(&axes, MOUSE);

	desk_do(in->desk, "motion 1 1");
	expect_press(in);
	desk_do(in->desk, "wheel 1");
	expect_let_go(in);
	input_expect_nothing(in);
	ck_assert_uint_gt(program_said(in->d->program, "too few"), 0);
	input_status(in, EV_LED, LED_CAPSL, 1);
}
END_TEST

START_TEST(one_entry_is_of_no_use)
{
	struct axes axes = with_size(1);
	struct inputdriver *in = input_start(&axes, KEYBOARD);

	for (unsigned i = 0; i < 5; i++) {
		press(in);
		let_go(in);
	}
	input_expect_nothing(in);
	ck_assert_uint_gt(program_said(in->d->program, "too few"), 0);
	input_status(in, EV_LED, LED_CAPSL, 1);
	program_expect_rest(in->d->program);
}
END_TEST

/* ---- shapes ---- */

START_TEST(large_buffers_hold_one_event)
{
	struct inputdriver *in = start_lazy(_axes, MOUSE);

	input_post_as(in, 3, 64, NULL);
	desk_do(in->desk, "motion 1 2");
	EXPECT_FRAME(in, { EV_REL, REL_X, 1 }, { EV_REL, REL_Y, 2 });
}
END_TEST

START_TEST(buffers_may_be_cut_anywhere)
{
	struct inputdriver *in = start_lazy(_axes, MOUSE);
	const uint32_t *const cuts[] = { CUTS(1, 2, 3, 4, 5, 6, 7),
					 CUTS(1),
					 CUTS(4),
					 CUTS(7),
					 CUTS(2, 4),
					 CUTS(3, 5) };

	for (unsigned i = 0; i < sizeof(cuts) / sizeof(*cuts); i++) {
		unsigned pieces = 1;

		while (cuts[i][pieces - 1])
			pieces++;
		if (!ring_has_room(in->d->control, 3 * pieces, SHAPE_DIRECT) &&
		    !in->d->axes.indirect)
			continue;
		input_post_as(in, 3, 8, cuts[i]);
		desk_do(in->desk, "motion 258 2");
		EXPECT_FRAME(in, { EV_REL, REL_X, 258 }, { EV_REL, REL_Y, 2 });
	}
}
END_TEST

/* ---- buffers of no use ---- */

/* They come back empty, and the frame is as whole as ever behind them. */
static void expect_passed_over(struct inputdriver *in, unsigned bad)
{
	input_post(in, 1);
	desk_do(in->desk, "down left");
	while (bad--) {
		struct virtio_input_event event;

		ck_assert_uint_eq(input_used(in, &event), 0);
	}
	input_expect_nothing(in);
	input_post(in, 1);
	EXPECT_FRAME(in, { EV_KEY, BTN_LEFT, 1 });
	input_post(in, 2);
	desk_do(in->desk, "up left");
	EXPECT_FRAME(in, { EV_KEY, BTN_LEFT, 0 });
}

START_TEST(small_buffers_are_passed_over)
{
	struct inputdriver *in = start_lazy(_axes, MOUSE);

	for (uint32_t len = 1; len < 8; len++) {
		input_post_as(in, 2, len, NULL);
		expect_passed_over(in, 2);
	}
}
END_TEST

START_TEST(readable_buffers_are_passed_over)
{
	struct inputdriver *in = start_lazy(_axes, MOUSE);
	uint64_t gpa = ram_alloc(in->d->ram, 8, 1, "readable");

	input_post_pieces(in, &(struct piece){ gpa, 8, false }, 1);
	expect_passed_over(in, 1);
}
END_TEST

START_TEST(empty_buffers_are_passed_over)
{
	struct inputdriver *in = start_lazy(_axes, MOUSE);

	input_post_pieces(in, &(struct piece){ 0, 0, true }, 1);
	expect_passed_over(in, 1);
}
END_TEST

/* Half an event in memory, half of it in none. */
START_TEST(buffers_outside_memory_are_passed_over)
{
	struct inputdriver *in = start_lazy(_axes, MOUSE);

	input_post_pieces(in, &(struct piece){ ram_end(in->d->ram), 8, true },
			  1);
	expect_passed_over(in, 1);
	input_post_pieces(in, &(struct piece){ ~0ull - 3, 8, true }, 1);
	expect_passed_over(in, 1);
}
END_TEST

/*
 * A frame's first buffers are fine, and what comes in the place of its last is
 * not. The good ones are kept, so it overtakes them.
 */
START_TEST(bad_ones_in_the_middle)
{
	struct inputdriver *in = start_lazy(_axes, MOUSE);
	struct virtio_input_event event;

	in->unordered = true;
	input_post(in, 2);
	input_post_as(in, 1, 4, NULL);
	desk_do(in->desk, "motion 1 2");
	ck_assert_uint_eq(input_used(in, &event), 0);
	input_expect_nothing(in);
	input_post(in, 1);
	EXPECT_FRAME(in, { EV_REL, REL_X, 1 }, { EV_REL, REL_Y, 2 });
}
END_TEST

/* ---- kicks ---- */

/* Without an eventfd for kicks it has to look by itself, as often as it likes. */
START_TEST(a_polled_queue)
{
	struct inputdriver *in = start_lazy(_axes, MOUSE);
	struct message poll = message_vring_fd(VU_SET_VRING_KICK, EVENTQ, -1);

	frontend_tell(in->d->fe, &poll);
	in->d->control->kicks = KICKS_NEVER;
	for (unsigned i = 0; i < 5; i++) {
		desk_do(in->desk, "motion 1 1");
		desk_await_read(in->desk);
		input_post(in, 3);
		EXPECT_FRAME(in, { EV_REL, REL_X, 1 }, { EV_REL, REL_Y, 1 });
	}
}
END_TEST

/* The driver need not say that it has posted any before something happens. */
START_TEST(buffers_nobody_kicked_for)
{
	struct inputdriver *in = start_lazy(_axes, MOUSE);

	in->d->control->kicks = KICKS_NEVER;
	for (unsigned i = 0; i < 5; i++) {
		input_post(in, 3);
		desk_do(in->desk, "motion 1 1");
		EXPECT_FRAME(in, { EV_REL, REL_X, 1 }, { EV_REL, REL_Y, 1 });
	}
}
END_TEST

/* ---- what is taken outlives a change ---- */

START_TEST(a_new_memory_table)
{
	struct inputdriver *in = start_lazy(_axes, MOUSE);

	input_post(in, 2);
	desk_do(in->desk, "motion 3 4");
	input_expect_nothing(in);
	ram_move(in->d->ram);
	frontend_send_memory(in->d->fe);
	input_post(in, 1);
	EXPECT_FRAME(in, { EV_REL, REL_X, 3 }, { EV_REL, REL_Y, 4 });
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("few", a_frame_waits_for_its_last_buffer, "L05 L08 L16"),
	ON_ALL_AXES("few", frames_are_whole_or_not_there, "L05 L06 L07 L16"),
	ON_ALL_AXES("few", the_next_frame_starts_clean, "L07"),
	ON_ALL_AXES("few", a_slow_driver_gets_all_of_it, "L07 L16"),
	ON_ALL_AXES("few", laps, "L14 L15", .seconds = 60),
	ONCE("small", four_entries_are_enough, "L09 E12"),
	ONCE("small", two_entries_are_enough_for_keys, "L09"),
	ONCE("small", one_entry_is_of_no_use, "L09"),
	ON_ALL_AXES("shapes", large_buffers_hold_one_event, "L01"),
	ON_ALL_AXES("shapes", buffers_may_be_cut_anywhere, "L03"),
	ON_ALL_AXES("useless", small_buffers_are_passed_over, "L02"),
	ON_ALL_AXES("useless", readable_buffers_are_passed_over, "L02"),
	ON_ALL_AXES("useless", empty_buffers_are_passed_over, "L02"),
	ON_ALL_AXES("useless", buffers_outside_memory_are_passed_over, "L02"),
	ON_ALL_AXES("useless", bad_ones_in_the_middle, "L02 L06"),
	ON_ALL_AXES("kicks", a_polled_queue, "A32"),
	ON_ALL_AXES("kicks", buffers_nobody_kicked_for, "L16"),
	ONCE("changes", a_new_memory_table, "A17"),
	{ 0 }
};

Suite *eventbuffers_suite(void)
{
	return suite_new("eventbuffers", tests);
}
