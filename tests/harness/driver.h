/*
 * The guest's virtio-gpu driver.
 *
 *   struct driver *d = driver_start(_axes);
 *   struct reply r = driver_send(d, &(struct request){
 *           REQUEST(cmd), .room = 24 });
 *
 *   EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_NODATA, 24);
 *
 * A request is cut into pieces as the test says, each piece placed on its own
 * in guest RAM; its reply is awaited with the call it is due, and afterwards
 * nothing else in guest RAM may have changed.
 *
 * virtio 1.3, section 5.7.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include <linux/virtio_gpu.h>
#include <stdbool.h>
#include <stdint.h>

#include "axes.h"
#include "frontend.h"
#include "program.h"
#include "ram.h"
#include "ring.h"
#include "screen.h"
#include "suite.h"
#include "trail.h"
#include "twin.h"
#include "wording.h"

enum { CONTROLQ, CURSORQ };

struct driver;

/* What a driver does as the kind of device asks for it. */
struct driver_kind {
	void (*read_config)(struct driver *d); /* during its probe */
	void (*expect_answer)(struct driver *d, unsigned queue);
	/* Its chains are gone; it is gone. Either may be NULL. */
	void (*give_up)(struct driver *d);
	void (*end)(struct driver *d);
};

struct driver {
	const struct driver_kind *kind;
	void *self; /* of that kind; NULL: a GPU's driver */
	struct program *program;
	struct frontend *fe;
	struct ram *ram;
	struct ring *control, *cursor;
	struct axes axes;
	uint64_t features; /* negotiated; the dialect may add others */
	uint32_t scanouts; /* num_scanouts of config space */
	bool guarded;	   /* look at all of RAM after each reply */
	struct twin *twin; /* see commands.h; NULL: none */
	bool fickle;	   /* 2D commands are cut anywhere, some have fences */
	struct driver *next;
};

/* Everything may be left out. */
struct driver_options {
	const struct axes *axes;	/* axes_default */
	const struct dialect *dialect;	/* dialect_usual() */
	const char *options;		/* for our program's command line */
	struct program *program;	/* one that runs already */
	int sock;			/* connected to it already; 0: not */
	const struct driver_kind *kind; /* NULL: a GPU's */
	void *self;
	uint64_t ram;		/* bytes: RAM_DEFAULT */
	uint32_t cursor_num;	/* ring size: as the control ring's */
	uint64_t with, without; /* feature bits, if offered */
};

/*
 * A device, a front end, RAM, rings, and a driver that has set DRIVER_OK. It
 * negotiates what the axes say, VERSION_1 and EDID. Skips the test if the
 * device does not offer what the axes need.
 */
struct driver *driver_start(const struct axes *axes);
struct driver *driver_start_with(const struct driver_options *o);

/* Up to where DRIVER_OK would follow, and that step. */
struct driver *driver_probe(const struct driver_options *o);
void driver_go(struct driver *d);

/*
 * QEMU's pause: rings keep their place, what is in flight stays so. FAILs if
 * nothing is, and the device answers with another base than it should.
 */
void driver_pause(struct driver *d);
void driver_resume(struct driver *d);

/* The guest's reboot, or driver unbound and bound again: all starts anew. */
void driver_reset(struct driver *d);

/* If the device has hung up on it: another one, just started. */
struct driver *driver_again(struct driver *d);

/*
 * Hangs up and frees; the program goes on. Drivers left at a test's end are
 * ended for it, then their programs are stopped and must end with status 0.
 */
void driver_end(struct driver *d);
void driver_end_all(void);

/* A request, as driver_send() takes it. */
struct request {
	const void *bytes; /* the readable part */
	uint32_t len;
	uint32_t room; /* bytes of writable part */
	/*
	 * Where the parts are cut: ascending offsets with 0 behind the last.
	 * NULL: readable part and writable part are one piece each.
	 */
	const uint32_t *cuts, *room_cuts;
	enum shape shape;
	unsigned queue; /* CONTROLQ, CURSORQ */
};

#define CUTS(...) \
	(const uint32_t[]) \
	{ \
		__VA_ARGS__, 0 \
	}
#define REQUEST(object) .bytes = &(object), .len = sizeof(object)

struct reply {
	uint32_t used; /* bytes, as the device says */
	union {	       /* the writable part; RAM_FILL if untouched */
		struct virtio_gpu_ctrl_hdr hdr;
		struct virtio_gpu_resp_display_info display_info;
		struct virtio_gpu_resp_edid edid;
		uint8_t bytes[4096];
	};
};

/* Request to reply. The chain and its pieces are gone afterwards. */
struct reply driver_send(struct driver *d, const struct request *r);

/*
 * The same in steps. driver_post() makes it available and kicks; driver_add()
 * only adds it, driver_publish() then shows all added ones at once and kicks.
 * driver_collect() waits for that one's reply, whatever else comes before it;
 * `posted` is gone then.
 */
struct posted;
struct posted *driver_post(struct driver *d, const struct request *r);
struct posted *driver_add(struct driver *d, const struct request *r);
void driver_publish(struct driver *d, unsigned queue);
struct reply driver_collect(struct driver *d, struct posted *p);
uint16_t posted_id(const struct posted *p);
/* Forgets all that was not collected, as a reset does. */
void driver_give_up(struct driver *d);

/*
 * program_vitals() and program_expect_no_more(), once the device has dealt with
 * all messages: an fd that takes another's place is there beside it for a
 * moment.
 */
struct vitals driver_vitals(struct driver *d);
void driver_expect_no_more(struct driver *d, struct vitals before);

/* FAILs on a byte of RAM that the device should not have written. */
void driver_check_ram(struct driver *d);

/* A header of that type; FENCE set if fence != 0. */
struct virtio_gpu_ctrl_hdr driver_header(uint32_t type, uint64_t fence);

/* GET_DISPLAY_INFO, well-formed; FAILs if the answer isn't. */
struct virtio_gpu_resp_display_info driver_display_info(struct driver *d);

/* That queue still answers; both do. */
void driver_expect_answer(struct driver *d, unsigned queue);
void driver_expect_alive(struct driver *d);

/* `used` bytes, a whole header at least, of that type. */
#define EXPECT_REPLY(r, type, used) \
	expect_reply(&(r), type, used, __FILE__, __LINE__)
/* An error of 24 bytes: `code`, or any with --portable. */
#define EXPECT_ERROR(r, code) expect_error(&(r), code, __FILE__, __LINE__)

void expect_reply(const struct reply *r, uint32_t type, uint32_t used,
		  const char *file, int line);
void expect_error(const struct reply *r, uint32_t code, const char *file,
		  int line);

#endif
