/*
 * Both sides of the mailboxes.
 */
#include "mailbox.h"

#include <string.h>

#include "checked.h"
#include "format.h"

static struct virtio_gpu_rect whole(const struct frame *frame)
{
	return (struct virtio_gpu_rect){ .width = frame->width,
					 .height = frame->height };
}

/* Black. Without the memory it is an empty frame: nothing is shown there. */
static void resize(struct mailbox *box, struct frame *frame, uint32_t width,
		   uint32_t height, struct log_limit *limit)
{
	frame_free(frame);
	if (width && !frame_make(frame, &box->account, width, height))
		guest_error(limit, "no memory for a picture of %ux%u", width,
			    height);
}

static bool is_news(const struct mailbox *box)
{
	return box->resized || !rect_empty(&box->damage);
}

/* ---- the device's side ---- */

/* Wakes outside the lock: who wakes may take at once, on this very thread. */
static void deliver(struct mailboxes *boxes, unsigned scanout, bool was_news)
{
	pthread_mutex_unlock(&boxes->box[scanout].lock);
	if (!was_news && boxes->wake)
		boxes->wake(boxes->wake_arg, scanout);
}

static void mailbox_scanout(void *arg, unsigned scanout, uint32_t width,
			    uint32_t height)
{
	struct mailboxes *boxes = arg;
	struct mailbox *box = &boxes->box[scanout];
	bool was_news;

	pthread_mutex_lock(&box->lock);
	was_news = is_news(box);
	resize(box, &box->frame, width, height, &boxes->device_limit);
	box->damage = whole(&box->frame);
	box->resized = true;
	deliver(boxes, scanout, was_news && width);
}

static void mailbox_update(void *arg, unsigned scanout,
			   const struct virtio_gpu_rect *r,
			   const struct view *view)
{
	struct mailboxes *boxes = arg;
	struct mailbox *box = &boxes->box[scanout];
	size_t width;
	bool was_news;

	pthread_mutex_lock(&box->lock);
	was_news = is_news(box);
	width = box->frame.width;
	if (rect_inside(r, box->frame.width, box->frame.height)) {
		view_read(view, r, box->frame.pixels + r->y * width + r->x,
			  width * PIXEL_BYTES);
		box->damage = rect_union(&box->damage, r);
	}
	deliver(boxes, scanout, was_news || !is_news(box));
}

static uint64_t mailbox_held(void *arg, unsigned scanout)
{
	return account_bytes(mailbox_account(arg, scanout));
}

const struct display_ops mailbox_ops = {
	.scanout = mailbox_scanout,
	.update = mailbox_update,
	.held = mailbox_held,
};

/* ---- the other side ---- */

struct mailbox *mailbox_open(struct mailboxes *boxes, unsigned scanout)
{
	pthread_mutex_lock(&boxes->box[scanout].lock);
	return &boxes->box[scanout];
}

void mailbox_close(struct mailbox *box, bool taken)
{
	if (taken) {
		box->damage = (struct virtio_gpu_rect){ 0 };
		box->resized = false;
	}
	pthread_mutex_unlock(&box->lock);
}

struct account *mailbox_account(struct mailboxes *boxes, unsigned scanout)
{
	return &boxes->box[scanout].account;
}

bool mailbox_is_off(struct mailboxes *boxes, unsigned scanout)
{
	struct mailbox *box = mailbox_open(boxes, scanout);
	bool off = !box->frame.width;

	mailbox_close(box, false);
	return off;
}

void mailbox_again(struct mailboxes *boxes, unsigned scanout)
{
	struct mailbox *box = mailbox_open(boxes, scanout);
	bool was_news = is_news(box);

	box->damage = whole(&box->frame);
	box->resized = true;
	deliver(boxes, scanout, was_news);
}

static void copy_damage(struct frame *own, const struct mailbox *box)
{
	const struct virtio_gpu_rect *r = &box->damage;
	size_t width = own->width;

	if (r->width == width) {
		memcpy(own->pixels + r->y * width,
		       box->frame.pixels + r->y * width,
		       frame_bytes(r->width, r->height));
		return;
	}
	for (uint32_t y = r->y; y < r->y + r->height; y++)
		memcpy(own->pixels + y * width + r->x,
		       box->frame.pixels + y * width + r->x,
		       r->width * PIXEL_BYTES);
}

bool mailbox_take(struct mailboxes *boxes, unsigned scanout, struct frame *own,
		  struct virtio_gpu_rect *damage)
{
	struct mailbox *box = mailbox_open(boxes, scanout);
	bool news = is_news(box);

	/* Without the memory for it, also at a later try, it is new all over. */
	if (own->width != box->frame.width ||
	    own->height != box->frame.height) {
		resize(box, own, box->frame.width, box->frame.height,
		       &boxes->taker_limit);
		box->damage = whole(&box->frame);
	}
	*damage = (struct virtio_gpu_rect){ 0 };
	if (own->width) {
		*damage = box->damage;
		copy_damage(own, box);
	}
	mailbox_close(box, true);
	return news;
}

void mailboxes_init(struct mailboxes *boxes,
		    void (*wake)(void *arg, unsigned scanout), void *wake_arg)
{
	*boxes = (struct mailboxes){ .wake = wake, .wake_arg = wake_arg };
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		pthread_mutex_init(&boxes->box[i].lock, NULL);
}

void mailboxes_free(struct mailboxes *boxes)
{
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		frame_free(&boxes->box[i].frame);
		pthread_mutex_destroy(&boxes->box[i].lock);
	}
}
