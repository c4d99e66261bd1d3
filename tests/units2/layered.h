/*
 * A scanout with a picture and two overlays, for the tests of layers, and what
 * it has to look like.
 */
#ifndef LAYERED_H
#define LAYERED_H

#include "layers.h"
#include "units.h"

enum { WIDTH = 40, HEIGHT = 30, SMALL = 8, SOURCES = 2 };

/* A mailbox, and two who put something over its scanout. */
struct bench {
	struct mailboxes boxes;
	struct overlay_sources sources;
	struct overlay want[SOURCES];
	bool changed[SOURCES];
	uint32_t pixels[SOURCES][SMALL * SMALL];
	struct layers layers;
	struct picture *p;
};

struct bench *bench_new(void);
void bench_free(struct bench *b);

/* The scanout is on, with a picture of random pixels. */
void on(struct bench *b);

/* What an overlay is from the next layers_take() on; the pixels are random. */
void put(struct bench *b, unsigned index, int32_t x, int32_t y);
void hide(struct bench *b, unsigned index);

/* The pixel there, as it is defined, and that two are equal but for rounding. */
uint32_t expected(const struct bench *b, uint32_t x, uint32_t y);
void expect_near(uint32_t a, uint32_t b);

/* `r` of the picture is composed so, and nothing beside it is written. */
void expect_composed(const struct bench *b, struct virtio_gpu_rect r);

#endif
