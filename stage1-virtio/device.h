/*
 * A vhost-user device: everything a front end and a driver can see of it, but
 * for what makes it a GPU.
 *
 * Its life has three states, and nobody tells us which one comes next: QEMU's
 * pause and the guest's reboot begin with the same messages.
 *
 *            a ring is served                 all rings are stopped
 *    IDLE  --------------------->  RUNNING  ------------------------>  PAUSED
 *     ^          (start)             ^ ^              (pause)            | |
 *     |                              | +---------------------------------+ |
 *     |                              |    a ring is served (resume)        |
 *     +--------------------------------------------------------------------+
 *                     a sign of a reset (reset): see device_reset()
 *
 * A paused device keeps all the guest can see: after the resume, requests it
 * has taken are answered as if nothing had been. A reset drops it all.
 *
 * A process may hold several devices; nothing here is global.
 */
#ifndef DEVICE_H
#define DEVICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "guestmem.h"
#include "log.h"
#include "vhostuser.h"
#include "virtq.h"

struct trace;

enum { DEVICE_QUEUES = 2, DEVICE_TABLES = 16, DEVICE_PARTS = 16 };

enum life { DEVICE_IDLE, DEVICE_RUNNING, DEVICE_PAUSED };

struct feature_row {
	uint64_t bits; /* 1ull << VIRTIO_GPU_F_EDID */
	const char *name;
	uint64_t needs; /* features it makes no sense without */
};

/*
 * What a part of the device has to do at the turns of its life; any may be
 * NULL. Called in the order in which the parts were added.
 */
struct device_part {
	void (*start)(void *arg);  /* a driver is there */
	void (*pause)(void *arg);  /* touch no ring, no guest memory */
	void (*resume)(void *arg); /* tell QEMU again what it forgot */
	void (*reset)(void *arg);  /* the driver is gone: drop everything */
	/*
	 * The memory table changed. The new one is in force, the old one's
	 * mappings go away when this returns.
	 */
	void (*memory)(void *arg);
	/* The front end is gone, and what it lent with it. */
	void (*hang_up)(void *arg);
	/*
	 * Config space was changed, and this front end won't tell the driver:
	 * it has said so, or has no way to be told itself.
	 */
	void (*config_unheard)(void *arg);
};

struct device {
	const char *name; /* "gpu" */
	struct loop *loop;
	struct trace *trace;
	struct log_limit limit;

	struct vhostuser link;
	struct guestmem mem; /* the connection's, not the driver's */
	struct virtq queues[DEVICE_QUEUES];
	enum life life;

	uint64_t offered;  /* virtio features */
	uint64_t features; /* negotiated */

	/* Config space as it lies, little endian. */
	void *config;
	size_t config_size;
	/* The driver wrote `size` bytes at `offset`. */
	void (*config_written)(void *arg, uint32_t offset, const void *data,
			       uint32_t size);
	void *config_arg;
	bool config_changed; /* and the driver doesn't know yet */

	/* The connection ended. */
	void (*hung_up)(void *arg);
	void *hung_up_arg;

	struct {
		const struct feature_row *rows; /* end with bits == 0 */
	} features_known[DEVICE_TABLES];
	struct {
		const struct message_row *rows; /* end without a name */
		void *arg;
	} messages[DEVICE_TABLES];
	struct {
		const struct device_part *part;
		void *arg;
	} parts[DEVICE_PARTS];
	unsigned feature_tables, message_tables, part_count;
};

/* A device without queue handlers and config space, known to no front end. */
void device_init(struct device *dev, const char *name, struct loop *loop,
		 struct trace *trace);
/* Hangs up and frees what device_init() and the connection took. */
void device_free(struct device *dev);

/* The features of the rows are offered from now on. */
void device_add_features(struct device *dev, const struct feature_row *rows);
void device_add_messages(struct device *dev, const struct message_row *rows,
			 void *arg);
void device_add_part(struct device *dev, const struct device_part *part,
		     void *arg);

bool device_has(const struct device *dev, uint64_t feature);

/* ---- the turns of its life, for those who see the signs ---- */

/* A ring was enabled: starts or resumes the device, then serves the ring. */
void device_ring_enabled(struct device *dev, struct virtq *vq);
/* A ring was stopped; when it was the last one, the device is paused. */
void device_ring_stopped(struct device *dev);
/*
 * A sign of a reset: RESET_DEVICE; a ring that starts elsewhere than where it
 * stopped, or has another size; another set of features; a new front end; and
 * what device_probed() takes for one.
 */
void device_reset(struct device *dev);
/*
 * Config space was read or written. While all rings are stopped this is a sign,
 * as no driver can do that in a pause. Somebody who looks at a paused machine
 * can (QEMU's monitor, a debugger), so it counts only with front ends that have
 * sent no RESET_DEVICE: QEMU 7.2, and those of input devices.
 */
void device_probed(struct device *dev);
/* True while such a sign would mean a reset. */
bool device_paused(const struct device *dev);

/* Puts a new memory table in force, and takes the old one's mappings away. */
void device_set_memory(struct device *dev, const struct guestmem *mem);

/* The connection ended: after this nothing of it is left but the process. */
void device_hang_up(struct device *dev);

/*
 * Config space was changed: tell the driver. Now, if there is one, or as soon
 * as there is. Several changes may end in one notification.
 */
void device_config_changed(struct device *dev);
/* The driver won't hear of it, for the channel. */
void device_config_unheard(struct device *dev);

#endif
