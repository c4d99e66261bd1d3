/*
 * From the mailboxes to QEMU.
 */
#include "qemudisplay.h"

#include <string.h>

#include "checked.h"
#include "format.h"
#include "gpu.h"
#include "gpusocket.h"
#include "log.h"

static const struct qemu_kind scanout_kind = {
	.request = VHOST_USER_GPU_SCANOUT,
	.name = "SCANOUT",
	.fields = { "scanout", "width", "height" },
};

static const struct qemu_kind update_kind = {
	.request = VHOST_USER_GPU_UPDATE,
	.name = "UPDATE",
	.fields = { "scanout", "x", "y", "width", "height" },
};

/* ---- one message ---- */

static void prepare_scanout(struct qemuhead *head, const struct frame *frame)
{
	head->scanout.fields[0] = head->index;
	head->scanout.fields[1] = frame->width;
	head->scanout.fields[2] = frame->height;
}

static bool make_room(struct qemuhead *head, const struct virtio_gpu_rect *r)
{
	struct frame *room = &head->room;

	if (rect_pixels(r) <= (uint64_t)room->width * room->height)
		return true;
	frame_free(room);
	return frame_make(room,
			  mailbox_account(&head->display->boxes, head->index),
			  r->width, r->height);
}

/* Rows follow each other without a gap, however wide the picture is. */
static void copy_rows(uint32_t *to, const struct frame *frame,
		      const struct virtio_gpu_rect *r)
{
	const uint32_t *from = frame->pixels + (size_t)r->y * frame->width +
			       r->x;
	size_t row = (size_t)r->width * PIXEL_BYTES;

	if (r->width == frame->width) {
		memcpy(to, from, row * r->height);
		return;
	}
	for (uint32_t y = 0; y < r->height; y++) {
		memcpy(to, from, row);
		to += r->width;
		from += frame->width;
	}
}

static bool prepare_update(struct qemuhead *head, const struct frame *frame,
			   const struct virtio_gpu_rect *r)
{
	if (!make_room(head, r)) {
		guest_error(&head->display->gpu->dev.limit,
			    "no memory to show QEMU a picture of %ux%u",
			    r->width, r->height);
		return false;
	}
	copy_rows(head->room.pixels, frame, r);
	head->update.fields[0] = head->index;
	head->update.fields[1] = r->x;
	head->update.fields[2] = r->y;
	head->update.fields[3] = r->width;
	head->update.fields[4] = r->height;
	head->update.data = head->room.pixels;
	head->update.size = frame_bytes(r->width, r->height);
	return true;
}

/* ---- one scanout ---- */

/*
 * Sends what is in the mailbox, unless the last of it is still on its way.
 *
 * QEMU draws into a fresh surface from SCANOUT on, and shows it with the next
 * UPDATE: never one without the other, or it would lose one surface after
 * another.
 */
static void show(struct qemuhead *head)
{
	struct qemudisplay *qemu = head->display;
	bool resized, dirty = false;
	struct mailbox *box;
	bool on;

	if (!qemu->socket.open || head->scanout.busy || head->update.busy)
		return;
	box = mailbox_open(&qemu->boxes, head->index);
	on = box->frame.width;
	resized = box->resized && (on || head->lit);
	if (resized) {
		prepare_scanout(head, &box->frame);
		frame_free(&head->room); /* of a former size */
	}
	if (on && !rect_empty(&box->damage)) {
		dirty = prepare_update(head, &box->frame, &box->damage);
		head->missed = !dirty;
	}
	mailbox_close(box, true);

	if (resized)
		qemusocket_send(&qemu->socket, &head->scanout);
	if (dirty)
		qemusocket_send(&qemu->socket, &head->update);
	head->lit |= on;
}

/* What was missed is in the mailbox still, though not as news. */
static void wake(void *arg, unsigned scanout)
{
	struct qemudisplay *qemu = arg;
	struct qemuhead *head = &qemu->heads[scanout];

	if (head->missed)
		mailbox_again(&qemu->boxes, scanout);
	show(head);
}

static void sent(void *arg)
{
	show(arg);
}

/* ---- a new socket ---- */

/*
 * QEMU has kept the picture it had, and the guest may have been reset since: so
 * it is told of what is off as well.
 */
static void opened(void *arg)
{
	struct qemudisplay *qemu = arg;

	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		mailbox_again(&qemu->boxes, i);
		show(&qemu->heads[i]);
	}
}

/* What was on its way goes nowhere. */
static void lost(void *arg, enum loss loss)
{
	struct qemudisplay *qemu = arg;

	(void)loss;
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		frame_free(&qemu->heads[i].room);
}

static const struct qemu_user display_user = { .opened = opened, .lost = lost };

/* Only vhost-user-gpu-pci sends one, before the rings are started. */
static void start(void *arg)
{
	struct qemudisplay *qemu = arg;

	if (qemu->gpusocket->fd < 0)
		guest_error(&qemu->gpu->dev.limit,
			    "--display=qemu: this front end has no display");
}

/* The next front end's screens have shown nothing of ours. */
static void hang_up(void *arg)
{
	struct qemudisplay *qemu = arg;

	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		qemu->heads[i].lit = false;
}

static const struct device_part display_part = {
	.start = start,
	.hang_up = hang_up,
};

/* ---- start and end ---- */

/* The one sign of --resolution: a size that is not the usual one. */
static void mind_resolution(const struct gpu *gpu)
{
	if (gpu->output[0].width != 1280 || gpu->output[0].height != 800)
		warn("--display=qemu: how large its windows are is up to "
		     "QEMU, not to --resolution");
}

static const char *open_display(void *arg, const char *value)
{
	struct qemudisplay *qemu = arg;

	(void)value;
	mind_resolution(qemu->gpu);
	device_add_part(&qemu->gpu->dev, &display_part, qemu);
	qemumonitors_open(&qemu->monitors);
	qemusocket_take_over(&qemu->socket);
	return NULL;
}

static void close_display(void *arg)
{
	struct qemudisplay *qemu = arg;

	qemumonitors_close(&qemu->monitors);
	mailboxes_free(&qemu->boxes);
}

static const struct display_kind kind = {
	.name = "qemu",
	.ops = &mailbox_ops,
	.copies = 2, /* in the mailbox, and on its way */
	.open = open_display,
	.close = close_display,
};

static void init_head(struct qemudisplay *qemu, unsigned i)
{
	struct qemuhead *head = &qemu->heads[i];

	head->display = qemu;
	head->index = i;
	head->scanout.kind = &scanout_kind;
	head->update.kind = &update_kind;
	head->scanout.sent = head->update.sent = sent;
	head->scanout.arg = head->update.arg = head;
}

void qemudisplay_add(struct qemudisplay *qemu, struct display *display,
		     struct gpu *gpu, struct gpusocket *socket,
		     struct monitors *monitors)
{
	*qemu = (struct qemudisplay){
		.kind = kind,
		.gpu = gpu,
		.gpusocket = socket,
	};
	qemu->kind.ops_arg = &qemu->boxes;
	qemu->kind.arg = qemu;
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		init_head(qemu, i);
	mailboxes_init(&qemu->boxes, wake, qemu);
	qemusocket_init(&qemu->socket, socket, &gpu->dev);
	qemumonitors_init(&qemu->monitors, gpu, monitors, &qemu->socket);
	qemusocket_add_user(&qemu->socket, &display_user, qemu);
	display_add(display, &qemu->kind);
}
