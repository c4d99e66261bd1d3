/*
 * Both sides of the overlay.
 */
#include "cursoroverlay.h"

#include <string.h>

#include "mailbox.h"

/* ---- the device's thread ---- */

/* As with mailboxes: who is to take something already needs no second call. */
static void put(struct cursoroverlay *overlay, unsigned scanout,
		const struct cursor *cursor, bool redrawn)
{
	bool was_news;

	if (overlay->unseen)
		return;
	pthread_mutex_lock(&overlay->lock);
	was_news = overlay->of[scanout].moved;
	if (redrawn)
		overlay->of[scanout].cursor = *cursor;
	overlay->of[scanout].cursor.x = cursor->x;
	overlay->of[scanout].cursor.y = cursor->y;
	overlay->of[scanout].cursor.visible = cursor->visible;
	overlay->of[scanout].moved = true;
	overlay->of[scanout].redrawn |= redrawn;
	pthread_mutex_unlock(&overlay->lock);
	if (!was_news)
		overlay->boxes->wake(overlay->boxes->wake_arg, scanout);
}

static void image(void *arg, unsigned scanout, const struct cursor *cursor)
{
	put(arg, scanout, cursor, true);
}

static void move(void *arg, unsigned scanout, const struct cursor *cursor)
{
	put(arg, scanout, cursor, false);
}

const struct cursor_ops cursoroverlay_ops = { image, move };

static struct overlay overlay_of(const struct cursor *cursor,
				 const uint32_t *pixels)
{
	return (struct overlay){
		.width = cursor->visible ? CURSOR_SIZE : 0,
		.height = cursor->visible ? CURSOR_SIZE : 0,
		.x = cursor->x,
		.y = cursor->y,
		.pixels = pixels,
	};
}

static bool latest(void *arg, unsigned scanout, struct overlay *over)
{
	struct cursoroverlay *overlay = arg;
	const struct cursor *cursor = &overlay->of[scanout].cursor;
	bool news;

	pthread_mutex_lock(&overlay->lock);
	*over = overlay_of(cursor, cursor->pixels);
	news = overlay->of[scanout].moved;
	pthread_mutex_unlock(&overlay->lock);
	return news;
}

/* ---- the thread of who shows it ---- */

static bool take(void *arg, unsigned scanout, struct overlay *over)
{
	struct cursoroverlay *overlay = arg;
	const struct cursor *cursor = &overlay->of[scanout].cursor;
	uint32_t *pixels = overlay->of[scanout].taken;
	bool news;

	pthread_mutex_lock(&overlay->lock);
	news = overlay->of[scanout].moved;
	if (overlay->of[scanout].redrawn)
		memcpy(pixels, cursor->pixels, sizeof(cursor->pixels));
	if (news)
		*over = overlay_of(cursor, pixels);
	overlay->of[scanout].moved = overlay->of[scanout].redrawn = false;
	pthread_mutex_unlock(&overlay->lock);
	return news;
}

static bool reaches(int32_t start, uint32_t room)
{
	return start > -CURSOR_SIZE && start < (int64_t)room;
}

bool cursoroverlay_shows(struct cursoroverlay *overlay, unsigned scanout,
			 uint32_t width, uint32_t height)
{
	const struct cursor *cursor = &overlay->of[scanout].cursor;
	bool shown;

	pthread_mutex_lock(&overlay->lock);
	shown = cursor->visible && reaches(cursor->x, width) &&
		reaches(cursor->y, height);
	pthread_mutex_unlock(&overlay->lock);
	return shown;
}

void cursoroverlay_init(struct cursoroverlay *overlay,
			struct overlay_sources *sources,
			struct mailboxes *boxes)
{
	memset(overlay, 0, sizeof(*overlay));
	overlay->boxes = boxes;
	pthread_mutex_init(&overlay->lock, NULL);
	overlays_add(sources,
		     &(struct overlay_source){ take, overlay, latest });
}

void cursoroverlay_free(struct cursoroverlay *overlay)
{
	pthread_mutex_destroy(&overlay->lock);
}
