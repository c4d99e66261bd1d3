/*
 * What the screen shows: SCANOUT and UPDATE messages made into pictures, as
 * QEMU makes them into a surface each. See screen.h.
 */
#include "screen.h"

#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "trail.h"

struct scanout_message {
	uint32_t scanout, width, height;
};

struct update_message {
	uint32_t scanout;
	struct virtio_gpu_rect r;
	uint32_t pixels[];
};

static struct picture **picture_of(struct screen *s, uint32_t scanout)
{
	if (scanout >= VIRTIO_GPU_MAX_SCANOUTS)
		FAIL("the screen got something for scanout %u", scanout);
	return &s->pictures[scanout];
}

/* 0x0 turns it off; whatever the size, the old picture is gone. */
static void take_scanout(struct screen *s, const struct screen_message *m)
{
	const struct scanout_message *to = (const void *)m->payload;
	struct picture **p;

	if (m->size != sizeof(*to))
		FAIL("the screen got SCANOUT with %u bytes", m->size);
	p = picture_of(s, to->scanout);
	if (!to->width != !to->height)
		FAIL("the screen got SCANOUT with %ux%u", to->width,
		     to->height);
	picture_free(*p);
	*p = to->width ? picture_new(to->width, to->height) : NULL;
}

/* An UPDATE of a scanout that is off makes QEMU crash. */
static void take_update(struct screen *s, const struct screen_message *m)
{
	const struct update_message *to = (const void *)m->payload;
	struct picture **p;

	if (m->size < sizeof(*to) ||
	    (m->size - sizeof(*to)) / 4 != (uint64_t)to->r.width * to->r.height)
		FAIL("the screen got UPDATE with %u bytes", m->size);
	p = picture_of(s, to->scanout);
	if (!*p)
		FAIL("the screen got UPDATE of scanout %u, which is off",
		     to->scanout);
	picture_put(*p, &to->r, to->pixels);
	s->updates++;
}

/* Takes those two kinds of messages out of what is kept. */
void screen_look(struct screen *s)
{
	struct screen_message **at = &s->first, *m;

	while ((m = *at)) {
		if (m->request == SCREEN_SCANOUT)
			take_scanout(s, m);
		else if (m->request == SCREEN_UPDATE)
			take_update(s, m);
		if (m->request != SCREEN_SCANOUT &&
		    m->request != SCREEN_UPDATE) {
			at = &m->next;
			continue;
		}
		*at = m->next;
		free(m);
	}
	s->last = at;
}
