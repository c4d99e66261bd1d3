/*
 * Writes each scanout's picture to a file, again and again.
 */
#define _GNU_SOURCE
#include "pngdisplay.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "checked.h"
#include "log.h"
#include "pngfile.h"

enum {
	PERIOD_US = 100 * 1000, /* at least, from a picture to the next */
	SHARE = 5,		/* and this many times what it took */
	RETRY_US = 1000 * 1000, /* if it couldn't be written */
};

/* ---- what the device says, on its thread ---- */

static void wake(void *arg, unsigned scanout)
{
	struct pngdisplay *png = arg;

	pthread_mutex_lock(&png->lock);
	png->heads[scanout].news = true;
	pthread_cond_signal(&png->woken);
	pthread_mutex_unlock(&png->lock);
}

/*
 * The picture may be newer than the file, and its mailbox is about to drop it. So
 * may be what lies over it, which perhaps goes as well.
 */
static void keep_last(struct pngdisplay *png, unsigned scanout)
{
	struct mailbox *box = mailbox_open(&png->boxes, scanout);
	struct frame last = { 0 };

	if (box->resized || !rect_empty(&box->damage) ||
	    overlays_changed(&png->overlays, scanout)) {
		last = box->frame;
		box->frame = (struct frame){ 0 };
	}
	mailbox_close(box, false);
	if (!last.width)
		return;
	overlays_draw(&png->overlays, scanout, &last);
	pthread_mutex_lock(&png->lock);
	frame_free(&png->heads[scanout].last);
	png->heads[scanout].last = last;
	pthread_mutex_unlock(&png->lock);
	wake(png, scanout);
}

static void set_scanout(void *arg, unsigned scanout, uint32_t width,
			uint32_t height)
{
	struct pngdisplay *png = arg;

	if (!width)
		keep_last(png, scanout);
	mailbox_ops.scanout(&png->boxes, scanout, width, height);
}

static void update(void *arg, unsigned scanout, const struct virtio_gpu_rect *r,
		   const struct view *view)
{
	struct pngdisplay *png = arg;

	mailbox_ops.update(&png->boxes, scanout, r, view);
}

static uint64_t held(void *arg, unsigned scanout)
{
	struct pngdisplay *png = arg;

	return mailbox_ops.held(&png->boxes, scanout);
}

static const struct display_ops ops = { set_scanout, update, held };

static void stop(void *arg)
{
	struct pngdisplay *png = arg;

	pthread_mutex_lock(&png->lock);
	png->stopped = true;
	pthread_cond_signal(&png->woken);
	pthread_mutex_unlock(&png->lock);
}

/* ---- one picture ---- */

/*
 * What counts is what the scanout shows now; if it is off, the last it showed;
 * if that is written, nothing. What isn't written is put aside meanwhile, as a
 * mailbox whose scanout is off would have it freed.
 */
static void take(struct pngdisplay *png, struct pnghead *head,
		 struct frame *last)
{
	struct frame *frame = &head->layers.frame, unwritten = { 0 };
	bool changed;

	if (last->width)
		frame_free(frame); /* older */
	if (head->state == PNG_UNWRITTEN) {
		unwritten = *frame;
		*frame = (struct frame){ 0 };
	}
	changed = layers_take(&head->layers);
	if (frame->width || !mailbox_is_off(&png->boxes, head->scanout)) {
		if (changed)
			head->state = PNG_UNWRITTEN;
		head->flat = false;
	} else {
		struct frame *kept = last->width ? last : &unwritten;

		head->flat |= kept == last;
		*frame = *kept;
		*kept = (struct frame){ 0 };
		head->state = frame->width ? PNG_UNWRITTEN : PNG_NOTHING;
	}
	if (head->flat)
		head->layers.count = 0;
	frame_free(last);
	frame_free(&unwritten);
}

/* Row by row: a scanout that is off pays for no copy of its picture. */
static void compose_row(const void *arg, uint32_t y, uint32_t *to)
{
	const struct layers *layers = arg;
	struct virtio_gpu_rect row = { 0, y, layers->frame.width, 1 };

	layers_compose(layers, &row, to, 0);
}

/* NULL, or why it couldn't be. */
static const char *write_composed(const struct pnghead *head)
{
	const struct layers *layers = &head->layers;
	struct png_rows rows = { layers->frame.width, layers->frame.height,
				 compose_row, layers };

	if (!rows.width)
		return "no memory for the picture";
	return pngfile_write_rows(head->path, &rows);
}

/* Once it is written, only the next one's beginning is worth its memory. */
static void write_unwritten(struct pngdisplay *png, struct pnghead *head)
{
	uint64_t began = clock_us(), pause = RETRY_US;

	head->why = write_composed(head);
	if (!head->why) {
		pause = (clock_us() - began) * SHARE;
		if (pause < PERIOD_US)
			pause = PERIOD_US;
		head->state = PNG_WRITTEN;
		if (mailbox_is_off(&png->boxes, head->scanout)) {
			frame_free(&head->layers.frame);
			head->state = PNG_NOTHING;
		}
	}
	head->due_us = clock_us() + pause;
}

/* ---- one after the other, on the main thread ---- */

/* Under the lock. */
static bool waits(const struct pnghead *head)
{
	return head->news || head->state == PNG_UNWRITTEN;
}

/* The one that waits for longest; NULL: none does. */
static struct pnghead *find_waiting(struct pngdisplay *png)
{
	struct pnghead *first = NULL;

	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		struct pnghead *head = &png->heads[i];

		if (waits(head) && (!first || head->due_us < first->due_us))
			first = head;
	}
	return first;
}

static void wait_until(struct pngdisplay *png, uint64_t us)
{
	struct timespec end = { (time_t)(us / 1000000),
				(long)(us % 1000000 * 1000) };

	pthread_cond_timedwait(&png->woken, &png->lock, &end);
}

/* Waits until one is due. NULL: it is stopped. */
static struct pnghead *next_head(struct pngdisplay *png)
{
	struct pnghead *head = NULL;

	pthread_mutex_lock(&png->lock);
	while (!png->stopped) {
		head = find_waiting(png);
		if (head && head->due_us <= clock_us())
			break;
		if (head)
			wait_until(png, head->due_us);
		else
			pthread_cond_wait(&png->woken, &png->lock);
	}
	if (png->stopped)
		head = NULL;
	pthread_mutex_unlock(&png->lock);
	return head;
}

static void work(struct pngdisplay *png, struct pnghead *head)
{
	struct frame last;

	pthread_mutex_lock(&png->lock);
	head->news = false;
	last = head->last;
	head->last = (struct frame){ 0 };
	pthread_mutex_unlock(&png->lock);

	take(png, head, &last);
	if (head->state == PNG_UNWRITTEN)
		write_unwritten(png, head);
}

/* Nobody has news any more: each that waits has one more try, without waiting. */
static void finish(struct pngdisplay *png, struct pnghead *head)
{
	if (waits(head))
		work(png, head);
	if (head->state == PNG_UNWRITTEN)
		warn("%s: the last picture is lost: %s", head->path, head->why);
}

static void run(void *arg)
{
	struct pngdisplay *png = arg;
	struct pnghead *head;

	while ((head = next_head(png))) {
		const char *said = head->why;

		work(png, head);
		if (head->why && head->why != said)
			warn("%s: %s", head->path, head->why);
	}
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++)
		finish(png, &png->heads[i]);
}

/* ---- start and end ---- */

/* The one way to know that files can be made there is to make one. */
static const char *try_folder(const char *dir)
{
	const char *why = NULL;
	char *path;
	int fd;

	if (mkdir(dir, 0777) && errno != EEXIST)
		return strerrordesc_np(errno);
	if (asprintf(&path, "%s/scanout.%d", dir, (int)getpid()) < 0)
		return "no memory";
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
	if (fd < 0) {
		why = strerrordesc_np(errno);
	} else {
		close(fd);
		unlink(path);
	}
	free(path);
	return why;
}

static const char *open_folder(void *arg, const char *dir)
{
	struct pngdisplay *png = arg;
	const char *why = try_folder(dir);

	for (unsigned i = 0; !why && i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		png->heads[i].scanout = i;
		layers_init(&png->heads[i].layers, &png->boxes, &png->overlays,
			    i);
		if (asprintf(&png->heads[i].path, "%s/scanout%u.png", dir, i) <
		    0)
			why = "no memory";
	}
	return why;
}

static void close_folder(void *arg)
{
	struct pngdisplay *png = arg;

	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		layers_free(&png->heads[i].layers);
		frame_free(&png->heads[i].last);
		free(png->heads[i].path);
	}
	mailboxes_free(&png->boxes);
	pthread_cond_destroy(&png->woken);
	pthread_mutex_destroy(&png->lock);
}

static void init_lock(struct pngdisplay *png)
{
	pthread_condattr_t attr;

	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&png->woken, &attr);
	pthread_condattr_destroy(&attr);
	pthread_mutex_init(&png->lock, NULL);
}

static const struct display_kind kind = {
	.name = "png",
	.value = "DIR",
	.ops = &ops,
	.copies = 3, /* in the mailbox, taken, and one before not written */
	.open = open_folder,
	.run = run,
	.stop = stop,
	.close = close_folder,
};

void pngdisplay_add(struct pngdisplay *png, struct display *display)
{
	*png = (struct pngdisplay){ .kind = kind };
	png->kind.ops_arg = png->kind.arg = png;
	init_lock(png);
	mailboxes_init(&png->boxes, wake, png);
	display_add(display, &png->kind);
}
