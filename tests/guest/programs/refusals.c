/*
 * What the driver lets through and a device has to refuse.
 *
 * The driver checks little of what a program asks of VIRTGPU_RESOURCE_CREATE and
 * TRANSFER_TO_HOST, and tells a program nothing of the device's answers: they
 * are in the kernel's log, as "response 0x1205 (command 0x105)", ten of them in
 * five seconds at most. So there are few here, and their resources stay.
 */
#include "refusals.h"
#include "canvas.h"
#include "kms.h"

#include <err.h>
#include <fcntl.h>
#include <linux/virtio_gpu.h>
#include <stdio.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

enum { SIDE = 64, SIDE_BYTES = SIDE * SIDE * 4, CONSOLE_LEVEL = 8 };

struct trial {
	struct kms *kms;
	struct picture *small; /* SIDE x SIDE */
	int log;	       /* /dev/kmsg, what came since the last look */
};

/* Each returns 0, or an errno if the driver did not let it through. */
static int bad_format(struct trial *trial)
{
	struct picture unused;

	kms_create(trial->kms, &unused, 77, SIDE, SIDE, SIDE_BYTES);
	return 0;
}

static int too_large(struct trial *trial)
{
	struct picture unused;

	kms_create(trial->kms, &unused, VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM, 60000,
		   60000, SIDE_BYTES);
	return 0;
}

static int too_wide(struct trial *trial)
{
	kms_transfer(trial->kms, trial->small, 1, 0, SIDE, SIDE, 0);
	return 0;
}

static int wraps(struct trial *trial)
{
	kms_transfer(trial->kms, trial->small, UINT32_MAX, 0, 2, 1, 0);
	return 0;
}

static int behind_the_backing(struct trial *trial)
{
	kms_transfer(trial->kms, trial->small, 0, 0, 2, 1, SIDE_BYTES - 4);
	return 0;
}

static int small_backing(struct trial *trial)
{
	struct picture picture;

	kms_create(trial->kms, &picture, VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM, SIDE,
		   SIDE, 4096);
	kms_transfer(trial->kms, &picture, 0, 0, SIDE, SIDE, 0);
	return 0;
}

static int larger_scanout(struct trial *trial)
{
	return kms_show(trial->kms, trial->small, trial->kms->mode.hdisplay,
			trial->kms->mode.vdisplay, &trial->kms->mode, 0, 0);
}

static const struct {
	const char *what;
	int (*try)(struct trial *trial);
} trials[] = {
	{ "create: format 77", bad_format },
	{ "create: 60000 x 60000", too_large },
	{ "transfer: past the edge", too_wide },
	{ "transfer: x + width wraps", wraps },
	{ "transfer: past the backing", behind_the_backing },
	{ "transfer: backing too small", small_backing },
	{ "scanout: past the resource", larger_scanout },
};

static const char *answer_name(unsigned type)
{
	static const char *const names[] = { "UNSPEC",
					     "OUT_OF_MEMORY",
					     "INVALID_SCANOUT_ID",
					     "INVALID_RESOURCE_ID",
					     "INVALID_CONTEXT_ID",
					     "INVALID_PARAMETER" };
	unsigned which = type - VIRTIO_GPU_RESP_ERR_UNSPEC;

	return which < sizeof(names) / sizeof(names[0]) ? names[which]
							: "unknown";
}

/* The first answer that the log tells of since it was last read; or 0. */
static unsigned answer(struct trial *trial)
{
	char record[1024];
	unsigned first = 0;
	ssize_t len;

	while ((len = read(trial->log, record, sizeof(record) - 1)) > 0) {
		const char *place;

		record[len] = '\0';
		place = strstr(record, "response 0x");
		if (place && !first)
			sscanf(place, "response 0x%x", &first);
	}
	return first;
}

/* One trial, its result as text. True: it was refused. */
static int try_one(struct trial *trial, size_t which, char *text, size_t room)
{
	int error;
	unsigned type;

	answer(trial);
	error = trials[which].try(trial);
	kms_barrier(trial->kms);
	type = answer(trial);
	if (type)
		snprintf(text, room, "%s", answer_name(type));
	else
		snprintf(text, room, "%s",
			 error ? "the driver refuses it" : "no error!");
	return type != 0 || error != 0;
}

static int open_log(void)
{
	int log = open("/dev/kmsg", O_RDONLY | O_NONBLOCK);

	if (log < 0)
		err(1, "/dev/kmsg");
	lseek(log, 0, SEEK_END);
	return log;
}

static void begin_page(struct kms *kms, struct picture *page, struct canvas *on)
{
	unsigned width = kms->mode.hdisplay, height = kms->mode.vdisplay;

	kms_create(kms, page, VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM, width, height,
		   (size_t)width * height * 4);
	*on = (struct canvas){ page->pixels, width, height, width };
	canvas_fill(on, 0, 0, width, height, 0x202020);
}

/* Red: the device took what it must not take. */
static void write_line(const struct canvas *on, size_t line, const char *what,
		       const char *result, int refused)
{
	unsigned scale = on->width / (52 * FONT_WIDTH);
	int step, y;

	scale = scale ? scale : 1;
	step = FONT_WIDTH * (int)scale;
	y = (int)(line * 2 + 1) * FONT_HEIGHT * (int)scale;
	font_draw(on, step, y, what, scale, 0xffffff);
	font_draw(on, 30 * step, y, result, scale,
		  refused ? 0x60e060 : 0xff4040);
}

int refusals_show(struct kms *kms, struct picture *page)
{
	struct picture small;
	struct trial trial = { kms, &small, open_log() };
	struct canvas on;
	int let_through = 0;

	/* Errors on the serial line would come between what we say. */
	klogctl(CONSOLE_LEVEL, NULL, 1);
	kms_create(kms, &small, VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM, SIDE, SIDE,
		   SIDE_BYTES);
	begin_page(kms, page, &on);
	write_line(&on, 0, "the driver lets through", "the device answers", 1);
	for (size_t i = 0; i < sizeof(trials) / sizeof(trials[0]); i++) {
		char result[64];
		int refused = try_one(&trial, i, result, sizeof(result));

		printf("guest: refusal %s: %s\n", trials[i].what, result);
		write_line(&on, i + 1, trials[i].what, result, refused);
		let_through += !refused;
	}
	kms_transfer(kms, page, 0, 0, on.width, on.height, 0);
	if (kms_show(kms, page, on.width, on.height, &kms->mode, 0, 0))
		errx(1, "can't show the page of refusals");
	close(trial.log);
	return let_through;
}
