/*
 * The GPU: a device whose queues carry commands.
 *
 *   a chain  ->  copied in, its size checked  ->  a row of a table handles it
 *                                                             |
 *   driver  <-  fence put in, room checked  <-  its reply  <--+
 *
 * A handler does one command and nothing else: it looks at the copied request,
 * fills in a reply if there is more to say than a type, and returns that type.
 * What every command has in common is here.
 *
 * A command that can't be answered at once returns GPU_PENDING, and gpu_finish()
 * answers it, whenever. It is to be called for each pending request, exactly
 * once, also after a reset; then nobody hears it.
 *
 * virtio 1.3, section 5.7.
 */
#ifndef GPU_H
#define GPU_H

#include <linux/virtio_gpu.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "device.h"

enum { GPU_CONTROLQ, GPU_CURSORQ }; /* virtio 1.3, 5.7.2 */

enum {
	GPU_PENDING = 0,      /* no response has this type */
	GPU_MAX_REQUEST = 96, /* bytes: the largest fixed part */
	GPU_MAX_RINGS = 64,   /* timelines of a context: 5.7.6.7 */
};

struct gpu;
struct request;

struct command_row {
	uint32_t type;
	const char *name; /* "GET_DISPLAY_INFO" */
	uint32_t size;	  /* bytes of its fixed part */
	uint64_t feature; /* 0, or what must be negotiated */
	/* Returns a response's type, or GPU_PENDING. */
	uint32_t (*handle)(struct request *req);
	void (*describe)(const struct request *req, struct text *fields);
};

struct request {
	struct gpu *gpu;
	struct chain *chain;	       /* chain_read() what lies behind `cmd` */
	const struct command_row *row; /* NULL: nobody knows it */
	void *arg;		       /* the row's table was added with it */

	union { /* the request, as far as it is fixed */
		struct virtio_gpu_ctrl_hdr hdr;
		uint8_t cmd[GPU_MAX_REQUEST];
	};
	uint32_t size; /* bytes of `cmd` that were sent */

	/* See gpu_reply(). */
	struct virtio_gpu_ctrl_hdr *reply;
	size_t reply_size;

	uint32_t result; /* the response's type, once finished */
	const char *why; /* of an error, for the log; or NULL */
	uint64_t began_us;

	/* For fences.c. */
	bool queued, settled;
	TAILQ_ENTRY(request) order;
	struct request *spare; /* the next one that is free */
};

struct gpu_output {
	uint32_t width, height; /* preferred, in pixels */
	bool enabled;
};

struct gpu {
	struct device dev; /* first: a device is what it is */
	struct virtio_gpu_config config;
	/* Those below config.num_scanouts are there. */
	struct gpu_output output[VIRTIO_GPU_MAX_SCANOUTS];

	struct {
		unsigned queue;
		const struct command_row *rows; /* end without a name */
		void *arg;
	} commands[DEVICE_TABLES];
	unsigned command_tables;

	/*
	 * Decides when a fenced reply, of whatever command, goes out. True: not
	 * yet; gpu_release() lets it go. NULL: always at once.
	 */
	bool (*gate)(void *arg, struct request *req);
	void *gate_arg;

	TAILQ_HEAD(, request) fenced; /* in the order they were taken */
	struct request *spare;	      /* requests to take chains with */
};

/* A GPU with one output of 1280x800, and no commands. */
void gpu_init(struct gpu *gpu, struct loop *loop, struct trace *trace);
void gpu_free(struct gpu *gpu);

/*
 * The rows handle that queue's commands; handlers find `arg` in the request. Of
 * several rows of a type, the one added last counts whose feature the driver
 * negotiated.
 */
void gpu_add_commands(struct gpu *gpu, unsigned queue,
		      const struct command_row *rows, void *arg);

/*
 * For handlers: the reply, zeroed, of `size` bytes with its header. The header
 * is filled in for them; without a call the reply is a header alone. NULL: no
 * memory. An error response is never longer than its header.
 */
void *gpu_reply(struct request *req, size_t size);

/* For handlers: so many bytes were copied for it, which takes its time. */
void gpu_copied(const struct request *req, uint64_t bytes);

/* Answers a pending request with a response of that type. */
void gpu_finish(struct request *req, uint32_t type);

/* The gate: lets a reply go that it held back. */
void gpu_release(struct request *req);

/*
 * An output has another size, or was plugged in or out: the driver will hear of
 * it, and asks for the display info.
 */
void gpu_set_output(struct gpu *gpu, unsigned index,
		    const struct gpu_output *output);

/* For gpu_init(): the config space, see gpuconfig.c. */
void gpu_config_init(struct gpu *gpu);

/* "OK_NODATA"; "unknown" if no version of the specification has it. */
const char *gpu_response_name(uint32_t type);

#endif
