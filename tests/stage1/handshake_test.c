/*
 * The handshake: vhost-user before and around the rings.
 *
 * QEMU's docs/interop/vhost-user.rst.
 */
#include <sys/socket.h>

#include "driver.h"
#include "pump.h"
#include "sequence.h"
#include "suites.h"

/* Connected, nothing said yet. */
static struct frontend *connected(void)
{
	return frontend_connect(program_start(NULL), &qemu_10_0);
}

/* ... and protocol features acknowledged, as far as `mask` lets them. */
static struct frontend *negotiated(uint64_t mask)
{
	return frontend_negotiated(program_start(NULL), mask);
}

/* Only version 1 is spoken; what another one means nobody knows. */
START_TEST(other_versions_are_not_acted_on)
{
	static const uint32_t versions[] = { 0, 2, 3 };

	for (unsigned i = 0; i < 3; i++) {
		struct frontend *fe = connected();
		struct message m = message(VU_GET_FEATURES), reply;
		struct message next = message(VU_GET_PROTOCOL_FEATURES);

		m.header.flags = versions[i];
		trail_step("GET_FEATURES of version %u", versions[i]);
		fe->program->may_end = !program_takes_options();
		frontend_send(fe, &m);
		/* Ignored, or hung up: either way this one has no answer. */
		if (wire_send(fe->sock, &next) &&
		    wire_receive(fe->sock, &reply, PATIENCE_MS) == WIRE_MESSAGE)
			ck_assert_uint_eq(reply.header.request,
					  VU_GET_PROTOCOL_FEATURES);
		frontend_hang_up(fe);
		program_stop(fe->program);
	}
}
END_TEST

/* frontend_get() looks at every byte of a reply's header. */
START_TEST(replies_are_well_formed)
{
	struct frontend *fe = negotiated(~0ull);
	char byte;

	frontend_get(fe, VU_GET_FEATURES);
	frontend_get(fe, VU_GET_PROTOCOL_FEATURES);
	ck_assert_uint_ge(frontend_get(fe, VU_GET_QUEUE_NUM), 2);
	frontend_get_base(fe, 0);
	frontend_expect_silence(fe);
	ck_assert_int_lt(recv(fe->sock, &byte, 1, MSG_DONTWAIT), 0);
	frontend_free(fe);
}
END_TEST

/*
 * What any front end may send at this point, well-formed: with REPLY_ACK each
 * is acknowledged if it asks, and never otherwise.
 */
static unsigned harmless(struct message *list, int fd)
{
	unsigned n = 0;

	list[n++] = message(VU_SET_OWNER);
	list[n++] = message_u64(VU_SET_FEATURES,
				BIT(32) | BIT(VU_F_PROTOCOL_FEATURES));
	list[n++] = message_vring_fd(VU_SET_VRING_CALL, 0, fd);
	list[n++] = message_vring_fd(VU_SET_VRING_ERR, 1, fd);
	list[n++] = message_state(VU_SET_VRING_NUM, 0, 64);
	list[n++] = message_state(VU_SET_VRING_BASE, 1, 0);
	list[n++] = message_state(VU_SET_VRING_ENABLE, 0, 0);
	return n;
}

START_TEST(no_acknowledgement_without_reply_ack)
{
	struct frontend *fe = negotiated(~BIT(VU_REPLY_ACK));
	struct message list[16];
	unsigned n = harmless(list, fe->stand_in[0]);

	for (unsigned i = 0; i < 2 * n; i++) {
		struct message m = list[i % n];

		/* Not even if asked for: it was not negotiated. */
		if (i >= n)
			m.header.flags |= VU_NEED_REPLY;
		trail_step("%s, flags %#x", wire_name(m.header.request),
			   m.header.flags);
		frontend_send(fe, &m);
		frontend_expect_silence(fe);
	}
	frontend_free(fe);
}
END_TEST

START_TEST(no_acknowledgement_before_it_is_negotiated)
{
	struct frontend *fe = connected();
	struct message m = message(VU_SET_OWNER);

	m.header.flags |= VU_NEED_REPLY;
	frontend_send(fe, &m);
	frontend_expect_silence(fe);
	frontend_free(fe);
}
END_TEST

START_TEST(acknowledgement_where_asked_for)
{
	struct frontend *fe = negotiated(~0ull);
	struct message list[16], reply;
	unsigned n = harmless(list, fe->stand_in[0]);

	for (unsigned i = 0; i < n; i++) {
		struct message *m = &list[i];

		trail_step("%s", wire_name(m->header.request));
		frontend_send(fe, m);
		frontend_expect_silence(fe);
		m->header.flags |= VU_NEED_REPLY;
		trail_step("%s, asking", wire_name(m->header.request));
		frontend_send(fe, m);
		frontend_receive(fe, m->header.request, 8, &reply);
		trail_answer("%llu", (unsigned long long)reply.value);
		ck_assert_uint_eq(reply.value, 0);
	}
	frontend_expect_silence(fe);
	frontend_free(fe);
}
END_TEST

START_TEST(a_request_with_a_reply_is_not_acknowledged_too)
{
	struct frontend *fe = negotiated(~0ull);
	static const uint32_t requests[] = {
		VU_GET_FEATURES,
		VU_GET_PROTOCOL_FEATURES,
		VU_GET_QUEUE_NUM,
	};
	struct message m, reply;

	for (unsigned i = 0; i < 3; i++) {
		m = message(requests[i]);
		m.header.flags |= VU_NEED_REPLY;
		frontend_send(fe, &m);
		frontend_receive(fe, requests[i], 8, &reply);
		frontend_expect_silence(fe);
	}
	frontend_free(fe);
}
END_TEST

START_TEST(what_is_wrong_is_refused)
{
	struct frontend *fe = negotiated(~0ull);
	struct message m = message_state(VU_SET_VRING_NUM, 99, 64);

	ck_assert_int_ne(frontend_try(fe, &m), ACCEPTED);
	frontend_free(fe);
}
END_TEST

/* An acknowledgement would be taken for the base: there is no way to say no. */
START_TEST(a_reply_is_not_replaced_by_a_refusal)
{
	struct program *p = program_start(NULL);

	for (unsigned i = 2; i < 6; i++) {
		struct frontend *fe = frontend_negotiated(p, ~0ull);
		struct message m = message_state(VU_GET_VRING_BASE, i, 0);

		ck_assert_str_eq(outcome_name(frontend_try(fe, &m)),
				 outcome_name(HUNG_UP));
		frontend_free(fe);
	}
}
END_TEST

START_TEST(features_stay_the_same)
{
	struct frontend *fe = connected();
	uint64_t first = frontend_get(fe, VU_GET_FEATURES);

	ck_assert(first & BIT(VU_F_PROTOCOL_FEATURES));
	ck_assert_uint_eq(frontend_get(fe, VU_GET_FEATURES), first);
	frontend_tell_u64(fe, VU_SET_FEATURES, BIT(32));
	ck_assert_uint_eq(frontend_get(fe, VU_GET_FEATURES), first);
	frontend_free(fe);
}
END_TEST

/* Before anything else, even before SET_OWNER and SET_FEATURES. */
START_TEST(protocol_features_come_first)
{
	struct frontend *fe = negotiated(~0ull);

	ck_assert(fe->protocol & BIT(VU_CONFIG));
	ck_assert(frontend_get(fe, VU_GET_FEATURES) &
		  BIT(VU_F_PROTOCOL_FEATURES));
	frontend_free(fe);
}
END_TEST

/* Without bit 30 nobody enables the rings: they are from the beginning. */
START_TEST(rings_are_enabled_without_protocol_features)
{
	struct driver *d = driver_probe(&(struct driver_options){
		.axes = _axes, .without = BIT(VU_F_PROTOCOL_FEATURES) });

	frontend_new_screen(d->fe);
	frontend_tell_u64(d->fe, VU_SET_FEATURES, d->features);
	frontend_send_memory(d->fe);
	for (unsigned i = 0; i < FRONTEND_RINGS; i++) {
		struct message m = message_vring_fd(VU_SET_VRING_CALL, i,
						    d->fe->rings[i]->call);

		frontend_set_ring(d->fe, d->fe->rings[i]);
		frontend_tell(d->fe, &m);
	}
	/* The rings run already: their calls must be in force before a kick. */
	frontend_expect_silence(d->fe);
	driver_expect_alive(d);
}
END_TEST

/* With it they aren't: what waits is served when it is enabled, unkicked. */
START_TEST(rings_wait_to_be_enabled)
{
	struct driver *d = driver_start(_axes);
	/* No device has to ask anybody else to answer this. */
	struct virtio_gpu_ctrl_hdr cmd = driver_header(0xff, 0);
	struct posted *p;
	struct reply r;

	driver_expect_alive(d);
	frontend_enable(d->fe, CONTROLQ, false);
	frontend_expect_silence(d->fe);
	p = driver_post(d, &(struct request){ REQUEST(cmd), .room = 24 });
	ring_kick_now(d->control);
	/* Two that come behind it have their answers. */
	driver_expect_answer(d, CURSORQ);
	driver_expect_answer(d, CURSORQ);
	ck_assert(!d->control->ops->ready(d->control));
	frontend_enable(d->fe, CONTROLQ, true);
	r = driver_collect(d, p);
	EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_UNSPEC);
}
END_TEST

/* A life with all it may hold, in one QEMU's own order of messages. */
static void live(const struct dialect *dialect)
{
	struct driver *d = driver_start_with(
		&(struct driver_options){ .axes = _axes, .dialect = dialect });

	driver_expect_alive(d);
	driver_pause(d);
	driver_resume(d);
	driver_expect_alive(d);
	driver_reset(d);
	driver_expect_alive(d);
}

START_TEST(qemu_7_2_is_understood)
{
	live(&qemu_7_2);
}
END_TEST

START_TEST(qemu_10_0_is_understood)
{
	live(&qemu_10_0);
}
END_TEST

START_TEST(qemu_11_1_is_understood)
{
	live(&qemu_11_1);
}
END_TEST

START_TEST(the_generic_device_is_understood)
{
	live(&qemu_generic);
}
END_TEST

static const struct test tests[] = {
	ONCE("messages", other_versions_are_not_acted_on, "A01"),
	ONCE("messages", replies_are_well_formed, "A02 A36"),
	ONCE("replies", no_acknowledgement_without_reply_ack, "A06 A08"),
	ONCE("replies", no_acknowledgement_before_it_is_negotiated, "A08"),
	ONCE("replies", acknowledgement_where_asked_for, "A07"),
	ONCE("replies", a_request_with_a_reply_is_not_acknowledged_too, "A07"),
	ONCE("replies", a_reply_is_not_replaced_by_a_refusal, "A07 A25"),
	ONCE("replies", what_is_wrong_is_refused, "A07 A25"),
	ONCE("features", features_stay_the_same, "A10"),
	ONCE("features", protocol_features_come_first, "A13"),
	ON_ALL_AXES("enable", rings_are_enabled_without_protocol_features,
		    "A11"),
	ON_ALL_AXES("enable", rings_wait_to_be_enabled, "A11 A30 C52"),
	ON_ALL_AXES("dialects", qemu_7_2_is_understood, "A29 A30"),
	ON_ALL_AXES("dialects", qemu_10_0_is_understood, "A29 A30"),
	ON_ALL_AXES("dialects", qemu_11_1_is_understood, "A29 A30"),
	ON_ALL_AXES("dialects", the_generic_device_is_understood, "A29 A30"),
	{ 0 }
};

Suite *handshake_suite(void)
{
	return suite_new("handshake", tests);
}
