/*
 * The memory table: which guest addresses there are, where their bytes lie, and
 * what becomes of all that when another table comes.
 *
 * QEMU's docs/interop/vhost-user.rst, "Memory region description" and
 * "VHOST_USER_SET_MEM_TABLE".
 */
#include "draws.h"
#include "driver.h"
#include "safe.h"
#include "sequence.h"
#include "suites.h"

/* ---- addresses ---- */

/* All of it where it isn't yet: before anything is in the rings. */
static void shift_guest_addresses(struct driver *d, uint64_t by)
{
	struct ring *rings[] = { d->control, d->cursor };

	for (unsigned i = 0; i < d->ram->count; i++)
		d->ram->regions[i].vu.gpa += by;
	for (unsigned i = 0; i < d->ram->nextents; i++)
		d->ram->extents[i].gpa += by;
	for (unsigned i = 0; i < 2; i++) {
		rings[i]->desc += by;
		rings[i]->driver += by;
		rings[i]->device += by;
	}
}

START_TEST(guest_addresses_can_be_anywhere)
{
	struct program *p = program_start(NULL);

	for (unsigned i = 0; i < 4; i++) {
		struct driver *d = driver_probe(&(struct driver_options){
			.axes = _axes, .program = p });
		uint64_t first = d->ram->regions[0].vu.gpa;
		const uint64_t to[] = { 0, 1ull << 32, 1ull << 46,
					0xfffffffe00000000 };

		shift_guest_addresses(d, to[i] - first);
		trail_step("guest RAM begins at %#llx",
			   (unsigned long long)to[i]);
		driver_go(d);
		driver_expect_alive(d);
		driver_end(d);
	}
}
END_TEST

/*
 * Who takes one kind of address for the other lands in memory all the same: in
 * the second of these a front-end address is the guest's of something else.
 */
START_TEST(front_end_addresses_are_another_kind)
{
	static const uint64_t shifts[] = { 0xffff900000000000, 0x20000,
					   -0x20000ull, 0 };
	struct program *p = program_start(NULL);

	for (unsigned i = 0; i < 4; i++) {
		struct driver *d = driver_probe(&(struct driver_options){
			.axes = _axes, .program = p });

		for (unsigned j = 0; j < d->ram->count; j++)
			d->ram->regions[j].vu.ua = d->ram->regions[j].vu.gpa +
						   shifts[i];
		trail_step("front-end addresses are guest addresses + %#llx",
			   (unsigned long long)shifts[i]);
		driver_go(d);
		driver_expect_alive(d);
		driver_end(d);
	}
}
END_TEST

/* As QEMU has it below and above 4 GiB. */
START_TEST(regions_can_share_a_file)
{
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = _axes });

	ram_join(d->ram);
	driver_go(d);
	driver_expect_alive(d);
}
END_TEST

static void swap_regions(struct message *m, unsigned i, unsigned j)
{
	struct vu_region region = m->table.regions[i];
	int fd = m->fds[i];

	m->table.regions[i] = m->table.regions[j];
	m->table.regions[j] = region;
	m->fds[i] = m->fds[j];
	m->fds[j] = fd;
}

START_TEST(the_order_of_regions_means_nothing)
{
	struct driver *d = driver_start(_axes);

	for (unsigned round = 0; round < 5; round++) {
		struct message m = ram_table(d->ram);

		for (unsigned i = m.table.count; i > 1; i--)
			swap_regions(&m, i - 1, draw_below(i));
		frontend_tell(d->fe, &m);
		driver_expect_alive(d);
	}
}
END_TEST

/* ---- another table ---- */

START_TEST(a_new_table_takes_the_place_of_the_old)
{
	struct driver *d = driver_start(_axes);

	driver_expect_alive(d);
	driver_pause(d);
	ram_move(d->ram);
	driver_resume(d);
	driver_expect_alive(d);
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

/* Memory is plugged in, or firmware remaps: the rings run on. */
START_TEST(it_can_come_while_rings_run)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 5; i++) {
		driver_expect_alive(d);
		/* It may still ask for kicks after its last reply. */
		frontend_expect_silence(d->fe);
		ram_move(d->ram);
		frontend_send_memory(d->fe);
		driver_expect_alive(d);
	}
}
END_TEST

START_TEST(chains_wait_where_the_memory_moves)
{
	struct driver *d = driver_start(_axes);
	struct virtio_gpu_ctrl_hdr cmd = driver_header(0xff, 0);
	struct posted *p;
	struct reply r;

	driver_expect_alive(d);
	frontend_enable(d->fe, CONTROLQ, false);
	p = driver_post(d, &(struct request){ REQUEST(cmd), .room = 24 });
	frontend_settle(d->fe);
	ram_move(d->ram);
	frontend_send_memory(d->fe);
	frontend_enable(d->fe, CONTROLQ, true);
	r = driver_collect(d, p);
	EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_UNSPEC);
	driver_expect_alive(d);
}
END_TEST

START_TEST(old_tables_leave_nothing_behind)
{
	struct driver *d = driver_start(_axes);
	struct vitals before;

	driver_expect_alive(d);
	before = driver_vitals(d);
	for (unsigned i = 0; i < 50; i++)
		frontend_send_memory(d->fe);
	driver_expect_alive(d);
	driver_expect_no_more(d, before);
}
END_TEST

/* ---- what goes away ---- */

static struct message table_without(struct ram *ram, unsigned i)
{
	struct message m = ram_table(ram);

	swap_regions(&m, i, --m.table.count);
	m.header.size -= (uint32_t)sizeof(struct vu_region);
	m.nfds--;
	return m;
}

static unsigned region_with(struct ram *ram, uint64_t gpa)
{
	unsigned i = 0;

	while (gpa - ram->regions[i].vu.gpa >= ram->regions[i].vu.size)
		i++;
	return i;
}

/* Chains were made of it, and wait: not served when it is gone. */
START_TEST(a_region_goes_away_under_a_chain)
{
	struct axes axes = *_axes;
	struct driver *d;

	axes.layout = LAYOUT_SEAM;
	d = driver_start(&axes);
	/* 1: the request's, 2: the response's, 3: both */
	for (unsigned which = 1; which <= 3; which++) {
		unsigned last = d->ram->count - 1;
		uint64_t gone = d->ram->regions[last].vu.gpa + 0x4000;
		struct safe s = safe_begin(d, CONTROLQ);
		struct virtio_gpu_ctrl_hdr cmd =
			driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 0);
		struct message table = table_without(d->ram, last);
		struct piece pieces[] = {
			{ which & 1 ? gone : s.request, SAFE_REQUEST, false },
			{ which & 2 ? gone + 64 : s.response, SAFE_RESPONSE,
			  true },
		};

		ram_write(d->ram, pieces[0].gpa, &cmd, sizeof(cmd));
		frontend_enable(d->fe, CONTROLQ, false);
		ring_add(d->control, pieces, 2, SHAPE_AXES);
		ring_publish(d->control);
		frontend_tell(d->fe, &table);
		frontend_enable(d->fe, CONTROLQ, true);
		ring_kick_now(d->control);
		safe_finish(&s, SAFE_EMPTY | SAFE_ERROR);
	}
}
END_TEST

/* A part of the ring was in it: this queue stops, the other goes on. */
START_TEST(a_region_goes_away_under_a_ring)
{
	struct axes axes = *_axes;
	struct driver *d;

	axes.layout = LAYOUT_EDGE;
	d = driver_start(&axes);
	for (unsigned part = 0; part < 3; part++) {
		const uint64_t parts[] = { d->cursor->desc, d->cursor->driver,
					   d->cursor->device };
		struct safe s = safe_begin(d, CURSORQ);
		struct message table =
			table_without(d->ram, region_with(d->ram, parts[part]));

		trail_step("without the region of %s",
			   ram_what(d->ram, parts[part]));
		if (!suite_portable())
			frontend_tell(d->fe, &table);
		else if (frontend_try(d->fe, &table) == HUNG_UP)
			suite_skip("it hangs up on such a table");
		ring_kick_now(d->cursor);
		safe_finish(&s, SAFE_STOPPED);
	}
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("addresses", guest_addresses_can_be_anywhere, "A19"),
	ON_ALL_AXES("addresses", front_end_addresses_are_another_kind, "A19"),
	ON_ALL_AXES("addresses", regions_can_share_a_file, "A17 A19 A20"),
	ON_ALL_AXES("addresses", the_order_of_regions_means_nothing, "A17 A20"),
	ON_ALL_AXES("another", a_new_table_takes_the_place_of_the_old, "A17"),
	ON_ALL_AXES("another", it_can_come_while_rings_run, "A17"),
	ON_ALL_AXES("another", chains_wait_where_the_memory_moves, "A17 A30"),
	ON_ALL_AXES("another", old_tables_leave_nothing_behind, "A05 A17"),
	ON_ALL_AXES("less", a_region_goes_away_under_a_chain, "A17 A23"),
	ON_ALL_AXES("less", a_region_goes_away_under_a_ring, "A17 A26 A33"),
	{ 0 }
};

Suite *memory_suite(void)
{
	return suite_new("memory", tests);
}
