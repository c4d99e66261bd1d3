/*
 * The uplink: events arrive in order, and none is lost, however many there are.
 */
#include <pthread.h>
#include <sched.h>

#include "loop.h"
#include "uplink.h"
#include "units.h"

enum { EVENTS = 10000, SENDERS = 3, STOP = 99 };

/* A loop with an uplink, and what arrived there. */
struct receiver {
	struct loop *loop;
	struct uplink uplink;
	int32_t next[SENDERS];
	unsigned senders; /* that are not done */
};

/* Who sends: `count` events that say how many there were before. */
struct sender {
	struct receiver *to;
	uint32_t id;
	int32_t count;
	int32_t sent; /* so far: atomic */
	pthread_t thread;
};

static void receive(void *arg, const struct uplink_event *event)
{
	struct receiver *r = arg;

	if (event->what == STOP) {
		if (!--r->senders)
			loop_stop(r->loop);
		return;
	}
	ck_assert_int_eq(event->a, r->next[event->what]++);
	ck_assert_int_eq(event->b, ~event->a);
	ck_assert_int_eq(event->c, -7);
}

static void *send_all(void *arg)
{
	struct sender *s = arg;
	struct uplink_event event = { receive, s->to, s->id, 0, 0, -7 };

	for (int32_t i = 0; i < s->count; i++) {
		event.a = i;
		event.b = ~i;
		uplink_send(&s->to->uplink, &event);
		__atomic_add_fetch(&s->sent, 1, __ATOMIC_RELEASE);
	}
	event.what = STOP;
	uplink_send(&s->to->uplink, &event);
	return NULL;
}

static void start(struct receiver *r, struct sender *senders, unsigned n,
		  int32_t count)
{
	*r = (struct receiver){ .loop = loop_new(), .senders = n };
	uplink_init(&r->uplink, r->loop);
	for (unsigned i = 0; i < n; i++) {
		senders[i] =
			(struct sender){ .to = r, .id = i, .count = count };
		pthread_create(&senders[i].thread, NULL, send_all, &senders[i]);
	}
}

static void end(struct receiver *r, struct sender *senders, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		pthread_join(senders[i].thread, NULL);
	uplink_free(&r->uplink);
	loop_free(r->loop);
}

/* Runs until all have been heard to their end. */
static void receive_all(struct receiver *r, struct sender *senders, unsigned n)
{
	loop_run(r->loop);
	for (unsigned i = 0; i < n; i++)
		ck_assert_int_eq(r->next[i], senders[i].count);
	end(r, senders, n);
}

static int32_t sent_by(const struct sender *senders, unsigned n)
{
	int32_t sent = 0;

	for (unsigned i = 0; i < n; i++)
		sent += __atomic_load_n(&senders[i].sent, __ATOMIC_ACQUIRE);
	return sent;
}

static void wait_until_full(const struct sender *senders, unsigned n)
{
	while (sent_by(senders, n) < UPLINK_ROOM)
		sched_yield();
}

START_TEST(events_keep_their_order)
{
	struct receiver r;
	struct sender s;

	start(&r, &s, 1, EVENTS);
	receive_all(&r, &s, 1);
}
END_TEST

START_TEST(each_sender_has_its_own_order)
{
	struct receiver r;
	struct sender s[SENDERS];

	start(&r, s, SENDERS, EVENTS);
	receive_all(&r, s, SENDERS);
}
END_TEST

/* Nobody listens yet: as many as there is room for are sent without waiting. */
START_TEST(a_full_uplink_waits_and_loses_nothing)
{
	struct receiver r;
	struct sender s;

	start(&r, &s, 1, 3 * UPLINK_ROOM);
	wait_until_full(&s, 1);
	for (unsigned i = 0; i < 1000; i++)
		sched_yield();
	ck_assert_int_eq(sent_by(&s, 1), UPLINK_ROOM);
	receive_all(&r, &s, 1);
}
END_TEST

START_TEST(nobody_waits_for_a_closed_one)
{
	struct receiver r;
	struct sender s[SENDERS];

	start(&r, s, SENDERS, 3 * UPLINK_ROOM);
	wait_until_full(s, SENDERS);
	uplink_close(&r.uplink);
	end(&r, s, SENDERS);
}
END_TEST

Suite *uplink_units(void)
{
	Suite *suite = suite_create("uplink");
	TCase *tests = tcase_create("uplink");

	tcase_add_test(tests, events_keep_their_order);
	tcase_add_test(tests, each_sender_has_its_own_order);
	tcase_add_test(tests, a_full_uplink_waits_and_loses_nothing);
	tcase_add_test(tests, nobody_waits_for_a_closed_one);
	tcase_set_timeout(tests, 120);
	suite_add_tcase(suite, tests);
	return suite;
}
