/*
 * cursor - the cursor plane of the first monitor: three cursors, led over a
 * coloured picture to its middle, over its edges and out of it.
 *
 * All that is drawn lies in dumb buffers, as in any display program. The driver
 * makes B8G8R8X8 resources of them, the cursors' too: that the fourth byte is
 * alpha follows from the plane alone. It takes the position as that of the
 * image's top left, and passes the hot spot on beside it.
 *
 * The ioctls are the old ones: an atomic client would see no cursor plane before
 * it says what it knows of hot spots, from Linux 6.6 on.
 */
#include "canvas.h"
#include "kms.h"
#include "pointers.h"

#include <err.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	PACE = 15,	  /* milliseconds from move to move */
	STEPS = 25,	  /* from one place to the next */
	CHECK = 16,	  /* side of a square of the board in the middle, ... */
	BOARD_WIDTH = 14, /* ... whose size is in squares */
	BOARD_HEIGHT = 10,
	CROSS = 60 /* length of each arm, from where the arrow shall point */
};

/* Each says in halves of the screen, and in pixels from there, where the top left
 * of which cursor goes. */
static const struct place {
	const char *name;
	enum pointer_kind kind;
	int right, down, x, y;
} places[] = {
	{ "middle", POINTER_ARROW, 1, 1, -20, -12 },
	{ "ramps", POINTER_RAMPS, 1, 1, -32, -32 },
	{ "top-left", POINTER_FRAME, 0, 0, -24, -40 },
	{ "top-right", POINTER_FRAME, 2, 0, -40, -24 },
	{ "bottom-right", POINTER_FRAME, 2, 2, -24, -40 },
	{ "bottom-left", POINTER_FRAME, 0, 2, -40, -16 },
	{ "one-pixel", POINTER_FRAME, 0, 0, -63, -63 },
	{ "outside", POINTER_FRAME, 2, 1, 0, 0 },
};

enum { PLACES = sizeof(places) / sizeof(places[0]) };

struct pointing {
	struct kms kms;
	struct picture screen;
	struct cursor {
		struct picture picture;
		int32_t hot_x, hot_y;
	} cursors[POINTER_KINDS];
	enum pointer_kind kind; /* the one that is shown ... */
	int32_t x, y;		/* ... and its top left */
};

/* The host's turn: it answers with a line when it has seen the picture. */
static void picture_done(const char *name)
{
	char line[80];

	printf("guest: look %s\n", name);
	fflush(stdout);
	if (!fgets(line, sizeof(line), stdin))
		exit(0);
}

/* ---- pictures ---- */

static void draw_board(const struct canvas *on)
{
	int x = (int)on->width / 2, y = (int)on->height / 2;

	for (int i = 0; i < BOARD_WIDTH * BOARD_HEIGHT; i++) {
		int column = i % BOARD_WIDTH, row = i / BOARD_WIDTH;

		canvas_fill(on, x + (column - BOARD_WIDTH / 2) * CHECK,
			    y + (row - BOARD_HEIGHT / 2) * CHECK, CHECK, CHECK,
			    (column + row) % 2 ? 0xf0f0f0 : 0x90c8e0);
	}
	canvas_fill(on, x - CROSS, y, 2 * CROSS + 1, 1, 0x000000);
	canvas_fill(on, x, y - CROSS, 1, 2 * CROSS + 1, 0x000000);
}

static void make_pictures(struct pointing *p)
{
	unsigned width = p->kms.mode.hdisplay, height = p->kms.mode.vdisplay;
	struct canvas canvas;

	canvas.stride = kms_dumb(&p->kms, &p->screen, width, height) / 4;
	canvas.pixels = p->screen.pixels;
	canvas.width = width;
	canvas.height = height;
	card_draw(&canvas, NULL);
	draw_board(&canvas);
	for (unsigned kind = 0; kind < POINTER_KINDS; kind++) {
		struct cursor *cursor = &p->cursors[kind];

		kms_dumb(&p->kms, &cursor->picture, POINTER_SIZE, POINTER_SIZE);
		pointer_draw(kind, cursor->picture.pixels, &cursor->hot_x,
			     &cursor->hot_y);
	}
}

/* ---- moving ---- */

/* The image may be another one in the same step: no picture lies between. */
static void place(struct pointing *p, enum pointer_kind kind, bool new_image)
{
	struct cursor *cursor = &p->cursors[kind];

	if (new_image)
		kms_cursor(&p->kms, &cursor->picture, p->x, p->y, cursor->hot_x,
			   cursor->hot_y);
	else
		kms_cursor_move(&p->kms, p->x, p->y);
	p->kind = kind;
}

static void lead_to(struct pointing *p, int32_t x, int32_t y)
{
	int32_t from_x = p->x, from_y = p->y;

	for (int step = 1; step <= STEPS; step++) {
		p->x = from_x + (x - from_x) * step / STEPS;
		p->y = from_y + (y - from_y) * step / STEPS;
		place(p, p->kind, false);
		usleep(PACE * 1000);
	}
}

static void visit(struct pointing *p, const struct place *where)
{
	int32_t x = p->kms.mode.hdisplay * where->right / 2 + where->x;
	int32_t y = p->kms.mode.vdisplay * where->down / 2 + where->y;

	if (where == places || where->kind != p->kind)
		place(p, where->kind, true);
	lead_to(p, x, y);
	picture_done(where->name);
}

static bool host_said_something(void)
{
	struct pollfd host = { .fd = STDIN_FILENO, .events = POLLIN };

	return poll(&host, 1, PACE) != 0;
}

/* One coordinate on its way between half outside at either end. */
static void bounce(int32_t *at, int *step, int room)
{
	if (*at + *step < -POINTER_SIZE / 2 ||
	    *at + *step > room - POINTER_SIZE / 2)
		*step = -*step;
	*at += *step;
}

/* To and fro until the host has seen enough. */
static void keep_moving(struct pointing *p)
{
	int right = 7, down = 5;

	p->x = p->y = 0;
	place(p, POINTER_ARROW, true);
	printf("guest: stay moving\n");
	fflush(stdout);
	while (!host_said_something()) {
		bounce(&p->x, &right, p->kms.mode.hdisplay);
		bounce(&p->y, &down, p->kms.mode.vdisplay);
		place(p, p->kind, false);
	}
}

int main(void)
{
	struct pointing p = { .x = 0 };
	int error;

	kms_open(&p.kms);
	make_pictures(&p);
	error = kms_show(&p.kms, &p.screen, p.screen.width, p.screen.height,
			 &p.kms.mode, 0, 0);
	if (error)
		errx(1, "can't show the picture: %s", strerror(error));
	for (unsigned i = 0; i < PLACES; i++)
		visit(&p, &places[i]);
	kms_cursor(&p.kms, NULL, 0, 0, 0, 0);
	picture_done("hidden");
	keep_moving(&p);
	kms_cursor(&p.kms, NULL, 0, 0, 0, 0);
	return 0;
}
