/*
 * Whole frames into the driver's buffers.
 */
#include "eventq.h"

#include <assert.h>

#include "input.h"
#include "log.h"
#include "trace.h"

enum { EVENT_BYTES = sizeof(struct virtio_input_event) };

/* ---- buffers ---- */

/*
 * Whether it takes an event is tried, as half a frame can't be taken back. What
 * is more than an event holds one all the same, since drivers read one from each
 * (5.8.6).
 */
static bool takes_event(const struct chain *chain)
{
	static const struct virtio_input_event none;

	return chain->writable_len >= EVENT_BYTES &&
	       chain_write(chain, 0, &none, EVENT_BYTES) == EVENT_BYTES;
}

/* It goes back empty: the driver sees that it was looked at. */
static void give_back_bad(const struct eventq *q, struct chain *chain)
{
	guest_error(q->vq->limit, "%s: a buffer takes no event", q->vq->name);
	virtq_reply(chain, NULL, 0);
}

static bool take_buffer(struct eventq *q, unsigned *budget)
{
	struct chain *chain;

	while (*budget && (chain = virtq_pop(q->vq))) {
		--*budget;
		if (takes_event(chain)) {
			q->buffers[q->taken++] = chain;
			return true;
		}
		give_back_bad(q, chain);
	}
	return false;
}

static void drop_buffers(struct eventq *q)
{
	while (q->taken)
		virtq_reply(q->buffers[--q->taken], NULL, 0);
}

/* Were they taken from a ring that there was before this one? */
static bool are_stale(const struct eventq *q)
{
	return q->taken && q->buffers[0]->epoch != q->vq->epoch;
}

/* A driver may post as fast as bad buffers go back, so there is a limit. */
static bool take_buffers(struct eventq *q, unsigned count)
{
	unsigned budget = q->vq->num;

	if (are_stale(q))
		drop_buffers(q);
	while (q->taken < count)
		if (!take_buffer(q, &budget)) {
			virtq_await(q->vq);
			return false;
		}
	return true;
}

/* ---- frames ---- */

static void report(const struct eventq *q, const struct eventframe *frame)
{
	const struct device *dev = &q->input->dev;
	struct text fields = { .len = 0 };

	if (!trace_on(dev->trace))
		return;
	eventframe_describe(frame, &fields);
	trace_request(dev->trace, dev->name, "frame", &fields, "delivered",
		      frame->began_us);
}

static void fill_buffers(struct eventq *q, const struct eventframe *frame)
{
	for (unsigned i = 0; i < frame->count; i++)
		virtq_reply(q->buffers[i], &frame->events[i], EVENT_BYTES);
	q->taken -= frame->count;
	for (unsigned i = 0; i < q->taken; i++)
		q->buffers[i] = q->buffers[i + frame->count];
	report(q, frame);
}

static void drop_first(struct eventq *q)
{
	q->first = (q->first + 1) % EVENTQ_FRAMES;
	q->count--;
}

/* Rings of less than four entries have no room for some frames, ever. */
static bool fits_ring(struct eventq *q, const struct eventframe *frame)
{
	if (frame->count <= q->vq->num)
		return true;
	guest_error(q->vq->limit, "%s: %u entries are too few for %u events",
		    q->vq->name, q->vq->num, frame->count);
	return false;
}

static bool deliver_first(struct eventq *q)
{
	const struct eventframe *frame = &q->frames[q->first];

	if (fits_ring(q, frame)) {
		if (!take_buffers(q, frame->count))
			return false;
		fill_buffers(q, frame);
	}
	drop_first(q);
	return true;
}

static void deliver(struct eventq *q)
{
	if (!virtq_running(q->vq))
		return;
	virtq_begin(q->vq);
	while (q->count && deliver_first(q))
		;
	virtq_end(q->vq);
	if (!q->count)
		input_turned(q->input);
}

/* Once all that waited is in the guest, what was lost is made good. */
static void catch_up(struct eventq *q)
{
	if (!q->dropped || q->count)
		return;
	guest_error(q->vq->limit, "%s: %llu frames were dropped",
		    q->input->dev.name, (unsigned long long)q->dropped);
	q->dropped = 0;
	input_caught_up(q->input);
}

/* Fresh buffers. */
static void available(void *arg)
{
	deliver(arg);
	catch_up(arg);
}

static struct eventframe *last(struct eventq *q)
{
	return &q->frames[(q->first + q->count - 1) % EVENTQ_FRAMES];
}

/*
 * Once one was dropped all are, until the driver is up to date and is told how
 * things are: a letter behind a release that is missing would be another's.
 */
static bool queue(struct eventq *q, const struct eventframe *frame)
{
	if (q->count && eventframe_merge(last(q), frame))
		return true;
	if (q->dropped || q->count == EVENTQ_FRAMES) {
		if (!q->dropped++)
			guest_error(q->vq->limit,
				    "%s: the driver is too slow, frames are "
				    "dropped",
				    q->input->dev.name);
		return false;
	}
	q->count++;
	*last(q) = *frame;
	return true;
}

bool eventq_send(struct eventq *q, const struct eventframe *frame)
{
	assert(frame->count);
	if (!queue(q, frame))
		return false;
	deliver(q);
	catch_up(q);
	return true;
}

void eventq_check(struct eventq *q)
{
	unsigned good = 0;

	for (unsigned i = 0; i < q->taken; i++)
		if (takes_event(q->buffers[i]))
			q->buffers[good++] = q->buffers[i];
		else
			give_back_bad(q, q->buffers[i]);
	q->taken = good;
}

/* The queue throws buffers away that were taken before a reset. */
void eventq_forget(struct eventq *q)
{
	drop_buffers(q);
	q->first = q->count = 0;
	q->dropped = 0;
}

void eventq_init(struct eventq *q, struct input *input, struct virtq *vq)
{
	*q = (struct eventq){ .input = input, .vq = vq };
	vq->available = available;
	vq->arg = q;
}
