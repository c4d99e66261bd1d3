/*
 * Negotiation: what the device offers, takes and refuses.
 *
 * virtio 1.3, sections 2.2 and 6; QEMU's docs/interop/vhost-user.rst,
 * "Protocol features".
 */
#include <linux/virtio_config.h>
#include <linux/virtio_ring.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "draws.h"
#include "driver.h"
#include "pump.h"
#include "sequence.h"
#include "suites.h"

static struct frontend *negotiated(void)
{
	struct frontend *fe = frontend_negotiated(program_start(NULL), ~0ull);

	fe->offered = frontend_get(fe, VU_GET_FEATURES);
	return fe;
}

static enum outcome try_features(struct frontend *fe, uint64_t features)
{
	struct message m = message_u64(VU_SET_FEATURES, features);

	return frontend_try(fe, &m);
}

static void expect_features(struct frontend *fe, uint64_t features,
			    enum outcome expected)
{
	enum outcome o = try_features(fe, features);

	if (expected == REFUSED && o == HUNG_UP && suite_portable())
		return;
	if (o != expected)
		FAIL("features %#llx: expected %s, got %s",
		     (unsigned long long)features, outcome_name(expected),
		     outcome_name(o));
}

/* What the offer's own rules leave of a set (5.7.3). */
static uint64_t sensible(uint64_t set)
{
	if (!(set & BIT(VIRTIO_GPU_F_VIRGL)))
		set &= ~BIT(VIRTIO_GPU_F_CONTEXT_INIT);
	return set | BIT(VIRTIO_F_VERSION_1);
}

START_TEST(any_part_of_the_offer_is_taken)
{
	struct frontend *fe = negotiated();

	expect_features(fe, fe->offered, ACCEPTED);
	expect_features(fe, BIT(VIRTIO_F_VERSION_1), ACCEPTED);
	for (unsigned i = 0; i < 64; i++)
		expect_features(fe, sensible(draw() & fe->offered), ACCEPTED);
	frontend_free(fe);
}
END_TEST

/* QEMU does that, with bits 28, 29 and 40: one at a time, and all. */
START_TEST(bits_never_offered_are_passed_over)
{
	struct frontend *fe = negotiated();

	for (unsigned i = 0; i < 64; i++)
		if (!(fe->offered & BIT(i)))
			expect_features(fe, fe->offered | BIT(i), ACCEPTED);
	expect_features(fe, ~0ull, ACCEPTED);
	ck_assert_uint_eq(frontend_get(fe, VU_GET_FEATURES), fe->offered);
	frontend_free(fe);
}
END_TEST

/* IN_ORDER, NOTIFY_ON_EMPTY and all the others change nothing. */
START_TEST(bits_never_offered_have_no_effect)
{
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = _axes });
	struct dialect bold = qemu_10_0;

	bold.unasked = ~d->fe->offered;
	d->fe->dialect = &bold;
	driver_go(d);
	driver_expect_alive(d);
	driver_pause(d);
	driver_resume(d);
	driver_expect_alive(d);
	driver_end(d);
}
END_TEST

/* It may not go on without (6.2): legacy rings look different. */
START_TEST(version_1_is_insisted_on)
{
	struct frontend *fe = negotiated();

	uint64_t offered = fe->offered;

	expect_features(fe, offered & ~BIT(VIRTIO_F_VERSION_1), REFUSED);
	fe = frontend_again(fe);
	expect_features(fe, BIT(VU_F_PROTOCOL_FEATURES), REFUSED);
	fe = frontend_again(fe);
	expect_features(fe, offered, ACCEPTED);
	frontend_free(fe);
}
END_TEST

/* A set that was refused leaves none behind: no ring starts on it. */
START_TEST(no_ring_starts_without_version_1)
{
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = _axes });

	expect_features(d->fe, d->features & ~BIT(VIRTIO_F_VERSION_1), REFUSED);
	if (d->fe->over)
		suite_skip("it hangs up on such features");
	frontend_send_memory(d->fe);
	frontend_set_ring(d->fe, d->control);
	frontend_expect_silence(d->fe);
	ck_assert_uint_eq(ring_errors(d->control), 1);
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

START_TEST(dependencies_are_insisted_on)
{
	struct frontend *fe = negotiated();
	uint64_t alone = fe->offered & ~BIT(VIRTIO_GPU_F_VIRGL);

	/* None of it may be offered without what it needs. */
	if (fe->offered & BIT(VIRTIO_GPU_F_CONTEXT_INIT)) {
		ck_assert(fe->offered & BIT(VIRTIO_GPU_F_VIRGL));
		expect_features(fe, alone, REFUSED);
	} else {
		/* Never offered, so passed over like the others. */
		expect_features(fe, alone | BIT(VIRTIO_GPU_F_CONTEXT_INIT),
				ACCEPTED);
	}
	ck_assert(fe->offered & BIT(VIRTIO_F_VERSION_1));
	frontend_free(fe);
}
END_TEST

START_TEST(features_stand_while_a_ring_runs)
{
	struct driver *d = driver_start(_axes);
	uint64_t fewer = d->features & ~axes_features(&d->axes) &
			 ~BIT(VIRTIO_GPU_F_EDID);

	expect_features(d->fe, d->features, ACCEPTED);
	driver_expect_alive(d);
	if (suite_portable())
		suite_skip("nothing says what comes of others");
	expect_features(d->fe, fewer,
			fewer == d->features ? ACCEPTED : REFUSED);
	driver_expect_alive(d);
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

/*
 * One driver after another, each with another choice of ring features. The
 * device may still be writing for the last one until the rings are stopped.
 */
START_TEST(each_driver_chooses_anew)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 12; i++) {
		driver_pause(d);
		driver_check_ram(d);
		d->control->event_idx = d->cursor->event_idx = i % 2;
		d->control->indirect = d->cursor->indirect = i / 2 % 2;
		d->features &= ~(BIT(VIRTIO_RING_F_EVENT_IDX) |
				 BIT(VIRTIO_RING_F_INDIRECT_DESC));
		if (i % 2)
			d->features |= BIT(VIRTIO_RING_F_EVENT_IDX);
		if (i / 2 % 2)
			d->features |= BIT(VIRTIO_RING_F_INDIRECT_DESC);
		driver_reset(d);
		driver_expect_alive(d);
	}
}
END_TEST

/* ---- protocol features ---- */

START_TEST(what_is_offered_is_there)
{
	struct frontend *fe = negotiated();
	uint64_t offered = fe->protocol_offered;
	struct message m = message(VU_RESET_DEVICE);
	uint8_t config[16];
	int pair[2];

	if (offered & BIT(VU_MQ))
		ck_assert_uint_eq(frontend_get(fe, VU_GET_QUEUE_NUM), 2);
	if (offered & BIT(VU_CONFIG))
		ck_assert(frontend_get_config(fe, 0, config, sizeof(config)));
	if (offered & BIT(VU_DEVICE_RESET))
		ck_assert_int_eq(frontend_try(fe, &m), ACCEPTED);
	if (offered & BIT(VU_BACKEND_REQ)) {
		ck_assert(!socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0,
				      pair));
		m = message(VU_SET_BACKEND_REQ_FD);
		m.fds[m.nfds++] = pair[1];
		ck_assert_int_eq(frontend_try(fe, &m), ACCEPTED);
		close(pair[0]);
		close(pair[1]);
	}
	frontend_free(fe);
}
END_TEST

/* What other transports have, what nobody uses, what can't work here. */
START_TEST(what_is_not_there_is_not_offered)
{
	static const unsigned protocol[] = {
		VU_LOG_SHMFD,
		VU_INFLIGHT_SHMFD,
		VU_INBAND_NOTIFICATIONS,
		VU_CONFIGURE_MEM_SLOTS,
		VU_STATUS,
		VU_SHARED_OBJECT,
		VU_SHMEM,
	};
	static const unsigned virtio[] = {
		24,
		VHOST_F_LOG_ALL,
		27,
		VIRTIO_F_ACCESS_PLATFORM,
		VIRTIO_F_ORDER_PLATFORM,
		VIRTIO_F_SR_IOV,
		38,
		39,
		40,
		41,
	};
	struct frontend *fe = negotiated();

	if (suite_portable())
		suite_skip("others may have what this one has not");
	for (unsigned i = 0; i < sizeof(protocol) / sizeof(*protocol); i++)
		if (fe->protocol_offered & BIT(protocol[i]))
			FAIL("protocol feature %u is offered", protocol[i]);
	for (unsigned i = 0; i < sizeof(virtio) / sizeof(*virtio); i++)
		if (fe->offered & BIT(virtio[i]))
			FAIL("feature %u is offered", virtio[i]);
	frontend_free(fe);
}
END_TEST

/* The last word counts. */
START_TEST(acknowledgements_can_be_given_up_again)
{
	struct frontend *fe = negotiated();
	struct message m = message(VU_SET_OWNER), reply;

	m.header.flags |= VU_NEED_REPLY;
	frontend_send(fe, &m);
	frontend_receive(fe, VU_SET_OWNER, 8, &reply);
	fe->protocol &= ~BIT(VU_REPLY_ACK);
	frontend_tell_u64(fe, VU_SET_PROTOCOL_FEATURES, fe->protocol);
	frontend_send(fe, &m);
	frontend_expect_silence(fe);
	frontend_free(fe);
}
END_TEST

/* A bit nobody offered turns nothing on. */
START_TEST(protocol_bits_never_offered_have_no_effect)
{
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = _axes });

	frontend_tell_u64(d->fe, VU_SET_PROTOCOL_FEATURES, ~0ull);
	driver_go(d);
	driver_expect_alive(d);
	driver_pause(d);
	driver_resume(d);
	driver_expect_alive(d);
}
END_TEST

/* ---- owners ---- */

/* Obsolete: ignored, or the rings are disabled. */
START_TEST(reset_owner_in_mid_run_is_survived)
{
	struct driver *d = driver_start(_axes);
	struct message m = message(VU_RESET_OWNER);

	driver_expect_alive(d);
	ck_assert_int_ne(frontend_try(d->fe, &m), HUNG_UP);
	frontend_enable(d->fe, CONTROLQ, true);
	frontend_enable(d->fe, CURSORQ, true);
	driver_expect_alive(d);
}
END_TEST

/* Comes late, twice or never: it marks nothing's beginning. */
START_TEST(set_owner_means_nothing)
{
	struct driver *d = driver_start(_axes);
	struct message m = message(VU_SET_OWNER);

	for (unsigned i = 0; i < 2; i++) {
		driver_expect_alive(d);
		ck_assert_int_eq(frontend_try(d->fe, &m), ACCEPTED);
	}
	driver_expect_alive(d);
}
END_TEST

static const struct test tests[] = {
	ONCE("features", any_part_of_the_offer_is_taken, "A12"),
	ONCE("features", bits_never_offered_are_passed_over, "A10 A12"),
	ON_ALL_AXES("features", bits_never_offered_have_no_effect, "A12"),
	ONCE("features", version_1_is_insisted_on, "A12 B07 B22"),
	ON_ALL_AXES("features", no_ring_starts_without_version_1, "A12 A33"),
	ONCE("features", dependencies_are_insisted_on, "A12 B05 B07"),
	ON_ALL_AXES("features", features_stand_while_a_ring_runs, "A12 A49"),
	ON_ALL_AXES("features", each_driver_chooses_anew, "A12"),
	ONCE("protocol", what_is_offered_is_there, "A15 A36 F02"),
	ONCE("protocol", what_is_not_there_is_not_offered,
	     "A14 A15 A21 A22 A44 A45 A46 A47 A56 A57 A58"),
	ONCE("protocol", acknowledgements_can_be_given_up_again, "A07 A08"),
	ON_ALL_AXES("protocol", protocol_bits_never_offered_have_no_effect,
		    "A15"),
	ON_ALL_AXES("owner", reset_owner_in_mid_run_is_survived, "A16"),
	ON_ALL_AXES("owner", set_owner_means_nothing, "A16"),
	{ 0 }
};

Suite *negotiation_suite(void)
{
	return suite_new("negotiation", tests);
}
