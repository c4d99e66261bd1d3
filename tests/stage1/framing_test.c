/*
 * Framing: a vhost-user message is a header, a payload of the size it says, and
 * file descriptors beside it; they come through a stream, in any portions.
 *
 * QEMU's docs/interop/vhost-user.rst, "Message specification".
 */
#define _GNU_SOURCE
#include <linux/sockios.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "driver.h"
#include "forms.h"
#include "pump.h"
#include "sequence.h"
#include "suites.h"

/* Acknowledged with an error if that can be had, else the end. */
static void expect_refusal(struct frontend *fe, const struct message *m)
{
	enum outcome o = frontend_try(fe, m);

	if (o == ACCEPTED)
		FAIL("%s of %u bytes with %u fds was accepted",
		     wire_name(m->header.request), m->header.size, m->nfds);
	if (suite_portable())
		return;
	if (fe->protocol & BIT(VU_REPLY_ACK))
		ck_assert_str_eq(outcome_name(o), outcome_name(REFUSED));
	else
		ck_assert_str_eq(outcome_name(o), outcome_name(HUNG_UP));
}

static void try_wrong_size(struct program *p, uint64_t mask,
			   const struct form *f, uint32_t size)
{
	struct frontend *fe = frontend_negotiated(p, mask);
	struct message m = form_message(f, size);

	expect_refusal(fe, &m);
	frontend_free(fe);
	frontend_free(frontend_negotiated(p, mask));
}

/* Replies of their own, or an acknowledgement: which came can't be told. */
START_TEST(wrong_sizes_are_refused)
{
	static const uint64_t masks[] = { ~0ull, ~BIT(VU_REPLY_ACK) };
	struct program *p = program_start(NULL);

	for (unsigned i = 0; i < 2 * FORMS; i++) {
		const struct form *f = &forms[i % FORMS];
		uint64_t mask = masks[i / FORMS];

		if (mask == ~0ull && form_has_reply(f->request))
			continue;
		try_wrong_size(p, mask, f, f->size + 1);
		if (!f->size)
			continue;
		try_wrong_size(p, mask, f, f->size - 1);
		try_wrong_size(p, mask, f, 0);
	}
}
END_TEST

/* The rest of such a message nobody waits for, nor has memory for. */
START_TEST(enormous_sizes_are_refused)
{
	static const uint32_t sizes[] = { 0x7fffffff, 0x80000000, 0xffffffff };
	struct program *p = program_start(NULL);
	struct vitals before;

	frontend_free(frontend_negotiated(p, ~0ull));
	before = program_vitals(p);
	for (unsigned i = 0; i < 3 * FORMS; i++) {
		struct message m = form_message(&forms[i % FORMS],
						sizes[i / FORMS]);
		struct frontend *fe = frontend_negotiated(p,
							  ~BIT(VU_REPLY_ACK));

		ck_assert_int_eq(frontend_try(fe, &m), HUNG_UP);
		frontend_free(fe);
	}
	frontend_free(frontend_negotiated(p, ~0ull));
	ck_assert_uint_lt(program_vitals(p).rss_kb, before.rss_kb + 16384);
}
END_TEST

/*
 * A number nobody has defined: no to this one, and on with the next. Others may
 * hang up.
 */
START_TEST(unknown_requests_are_survived)
{
	static const uint32_t requests[] = { 0,	  99,	      200,
					     255, 0x80000000, 0xffffffff };
	static const uint32_t sizes[] = { 0, 8, 200 };
	static const uint64_t masks[] = { ~0ull, ~BIT(VU_REPLY_ACK) };
	static const enum outcome outcomes[] = { REFUSED, ACCEPTED };

	for (unsigned i = 0; i < 2; i++) {
		struct frontend *fe = frontend_negotiated(program_start(NULL),
							  masks[i]);

		for (unsigned j = 0; j < 6 * 3; j++) {
			struct message m = message(requests[j % 6]);
			enum outcome o;

			m.header.size = sizes[j / 6];
			m.fds[m.nfds++] = fe->stand_in[0];
			o = frontend_try(fe, &m);
			if (!(suite_portable() && o == HUNG_UP))
				ck_assert_str_eq(outcome_name(o),
						 outcome_name(outcomes[i]));
			fe = frontend_again(fe);
			frontend_expect_silence(fe);
		}
		frontend_free(fe);
	}
}
END_TEST

/* ---- portions ---- */

/* From the first message on, descriptors beside the first byte. */
START_TEST(a_life_can_come_byte_by_byte)
{
	struct dialect slow = qemu_10_0;
	struct driver *d;

	slow.bytewise = true;
	d = driver_start_with(
		&(struct driver_options){ .axes = _axes, .dialect = &slow });
	driver_expect_alive(d);
	driver_pause(d);
	driver_resume(d);
	driver_reset(d);
	driver_expect_alive(d);
	driver_end(d);
}
END_TEST

static void send_part(struct frontend *fe, const void *bytes, size_t len)
{
	ck_assert_int_eq(send(fe->sock, bytes, len, MSG_NOSIGNAL), len);
}

/* ... and in between the rings go on: nobody waits for the other half. */
START_TEST(half_a_message_stops_nothing)
{
	static const unsigned halves[] = { 1, 11, 12, 13, 19 };
	struct driver *d = driver_start(_axes);
	uint8_t bytes[20];

	for (unsigned i = 0; i < 5; i++) {
		struct message m = message_u64(VU_SET_VRING_ENABLE, 0), reply;

		m.state = (struct vu_state){ CONTROLQ, 1 };
		m.header.flags |= VU_NEED_REPLY;
		memcpy(bytes, &m.header, 12);
		memcpy(bytes + 12, &m.state, 8);
		trail_step("%u bytes of SET_VRING_ENABLE", halves[i]);
		send_part(d->fe, bytes, halves[i]);
		driver_expect_alive(d);
		trail_step("the rest of it");
		send_part(d->fe, bytes + halves[i], 20 - halves[i]);
		frontend_receive(d->fe, VU_SET_VRING_ENABLE, 8, &reply);
		ck_assert_uint_eq(reply.value, 0);
	}
	driver_expect_alive(d);
}
END_TEST

static bool is_taken(struct frontend *fe)
{
	int unread;

	ck_assert_int_eq(ioctl(fe->sock, SIOCOUTQ, &unread), 0);
	return !unread;
}

enum { LONG_ENOUGH_MS = 100 };

/* What was sent has been read. Who waits for the rest may not read it now. */
static void await_taken(struct frontend *fe)
{
	for (unsigned ms = 0; !is_taken(fe) && ms < LONG_ENOUGH_MS; ms++)
		pump_until_readable(-1, 1);
}

START_TEST(several_messages_can_come_at_once)
{
	struct frontend *fe = frontend_negotiated(program_start(NULL), ~0ull);
	struct message list[16], reply;

	for (unsigned i = 0; i < 16; i++)
		list[i] = i % 2 ? message_state(VU_GET_VRING_BASE, i / 2 % 2, 0)
				: message(VU_GET_QUEUE_NUM);
	/* This one comes with a descriptor, the others right behind it. */
	list[0] = message_vring_fd(VU_SET_VRING_CALL, 1, fe->stand_in[1]);
	list[0].header.flags |= VU_NEED_REPLY;
	trail_step("16 messages in one");
	ck_assert(wire_send_together(fe->sock, list, 16));
	for (unsigned i = 0; i < 16; i++) {
		frontend_receive(fe, list[i].header.request, 8, &reply);
		if (i % 2)
			ck_assert_uint_eq(reply.state.index, i / 2 % 2);
	}
	frontend_expect_silence(fe);
	frontend_free(fe);
}
END_TEST

/* Cut between any two bytes, the second portion with the next message. */
START_TEST(messages_can_be_cut_anywhere)
{
	struct frontend *fe = frontend_negotiated(program_start(NULL), ~0ull);
	struct message m = message_state(VU_GET_VRING_BASE, 1, 0), reply;
	uint8_t bytes[40];

	memcpy(bytes, &m.header, 12);
	memcpy(bytes + 12, &m.state, 8);
	memcpy(bytes + 20, bytes, 20);
	for (unsigned cut = 1; cut < 40; cut++) {
		trail_step("two messages, cut at byte %u", cut);
		send_part(fe, bytes, cut);
		await_taken(fe);
		if (cut >= 20)
			frontend_receive(fe, VU_GET_VRING_BASE, 8, &reply);
		send_part(fe, bytes + cut, 40 - cut);
		if (cut < 20)
			frontend_receive(fe, VU_GET_VRING_BASE, 8, &reply);
		frontend_receive(fe, VU_GET_VRING_BASE, 8, &reply);
		ck_assert_uint_eq(reply.state.index, 1);
	}
	frontend_expect_silence(fe);
	frontend_free(fe);
}
END_TEST

static const struct test tests[] = {
	ONCE("sizes", wrong_sizes_are_refused, "A03 A07"),
	ONCE("sizes", enormous_sizes_are_refused, "A03"),
	ONCE("requests", unknown_requests_are_survived, "A07 A09"),
	ON_ALL_AXES("portions", a_life_can_come_byte_by_byte, "A04"),
	ONCE("portions", half_a_message_stops_nothing, "A04"),
	ONCE("portions", several_messages_can_come_at_once, "A04"),
	ONCE("portions", messages_can_be_cut_anywhere, "A04"),
	{ 0 }
};

Suite *framing_suite(void)
{
	return suite_new("framing", tests);
}
