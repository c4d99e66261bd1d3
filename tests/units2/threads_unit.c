/*
 * The mailbox between two threads that do as they like.
 */
#include <sched.h>
#include <pthread.h>
#include <semaphore.h>
#include <string.h>

#include "units.h"

enum { WIDTH = 40, HEIGHT = 30, SCANOUTS = VIRTIO_GPU_MAX_SCANOUTS };

/* Who shows pictures: takes once for each wake, and never looks otherwise. */
struct viewer {
	struct mailboxes boxes;
	sem_t woken[SCANOUTS];
	struct frame own[SCANOUTS];
};

static void post(void *arg, unsigned scanout)
{
	struct viewer *v = arg;

	sem_post(&v->woken[scanout]);
}

static void viewer_init(struct viewer *v)
{
	memset(v, 0, sizeof(*v));
	for (unsigned i = 0; i < SCANOUTS; i++)
		sem_init(&v->woken[i], 0, 0);
	mailboxes_init(&v->boxes, post, v);
}

static void viewer_free(struct viewer *v)
{
	for (unsigned i = 0; i < SCANOUTS; i++) {
		sem_destroy(&v->woken[i]);
		frame_free(&v->own[i]);
	}
	mailboxes_free(&v->boxes);
}

enum { PICTURES = 20000 };

static void *show_colours(void *arg)
{
	struct picture *p = picture_new(WIDTH, HEIGHT);
	struct virtio_gpu_rect all = picture_all(p);

	for (uint32_t colour = 1; colour <= PICTURES; colour++) {
		picture_fill(p, colour);
		picture_show(p, &all, &mailbox_ops, arg, 0);
	}
	picture_free(p);
	return NULL;
}

/* All of one picture, and a newer one each time. */
static void expect_one_colour(const struct frame *frame, uint32_t *last)
{
	uint32_t colour = frame->pixels[0];

	ck_assert_uint_ge(colour, *last);
	for (size_t i = 0; i < WIDTH * HEIGHT; i++)
		ck_assert_uint_eq(frame->pixels[i], colour);
	*last = colour;
}

/*
 * A wake that were lost would leave the last picture where it is and the test
 * waiting for ever.
 */
START_TEST(no_wake_is_lost_and_no_frame_torn)
{
	struct viewer v;
	struct virtio_gpu_rect damage;
	pthread_t guest;
	uint32_t last = 0;

	viewer_init(&v);
	mailbox_ops.scanout(&v.boxes, 0, WIDTH, HEIGHT);
	pthread_create(&guest, NULL, show_colours, &v.boxes);
	while (last < PICTURES) {
		sem_wait(&v.woken[0]);
		ck_assert(mailbox_take(&v.boxes, 0, &v.own[0], &damage));
		expect_one_colour(&v.own[0], &last);
		for (unsigned n = draw(3); n; n--)
			sched_yield();
	}
	pthread_join(guest, NULL);
	viewer_free(&v);
}
END_TEST

/* One scanout of many, on the guest's side. */
struct head {
	struct viewer *v;
	struct picture *p[SCANOUTS]; /* NULL: off */
	unsigned updates;
	bool done;
};

static void change_size(struct head *h, unsigned scanout)
{
	struct picture *p = h->p[scanout];

	if (p)
		picture_free(p);
	p = draw(3) ? picture_new(1 + draw(WIDTH), 1 + draw(HEIGHT)) : NULL;
	h->p[scanout] = p;
	mailbox_ops.scanout(&h->v->boxes, scanout, p ? p->res.width : 0,
			    p ? p->res.height : 0);
}

static void *show_anything(void *arg)
{
	struct head *h = arg;

	for (unsigned n = 0; n < h->updates; n++) {
		unsigned scanout = draw(SCANOUTS);
		struct picture *p = h->p[scanout];
		struct virtio_gpu_rect r;

		if (!draw(50))
			change_size(h, scanout);
		else if (p) {
			r = picture_part(p);
			picture_draw(p, &r);
			picture_show(p, &r, &mailbox_ops, &h->v->boxes,
				     scanout);
		}
	}
	__atomic_store_n(&h->done, true, __ATOMIC_RELEASE);
	return NULL;
}

static void expect_all_shown(struct head *h)
{
	for (unsigned i = 0; i < SCANOUTS; i++) {
		if (h->p[i]) {
			expect_shown(h->p[i], &h->v->own[i]);
			picture_free(h->p[i]);
		} else {
			ck_assert_uint_eq(h->v->own[i].width, 0);
		}
	}
}

START_TEST(what_was_taken_is_what_was_shown)
{
	struct viewer v;
	struct virtio_gpu_rect damage;
	struct head h = { .v = &v, .updates = 100000 };
	pthread_t guest;
	bool done;

	viewer_init(&v);
	pthread_create(&guest, NULL, show_anything, &h);
	do {
		done = __atomic_load_n(&h.done, __ATOMIC_ACQUIRE);
		for (unsigned i = 0; i < SCANOUTS; i++)
			while (!sem_trywait(&v.woken[i]))
				mailbox_take(&v.boxes, i, &v.own[i], &damage);
	} while (!done);
	pthread_join(guest, NULL);
	expect_all_shown(&h);
	viewer_free(&v);
}
END_TEST

Suite *threads_units(void)
{
	Suite *suite = suite_create("threads");
	TCase *two = tcase_create("threads");

	tcase_add_test(two, no_wake_is_lost_and_no_frame_torn);
	tcase_add_test(two, what_was_taken_is_what_was_shown);
	tcase_set_timeout(two, 120);
	suite_add_tcase(suite, two);
	return suite;
}
