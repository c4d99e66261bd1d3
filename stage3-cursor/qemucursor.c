/*
 * One message after the other, for each scanout.
 */
#include "qemucursor.h"

#include <string.h>

enum {
	VHOST_USER_GPU_CURSOR_POS = 4,
	VHOST_USER_GPU_CURSOR_POS_HIDE = 5,
	VHOST_USER_GPU_CURSOR_UPDATE = 6,
};

static const struct qemu_kind update_kind = {
	.request = VHOST_USER_GPU_CURSOR_UPDATE,
	.name = "CURSOR_UPDATE",
	.fields = { "scanout", "x", "y", "hot_x", "hot_y" },
};

static const struct qemu_kind pos_kind = {
	.request = VHOST_USER_GPU_CURSOR_POS,
	.name = "CURSOR_POS",
	.fields = { "scanout", "x", "y" },
};

static const struct qemu_kind hide_kind = {
	.request = VHOST_USER_GPU_CURSOR_POS_HIDE,
	.name = "CURSOR_POS_HIDE",
	.fields = { "scanout", "x", "y" },
};

/* It may be sent() before this returns. */
static void send(struct qemupointer *p, struct qemu_message *m)
{
	m->fields[0] = p->scanout;
	m->fields[1] = (uint32_t)p->cursor.x;
	m->fields[2] = (uint32_t)p->cursor.y;
	m->fields[3] = p->cursor.hot_x;
	m->fields[4] = p->cursor.hot_y;
	qemusocket_send(p->owner->socket, m);
}

/* QEMU shows a new image where it says, so no place has to follow it. */
static void tell_image(struct qemupointer *p)
{
	memcpy(p->pixels, p->cursor.pixels, sizeof(p->pixels));
	p->new_image = p->new_place = false;
	send(p, &p->image);
}

static void tell(struct qemupointer *p)
{
	if (!p->owner->socket->open || p->image.busy || p->place.busy ||
	    p->hidden.busy)
		return;
	if (p->new_image && p->cursor.visible) {
		tell_image(p);
	} else if (p->new_place) {
		p->new_place = false;
		send(p, p->cursor.visible ? &p->place : &p->hidden);
	}
}

static void sent(void *arg)
{
	tell(arg);
}

/* ---- from the device ---- */

static void image(void *arg, unsigned scanout, const struct cursor *cursor)
{
	struct qemucursor *qc = arg;
	struct qemupointer *p = &qc->pointers[scanout];

	p->cursor = *cursor;
	p->known = p->new_image = p->new_place = true;
	tell(p);
}

static void move(void *arg, unsigned scanout, const struct cursor *cursor)
{
	struct qemucursor *qc = arg;
	struct qemupointer *p = &qc->pointers[scanout];

	p->cursor.x = cursor->x;
	p->cursor.y = cursor->y;
	p->cursor.visible = cursor->visible;
	p->known = p->new_place = true;
	tell(p);
}

const struct cursor_ops qemucursor_ops = { image, move };

/* ---- a new socket ---- */

/* QEMU still shows what it was told before the guest was reset, say. */
static void opened(void *arg)
{
	struct qemucursor *qc = arg;

	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		struct qemupointer *p = &qc->pointers[i];

		if (!p->known)
			continue;
		p->new_image = p->new_place = true;
		tell(p);
	}
}

static const struct qemu_user cursor_user = { .opened = opened };

void qemucursor_init(struct qemucursor *qc, struct qemusocket *socket)
{
	memset(qc, 0, sizeof(*qc));
	qc->socket = socket;
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		struct qemupointer *p = &qc->pointers[i];

		p->owner = qc;
		p->scanout = i;
		p->image = (struct qemu_message){ .kind = &update_kind,
						  .data = p->pixels,
						  .size = sizeof(p->pixels) };
		p->place.kind = &pos_kind;
		p->hidden.kind = &hide_kind;
		p->image.sent = p->place.sent = p->hidden.sent = sent;
		p->image.arg = p->place.arg = p->hidden.arg = p;
	}
	qemusocket_add_user(socket, &cursor_user, qc);
}
