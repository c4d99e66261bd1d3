/*
 * What may come of what is illegal: see safe.h.
 */
#include "safe.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "guard.h"
#include "pump.h"
#include "sequence.h"

/* CPU time a device may spend on one bad chain, sanitizers included. */
enum { CPU_MS = 500 };

struct safe safe_begin(struct driver *d, unsigned queue)
{
	struct virtio_gpu_ctrl_hdr cmd =
		driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, 0);
	struct safe s = { .d = d };

	s.ring = queue == CURSORQ ? d->cursor : d->control;
	s.request = ram_alloc(d->ram, SAFE_REQUEST, 1, "request");
	s.response = ram_alloc(d->ram, SAFE_RESPONSE, 1, "response");
	s.legal[0] = (struct piece){ s.request, SAFE_REQUEST, false };
	s.legal[1] = (struct piece){ s.response, SAFE_RESPONSE, true };
	ram_write(d->ram, s.request, &cmd, sizeof(cmd));
	s.printed_before = strlen(program_output(d->program));
	s.before = program_vitals(d->program);
	ring_calls(s.ring);
	return s;
}

void safe_post(struct safe *s, const struct piece *pieces, unsigned n)
{
	trail_step("a chain of %u pieces", n);
	ring_add(s->ring, pieces, n, SHAPE_AXES);
	ring_publish(s->ring);
	ring_kick_now(s->ring);
}

void safe_post_descs(struct safe *s, const struct ring_desc *d, unsigned n)
{
	trail_step("a chain of %u descriptors", n);
	ring_add_descs(s->ring, d, n);
	ring_publish(s->ring);
	ring_kick_now(s->ring);
}

static bool readable(int fd)
{
	struct pollfd p = { fd, POLLIN, 0 };

	return poll(&p, 1, 0) > 0;
}

/* Either the chain comes back, or the err eventfd tells of the queue. */
static bool await_end(struct safe *s)
{
	uint64_t end = pump_now() + PATIENCE_MS;

	while (pump_now() < end) {
		if (s->ring->ops->ready(s->ring))
			return true;
		if (readable(s->ring->err))
			return false;
		/* One left unread would keep the screen from being served. */
		if (pump_until_readable(s->ring->call, 1))
			ring_calls(s->ring);
	}
	FAIL("the chain did not come back, and the queue did not stop");
}

static enum safe_end end_of_chain(struct safe *s)
{
	struct virtio_gpu_ctrl_hdr hdr;
	struct used u;

	s->ring->ops->take(s->ring, &u);
	s->booked = u.id < s->ring->num && s->ring->chains[u.id].busy;
	if (s->booked)
		ring_settle(s->ring, u.id);
	s->id = u.id;
	s->used = u.len;
	if (!u.len) {
		trail_answer("came back with used length 0");
		return SAFE_EMPTY;
	}
	guard_allow(s->d->ram, s->response,
		    u.len < SAFE_RESPONSE ? u.len : SAFE_RESPONSE);
	ram_read(s->d->ram, s->response, &hdr, sizeof(hdr));
	s->type = hdr.type;
	trail_answer("%s, used %u", reply_name(hdr.type), u.len);
	if (u.len == sizeof(hdr) && reply_is_error(hdr.type))
		return SAFE_ERROR;
	return SAFE_REPLIED;
}

static void check_time(struct safe *s)
{
	uint64_t spent = program_vitals(s->d->program).cpu_us -
			 s->before.cpu_us;

	if (spent > CPU_MS * 1000ull)
		FAIL("the device spent %llu us of CPU time on it",
		     (unsigned long long)spent);
}

static unsigned other_queue(const struct safe *s)
{
	return s->ring == s->d->control ? CURSORQ : CONTROLQ;
}

/* Where a packed ring goes on is known if its books say what the slots held. */
static bool goes_on(const struct safe *s, enum safe_end end)
{
	return end != SAFE_STOPPED &&
	       (s->booked || s->ring->ops == &ring_split);
}

/* The queues work that should, and nobody is busy for nothing. */
static void check_rest(struct safe *s, enum safe_end end)
{
	driver_check_ram(s->d);
	driver_expect_answer(s->d, other_queue(s));
	if (goes_on(s, end))
		driver_expect_answer(s->d, s->ring->index);
	check_time(s);
}

static void check_reset(struct safe *s)
{
	driver_reset(s->d);
	ring_errors(s->ring);
	driver_expect_alive(s->d);
}

static void release(struct safe *s)
{
	ram_release(s->d->ram, s->request);
	ram_release(s->d->ram, s->response);
}

static enum safe_end finish(struct safe *s)
{
	enum safe_end end;

	trail_step("what comes of it?");
	if (await_end(s)) {
		end = end_of_chain(s);
	} else {
		end = SAFE_STOPPED;
		trail_answer("the queue stopped");
	}
	snprintf(s->printed, sizeof(s->printed), "%s",
		 program_output(s->d->program) + s->printed_before);
	check_rest(s, end);
	/* Legal, or taken for it: nothing has to be put right. */
	if (end != SAFE_REPLIED || !goes_on(s, end))
		check_reset(s);
	release(s);
	return end;
}

static void judge(enum safe_end end, unsigned allowed)
{
	if (!(end & (suite_portable() ? SAFE_ANY : allowed)))
		FAIL("that end is not allowed here: %u, not in %u", end,
		     allowed);
}

enum safe_end safe_finish(struct safe *s, unsigned allowed)
{
	enum safe_end end = finish(s);

	if (end == SAFE_REPLIED)
		FAIL("it was used as if it were legal");
	judge(end, allowed);
	return end;
}

enum safe_end safe_finish_or_reply(struct safe *s, unsigned allowed)
{
	enum safe_end end = finish(s);

	if (end != SAFE_REPLIED)
		judge(end, allowed);
	return end;
}

void safe_finish_served(struct safe *s)
{
	finish(s);
	if (s->used != SAFE_RESPONSE ||
	    s->type != VIRTIO_GPU_RESP_OK_DISPLAY_INFO)
		FAIL("expected the whole response, used %u; got used %u, %s",
		     SAFE_RESPONSE, s->used,
		     s->used ? reply_name(s->type) : "no header");
}

/* The second answer of the other queue comes when it has seen to this one. */
void safe_finish_anyhow(struct safe *s)
{
	struct ring *r = s->ring;
	struct driver *d = s->d;

	d->guarded = false;
	driver_expect_answer(d, other_queue(s));
	driver_expect_answer(d, other_queue(s));
	frontend_settle(d->fe);
	check_time(s);
	frontend_get_base(d->fe, r->index);
	guard_allow(d->ram, r->desc, r->ops->desc_size(r->num));
	guard_allow(d->ram, r->driver, r->ops->driver_size(r->num));
	guard_allow(d->ram, r->device, r->ops->device_size(r->num));
	driver_check_ram(d);
	d->guarded = true;
	check_reset(s);
	release(s);
	/* The next garbage may name any descriptor: none of these chains'. */
	driver_reset(d);
}

void safe_place_ring(struct driver *d, const struct message *addr)
{
	if (!suite_portable())
		frontend_tell(d->fe, addr);
	else if (frontend_try(d->fe, addr) == HUNG_UP)
		suite_skip("it hangs up on such a ring");
}

/* It may make garbage of it, and hang up in the end. */
static void await_hang_up(struct frontend *fe, const struct ring *r)
{
	struct message m = message_state(VU_SET_VRING_ENABLE, r->index, 1);

	for (unsigned i = 0; i < 2; i++)
		if (frontend_try(fe, &m) == HUNG_UP)
			suite_skip("it hangs up on such a ring");
}

void safe_expect_no_start(struct driver *d, struct ring *r)
{
	struct message kick = message_vring_fd(VU_SET_VRING_KICK, r->index,
					       r->kick);
	enum outcome o;

	ring_errors(r);
	o = frontend_try(d->fe, &kick);
	if (suite_portable() && o == HUNG_UP)
		suite_skip("it hangs up on such a ring");
	if (!suite_portable() && o != REFUSED)
		FAIL("the kick was %s, not refused", outcome_name(o));
	if (!suite_portable() && !ring_errors(r))
		FAIL("the err eventfd says nothing");
	frontend_enable(d->fe, r->index, true);
	ring_kick_now(r);
	if (suite_portable())
		await_hang_up(d->fe, r);
	driver_check_ram(d);
	frontend_get_base(d->fe, r->index);
}
