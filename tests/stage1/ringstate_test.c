/*
 * A ring's life: stopped, started, enabled; what a pause keeps, what a reset
 * drops, and that a device at rest touches nothing.
 *
 * QEMU's docs/interop/vhost-user.rst, "Ring states" and "Suspended device
 * state". What QEMU sends at a pause and at a reset is in sequence.h.
 */
#include <signal.h>

#include "draws.h"
#include "guard.h"
#include "load.h"
#include "sequence.h"
#include "suites.h"

enum { MOST = 16 };

/* ---- stopped ---- */

START_TEST(the_base_counts_what_was_consumed)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 8; i++) {
		struct load a = load_post(d, CONTROLQ, draw_below(MOST));
		struct load b = load_post(d, CURSORQ, draw_below(MOST));

		load_collect(d, &b);
		load_collect(d, &a);
		/* FAILs if the bases are others. */
		driver_pause(d);
		driver_resume(d);
	}
	driver_expect_alive(d);
}
END_TEST

/* And served once each when the ring is started again. */
START_TEST(a_stopped_ring_is_left_alone)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 4; i++) {
		struct load load;

		driver_expect_alive(d);
		driver_pause(d);
		rest_begin(d);
		load = load_post(d, CONTROLQ, 1 + draw_below(MOST));
		ring_kick_now(d->control);
		ring_kick_now(d->cursor);
		rest_expect(d);
		driver_resume(d);
		load_collect(d, &load);
	}
	driver_expect_alive(d);
}
END_TEST

START_TEST(one_ring_can_be_stopped_alone)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 4; i++) {
		struct ring *r = i % 2 ? d->cursor : d->control;
		unsigned other = i % 2 ? CONTROLQ : CURSORQ;
		struct load load;

		r->base = frontend_get_base(d->fe, r->index);
		load = load_post(d, r->index, 3);
		ring_kick_now(r);
		driver_expect_answer(d, other);
		driver_expect_answer(d, other);
		ck_assert(!r->ops->ready(r));
		frontend_set_ring(d->fe, r);
		load_collect(d, &load);
		driver_expect_alive(d);
	}
}
END_TEST

START_TEST(the_base_of_a_stopped_ring_stays)
{
	struct driver *d = driver_start(_axes);
	uint32_t base;

	driver_expect_alive(d);
	driver_pause(d);
	base = d->control->base;
	ck_assert_uint_eq(frontend_get_base(d->fe, CONTROLQ), base);
	ck_assert_uint_eq(frontend_get_base(d->fe, CONTROLQ), base);
	driver_resume(d);
	driver_expect_alive(d);
	driver_pause(d);
}
END_TEST

/* QEMU asks a back end that came later than its rings. */
START_TEST(a_ring_that_never_ran_has_a_base)
{
	struct frontend *fe = frontend_negotiated(program_start(NULL), ~0ull);

	ck_assert_uint_eq(frontend_get_base(fe, CONTROLQ), 0);
	ck_assert_uint_eq(frontend_get_base(fe, CURSORQ), 0);
	frontend_tell_state(fe, VU_SET_VRING_BASE, CURSORQ, 7);
	ck_assert_uint_eq(frontend_get_base(fe, CURSORQ), 7);
	ck_assert_uint_eq(frontend_get_base(fe, CONTROLQ), 0);
	frontend_free(fe);
}
END_TEST

/* Work comes in as the stop does; nothing moves once it is answered. */
START_TEST(a_stop_under_load_is_a_stop)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 20; i++) {
		struct load a, b;

		/* Half the time the device finds it all at once. */
		if (i % 2) {
			frontend_expect_silence(d->fe);
			kill(d->program->pid, SIGSTOP);
		}
		a = load_post(d, CONTROLQ, MOST);
		b = load_post(d, CURSORQ, MOST);
		if (i % 2)
			kill(d->program->pid, SIGCONT);
		d->control->base = frontend_get_base(d->fe, CONTROLQ);
		d->cursor->base = frontend_get_base(d->fe, CURSORQ);
		driver_check_ram(d);
		frontend_expect_silence(d->fe);
		guard_check(d->ram);
		frontend_start(d->fe, d->features);
		load_collect(d, &b);
		load_collect(d, &a);
	}
	driver_pause(d);
}
END_TEST

/* Its place and its size don't change under it. */
START_TEST(a_running_ring_stays_where_it_is)
{
	struct driver *d = driver_start(_axes);
	struct message refused[] = {
		message_state(VU_SET_VRING_NUM, CONTROLQ, 16),
		message_state(VU_SET_VRING_BASE, CONTROLQ, 1),
		frontend_ring_addr(d->control),
	};

	for (unsigned i = 0; i < 3; i++) {
		enum outcome o = frontend_try(d->fe, &refused[i]);

		if (o != REFUSED && !suite_portable())
			FAIL("%s on a running ring: %s",
			     wire_name(refused[i].header.request),
			     outcome_name(o));
		if (suite_portable())
			suite_skip("nothing says what comes of it");
		driver_expect_alive(d);
	}
	driver_pause(d);
}
END_TEST

/* ---- disabled ---- */

START_TEST(a_disabled_ring_is_left_alone)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 4; i++) {
		struct load load;

		driver_expect_alive(d);
		frontend_enable(d->fe, CONTROLQ, false);
		frontend_enable(d->fe, CURSORQ, false);
		rest_begin(d);
		load = load_post(d, CONTROLQ, 3);
		ring_kick_now(d->control);
		ring_kick_now(d->cursor);
		rest_expect(d);
		frontend_enable(d->fe, CURSORQ, true);
		driver_expect_answer(d, CURSORQ);
		ck_assert(!d->control->ops->ready(d->control));
		frontend_enable(d->fe, CONTROLQ, true);
		load_collect(d, &load);
	}
}
END_TEST

/* Set up and kicked, but not enabled: the driver is not ready. */
START_TEST(a_ring_is_not_served_before_it_is_enabled)
{
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = _axes });
	struct load load;

	frontend_prepare(d->fe, d->features);
	for (unsigned i = 0; i < FRONTEND_RINGS; i++)
		frontend_set_ring(d->fe, d->fe->rings[i]);
	rest_begin(d);
	load = load_post(d, CONTROLQ, 3);
	ring_kick_now(d->control);
	rest_expect(d);
	for (unsigned i = 0; i < FRONTEND_RINGS; i++) {
		struct message m = message_vring_fd(VU_SET_VRING_CALL, i,
						    d->fe->rings[i]->call);

		frontend_tell(d->fe, &m);
		frontend_enable(d->fe, i, true);
	}
	load_collect(d, &load);
	driver_expect_alive(d);
}
END_TEST

/* ---- reset ---- */

/* Each QEMU shows it in another way; what was in the ring is the past. */
START_TEST(a_reset_begins_anew)
{
	for (const struct dialect *const *dialect = dialects; *dialect;
	     dialect++) {
		struct driver *d = driver_start_with(&(struct driver_options){
			.axes = _axes, .dialect = *dialect });

		for (unsigned i = 0; i < 3; i++) {
			load_post(d, CONTROLQ, MOST);
			load_post(d, CURSORQ, MOST);
			driver_reset(d);
			ck_assert(!d->control->ops->ready(d->control));
			driver_expect_alive(d);
		}
		driver_pause(d);
		driver_end(d);
	}
}
END_TEST

/* The memory is the connection's; the rings have to be set up again. */
START_TEST(reset_device_stops_the_rings)
{
	struct driver *d = driver_start(_axes);
	struct message m = message(VU_RESET_DEVICE);

	driver_expect_alive(d);
	if (!(d->fe->protocol & BIT(VU_DEVICE_RESET)))
		suite_skip("RESET_DEVICE is not offered");
	for (unsigned i = 0; i < 3; i++) {
		ck_assert_int_eq(frontend_try(d->fe, &m), ACCEPTED);
		rest_begin(d);
		load_post(d, CONTROLQ, 3);
		ring_kick_now(d->control);
		ring_kick_now(d->cursor);
		rest_expect(d);
		driver_give_up(d);
		ring_restart(d->control, ring_base_near_wrap(d->control));
		ring_restart(d->cursor, ring_base_zero(d->cursor));
		frontend_tell_u64(d->fe, VU_SET_FEATURES, d->features);
		frontend_set_ring(d->fe, d->control);
		frontend_set_ring(d->fe, d->cursor);
		frontend_enable(d->fe, CONTROLQ, true);
		frontend_enable(d->fe, CURSORQ, true);
		driver_expect_alive(d);
	}
}
END_TEST

/* As QEMU sends it at power-on, and after the firmware: nothing has run. */
START_TEST(reset_device_may_find_nothing_to_reset)
{
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = _axes });
	struct message m = message(VU_RESET_DEVICE);

	if (!(d->fe->protocol & BIT(VU_DEVICE_RESET)))
		suite_skip("RESET_DEVICE is not offered");
	ck_assert_int_eq(frontend_try(d->fe, &m), ACCEPTED);
	ck_assert_int_eq(frontend_try(d->fe, &m), ACCEPTED);
	driver_go(d);
	driver_expect_alive(d);
	driver_pause(d);
	ck_assert_int_eq(frontend_try(d->fe, &m), ACCEPTED);
	driver_resume(d);
	driver_expect_alive(d);
}
END_TEST

static struct ring *other_ring(struct driver *d, struct ring *old, uint32_t num,
			       bool packed)
{
	unsigned index = old->index;
	struct ring *r;

	ring_free(old);
	r = ring_new(d->ram, index, num, packed);
	r->event_idx = d->axes.event_idx;
	r->indirect = d->axes.indirect;
	ring_restart(r, ring_base_zero(r));
	d->fe->rings[index] = r;
	return r;
}

/* Firmware first, then the kernel: sizes and layouts need not be the same. */
START_TEST(the_next_driver_may_have_other_rings)
{
	static const uint32_t sizes[] = { 16, 4, 256, 64, 8 };
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 5; i++) {
		bool packed = d->fe->offered & BIT(34) &&
			      i % 2 != _axes->packed;

		driver_expect_alive(d);
		frontend_stop(d->fe);
		frontend_reset(d->fe);
		driver_check_ram(d);
		driver_give_up(d);
		d->control = other_ring(d, d->control, sizes[i], packed);
		d->cursor = other_ring(d, d->cursor, sizes[4 - i], packed);
		d->features &= ~BIT(34);
		d->features |= packed ? BIT(34) : 0;
		for (unsigned j = 0; j < FRONTEND_RINGS; j++) {
			struct message m =
				message_vring_fd(VU_SET_VRING_ERR, j,
						 d->fe->rings[j]->err);

			frontend_tell(d->fe, &m);
		}
		frontend_start(d->fe, d->features);
		driver_expect_alive(d);
	}
}
END_TEST

START_TEST(pauses_and_resets_leave_nothing_behind)
{
	struct driver *d = driver_start(_axes);
	struct vitals before;

	driver_reset(d);
	driver_expect_alive(d);
	before = driver_vitals(d);
	for (unsigned i = 0; i < 40; i++) {
		driver_pause(d);
		driver_resume(d);
		driver_reset(d);
		driver_expect_answer(d, i % 2 ? CONTROLQ : CURSORQ);
	}
	driver_expect_no_more(d, before);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("stopped", the_base_counts_what_was_consumed, "A29"),
	ON_ALL_AXES("stopped", a_stopped_ring_is_left_alone, "A29 A30 A34"),
	ON_ALL_AXES("stopped", one_ring_can_be_stopped_alone, "A29 A30"),
	ON_ALL_AXES("stopped", the_base_of_a_stopped_ring_stays, "A29"),
	ONCE("stopped", a_ring_that_never_ran_has_a_base, "A29"),
	ON_ALL_AXES("stopped", a_stop_under_load_is_a_stop, "A29 A35 E13"),
	ON_ALL_AXES("stopped", a_running_ring_stays_where_it_is, "A49"),
	ON_ALL_AXES("disabled", a_disabled_ring_is_left_alone, "A30"),
	ON_ALL_AXES("disabled", a_ring_is_not_served_before_it_is_enabled,
		    "A11 A30 B01 C52"),
	ON_ALL_AXES("reset", a_reset_begins_anew, "A29 A43"),
	ON_ALL_AXES("reset", reset_device_stops_the_rings, "A43"),
	ON_ALL_AXES("reset", reset_device_may_find_nothing_to_reset, "A43"),
	ON_ALL_AXES("reset", the_next_driver_may_have_other_rings, "A24 A43"),
	ON_ALL_AXES("reset", pauses_and_resets_leave_nothing_behind, "A05 A43"),
	{ 0 }
};

Suite *ringstate_suite(void)
{
	return suite_new("ringstate", tests);
}
