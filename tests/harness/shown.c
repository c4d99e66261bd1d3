/*
 * What the screen shows: SCANOUT and UPDATE messages made into pictures, as
 * QEMU makes them into a surface each. Cursors are in pointer.c. See screen.h.
 */
#include "screen.h"

#include <stdlib.h>
#include <string.h>

#include "picture.h"
#include "trail.h"

static struct picture **picture_of(struct screen *s, uint32_t scanout)
{
	if (scanout >= VIRTIO_GPU_MAX_SCANOUTS)
		FAIL("the screen got something for scanout %u", scanout);
	return &s->pictures[scanout];
}

/* 0x0 turns it off; whatever the size, the old picture is gone. */
static void take_scanout(struct screen *s, const struct screen_message *m)
{
	const struct screen_scanout *to = &m->scanout;
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
	const struct screen_update *to = &m->update;
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

static bool take(struct screen *s, const struct screen_message *m)
{
	if (m->request == SCREEN_SCANOUT)
		take_scanout(s, m);
	else if (m->request == SCREEN_UPDATE)
		take_update(s, m);
	else
		return pointer_take(s, m);
	return true;
}

/* Takes those kinds of messages out of what is kept. */
void screen_look(struct screen *s)
{
	struct screen_message **at = &s->first, *m;

	while ((m = *at)) {
		if (!take(s, m)) {
			at = &m->next;
			continue;
		}
		*at = m->next;
		free(m);
	}
	s->last = at;
}

void screen_expect_scanout(struct screen *s, uint32_t scanout, uint32_t width,
			   uint32_t height)
{
	struct screen_message *m = screen_await(s, SCREEN_SCANOUT);
	const struct screen_scanout *got = &m->scanout;

	if (m->size != sizeof(*got) || got->scanout != scanout ||
	    got->width != width || got->height != height)
		FAIL("expected SCANOUT %u, %ux%u, of 12 bytes; got %u, %ux%u, "
		     "of %u",
		     scanout, width, height, got->scanout, got->width,
		     got->height, m->size);
	free(m);
}

static void expect_rect(const struct screen_message *m, uint32_t scanout,
			const struct virtio_gpu_rect *r)
{
	const struct screen_update *got = &m->update;

	if (got->scanout != scanout || memcmp(&got->r, r, sizeof(*r)))
		FAIL("expected UPDATE %u, %ux%u+%u+%u; got %u, %ux%u+%u+%u",
		     scanout, r->width, r->height, r->x, r->y, got->scanout,
		     got->r.width, got->r.height, got->r.x, got->r.y);
	if (m->size != sizeof(*got) + r->width * r->height * 4)
		FAIL("an UPDATE of %ux%u has %u bytes", r->width, r->height,
		     m->size);
}

void screen_expect_update(struct screen *s, uint32_t scanout,
			  struct virtio_gpu_rect r, const struct picture *shown)
{
	struct screen_message *m = screen_await(s, SCREEN_UPDATE);
	struct picture *got = picture_new(shown->width, shown->height);

	expect_rect(m, scanout, &r);
	memcpy(got->pixels, shown->pixels,
	       (size_t)got->width * got->height * sizeof(*got->pixels));
	picture_put(got, &r, m->update.pixels);
	picture_expect(shown, got, "what UPDATE brings");
	picture_free(got);
	free(m);
}
