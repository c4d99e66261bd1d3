/*
 * A scanout's cursor, as a screen has it: what the twin expects (twin.h), and
 * what the device has sent (screen.h). The driver's side is cursorcommands.h.
 *
 * Its image is premultiplied a8r8g8b8: words 0xAARRGGBB. Its position is that of
 * the image's top left; the hot spot has no part in where it is drawn.
 */
#ifndef POINTER_H
#define POINTER_H

#include <stdbool.h>
#include <stdint.h>

struct picture;
struct screen;
struct screen_message;

enum { POINTER_EDGE = 64, POINTER_PIXELS = POINTER_EDGE * POINTER_EDGE };

struct pointer {
	bool has_image, visible;
	int32_t x, y;
	uint32_t hot_x, hot_y;
	uint32_t pixels[POINTER_PIXELS];
};

/*
 * Both hidden, or the same in all that a screen is told. With --portable one
 * that is transparent all over is as good as hidden.
 */
bool pointer_same(const struct pointer *expected, const struct pointer *got);
/* FAILs unless they are the same; `what` they are is told. */
void pointer_expect(const struct pointer *expected, const struct pointer *got,
		    const char *what);

/* A copy of the picture with the pointer drawn over it; NULL is off. */
struct picture *pointer_over(const struct pointer *p,
			     const struct picture *shown);

/*
 * CURSOR_UPDATE, CURSOR_POS and CURSOR_POS_HIDE: takes the message into
 * s->pointers as QEMU does. False: it is of another kind. FAILs where QEMU could
 * not take it.
 */
bool pointer_take(struct screen *s, const struct screen_message *m);

#endif
