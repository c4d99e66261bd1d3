/*
 * The guest's virtio-input driver: event buffers, frames, status. See
 * inputdriver.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "guard.h"
#include "inputdriver.h"
#include "pump.h"

enum { EVENT = sizeof(struct virtio_input_event) };
enum { SMALLEST_RING = 4 };
enum { MOST_BUFFERS = 64 }; /* as Linux posts */

/* ---- buffers ---- */

static unsigned count_pieces(const uint32_t *cuts)
{
	unsigned n = 1;

	while (cuts && *cuts++)
		n++;
	return n;
}

static struct inputbuffer make_buffer(struct inputdriver *in, uint32_t len,
				      const uint32_t *cuts)
{
	struct inputbuffer b = { .len = len, .count = count_pieces(cuts) };
	uint32_t from = 0;

	b.pieces = calloc(b.count, sizeof(*b.pieces));
	for (unsigned i = 0; i < b.count; i++) {
		uint32_t to = i + 1 < b.count ? cuts[i] : len;
		uint64_t gpa = ram_alloc(in->d->ram, to - from, 1,
					 "event buffer");

		ram_fill(in->d->ram, gpa, RAM_FILL, to - from);
		b.pieces[i] = (struct piece){ gpa, to - from, true };
		from = to;
	}
	return b;
}

static void note_order(struct inputdriver *in, uint16_t id)
{
	uint32_t at = (in->first + in->posted++) % in->d->control->num;

	in->order[at] = id;
}

static void add_buffer(struct inputdriver *in, uint32_t len,
		       const uint32_t *cuts)
{
	struct inputbuffer b = make_buffer(in, len, cuts);
	uint16_t id = ring_add(in->d->control, b.pieces, b.count, SHAPE_AXES);

	in->buffers[id] = b;
	note_order(in, id);
}

void input_drop_buffer(struct inputdriver *in, uint16_t id)
{
	struct inputbuffer *b = &in->buffers[id];

	for (unsigned i = 0; i < b->count; i++)
		ram_release(in->d->ram, b->pieces[i].gpa);
	free(b->pieces);
	*b = (struct inputbuffer){ .len = 0 };
}

static void publish(struct inputdriver *in)
{
	ring_publish(in->d->control);
	ring_kick(in->d->control);
}

void input_post_pieces(struct inputdriver *in, const struct piece *pieces,
		       unsigned n)
{
	trail_step("a buffer of %u pieces", n);
	note_order(in, ring_add(in->d->control, pieces, n, SHAPE_AXES));
	publish(in);
}

void input_post_as(struct inputdriver *in, unsigned n, uint32_t len,
		   const uint32_t *cuts)
{
	trail_step("%u buffers of %u bytes in %u pieces", n, len,
		   count_pieces(cuts));
	for (unsigned i = 0; i < n; i++)
		add_buffer(in, len, cuts);
	publish(in);
}

void input_post(struct inputdriver *in, unsigned n)
{
	input_post_as(in, n, EVENT, NULL);
}

void input_fill(struct inputdriver *in)
{
	unsigned n = 0;

	while (in->posted + n < MOST_BUFFERS &&
	       in->posted + n < in->d->control->num)
		n++;
	input_post(in, n);
}

/* ---- events ---- */

static void take_bytes(struct inputdriver *in, const struct inputbuffer *b,
		       uint8_t *bytes)
{
	for (unsigned i = 0; i < b->count; i++) {
		ram_read(in->d->ram, b->pieces[i].gpa, bytes, b->pieces[i].len);
		bytes += b->pieces[i].len;
	}
}

static void check_order(struct inputdriver *in, uint16_t id)
{
	uint16_t due = in->order[in->first];

	if (id != due && !in->unordered)
		FAIL("buffer %u was used, but %u was posted before it", id,
		     due);
	in->first = (in->first + 1) % in->d->control->num;
	in->posted--;
}

static void check_rest(const uint8_t *bytes, uint32_t used, uint32_t len)
{
	for (uint32_t i = used; i < len; i++)
		if (bytes[i] != RAM_FILL)
			FAIL("used length %u, but byte %u was written", used,
			     i);
}

uint32_t input_used(struct inputdriver *in, struct virtio_input_event *event)
{
	struct used u = ring_wait(in->d->control);
	struct inputbuffer *b = &in->buffers[u.id];
	uint8_t *bytes = calloc(1, b->len + EVENT);

	take_bytes(in, b, bytes);
	check_rest(bytes, u.len, b->len);
	memcpy(event, bytes, EVENT);
	free(bytes);
	check_order(in, u.id);
	input_drop_buffer(in, u.id);
	return u.len;
}

void input_await_used(struct inputdriver *in, unsigned n)
{
	const struct ring_ops *ops = in->d->control->ops;
	uint64_t end = pump_now() + PATIENCE_MS;

	while (ops->count(in->d->control) < n) {
		if (pump_now() > end)
			FAIL("%u of %u buffers were used in time",
			     ops->count(in->d->control), n);
		pump_until_readable(-1, 1);
	}
}

struct virtio_input_event input_event(struct inputdriver *in)
{
	struct virtio_input_event event;
	uint32_t used = input_used(in, &event);

	if (used != EVENT)
		FAIL("an event with used length %u", used);
	return event;
}

static bool is_syn(const struct virtio_input_event *event)
{
	return event->type == EV_SYN && event->code == SYN_REPORT;
}

struct inputframe input_frame(struct inputdriver *in)
{
	struct inputframe frame = { .count = 0 };
	struct virtio_input_event event;
	bool quiet;

	trail_step("a frame");
	quiet = trail_quiet(true);
	for (event = input_event(in); !is_syn(&event);
	     event = input_event(in)) {
		if (frame.count == INPUT_FRAME)
			FAIL("%u events without SYN_REPORT", frame.count);
		frame.events[frame.count++] = event;
	}
	if (event.value)
		FAIL("SYN_REPORT with value %d", (int32_t)event.value);
	if (frame.count >= SMALLEST_RING && !suite_portable())
		FAIL("a frame of %u events: QEMU 11.1 has room for %u",
		     frame.count + 1, SMALLEST_RING);
	if (!in->lazy)
		input_fill(in);
	trail_quiet(quiet);
	trail_answer("%s", inputframe_text(&frame));
	if (in->d->guarded)
		driver_check_ram(in->d);
	return frame;
}

const char *inputframe_text(const struct inputframe *frame)
{
	static const char *const types[] = { "SYN", "KEY", "REL", "ABS" };
	static char text[1024];
	size_t len = 0;

	text[0] = '\0';
	for (unsigned i = 0; i < frame->count && len < 900; i++) {
		const struct virtio_input_event *e = &frame->events[i];

		len += (size_t)snprintf(text + len, sizeof(text) - len,
					"%s%s %u=%d", i ? ", " : "",
					e->type < 4 ? types[e->type] : "other",
					e->code, (int32_t)e->value);
	}
	return text;
}

static bool same(const struct inputframe *a, const struct inputframe *b)
{
	return a->count == b->count &&
	       !memcmp(a->events, b->events, a->count * sizeof(*a->events));
}

void input_expect_frame(struct inputdriver *in,
			const struct virtio_input_event *events)
{
	struct inputframe expected = { .count = 0 }, got = input_frame(in);
	char text[1024];

	while (!is_syn(&events[expected.count])) {
		expected.events[expected.count] = events[expected.count];
		expected.count++;
	}
	if (same(&expected, &got))
		return;
	snprintf(text, sizeof(text), "%s", inputframe_text(&expected));
	FAIL("expected the frame %s; got %s", text, inputframe_text(&got));
}

void input_expect_nothing(struct inputdriver *in)
{
	struct ring *r = in->d->control;

	desk_await_read(in->desk);
	frontend_settle(in->d->fe);
	if (r->ops->ready(r)) {
		struct virtio_input_event e;
		uint32_t used = input_used(in, &e);

		FAIL("nothing should have been used, but a buffer was: %u "
		     "bytes, type %u code %u value %d",
		     used, e.type, e.code, (int32_t)e.value);
	}
	if (in->d->guarded)
		driver_check_ram(in->d);
}

/* ---- status ---- */

void input_status(struct inputdriver *in, uint16_t type, uint16_t code,
		  uint32_t value)
{
	struct virtio_input_event event = { type, code, value };
	struct reply r;

	trail_step("status: type %u code %u value %u", type, code, value);
	r = driver_send(in->d,
			&(struct request){ REQUEST(event), .queue = STATUSQ });
	if (r.used)
		FAIL("a status buffer with used length %u", r.used);
}
