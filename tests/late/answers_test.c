/*
 * What a front end answers on the back-end channel. QEMU's generic device passes
 * a changed config on and says so with 0; its vhost-user-gpu-pci doesn't, and
 * says 1. The device takes the answer whenever it comes, and waits for none.
 */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "late_driver.h"
#include "pump.h"
#include "sequence.h"
#include "suite.h"

enum { CONFIG_CHANGE = 2, REPLY = 4, NEED_REPLY = 8 };

/* The next notification, which asks for an answer or doesn't. */
static struct message expect_notification(struct driver *d, bool asks)
{
	struct message m;

	if (wire_receive(d->fe->channel, &m, PATIENCE_MS) != WIRE_MESSAGE)
		FAIL("nothing came on the back-end channel");
	trail_step("the config has changed, flags %#x", m.header.flags);
	ck_assert_uint_eq(m.header.request, CONFIG_CHANGE);
	ck_assert_uint_eq(m.header.size, 0);
	ck_assert_uint_eq(m.header.flags, VU_VERSION | (asks ? NEED_REPLY : 0));
	return m;
}

static struct message answer(uint64_t refused)
{
	struct message m = message_u64(CONFIG_CHANGE, refused);

	m.header.flags |= REPLY;
	return m;
}

/* The device has dealt with all that lies on the channel. */
static void settle(struct driver *d)
{
	frontend_expect_silence(d->fe);
	frontend_expect_silence(d->fe);
	driver_expect_alive(d);
}

static void expect_unheard(struct driver *d, unsigned times)
{
	settle(d);
	ck_assert_uint_eq(program_said(d->program, "unheard"), times);
}

static struct message ask(struct driver *d)
{
	late_change(d);
	return expect_notification(d, true);
}

START_TEST(yes_is_nothing_to_speak_of)
{
	struct driver *d = driver_start(_axes);
	struct message m = answer(0);

	for (unsigned i = 0; i < 3; i++) {
		ask(d);
		ck_assert(wire_send(d->fe->channel, &m));
		expect_unheard(d, 0);
	}
}
END_TEST

START_TEST(no_is_passed_on)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 1; i <= 3; i++) {
		struct message m = answer(i == 2 ? 1ull << 63 : 1);

		ask(d);
		ck_assert(wire_send(d->fe->channel, &m));
		expect_unheard(d, i);
	}
}
END_TEST

/* In pieces, and of several questions at a time. */
START_TEST(answers_may_be_late)
{
	struct driver *d = driver_start(_axes);
	struct message no = answer(1), yes = answer(0);

	ask(d);
	ask(d);
	ask(d);
	expect_unheard(d, 0);
	ck_assert(wire_send_bytewise(d->fe->channel, &no));
	ck_assert(wire_send(d->fe->channel, &yes));
	ck_assert(wire_send_bytewise(d->fe->channel, &no));
	expect_unheard(d, 2);
	driver_pause(d);
	driver_resume(d);
	driver_reset(d);
	ask(d);
	ck_assert(wire_send(d->fe->channel, &no));
	expect_unheard(d, 3);
}
END_TEST

/* Half an answer is none, and not the first half of the next channel's. */
START_TEST(a_channel_may_end_in_an_answer)
{
	struct driver *d = driver_start(_axes);
	struct message no = answer(1), set = message(VU_SET_BACKEND_REQ_FD);
	int ends[2];

	ask(d);
	ck_assert_int_eq(send(d->fe->channel, &no.header, 10, 0), 10);
	settle(d);
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
		FAIL("no socket pair");
	set.fds[0] = ends[1];
	set.nfds = 1;
	frontend_tell(d->fe, &set);
	close(ends[1]);
	close(d->fe->channel);
	d->fe->channel = ends[0];
	ask(d);
	ck_assert(wire_send(d->fe->channel, &no));
	expect_unheard(d, 1);
}
END_TEST

START_TEST(nonsense_is_no_answer)
{
	static const struct vu_header wrong[] = {
		{ CONFIG_CHANGE + 1, VU_VERSION | REPLY, 8 },
		{ CONFIG_CHANGE, VU_VERSION, 8 },
		{ CONFIG_CHANGE, VU_VERSION | REPLY, 0 },
		{ CONFIG_CHANGE, VU_VERSION | REPLY, 1u << 31 },
	};

	for (unsigned i = 0; i < 4; i++) {
		struct driver *d = driver_start(_axes);
		struct message m = { .header = wrong[i], .value = 1 };

		ask(d);
		ck_assert_int_eq(send(d->fe->channel, &m.header, 12, 0), 12);
		ck_assert_int_eq(send(d->fe->channel, &m.value, 8, 0), 8);
		settle(d);
		ck_assert_uint_eq(program_said(d->program, "unheard"), 0);
		driver_end(d);
	}
}
END_TEST

/* ---- front ends that can't be asked, or told ---- */

static struct driver *start_without(unsigned bit)
{
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = _axes });

	frontend_tell_u64(d->fe, VU_SET_PROTOCOL_FEATURES,
			  d->fe->protocol & ~BIT(bit));
	d->fe->protocol &= ~BIT(bit);
	driver_go(d);
	return d;
}

START_TEST(who_gives_no_answers_is_not_asked)
{
	struct driver *d = start_without(VU_REPLY_ACK);

	late_change(d);
	expect_notification(d, false);
	expect_unheard(d, 0);
}
END_TEST

START_TEST(who_has_no_channel_can_not_be_told)
{
	struct driver *d = start_without(VU_BACKEND_REQ);

	late_change(d);
	expect_unheard(d, 1);
	d = start_without(VU_CONFIG);
	late_change(d);
	expect_unheard(d, 1);
}
END_TEST

/* Its driver will ask by itself. */
START_TEST(a_driver_to_come_has_missed_nothing)
{
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = _axes });

	late_change(d);
	ck_assert_uint_eq(program_said(d->program, "unheard"), 0);
}
END_TEST

static const struct test tests[] = {
	ONCE("answer", yes_is_nothing_to_speak_of, "A40"),
	ONCE("answer", no_is_passed_on, "A40"),
	ONCE("answer", answers_may_be_late, "A41"),
	ONCE("answer", a_channel_may_end_in_an_answer, "A42"),
	ONCE("answer", nonsense_is_no_answer, "A42"),
	ONCE("none", who_gives_no_answers_is_not_asked, "A40"),
	ONCE("none", who_has_no_channel_can_not_be_told, "A42"),
	ONCE("none", a_driver_to_come_has_missed_nothing, NULL),
	{ 0 }
};

Suite *answers_suite(void);
Suite *answers_suite(void)
{
	return suite_new("answers", tests);
}
