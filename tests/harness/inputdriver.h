/*
 * The guest's virtio-input driver.
 *
 *   struct inputdriver *in = input_start(_axes, KEYBOARD);
 *
 *   desk_do(in->desk, "down a");
 *   EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
 *   input_status(in, EV_LED, LED_CAPSL, 1);
 *
 * It posts an event buffer for each entry of its ring, takes events as frames,
 * and gives the buffers back, as Linux does. It stands on the GPU's driver
 * (driver.h): in->d has rings, RAM and front end, and its control queue is the
 * event queue, its cursor queue the status queue. What that header has for
 * requests, pauses and ends, and safe.h and load.h for bad chains and rest, holds
 * for in->d as well; a reset is input_reset().
 *
 * virtio 1.3, section 5.8.
 */
#ifndef INPUTDRIVER_H
#define INPUTDRIVER_H

#include <linux/input-event-codes.h>
#include <linux/virtio_input.h>
#include <stdbool.h>
#include <stdint.h>

#include "desk.h"
#include "driver.h"

enum { EVENTQ = CONTROLQ, STATUSQ = CURSORQ };
enum { INPUT_FRAME = 64, INPUT_CONFIG = 136 };

struct inputframe {
	struct virtio_input_event events[INPUT_FRAME]; /* then SYN_REPORT */
	unsigned count;				       /* without it */
};

struct inputbuffer { /* by the id of its chain */
	struct piece *pieces;
	unsigned count;
	uint32_t len; /* 0: none is posted */
};

struct inputdriver {
	struct driver *d;
	struct desk *desk;
	enum desk_device device;
	struct inputbuffer *buffers; /* as many as the ring has entries */
	uint16_t *order;	     /* their ids as they were posted, a ring */
	unsigned first, posted;
	bool lazy;	/* gives no buffer back by itself */
	bool unordered; /* they may be used in another order */
	/* Config space as it last read it, for QEMU's way to write it. */
	uint8_t config[INPUT_CONFIG];
};

/* Everything may be left out. */
struct input_options {
	const struct axes *axes;       /* axes_default */
	const struct dialect *dialect; /* qemu_input_10_0 */
	struct desk *desk;	       /* NULL: one with that device alone */
	uint64_t with, without;	       /* feature bits, if offered */
	bool lazy;		       /* posts no buffers by itself either */
};

/* A device, a front end, a driver that has set DRIVER_OK, its ring full. */
struct inputdriver *input_start(const struct axes *axes,
				enum desk_device device);
struct inputdriver *input_start_with(enum desk_device device,
				     const struct input_options *o);
/* Up to where DRIVER_OK would follow, and that step. */
struct inputdriver *input_probe(enum desk_device device,
				const struct input_options *o);
void input_go(struct inputdriver *in);

/*
 * The guest's reboot. QEMU tells input devices nothing of it: that config space
 * is read while the rings are stopped has to do.
 */
void input_reset(struct inputdriver *in);
/* QEMU's pause. */
void input_pause(struct inputdriver *in);
void input_resume(struct inputdriver *in);
/* Hangs up and frees. Done at the test's end for those that are left. */
void input_end(struct inputdriver *in);

/* ---- config space ---- */

enum input_ways {		/* to write select and subsel */
		  ASK_AS_QEMU,	/* one after the other, each with all 136 */
		  ASK_BYTEWISE, /* one after the other, a byte each */
		  ASK_SUBSEL_FIRST,
		  ASK_TOGETHER, /* two bytes at once */
		  ASK_WAYS,
};

/* The answer, all 136 bytes. */
struct virtio_input_config input_ask(struct inputdriver *in, uint8_t select,
				     uint8_t subsel);
struct virtio_input_config input_ask_in(struct inputdriver *in,
					enum input_ways way, uint8_t select,
					uint8_t subsel);
/* Of an answer that is a bitmap: is that bit set? How many are? */
bool input_has_bit(const struct virtio_input_config *c, unsigned bit);
unsigned input_bits(const struct virtio_input_config *c);

/* ---- event queue ---- */

/* Event buffers of eight bytes, published and kicked at once. */
void input_post(struct inputdriver *in, unsigned n);
/* Others: .len, and where they are cut (ascending offsets, 0 behind the last). */
void input_post_as(struct inputdriver *in, unsigned n, uint32_t len,
		   const uint32_t *cuts);
/* One that is no buffer of the driver's own: it may be of no use. */
void input_post_pieces(struct inputdriver *in, const struct piece *pieces,
		       unsigned n);
/* Forgets one, by the id of its chain. */
void input_drop_buffer(struct inputdriver *in, uint16_t id);
/* One for each entry of the ring, 64 at most. */
void input_fill(struct inputdriver *in);

/* The next event; FAILs if none comes in time, or it isn't in one buffer. */
struct virtio_input_event input_event(struct inputdriver *in);
/* Waits until so many buffers are used, and takes none: no call is awaited. */
void input_await_used(struct inputdriver *in, unsigned n);
/* Events up to SYN_REPORT. */
struct inputframe input_frame(struct inputdriver *in);
/* The next used buffer, which may be empty; returns the used length. */
uint32_t input_used(struct inputdriver *in, struct virtio_input_event *event);

/* FAILs unless the next frame has just these events. */
#define EXPECT_FRAME(in, ...) \
	input_expect_frame(in, (const struct virtio_input_event[]){ \
				       __VA_ARGS__, { 0, 0, 0 } })
void input_expect_frame(struct inputdriver *in,
			const struct virtio_input_event *events);
/*
 * FAILs if a buffer was used that was not taken. All lines of the script are
 * read, and the device has done what follows from them, before it is looked at.
 */
void input_expect_nothing(struct inputdriver *in);

/* "KEY 30=1, SYN"; valid until the next call. */
const char *inputframe_text(const struct inputframe *frame);

/* ---- status queue ---- */

/* An event for the device; FAILs unless it comes back with length 0. */
void input_status(struct inputdriver *in, uint16_t type, uint16_t code,
		  uint32_t value);

#endif
