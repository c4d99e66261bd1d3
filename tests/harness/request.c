/*
 * Requests of the virtio-gpu driver: from bytes to a chain, and back from a
 * used chain to a reply. See driver.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"
#include "guard.h"

struct posted {
	struct ring *ring;
	uint16_t id;
	bool used;
	struct used as;
	struct piece *pieces;
	unsigned count, readable;
	uint32_t room;
	struct posted *next;
};

/* Those not collected yet. */
static struct posted *outstanding;

uint16_t posted_id(const struct posted *p)
{
	return p->id;
}

static unsigned count_pieces(const uint32_t *cuts)
{
	unsigned n = 1;

	while (cuts && *cuts++)
		n++;
	return n;
}

/* Pieces of a part that lie wherever there is room; more are in one block. */
enum { APART = 64 };

/*
 * One part of the request, cut into pieces that lie apart from each other, or
 * back to front in a block: never as the bytes that they hold.
 */
static void place(struct driver *d, struct posted *p, uint32_t len,
		  const uint32_t *cuts, bool writable)
{
	const char *label = writable ? "response" : "request";
	unsigned n = count_pieces(cuts);
	uint64_t block = n > APART ? ram_alloc(d->ram, len, 1, label) : 0;
	uint32_t from = 0;

	for (; n; n--) {
		uint32_t to = n > 1 ? *cuts++ : len;

		p->pieces[p->count++] = (struct piece){
			block ? block + (len - to)
			      : ram_alloc(d->ram, to - from, 1, label),
			to - from, writable
		};
		from = to;
	}
}

static void fill(struct driver *d, const struct posted *p, const uint8_t *bytes)
{
	for (unsigned i = 0; i < p->count; i++) {
		const struct piece *piece = &p->pieces[i];

		if (piece->writable) {
			ram_fill(d->ram, piece->gpa, RAM_FILL, piece->len);
			continue;
		}
		ram_write(d->ram, piece->gpa, bytes, piece->len);
		bytes += piece->len;
	}
}

static void leave_trail(const struct posted *p, const struct request *r)
{
	struct virtio_gpu_ctrl_hdr hdr = { .type = 0 };
	char fence[32] = "";

	if (r->len)
		memcpy(&hdr, r->bytes,
		       r->len < sizeof(hdr) ? r->len : sizeof(hdr));
	if (hdr.flags & VIRTIO_GPU_FLAG_FENCE)
		snprintf(fence, sizeof(fence), ", fence %llu",
			 (unsigned long long)hdr.fence_id);
	trail_step("%s%s%s, %u + %u bytes in %u + %u pieces, id %u",
		   r->queue == CURSORQ ? "cursorq: " : "",
		   r->len ? request_text(r->bytes, r->len) : "a buffer", fence,
		   r->len, r->room, p->readable, p->count - p->readable, p->id);
}

struct posted *driver_add(struct driver *d, const struct request *r)
{
	struct posted *p = calloc(1, sizeof(*p));

	p->ring = r->queue == CURSORQ ? d->cursor : d->control;
	p->room = r->room;
	p->pieces = calloc(count_pieces(r->cuts) + count_pieces(r->room_cuts),
			   sizeof(*p->pieces));
	if (r->len)
		place(d, p, r->len, r->cuts, false);
	p->readable = p->count;
	if (r->room)
		place(d, p, r->room, r->room_cuts, true);
	fill(d, p, r->bytes);
	p->id = ring_add(p->ring, p->pieces, p->count, r->shape);
	leave_trail(p, r);
	p->next = outstanding;
	outstanding = p;
	return p;
}

void driver_publish(struct driver *d, unsigned queue)
{
	struct ring *r = queue == CURSORQ ? d->cursor : d->control;

	ring_publish(r);
	ring_kick(r);
}

struct posted *driver_post(struct driver *d, const struct request *r)
{
	struct posted *p = driver_add(d, r);

	driver_publish(d, r->queue);
	return p;
}

static struct posted *find(const struct ring *ring, uint16_t id)
{
	for (struct posted *p = outstanding; p; p = p->next)
		if (p->ring == ring && p->id == id && !p->used)
			return p;
	FAIL("the device used id %u, which was not posted", id);
}

static void wait_for(struct posted *p)
{
	while (!p->used) {
		struct used u = ring_wait(p->ring);
		struct posted *done = find(p->ring, u.id);

		done->used = true;
		done->as = u;
	}
}

/* The writable part as it is now, as far as a reply has room. */
static void read_reply(struct driver *d, const struct posted *p,
		       struct reply *reply)
{
	uint32_t at = 0, size = sizeof(reply->bytes);

	memset(reply->bytes, RAM_FILL, size);
	for (unsigned i = p->readable; i < p->count && at < size; i++) {
		const struct piece *piece = &p->pieces[i];
		uint32_t n = piece->len < size - at ? piece->len : size - at;

		ram_read(d->ram, piece->gpa, reply->bytes + at, n);
		at += n;
	}
}

/* The profile asks for a used length that tells all that was written. */
static void check_rest(const struct reply *reply, uint32_t room)
{
	uint32_t end = room < sizeof(reply->bytes) ? room
						   : sizeof(reply->bytes);

	for (uint32_t i = reply->used; i < end && !suite_portable(); i++)
		if (reply->bytes[i] != RAM_FILL)
			FAIL("used length %u, but byte %u of the response was "
			     "written",
			     reply->used, i);
}

static void forget(struct driver *d, struct posted *p)
{
	struct posted **at = &outstanding;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	for (unsigned i = 0; i < p->count; i++)
		ram_release(d->ram, p->pieces[i].gpa);
	free(p->pieces);
	free(p);
}

void driver_give_up(struct driver *d)
{
	for (struct posted *p = outstanding, *next; p; p = next) {
		next = p->next;
		if (p->ring == d->control || p->ring == d->cursor)
			forget(d, p);
	}
	if (d->kind->give_up)
		d->kind->give_up(d);
}

void driver_check_ram(struct driver *d)
{
	ring_allow(d->control);
	ring_allow(d->cursor);
	guard_check(d->ram);
}

struct reply driver_collect(struct driver *d, struct posted *p)
{
	struct reply reply;

	wait_for(p);
	reply.used = p->as.len;
	read_reply(d, p, &reply);
	if (reply.used >= sizeof(reply.hdr))
		trail_answer("%s, used %u", reply_name(reply.hdr.type),
			     reply.used);
	else
		trail_answer("used %u", reply.used);
	if (p->as.written != (reply.used > 0))
		FAIL("the used descriptor's WRITE flag does not fit its "
		     "length");
	if (d->guarded)
		driver_check_ram(d);
	check_rest(&reply, p->room);
	forget(d, p);
	return reply;
}

struct reply driver_send(struct driver *d, const struct request *r)
{
	return driver_collect(d, driver_post(d, r));
}

void expect_reply(const struct reply *r, uint32_t type, uint32_t used,
		  const char *file, int line)
{
	if (r->used != used || (used >= sizeof(r->hdr) && r->hdr.type != type))
		FAIL("%s:%d: expected %s, used %u; got %s, used %u", file, line,
		     reply_name(type), used,
		     r->used >= sizeof(r->hdr) ? reply_name(r->hdr.type)
					       : "no header",
		     r->used);
}

void expect_error(const struct reply *r, uint32_t code, const char *file,
		  int line)
{
	if (r->used == sizeof(r->hdr) && suite_portable() &&
	    reply_is_error(r->hdr.type))
		return;
	expect_reply(r, code, sizeof(r->hdr), file, line);
}
