/*
 * File descriptors beside messages: they stay with theirs, and those nobody
 * takes are closed.
 *
 * QEMU's docs/interop/vhost-user.rst, "Message specification".
 */
#include <signal.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "draws.h"
#include "driver.h"
#include "forms.h"
#include "sequence.h"
#include "suites.h"

static void swap(int *a, int *b)
{
	int c = *a;

	*a = *b;
	*b = c;
}

/* Two messages wait in the socket, each with a descriptor of its own. */
START_TEST(descriptors_stay_with_their_message)
{
	struct driver *d = driver_start(_axes);
	int call[2] = { eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
			eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK) };

	for (unsigned round = 0; round < 4; round++) {
		/* Nothing but these two may wait there. */
		frontend_expect_silence(d->fe);
		kill(d->program->pid, SIGSTOP);
		for (unsigned i = 0; i < 2; i++) {
			struct message m = message_vring_fd(VU_SET_VRING_CALL,
							    i, call[i]);

			frontend_send(d->fe, &m);
		}
		kill(d->program->pid, SIGCONT);
		frontend_expect_silence(d->fe);
		swap(&d->control->call, &call[0]);
		swap(&d->cursor->call, &call[1]);
		driver_expect_alive(d);
	}
	close(call[0]);
	close(call[1]);
}
END_TEST

/* Known and unknown requests, each with more of them than it takes. */
static void send_many_fds(struct program *p, uint64_t mask, unsigned nfds)
{
	for (uint32_t request = 0; request < 48; request++) {
		struct frontend *fe = frontend_negotiated(p, mask);
		struct message m = message(request);

		for (unsigned i = 0; i < FORMS; i++)
			if (forms[i].request == request)
				m = form_message(&forms[i], forms[i].size);
		while (m.nfds < nfds)
			m.fds[m.nfds++] = fe->stand_in[0];
		if (!form_has_reply(request))
			frontend_try(fe, &m);
		else
			wire_send(fe->sock, &m);
		frontend_free(fe);
	}
}

START_TEST(all_descriptors_are_closed)
{
	static const unsigned counts[] = { 1, 2, 8, 9, 64 };
	struct program *p = program_start(NULL);
	struct frontend *fe = frontend_negotiated(p, ~0ull);
	struct vitals before = program_vitals(p);

	program_need_to_stay();
	frontend_free(fe);
	for (unsigned i = 0; i < 5; i++) {
		send_many_fds(p, ~0ull, counts[i]);
		send_many_fds(p, ~BIT(VU_REPLY_ACK), counts[i]);
	}
	fe = frontend_negotiated(p, ~0ull);
	program_expect_no_more(p, before);
	frontend_free(fe);
}
END_TEST

/* The connection goes on, so they can't wait for its end. */
START_TEST(descriptors_of_refused_messages_are_closed_at_once)
{
	struct frontend *fe = frontend_negotiated(program_start(NULL), ~0ull);
	struct vitals before = program_vitals(fe->program);
	struct message refused[] = {
		message(99),
		message(VU_SET_OWNER),
		message_u64(VU_SET_VRING_CALL, 77),
		message_u64(VU_SET_VRING_KICK, VU_NO_FD),
		message_u64(VU_SET_VRING_ERR, 0),
		message(VU_SET_MEM_TABLE),
		message(VU_GPU_SET_SOCKET),
		message(VU_SET_BACKEND_REQ_FD),
	};

	for (unsigned i = 0; i < sizeof(refused) / sizeof(*refused); i++) {
		struct message m = refused[i];
		enum outcome o;

		while (m.nfds < 1 + draw_below(VU_MAX_FDS - 1))
			m.fds[m.nfds++] = fe->stand_in[0];
		if (m.nfds == 1)
			m.fds[m.nfds++] = fe->stand_in[0];
		o = frontend_try(fe, &m);
		if (!suite_portable())
			ck_assert_int_eq(o, REFUSED);
		fe = frontend_again(fe);
		frontend_expect_silence(fe);
		if (program_vitals(fe->program).fds != before.fds)
			FAIL("%s was %s, and its descriptors are still open",
			     wire_name(m.header.request), outcome_name(o));
	}
	frontend_free(fe);
}
END_TEST

/* Descriptors that came, and the rest of the message never does. */
START_TEST(descriptors_of_half_a_message_are_closed)
{
	struct program *p = program_start(NULL);
	struct frontend *fe = frontend_negotiated(p, ~0ull);
	struct vitals before = program_vitals(p);

	program_need_to_stay();
	frontend_free(fe);
	for (unsigned i = 0; i < 20; i++) {
		struct message m = message_vring_fd(VU_SET_VRING_CALL, 0, -1);

		fe = frontend_negotiated(p, ~0ull);
		while (m.nfds < 1 + i)
			m.fds[m.nfds++] = fe->stand_in[0];
		m.header.size = 4096;
		frontend_send(fe, &m);
		frontend_free(fe);
	}
	fe = frontend_negotiated(p, ~0ull);
	program_expect_no_more(p, before);
	frontend_free(fe);
}
END_TEST

static const struct test tests[] = {
	ONCE("taken", descriptors_stay_with_their_message, "A04 A32"),
	ONCE("closed", all_descriptors_are_closed, "A05"),
	ONCE("closed", descriptors_of_refused_messages_are_closed_at_once,
	     "A05"),
	ONCE("closed", descriptors_of_half_a_message_are_closed, "A05 A48"),
	{ 0 }
};

Suite *descriptors_suite(void)
{
	return suite_new("descriptors", tests);
}
