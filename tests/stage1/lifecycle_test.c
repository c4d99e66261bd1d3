/*
 * One front end after another: each may go at any moment, with anything half
 * done, and say anything in any order. The next finds a device as good as new,
 * and nothing is left of the one before.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "draws.h"
#include "driver.h"
#include "guard.h"
#include "load.h"
#include "pump.h"
#include "sequence.h"
#include "suites.h"

enum { SESSION_MAX = 48 };

struct session {
	struct message messages[SESSION_MAX];
	unsigned count;
	int pair[2]; /* for the two sockets beside the first */
};

static void record(struct session *s, struct message m)
{
	s->messages[s->count++] = m;
}

static void record_socket(struct session *s, uint32_t request)
{
	struct message m = message(request);

	m.fds[m.nfds++] = s->pair[0];
	record(s, m);
}

static void record_ring(struct session *s, const struct ring *r)
{
	record(s, message_state(VU_SET_VRING_NUM, r->index, r->num));
	record(s, message_state(VU_SET_VRING_BASE, r->index, r->base));
	record(s, frontend_ring_addr(r));
	record(s, message_vring_fd(VU_SET_VRING_KICK, r->index, r->kick));
	record(s, message_vring_fd(VU_SET_VRING_CALL, r->index, r->call));
	record(s, message_vring_fd(VU_SET_VRING_ERR, r->index, r->err));
	record(s, message_state(VU_SET_VRING_ENABLE, r->index, 1));
}

/* All that QEMU says from its start to its guest's reset. */
static void record_session(struct session *s, struct driver *d)
{
	struct message config = message(VU_GET_CONFIG);

	s->count = 0;
	ck_assert(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, s->pair));
	config.header.size = 12 + 16;
	config.config.size = 16;
	record(s, message(VU_GET_FEATURES));
	record(s, message(VU_GET_PROTOCOL_FEATURES));
	record(s, message_u64(VU_SET_PROTOCOL_FEATURES,
			      d->fe->protocol & ~BIT(VU_REPLY_ACK)));
	record(s, message(VU_GET_QUEUE_NUM));
	record_socket(s, VU_SET_BACKEND_REQ_FD);
	record(s, message(VU_SET_OWNER));
	record(s, message(VU_RESET_DEVICE));
	record(s, config);
	record_socket(s, VU_GPU_SET_SOCKET);
	record(s, message_u64(VU_SET_FEATURES, d->features));
	record(s, ram_table(d->ram));
	record_ring(s, d->control);
	record_ring(s, d->cursor);
	record(s, message_state(VU_SET_VRING_ENABLE, 0, 0));
	record(s, message_state(VU_GET_VRING_BASE, 0, 0));
	record(s, message_state(VU_GET_VRING_BASE, 1, 0));
	record(s, config);
	record(s, message(VU_RESET_DEVICE));
}

static void forget_session(struct session *s)
{
	close(s->pair[0]);
	close(s->pair[1]);
}

static size_t message_length(const struct message *m)
{
	return sizeof(m->header) + m->header.size;
}

/* The first bytes of a message. */
static void send_head(int sock, const struct message *m, size_t bytes)
{
	uint8_t all[sizeof(m->header) + sizeof(m->bytes)];

	memcpy(all, &m->header, sizeof(m->header));
	memcpy(all + sizeof(m->header), m->bytes, m->header.size);
	ck_assert_int_eq(send(sock, all, bytes, MSG_NOSIGNAL), bytes);
}

/* ---- going away ---- */

/* With one connection standing: the end of the one before it is seen, then. */
static struct vitals vitals_connected(struct program *p)
{
	struct frontend *fe = frontend_negotiated(p, ~0ull);
	struct vitals vitals = program_vitals(p);

	frontend_free(fe);
	return vitals;
}

static void expect_no_more_connected(struct program *p, struct vitals before)
{
	struct frontend *fe = frontend_negotiated(p, ~0ull);

	program_expect_no_more(p, before);
	frontend_free(fe);
}

START_TEST(a_front_end_may_go_behind_any_message)
{
	struct driver *d = driver_start(_axes);
	struct program *p = d->program;
	struct session s;
	struct vitals before;

	program_need_to_stay();
	record_session(&s, d);
	frontend_hang_up(d->fe);
	before = vitals_connected(p);
	/* Two rounds: with what is left, and with requests in the ring. */
	for (unsigned i = 0; i < 2 * s.count; i++) {
		int sock = program_connect(p);

		if (i == s.count)
			load_post(d, CONTROLQ, 8);
		for (unsigned j = 0; j <= i % s.count; j++)
			ck_assert(wire_send(sock, &s.messages[j]));
		close(sock);
	}
	expect_no_more_connected(p, before);
	forget_session(&s);
	driver_end(d);
	d = driver_start_with(
		&(struct driver_options){ .axes = _axes, .program = p });
	driver_expect_alive(d);
}
END_TEST

/* ... and within: behind each byte that is sent. */
START_TEST(a_front_end_may_go_behind_any_byte)
{
	struct driver *d = driver_start(_axes);
	struct program *p = d->program;
	struct session s;
	struct vitals before;

	program_need_to_stay();
	record_session(&s, d);
	frontend_hang_up(d->fe);
	before = vitals_connected(p);
	for (unsigned i = 0; i < s.count; i++)
		for (size_t n = 1; n < message_length(&s.messages[i]); n++) {
			int sock = program_connect(p);

			for (unsigned j = 0; j < i; j++)
				ck_assert(wire_send(sock, &s.messages[j]));
			send_head(sock, &s.messages[i], n);
			close(sock);
		}
	expect_no_more_connected(p, before);
	forget_session(&s);
}
END_TEST

START_TEST(a_front_end_may_go_under_load)
{
	struct program *p = program_start(NULL);
	struct vitals before = { 0 };

	program_need_to_stay();
	for (unsigned i = 0; i < 20; i++) {
		struct driver *d = driver_start_with(&(struct driver_options){
			.axes = _axes, .program = p });

		driver_expect_alive(d);
		if (i == 1)
			before = driver_vitals(d);
		if (i > 1)
			driver_expect_no_more(d, before);
		load_post(d, CONTROLQ, LOAD_MAX);
		load_post(d, CURSORQ, LOAD_MAX);
		driver_end(d);
	}
}
END_TEST

/* Its memory and its rings are still mapped here: nobody writes to them. */
START_TEST(nothing_is_written_for_one_that_is_gone)
{
	struct driver *d = driver_start(_axes);
	struct program *p = d->program;
	struct driver *next;

	program_need_to_stay();
	driver_expect_alive(d);
	frontend_hang_up(d->fe);
	/* The next one's first answer comes behind all that. */
	next = driver_start_with(
		&(struct driver_options){ .axes = _axes, .program = p });
	driver_expect_alive(next);
	driver_check_ram(d);
	ring_calls(d->control);
	load_post(d, CONTROLQ, 8);
	ring_kick_now(d->control);
	ring_kick_now(d->cursor);
	driver_expect_alive(next);
	guard_check(d->ram);
	ck_assert_uint_eq(ring_calls(d->control), 0);
}
END_TEST

/* What the last one negotiated does not count for the next one. */
START_TEST(the_next_one_begins_at_the_beginning)
{
	struct driver *d = driver_start(_axes);
	struct program *p = d->program;
	struct message kick = message_vring_fd(VU_SET_VRING_KICK, 0, -1);
	struct message m = message(VU_SET_OWNER);
	struct frontend *fe;

	program_need_to_stay();
	driver_expect_alive(d);
	driver_end(d);
	fe = frontend_connect(p, &qemu_10_0);
	/* No acknowledgements: REPLY_ACK is not yet negotiated. */
	m.header.flags |= VU_NEED_REPLY;
	frontend_send(fe, &m);
	frontend_expect_silence(fe);
	frontend_free(fe);
	fe = frontend_negotiated(p, ~0ull);
	/* No ring has a size, a place, or memory. */
	ck_assert_int_eq(frontend_try(fe, &kick), REFUSED);
	ck_assert_uint_eq(frontend_get_base(fe, 0), 0);
	frontend_free(fe);
}
END_TEST

/* ---- coming ---- */

/* Nobody serves it before the first is gone; then it is served at once. */
START_TEST(the_next_one_waits_for_its_turn)
{
	struct driver *d = driver_start(_axes);
	struct message m = message(VU_GET_FEATURES), reply;
	struct frontend *second;

	program_need_to_stay();
	second = frontend_connect(d->program, &qemu_10_0);
	frontend_send(second, &m);
	driver_expect_alive(d);
	frontend_expect_silence(d->fe);
	driver_end(d);
	frontend_receive(second, VU_GET_FEATURES, 8, &reply);
	frontend_expect_silence(second);
	frontend_free(second);
}
END_TEST

START_TEST(many_front_ends_leave_nothing_behind)
{
	struct program *p = program_start(NULL);
	struct vitals before = { 0 };

	program_need_to_stay();
	for (unsigned i = 0; i < 60; i++) {
		struct driver *d = driver_start_with(&(struct driver_options){
			.axes = _axes, .program = p, .ram = 1 << 20 });

		driver_expect_answer(d, i % 2 ? CONTROLQ : CURSORQ);
		if (i == 2)
			before = driver_vitals(d);
		if (i > 2)
			driver_expect_no_more(d, before);
		driver_end(d);
	}
}
END_TEST

/* ---- misbehaving ---- */

/*
 * A ring that starts at its old base serves the same chains again, and goes on
 * in the used ring: so all of that may be written.
 */
static void allow_used_rings(struct driver *d)
{
	struct ring *const rings[] = { d->control, d->cursor };

	for (unsigned i = 0; i < 2; i++)
		guard_allow(d->ram, rings[i]->device,
			    rings[i]->ops->device_size(rings[i]->num));
}

/* All of a session, each message at a time nobody expects it. */
static void shuffle(struct session *s)
{
	for (unsigned i = s->count; i > 1; i--) {
		unsigned j = draw_below(i);
		struct message m = s->messages[i - 1];

		s->messages[i - 1] = s->messages[j];
		s->messages[j] = m;
	}
}

START_TEST(messages_may_come_in_any_order)
{
	struct driver *d = driver_start(_axes);
	struct program *p = d->program;
	struct session s;

	program_need_to_stay();
	record_session(&s, d);
	frontend_hang_up(d->fe);
	load_post(d, CONTROLQ, 4);
	load_post(d, CURSORQ, 4);
	for (unsigned i = 0; i < 60; i++) {
		int sock = program_connect(p);

		shuffle(&s);
		/* It may hang up on any of them, and then another comes. */
		for (unsigned j = 0; j < s.count; j++) {
			if (wire_send(sock, &s.messages[j]))
				continue;
			close(sock);
			sock = program_connect(p);
		}
		close(sock);
		frontend_free(frontend_negotiated(p, ~0ull));
		allow_used_rings(d);
		driver_check_ram(d);
	}
	forget_session(&s);
	driver_end(d);
	d = driver_start_with(
		&(struct driver_options){ .axes = _axes, .program = p });
	driver_expect_alive(d);
}
END_TEST

/* It asks and asks, and reads no answer. */
START_TEST(replies_need_not_be_read)
{
	struct driver *d = driver_start(_axes);
	struct program *p = d->program;
	struct message m = message(VU_GET_FEATURES);
	uint64_t end = pump_now() + PATIENCE_MS;
	bool sent;

	driver_expect_alive(d);
	fcntl(d->fe->sock, F_SETFL, O_NONBLOCK);
	trail_quiet(true);
	/* Until it hangs up, or waits for us to read. */
	do
		sent = wire_send(d->fe->sock, &m);
	while ((sent || errno == EINTR) && pump_now() < end);
	trail_quiet(false);
	driver_end(d);
	d = driver_start_with(
		&(struct driver_options){ .axes = _axes, .program = p });
	driver_expect_alive(d);
}
END_TEST

static const struct test tests[] = {
	ONCE("going", a_front_end_may_go_behind_any_message, "A05 A48"),
	ONCE("going", a_front_end_may_go_behind_any_byte, "A05 A48"),
	ON_ALL_AXES("going", a_front_end_may_go_under_load, "A48 E13"),
	ON_ALL_AXES("going", nothing_is_written_for_one_that_is_gone, "A48"),
	ONCE("going", the_next_one_begins_at_the_beginning, "A08 A48"),
	ONCE("coming", the_next_one_waits_for_its_turn, "A48"),
	ONCE("coming", many_front_ends_leave_nothing_behind, "A05 A17 A48"),
	ON_ALL_AXES("misbehaving", messages_may_come_in_any_order, "A49"),
	ONCE("misbehaving", replies_need_not_be_read, "A48"),
	{ 0 }
};

Suite *lifecycle_suite(void)
{
	return suite_new("lifecycle", tests);
}
