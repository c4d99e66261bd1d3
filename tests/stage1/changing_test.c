/*
 * Memory that changes while the device reads it: what it has read once it goes
 * by, whatever stands there a moment later.
 *
 * virtio 1.3, sections 2.7 and 2.8: the driver may not do that. A guest can.
 */
#define _GNU_SOURCE
#include <linux/virtio_ring.h>
#include <sched.h>

#include "draws.h"
#include "guard.h"
#include "pump.h"
#include "ring_packed.h"
#include "ring_split.h"
#include "safe.h"
#include "sequence.h"
#include "suites.h"

/*
 * A GET_DISPLAY_INFO, and one word of it that goes to and fro between two
 * values for as long as the device may read it.
 */
struct flipping {
	const char *name;
	struct driver *d;
	struct ring *r;
	uint64_t request, response, other, table;
	uint64_t chain; /* its two descriptors: ring or table */
	uint64_t word;	/* guest address, and how wide */
	unsigned size;
	uint64_t values[2];
};

enum place { COMMAND, FIRST, SECOND, POINTER, AVAIL_RING };

struct word {
	const char *name;
	enum place in;
	unsigned offset, size;
	uint64_t to;
};

/* For an address: the other response's place. */
#define OTHER 1

static const struct word split_words[] = {
	{ "the command", COMMAND, 0, 4, 0xff },
	{ "the command's fence", COMMAND, 4, 4, VIRTIO_GPU_FLAG_FENCE },
	{ "the request's address", FIRST, 0, 8, 0xfffffffffffff000 },
	{ "the request's length", FIRST, 8, 4, 0xffffffff },
	{ "the request's flags", FIRST, 12, 2, 0 },
	{ "the request's next", FIRST, 14, 2, 0xffff },
	{ "the response's address", SECOND, 0, 8, 0xfffffffffffff000 },
	{ "the response's address", SECOND, 0, 8, OTHER },
	{ "the response's length", SECOND, 8, 4, 16 },
	{ "the response's length", SECOND, 8, 4, 0xffffffff },
	{ "the response's flags", SECOND, 12, 2, 0 },
	{ "the response's flags", SECOND, 12, 2,
	  VRING_DESC_F_WRITE | VRING_DESC_F_NEXT },
	{ "the table's address", POINTER, 0, 8, 0xfffffffffffff000 },
	{ "the table's length", POINTER, 8, 4, 0xfffffff0 },
	{ "the table's flags", POINTER, 12, 2, 0 },
	{ "avail.idx", AVAIL_RING, 2, 2, 0x7000 },
	{ "the head", AVAIL_RING, 4, 2, 0xffff },
	{ .name = NULL }
};

/* None that says "used": 0x7fff is available, and all else besides. The
 * request is never writable: the device would answer there. */
static const struct word packed_words[] = {
	{ "the command", COMMAND, 0, 4, 0xff },
	{ "the request's address", FIRST, 0, 8, 0xfffffffffffff000 },
	{ "the request's length", FIRST, 8, 4, 0xffffffff },
	{ "the request's flags", FIRST, 14, 2, 0 },
	{ "the request's flags", FIRST, 14, 2, 0x7ffd },
	{ "the response's address", SECOND, 0, 8, 0xfffffffffffff000 },
	{ "the response's address", SECOND, 0, 8, OTHER },
	{ "the response's length", SECOND, 8, 4, 16 },
	{ "the response's id", SECOND, 12, 2, 0xffff },
	{ "the response's flags", SECOND, 14, 2, 0 },
	{ "the response's flags", SECOND, 14, 2, 0x7fff },
	{ "the table's address", POINTER, 0, 8, 0xfffffffffffff000 },
	{ "the table's length", POINTER, 8, 4, 0xfffffff0 },
	{ "the table's flags", POINTER, 14, 2, 0 },
	{ .name = NULL }
};

static void store(const struct flipping *f, uint64_t value)
{
	void *at = ram_at(f->d->ram, f->word, f->size);

	if (f->size == 2)
		__atomic_store_n((uint16_t *)at, (uint16_t)value,
				 __ATOMIC_RELAXED);
	else if (f->size == 4)
		__atomic_store_n((uint32_t *)at, (uint32_t)value,
				 __ATOMIC_RELAXED);
	else
		__atomic_store_n((uint64_t *)at, value, __ATOMIC_RELAXED);
}

static void make_split(struct flipping *f, bool indirect)
{
	struct ring *r = f->r;

	split_set_table(r, f->chain, 0,
			(struct vring_desc){ f->request, SAFE_REQUEST,
					     VRING_DESC_F_NEXT, 1 });
	split_set_table(r, f->chain, 1,
			(struct vring_desc){ f->response, SAFE_RESPONSE,
					     VRING_DESC_F_WRITE, 0 });
	if (indirect)
		split_set_desc(r, 0,
			       (struct vring_desc){ f->chain, 32,
						    VRING_DESC_F_INDIRECT, 0 });
	split_offer(r, 0);
}

/* The first slot's flags are the last to be written. */
static void make_packed(struct flipping *f, bool indirect)
{
	struct ring *r = f->r;
	uint16_t avail = packed_avail_flags(true);

	packed_set_table(r, f->chain, 1,
			 (struct vring_packed_desc){
				 f->response, SAFE_RESPONSE, 0,
				 VRING_DESC_F_WRITE | avail });
	packed_set_table(r, f->chain, 0,
			 (struct vring_packed_desc){
				 f->request, SAFE_REQUEST, 0,
				 VRING_DESC_F_NEXT | avail });
	if (indirect)
		packed_set_desc(r, 0,
				(struct vring_packed_desc){
					f->chain, 32, 0,
					VRING_DESC_F_INDIRECT | avail });
}

static struct flipping make(struct driver *d, const struct word *w,
			    bool indirect)
{
	struct virtio_gpu_ctrl_hdr cmd =
		driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 0);
	struct flipping f = {
		.name = w->name, .d = d, .r = d->control, .size = w->size
	};

	f.request = ram_alloc(d->ram, SAFE_REQUEST, 8, "request");
	f.response = ram_alloc(d->ram, SAFE_RESPONSE, 8, "response");
	f.other = ram_alloc(d->ram, SAFE_RESPONSE, 8, "other response");
	f.table = ram_alloc(d->ram, 32, 16, "table");
	f.chain = indirect ? f.table : f.r->desc;
	ram_write(d->ram, f.request, &cmd, sizeof(cmd));
	ram_fill(d->ram, f.response, RAM_FILL, SAFE_RESPONSE);
	ram_fill(d->ram, f.other, RAM_FILL, SAFE_RESPONSE);
	f.word = (const uint64_t[]){ f.request, f.chain, f.chain + 16,
				     f.r->desc, f.r->driver }[w->in] +
		 w->offset;
	if (f.r->ops == &ring_packed)
		make_packed(&f, indirect);
	else
		make_split(&f, indirect);
	ram_read(d->ram, f.word, &f.values[0], f.size);
	f.values[1] = w->to == OTHER ? f.other : w->to;
	return f;
}

static void flip(const struct flipping *f, unsigned times)
{
	while (times--)
		store(f, f->values[times % 2]);
}

static bool is_over(const struct flipping *f)
{
	return f->r->ops->ready(f->r) || pump_until_readable(f->r->err, 0);
}

/*
 * A packed ring's used descriptor takes the place of the first one of its list.
 * If that is what flips, nobody can tell what the device has written there.
 */
static bool hides_the_end(const struct flipping *f)
{
	return f->r->ops == &ring_packed && f->word - f->r->desc < 16;
}

enum { FLIPS = 20000 }; /* for a kick: as long as it may take */

static void flip_and_kick(struct flipping *f)
{
	uint64_t end = pump_now() + PATIENCE_MS;

	store(f, f->values[draw_below(2)]);
	for (unsigned i = 0; hides_the_end(f) ? i < 3 : !is_over(f); i++) {
		ring_kick_now(f->r);
		for (unsigned n = 0; n < FLIPS && !f->r->ops->ready(f->r);
		     n += 20)
			flip(f, 20);
		if (pump_now() > end)
			FAIL("%s changed: the chain did not come back, and the "
			     "queue did not stop",
			     f->name);
		sched_yield();
	}
	ram_write(f->d->ram, f->word, &f->values[0], f->size);
	frontend_settle(f->d->fe);
}

static bool is_whole(const struct flipping *f, uint64_t at, uint32_t len)
{
	struct virtio_gpu_ctrl_hdr hdr;

	ram_read(f->d->ram, at, &hdr, sizeof(hdr));
	return len == sizeof(hdr)
		       ? reply_is_error(hdr.type)
		       : len == SAFE_RESPONSE &&
				 hdr.type == VIRTIO_GPU_RESP_OK_DISPLAY_INFO;
}

/* Nothing, or a whole response of the length it says, in one of the places. */
static void check_end(struct flipping *f)
{
	struct ring *r = f->r;
	struct used u = { .id = 0, .len = 0 };

	if (!hides_the_end(f) && r->ops->ready(r))
		r->ops->take(r, &u);
	/* The head is zero, and 0xffff, to which it flips, is refused. */
	if (u.id && r->ops == &ring_split)
		FAIL("%s changed: used id %u", f->name, u.id);
	if (u.len && !suite_portable() && !is_whole(f, f->response, u.len) &&
	    !is_whole(f, f->other, u.len))
		FAIL("%s changed: used length %u, but no such response",
		     f->name, u.len);
	guard_allow(f->d->ram, r->device, r->ops->device_size(r->num));
	if (r->ops == &ring_packed)
		guard_allow(f->d->ram, r->desc, 32);
	guard_allow(f->d->ram, f->response, SAFE_RESPONSE);
	guard_allow(f->d->ram, f->other, SAFE_RESPONSE);
	driver_check_ram(f->d);
	driver_expect_answer(f->d, CURSORQ);
}

static void over(struct flipping *f)
{
	driver_reset(f->d);
	ring_errors(f->r);
	ram_release(f->d->ram, f->request);
	ram_release(f->d->ram, f->response);
	ram_release(f->d->ram, f->other);
	ram_release(f->d->ram, f->table);
}

static void change_word(struct driver *d, const struct word *w, unsigned rounds)
{
	trail_step("%s changes", w->name);
	trail_quiet(true);
	for (unsigned round = 0; round < rounds; round++) {
		bool indirect = w->in == POINTER || round % 2;
		struct flipping f;

		if (indirect && !d->axes.indirect)
			continue;
		f = make(d, w, indirect);
		flip_and_kick(&f);
		check_end(&f);
		over(&f);
	}
	trail_quiet(false);
}

static void change_words(const struct axes *axes, unsigned rounds)
{
	struct driver *d = driver_start(axes);
	const struct word *words = axes->packed ? packed_words : split_words;

	program_take_two_processors(d->program);
	driver_reset(d);
	for (const struct word *w = words; w->name; w++)
		change_word(d, w, rounds);
	driver_expect_alive(d);
}

/* Whatever the device reads: once, and it goes by what it has read. */
START_TEST(words_change_while_they_are_read)
{
	change_words(_axes, 4);
}
END_TEST

START_TEST(words_change_for_a_long_time)
{
	struct axes axes = axes_default;

	change_words(&axes, 80);
	axes.packed = true;
	change_words(&axes, 80);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("words", words_change_while_they_are_read, "C29"),
	ONCE("words", words_change_for_a_long_time, "C29", .seconds = 120),
	{ 0 }
};

Suite *changing_suite(void)
{
	return suite_new("changing", tests);
}
