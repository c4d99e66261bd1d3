/*
 * How a ring is set up: its size, its place, where it begins. One that can't be
 * does not start; the device says so, and the other ring does not care.
 * QEMU's docs/interop/vhost-user.rst, "Ring states"; virtio 1.3, 2.6 to 2.8.
 */
#include "safe.h"
#include "sequence.h"
#include "suites.h"

/* Realized, features and memory known: ready for the rings. */
static struct driver *before_rings(const struct axes *axes)
{
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = axes });

	frontend_prepare(d->fe, d->features);
	return d;
}

/* All but the kick, the address as given. */
static void place_ring(struct driver *d, const struct ring *r,
		       const struct message *addr)
{
	struct message call = message_vring_fd(VU_SET_VRING_CALL, r->index,
					       r->call);

	frontend_tell_state(d->fe, VU_SET_VRING_NUM, r->index, r->num);
	frontend_tell_state(d->fe, VU_SET_VRING_BASE, r->index, r->base);
	safe_place_ring(d, addr);
	frontend_tell(d->fe, &call);
}

static void start_ring(struct driver *d, struct ring *r)
{
	struct message addr = frontend_ring_addr(r);
	struct message kick = message_vring_fd(VU_SET_VRING_KICK, r->index,
					       r->kick);

	place_ring(d, r, &addr);
	frontend_tell(d->fe, &kick);
	frontend_enable(d->fe, r->index, true);
}

/* ---- NUM ---- */

START_TEST(impossible_sizes_are_refused)
{
	static const uint32_t sizes[] = { 0, 32769, 65536, 0x80000000,
					  0xffffffff };
	struct driver *d = before_rings(_axes);

	for (unsigned i = 0; i < 5; i++) {
		struct message m = message_state(VU_SET_VRING_NUM, CONTROLQ,
						 sizes[i]);

		frontend_try_wrong(d->fe, &m);
		if (d->fe->over)
			suite_skip("it hangs up on them");
	}
	start_ring(d, d->control);
	start_ring(d, d->cursor);
	driver_expect_alive(d);
}
END_TEST

START_TEST(every_possible_size_is_taken)
{
	struct driver *d = before_rings(_axes);

	for (uint32_t num = 1; num <= 32768; num *= 2) {
		struct message m = message_state(VU_SET_VRING_NUM, CURSORQ,
						 num);

		ck_assert_int_eq(frontend_try(d->fe, &m), ACCEPTED);
		m.state.num = num - (num > 1);
		if (_axes->packed)
			ck_assert_int_eq(frontend_try(d->fe, &m), ACCEPTED);
	}
}
END_TEST

/* The smallest and the largest there are, and what lies between. */
START_TEST(rings_of_any_size_work)
{
	static const uint32_t sizes[] = { 32768, 2, 1, 128, 3, 32767, 1000 };

	for (unsigned i = 0; i < (_axes->packed ? 7 : 4); i++) {
		struct axes axes = *_axes;
		struct driver *d;

		axes.num = sizes[i];
		if (axes.num == 1 && !axes.indirect)
			continue;
		d = driver_start_with(&(struct driver_options){
			.axes = &axes, .ram = 8 << 20 });
		driver_expect_alive(d);
		driver_expect_alive(d);
		driver_pause(d);
		driver_resume(d);
		driver_expect_alive(d);
		driver_end(d);
	}
}
END_TEST

/* Split indices wrap at 65536, which only powers of two divide. */
START_TEST(split_sizes_are_powers_of_two)
{
	static const uint32_t sizes[] = { 3, 6, 48, 63, 65, 1000 };
	struct axes axes = axes_default;
	struct driver *d = before_rings(&axes);

	start_ring(d, d->cursor);
	for (unsigned i = 0; i < 6; i++) {
		struct message addr = frontend_ring_addr(d->control);

		place_ring(d, d->control, &addr);
		frontend_tell_state(d->fe, VU_SET_VRING_NUM, CONTROLQ,
				    sizes[i]);
		safe_expect_no_start(d, d->control);
		driver_expect_answer(d, CURSORQ);
	}
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

/* ---- ADDR ---- */

/* Which of the three, where to, relative to its proper place. */
struct misplacement {
	unsigned part; /* 0 descriptors, 1 driver's, 2 device's */
	uint64_t ua;
};

static void try_misplaced(struct driver *d, struct misplacement to)
{
	struct message addr = frontend_ring_addr(d->control);
	uint64_t *parts[] = { &addr.addr.desc, &addr.addr.avail,
			      &addr.addr.used };

	*parts[to.part] = to.ua;
	trail_note("part %u at %#llx", to.part, (unsigned long long)to.ua);
	place_ring(d, d->control, &addr);
	safe_expect_no_start(d, d->control);
	driver_expect_answer(d, CURSORQ);
}

static void size_and_align(const struct ring *r, unsigned part, uint64_t *size,
			   uint16_t *align)
{
	const struct ring_ops *ops = r->ops;

	*size = !part	    ? ops->desc_size(r->num)
		: part == 1 ? ops->driver_size(r->num)
			    : ops->device_size(r->num);
	*align = !part	     ? ops->desc_align
		 : part == 1 ? ops->driver_align
			     : ops->device_align;
}

/* Outside, half outside, and around the end of all numbers. */
START_TEST(rings_lie_inside_of_memory)
{
	struct driver *d = before_rings(_axes);
	const struct vu_region *r = &d->ram->regions[0].vu;

	start_ring(d, d->cursor);
	for (unsigned part = 0; part < 3; part++) {
		uint64_t size, end = r->ua + r->size;
		uint16_t align;

		size_and_align(d->control, part, &size, &align);
		/* What EVENT_IDX adds, nobody needs without it. */
		if (!d->axes.packed && part)
			size -= 2;
		try_misplaced(d, (struct misplacement){ part, 0 });
		try_misplaced(d, (struct misplacement){ part, r->gpa });
		try_misplaced(d, (struct misplacement){
					 part,
					 (r->ua - size) & -(uint64_t)align });
		try_misplaced(d, (struct misplacement){ part, r->ua - align });
		try_misplaced(d,
			      (struct misplacement){
				      part, ((end - size) & -(uint64_t)align) +
						    align });
		try_misplaced(d, (struct misplacement){ part, end });
		try_misplaced(d,
			      (struct misplacement){ part, -(uint64_t)align });
	}
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

START_TEST(rings_are_aligned)
{
	struct driver *d = before_rings(_axes);
	const uint64_t parts[] = { d->control->desc, d->control->driver,
				   d->control->device };

	start_ring(d, d->cursor);
	for (unsigned part = 0; part < 3; part++) {
		uint64_t size;
		uint16_t align;

		size_and_align(d->control, part, &size, &align);
		for (unsigned off = 1; off < align; off *= 2)
			try_misplaced(d, (struct misplacement){
						 part,
						 ram_ua(d->ram, parts[part]) -
							 off });
	}
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

/* Its last byte is a region's last; the part before reaches into another. */
START_TEST(a_ring_may_end_where_its_region_ends)
{
	struct axes axes = *_axes;
	struct driver *d;

	axes.layout = LAYOUT_EDGE;
	d = driver_start(&axes);
	for (unsigned i = 0; i < 3; i++)
		driver_expect_alive(d);
}
END_TEST

START_TEST(a_ring_without_an_address_does_not_start)
{
	struct driver *d = before_rings(_axes);

	start_ring(d, d->cursor);
	frontend_tell_state(d->fe, VU_SET_VRING_NUM, CONTROLQ, d->control->num);
	safe_expect_no_start(d, d->control);
	driver_expect_answer(d, CURSORQ);
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

/* As for QEMU's own front end: NUM comes first, but nothing says so. */
START_TEST(the_order_of_the_words_means_nothing)
{
	struct driver *d = before_rings(_axes);
	struct ring *rings[] = { d->control, d->cursor };

	for (unsigned i = 0; i < 2; i++) {
		struct ring *r = rings[i];
		struct message addr = frontend_ring_addr(r);
		struct message kick = message_vring_fd(VU_SET_VRING_KICK,
						       r->index, r->kick);
		struct message call = message_vring_fd(VU_SET_VRING_CALL,
						       r->index, r->call);

		frontend_enable(d->fe, r->index, true);
		frontend_tell(d->fe, &call);
		frontend_tell(d->fe, &addr);
		frontend_tell_state(d->fe, VU_SET_VRING_BASE, r->index,
				    r->base);
		frontend_tell_state(d->fe, VU_SET_VRING_NUM, r->index, r->num);
		frontend_tell(d->fe, &kick);
	}
	driver_expect_alive(d);
}
END_TEST

/* ---- the index ---- */

START_TEST(there_are_two_rings)
{
	static const uint32_t indices[] = { 2, 3, 255, 0x7fffffff, 0xffffffff };
	static const uint32_t requests[] = { VU_SET_VRING_NUM,
					     VU_SET_VRING_BASE,
					     VU_SET_VRING_ENABLE,
					     VU_SET_VRING_ADDR };
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 20; i++) {
		struct message m = message_state(requests[i % 4],
						 indices[i / 4], 1);

		if (requests[i % 4] == VU_SET_VRING_ADDR) {
			m = frontend_ring_addr(d->control);
			m.addr.index = indices[i / 4];
		}
		frontend_try_wrong(d->fe, &m);
		d = driver_again(d);
	}
	for (unsigned i = 0; i < 9; i++) {
		struct message m = message_vring_fd(VU_SET_VRING_KICK + i % 3,
						    indices[i / 3],
						    d->control->call);

		frontend_try_wrong(d->fe, &m);
		d = driver_again(d);
	}
	driver_expect_alive(d);
}
END_TEST

/* ---- BASE ---- */

START_TEST(a_ring_begins_at_its_base)
{
	static const uint16_t bases[] = {
		0, 1, 0x7fff, 0x8000, 0xfffe, 0xffff
	};
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 6; i++) {
		uint32_t base = bases[i];

		/* Packed: some slot of the first lap or the second. */
		if (_axes->packed)
			base = (base % _axes->num | (base & 0x8000)) * 0x10001;
		driver_pause(d);
		ring_restart(d->control, base);
		ring_restart(d->cursor, base);
		driver_resume(d);
		driver_expect_alive(d);
	}
	driver_pause(d);
}
END_TEST

/* Chains in flight before: the two sides are not at the same place. */
START_TEST(the_used_side_has_a_place_of_its_own)
{
	struct axes axes = *_axes;
	struct driver *d;
	uint32_t base;

	axes.num = 16;
	d = driver_start(&axes);
	driver_pause(d);
	base = axes.packed ? 0x80008003 : 3;
	ring_restart(d->control, base);
	if (!axes.packed) {
		/* The device is told the avail index, and finds this. */
		ram_store16(d->ram, d->control->device + 2, 0);
		d->control->split.seen = 0;
	}
	driver_resume(d);
	for (unsigned i = 0; i < 20; i++)
		driver_expect_answer(d, CONTROLQ);
}
END_TEST

/* Packed only: a base says a slot, and there must be such a slot. */
START_TEST(a_base_lies_within_the_ring)
{
	struct axes axes = *_axes;
	struct driver *d;

	axes.packed = true;
	d = before_rings(&axes);
	start_ring(d, d->cursor);
	for (unsigned i = 0; i < 6; i++) {
		uint32_t out = i % 3 == 0   ? axes.num
			       : i % 3 == 1 ? axes.num + 1
					    : 0x7fff;
		struct message addr = frontend_ring_addr(d->control);

		place_ring(d, d->control, &addr);
		frontend_tell_state(d->fe, VU_SET_VRING_BASE, CONTROLQ,
				    0x80008000 | (i < 3 ? out : out << 16));
		safe_expect_no_start(d, d->control);
		driver_expect_answer(d, CURSORQ);
	}
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("num", impossible_sizes_are_refused, "A24"),
	ON_ALL_AXES("num", every_possible_size_is_taken, "A24"),
	ON_ALL_AXES("num", rings_of_any_size_work, "A24"),
	ONCE("num", split_sizes_are_powers_of_two, "A24 A33"),
	ON_ALL_AXES("addr", rings_lie_inside_of_memory, "A26 A33"),
	ON_ALL_AXES("addr", rings_are_aligned, "A26 A33"),
	ON_ALL_AXES("addr", a_ring_may_end_where_its_region_ends, "A26"),
	ON_ALL_AXES("addr", a_ring_without_an_address_does_not_start,
		    "A26 A33 A49"),
	ON_ALL_AXES("addr", the_order_of_the_words_means_nothing, "A49"),
	ON_ALL_AXES("index", there_are_two_rings, "A25 F02"),
	ON_ALL_AXES("base", a_ring_begins_at_its_base, "A27 A29"),
	ON_ALL_AXES("base", the_used_side_has_a_place_of_its_own, "A27"),
	ON_ALL_AXES("base", a_base_lies_within_the_ring, "A28 A33"),
	{ 0 }
};

Suite *ringsetup_suite(void)
{
	return suite_new("ringsetup", tests);
}
