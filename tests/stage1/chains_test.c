/*
 * Chains as a driver may make them: cut anywhere, of any length, with parts
 * that are missing or empty. The bytes are what counts, not how they lie.
 *
 * virtio 1.3, sections 2.7.4 and 2.7.5 (split), 2.8.2 to 2.8.8 (packed).
 */
#define _GNU_SOURCE
#include <linux/virtio_ring.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "draws.h"
#include "safe.h"
#include "suites.h"

enum { REQUEST_LEN = 24, RESPONSE_LEN = 408, MOST = 4096 };

/* ---- cuts ---- */

/* GET_DISPLAY_INFO, whose answer shows that all of the request was read. */
static void expect_same(struct driver *d, const struct reply *expected,
			const struct request *how)
{
	struct virtio_gpu_ctrl_hdr cmd =
		driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO,
			      0x123456789abcdef);
	struct request r = *how;
	struct reply got;

	r.bytes = &cmd;
	r.len = sizeof(cmd);
	if (!r.room)
		r.room = RESPONSE_LEN;
	got = driver_send(d, &r);
	EXPECT_REPLY(got, VIRTIO_GPU_RESP_OK_DISPLAY_INFO, RESPONSE_LEN);
	ck_assert_uint_eq(got.hdr.fence_id, cmd.fence_id);
	if (expected)
		ck_assert_mem_eq(&got.display_info, &expected->display_info,
				 sizeof(got.display_info));
}

/* What it answers when nothing is cut. */
static struct reply uncut(struct driver *d)
{
	struct virtio_gpu_ctrl_hdr cmd =
		driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO,
			      0x123456789abcdef);

	return driver_send(d, &(struct request){ REQUEST(cmd),
						 .room = RESPONSE_LEN });
}

/* The cuts that make `pieces` pieces of it, about as long as each other. */
static const uint32_t *even_cuts(uint32_t len, unsigned pieces)
{
	static uint32_t lists[2][MOST + 1];
	static unsigned turn;
	uint32_t *cuts = lists[turn++ % 2];

	for (unsigned i = 1; i < pieces; i++)
		cuts[i - 1] = (uint32_t)((uint64_t)len * i / pieces);
	cuts[pieces - 1] = 0;
	return cuts;
}

START_TEST(a_request_may_be_cut_anywhere)
{
	struct driver *d = driver_start(_axes);
	struct reply whole = uncut(d);

	for (uint32_t cut = 1; cut < REQUEST_LEN; cut++)
		expect_same(d, &whole, &(struct request){ .cuts = CUTS(cut) });
}
END_TEST

START_TEST(a_response_may_be_cut_anywhere)
{
	struct driver *d = driver_start(_axes);
	struct reply whole = uncut(d);

	d->guarded = false;
	for (uint32_t cut = 1; cut < RESPONSE_LEN; cut++)
		expect_same(d, &whole,
			    &(struct request){ .room_cuts = CUTS(cut) });
	driver_check_ram(d);
}
END_TEST

/* As far as the ring has room for them. */
START_TEST(every_byte_may_be_a_piece)
{
	struct driver *d = driver_start(_axes);
	struct reply whole = uncut(d);
	unsigned readable = REQUEST_LEN, writable = RESPONSE_LEN;

	if (!_axes->indirect && _axes->num < readable + writable) {
		readable = _axes->num / 2 < readable ? _axes->num / 2
						     : readable;
		writable = _axes->num - readable;
	}
	expect_same(d, &whole,
		    &(struct request){
			    .cuts = even_cuts(REQUEST_LEN, readable),
			    .room_cuts = even_cuts(RESPONSE_LEN, writable) });
}
END_TEST

/* At most `n` cuts, somewhere. */
static void draw_cuts(uint32_t *cuts, uint32_t len, unsigned n)
{
	uint32_t at = 0;

	for (n = draw_below(n + 1); n && at + 2 < len; n--) {
		at += 1 + draw_below((len - at) / 2);
		*cuts++ = at;
	}
	*cuts = 0;
}

START_TEST(both_may_be_cut_at_random)
{
	struct driver *d = driver_start(_axes);
	struct reply whole = uncut(d);
	unsigned most = _axes->num < 16 ? _axes->num / 2 - 1 : 6;

	d->guarded = false;
	for (unsigned i = 0; i < 100; i++) {
		uint32_t cuts[8], room_cuts[8];

		draw_cuts(cuts, REQUEST_LEN, most);
		draw_cuts(room_cuts, RESPONSE_LEN, most);
		expect_same(d, &whole,
			    &(struct request){ .cuts = cuts,
					       .room_cuts = room_cuts });
	}
	driver_check_ram(d);
}
END_TEST

/* ---- lengths ---- */

/* In a packed ring it takes every slot, and begins anywhere in the lap. */
START_TEST(a_chain_may_be_as_long_as_the_ring)
{
	struct driver *d = driver_start(_axes);
	struct reply whole = uncut(d);
	unsigned n = _axes->num, readable = n / 2 < 24 ? n / 2 : 24;

	for (unsigned i = 0; i < 4; i++) {
		expect_same(d, &whole,
			    &(struct request){
				    .cuts = even_cuts(REQUEST_LEN, readable),
				    .room = MOST,
				    .room_cuts = even_cuts(MOST, n - readable),
				    .shape = SHAPE_DIRECT });
		driver_expect_answer(d, CONTROLQ);
	}
}
END_TEST

/* Linux has such for ATTACH_BACKING, although 2.7.5.3.1 forbids them. */
START_TEST(a_table_may_be_longer_than_the_ring)
{
	struct driver *d = driver_start(_axes);
	struct reply whole = uncut(d);
	struct {
		struct virtio_gpu_ctrl_hdr hdr;
		uint8_t more[MOST];
	} cmd = {
		.hdr = driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 0),
	};
	struct reply r;

	expect_same(d, &whole,
		    &(struct request){ .room = MOST,
				       .room_cuts = even_cuts(MOST, 1000) });
	r = driver_send(d,
			&(struct request){ REQUEST(cmd),
					   .cuts = even_cuts(sizeof(cmd), 1000),
					   .room = RESPONSE_LEN });
	EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_DISPLAY_INFO, RESPONSE_LEN);
}
END_TEST

/* `n` entries, all but two of them one byte of room nobody needs. */
static void post_long_chain(struct safe *s, unsigned n)
{
	struct piece *p = calloc(n, sizeof(*p));
	uint64_t more = ram_alloc(s->d->ram, n, 1, "more room");

	p[0] = s->legal[0];
	p[1] = s->legal[1];
	for (unsigned i = 2; i < n; i++)
		p[i] = (struct piece){ more + n - i, 1, true };
	ring_add(s->ring, p, n, SHAPE_INDIRECT);
	ring_publish(s->ring);
	ring_kick_now(s->ring);
	free(p);
	ram_release(s->d->ram, more);
}

/* As ATTACH_BACKING of 64 MiB in pages, and all that `next` can reach. */
START_TEST(a_table_may_be_very_long)
{
	static const unsigned entries[] = { 16384 + 2, 65536 };
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 2; i++) {
		struct safe s = safe_begin(d, CONTROLQ);

		post_long_chain(&s, entries[i]);
		safe_finish_or_reply(&s, SAFE_REPLIED);
	}
}
END_TEST

/* Its WRITE flag says nothing: the entries have their own. */
START_TEST(the_write_flag_of_a_table_means_nothing)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 2; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		uint64_t table = ram_alloc(d->ram, 32, 16, "table");
		uint16_t flags = i ? VRING_DESC_F_WRITE : 0;

		d->control->ops->table(d->control, table, s.legal, 2);
		safe_post_descs(&s,
				&(struct ring_desc){
					table, 32,
					flags | VRING_DESC_F_INDIRECT },
				1);
		safe_finish_served(&s);
		ram_release(d->ram, table);
	}
}
END_TEST

/* Nothing is said of how a table is aligned. */
START_TEST(an_entry_may_lie_across_a_seam)
{
	static const uint32_t before[] = { 1, 8, 12, 15, 17, 24, 31 };
	struct axes axes = *_axes;
	struct driver *d;

	axes.layout = LAYOUT_SEAM;
	d = driver_start(&axes);
	for (unsigned i = 0; i < 7; i++) {
		struct safe s = safe_begin(d, CONTROLQ);
		uint64_t seam = d->ram->regions[d->ram->count - 1].vu.gpa;
		uint64_t table = seam - before[i];

		d->control->ops->table(d->control, table, s.legal, 2);
		safe_post_descs(&s,
				&(struct ring_desc){ table, 32,
						     VRING_DESC_F_INDIRECT },
				1);
		safe_finish_served(&s);
	}
}
END_TEST

/* As large as RAM gets; of what the file is long nothing is there. */
static void add_huge_region(struct driver *d, int fd)
{
	struct message m = ram_table(d->ram);

	m.table.regions[m.table.count++] = (struct vu_region){
		.gpa = 1ull << 40, .size = 1ull << 32, .ua = 1ull << 50
	};
	m.header.size += (uint32_t)sizeof(struct vu_region);
	m.fds[m.nfds++] = fd;
	frontend_tell(d->fe, &m);
}

/*
 * 2.7.5.2 and 2.8.6 forbid more than 2^32 bytes. Whoever adds lengths up in 32
 * bits finds a part of 22 bytes in the first of these, of 406 in the second.
 */
START_TEST(more_than_4_GiB_are_not_a_few_bytes)
{
	struct axes axes = *_axes;
	int fd = memfd_create("huge region", MFD_CLOEXEC);
	struct driver *d;

	axes.layout = LAYOUT_ONE;
	d = driver_start(&axes);
	ck_assert_int_eq(ftruncate(fd, 1ll << 32), 0);
	for (unsigned writable = 0; writable < 2; writable++) {
		struct safe s = safe_begin(d, CONTROLQ);
		struct piece huge = { 1ull << 40, 0xffffffff, writable };
		struct piece pieces[2][4] = {
			{ s.legal[0], huge, huge, s.legal[1] },
			{ s.legal[0], s.legal[1], huge, huge },
		};

		add_huge_region(d, fd);
		safe_post(&s, pieces[writable], 4);
		safe_finish_or_reply(&s, SAFE_REPLIED);
	}
	close(fd);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("cuts", a_request_may_be_cut_anywhere, "C02 D14"),
	ON_ALL_AXES("cuts", a_response_may_be_cut_anywhere, "C02 D14"),
	ON_ALL_AXES("cuts", every_byte_may_be_a_piece, "C02 C07 D14"),
	ON_ALL_AXES("cuts", both_may_be_cut_at_random, "C02 C07 D14"),
	ON_ALL_AXES("lengths", a_chain_may_be_as_long_as_the_ring, "C03 D15"),
	ON_AXES_WITH(WITH_INDIRECT, "tables",
		     a_table_may_be_longer_than_the_ring, "C03 C07 C23"),
	ON_AXES_WITH(WITH_INDIRECT, "tables", a_table_may_be_very_long,
		     "C03 C07 C23"),
	ON_AXES_WITH(WITH_INDIRECT, "tables",
		     the_write_flag_of_a_table_means_nothing, "C15 D19"),
	ON_AXES_WITH(WITH_INDIRECT, "tables", an_entry_may_lie_across_a_seam,
		     "C18 A20"),
	ON_ALL_AXES("lengths", more_than_4_GiB_are_not_a_few_bytes, "C08"),
	{ 0 }
};

Suite *chains_suite(void)
{
	return suite_new("chains", tests);
}
