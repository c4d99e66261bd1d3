/*
 * The dispatcher: what every request has in common. Which queue it belongs to,
 * which feature it needs, how long it has to be, and how much room its answer
 * takes; whatever it is, and whether this device knows it or not.
 *
 * virtio 1.3, section 5.7.6.7. It names error codes and says of none when it is
 * due: those here are this project's.
 */
#include <string.h>

#include "draws.h"
#include "driver.h"
#include "suites.h"

enum { LONGEST = 8192 };

/* All there are, with the feature a driver has to negotiate for each. */
struct command {
	uint32_t type, size;
	unsigned queue;
	uint64_t feature;
};

#define COMMAND(name, structure, queue, feature) \
	{ \
		VIRTIO_GPU_CMD_##name, sizeof(struct virtio_gpu_##structure), \
			queue, feature \
	}
#define CONTROL(name, structure, feature) \
	COMMAND(name, structure, CONTROLQ, feature)
#define VIRGL BIT(VIRTIO_GPU_F_VIRGL)
#define BLOB BIT(VIRTIO_GPU_F_RESOURCE_BLOB)
#define ALL_FEATURES 0x3f
#define BLOB_ALIGNMENT BIT(5) /* virtio 1.4, 5.7.3 */

static const struct command commands[] = {
	CONTROL(GET_DISPLAY_INFO, ctrl_hdr, 0),
	CONTROL(RESOURCE_CREATE_2D, resource_create_2d, 0),
	CONTROL(RESOURCE_UNREF, resource_unref, 0),
	CONTROL(SET_SCANOUT, set_scanout, 0),
	CONTROL(RESOURCE_FLUSH, resource_flush, 0),
	CONTROL(TRANSFER_TO_HOST_2D, transfer_to_host_2d, 0),
	CONTROL(RESOURCE_ATTACH_BACKING, resource_attach_backing, 0),
	CONTROL(RESOURCE_DETACH_BACKING, resource_detach_backing, 0),
	CONTROL(GET_CAPSET_INFO, get_capset_info, VIRGL),
	CONTROL(GET_CAPSET, get_capset, VIRGL),
	CONTROL(GET_EDID, cmd_get_edid, BIT(VIRTIO_GPU_F_EDID)),
	CONTROL(RESOURCE_ASSIGN_UUID, resource_assign_uuid,
		BIT(VIRTIO_GPU_F_RESOURCE_UUID)),
	CONTROL(RESOURCE_CREATE_BLOB, resource_create_blob, BLOB),
	CONTROL(SET_SCANOUT_BLOB, set_scanout_blob, BLOB),
	CONTROL(CTX_CREATE, ctx_create, VIRGL),
	CONTROL(CTX_DESTROY, ctx_destroy, VIRGL),
	CONTROL(CTX_ATTACH_RESOURCE, ctx_resource, VIRGL),
	CONTROL(CTX_DETACH_RESOURCE, ctx_resource, VIRGL),
	CONTROL(RESOURCE_CREATE_3D, resource_create_3d, VIRGL),
	CONTROL(TRANSFER_TO_HOST_3D, transfer_host_3d, VIRGL),
	CONTROL(TRANSFER_FROM_HOST_3D, transfer_host_3d, VIRGL),
	CONTROL(SUBMIT_3D, cmd_submit, VIRGL),
	CONTROL(RESOURCE_MAP_BLOB, resource_map_blob, BLOB),
	CONTROL(RESOURCE_UNMAP_BLOB, resource_unmap_blob, BLOB),
	COMMAND(UPDATE_CURSOR, update_cursor, CURSORQ, 0),
	COMMAND(MOVE_CURSOR, update_cursor, CURSORQ, 0),
};

enum { COMMANDS = sizeof(commands) / sizeof(*commands) };

static const struct virtio_gpu_ctrl_hdr get_display_info = {
	.type = VIRTIO_GPU_CMD_GET_DISPLAY_INFO,
};

/* That command with `len` bytes, all zero but for its header. */
static struct reply send_bytes(struct driver *d, const struct command *c,
			       unsigned queue, uint32_t len, uint32_t room)
{
	static uint8_t bytes[LONGEST];
	struct virtio_gpu_ctrl_hdr hdr = driver_header(c->type, 0);

	memcpy(bytes, &hdr, sizeof(hdr));
	return driver_send(d, &(struct request){ bytes, len, room,
						 .queue = queue });
}

static struct driver *small_driver(void)
{
	return driver_start_with(
		&(struct driver_options){ .axes = _axes, .ram = 1 << 20 });
}

/* ---- what there is ---- */

/* Others' cursor queues are mute: no answer is fine, if nothing was done. */
static void expect_refused(const struct reply *r, unsigned queue)
{
	if (suite_portable() && queue == CURSORQ && !r->used)
		return;
	EXPECT_ERROR(*r, VIRTIO_GPU_RESP_ERR_UNSPEC);
}

static void expect_unknown(struct driver *d, uint32_t type, unsigned queue)
{
	struct virtio_gpu_ctrl_hdr cmd = driver_header(type, draw() | 1);
	struct reply r = driver_send(d, &(struct request){ REQUEST(cmd),
							   .room = 512,
							   .queue = queue });

	expect_refused(&r, queue);
	if (!r.used)
		return;
	ck_assert_uint_eq(r.hdr.flags, VIRTIO_GPU_FLAG_FENCE);
	ck_assert_uint_eq(r.hdr.fence_id, cmd.fence_id);
}

/* Between the known ones and behind them; responses; big-endian ones. */
START_TEST(nobody_knows_other_types)
{
	static const uint32_t types[] = {
		0,	    1,		0xff,	    0x10e,	0x1ff,
		0x20a,	    0x2ff,	0x302,	    0x3ff,	0x1000,
		0x1100,	    0x1101,	0x1200,	    0x1205,	0x10100,
		0x10000,    0x10000100, 0x80000100, 0xffff0100, 0x00010000,
		0x01030000, 0xffffffff,
	};
	struct driver *d = small_driver();

	for (unsigned i = 0; i < sizeof(types) / sizeof(*types); i++) {
		expect_unknown(d, types[i], CONTROLQ);
		expect_unknown(d, types[i], CURSORQ);
	}
	for (unsigned i = 0; i < 32; i++) {
		uint32_t high = 1u << (10 + draw_below(22));

		expect_unknown(d, (uint32_t)draw() | high, draw_below(2));
	}
	driver_expect_alive(d);
}
END_TEST

START_TEST(each_command_belongs_to_its_queue)
{
	struct driver *d = small_driver();

	for (unsigned i = 0; i < COMMANDS; i++) {
		const struct command *c = &commands[i];
		struct reply r = send_bytes(d, c, !c->queue, c->size, 1024);

		expect_refused(&r, !c->queue);
	}
	driver_expect_alive(d);
}
END_TEST

/* A driver that takes all there is, but for `feature` and what needs it. */
static struct driver *driver_without(uint64_t feature)
{
	uint64_t needing = feature == VIRGL  ? BIT(VIRTIO_GPU_F_CONTEXT_INIT)
			   : feature == BLOB ? BLOB_ALIGNMENT
					     : 0;

	return driver_start_with(
		&(struct driver_options){ .axes = _axes,
					  .ram = 1 << 20,
					  .with = ALL_FEATURES,
					  .without = feature | needing });
}

static void expect_absent(uint64_t feature)
{
	struct driver *d = driver_without(feature);

	for (unsigned i = 0; i < COMMANDS; i++) {
		const struct command *c = &commands[i];
		struct reply r;

		if (c->feature != feature)
			continue;
		r = send_bytes(d, c, c->queue, c->size, 2048);
		EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_UNSPEC);
	}
	driver_expect_alive(d);
	driver_end(d);
}

/* Offered or not: what a driver did not ask for is not there (2.2). */
START_TEST(a_command_needs_its_feature)
{
	expect_absent(VIRGL);
	expect_absent(BLOB);
	expect_absent(BIT(VIRTIO_GPU_F_EDID));
	expect_absent(BIT(VIRTIO_GPU_F_RESOURCE_UUID));
}
END_TEST

/* ---- how long it is ---- */

START_TEST(a_request_has_a_whole_header)
{
	struct driver *d = small_driver();

	for (uint32_t len = 0; len < sizeof(get_display_info); len++) {
		struct reply r = send_bytes(d, &commands[0], len % 2, len, 408);

		if (suite_portable() && !r.used)
			continue;
		EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
	}
	driver_expect_alive(d);
}
END_TEST

/* Whoever reads on takes what lies behind for the rest. */
START_TEST(a_request_has_all_of_its_structure)
{
	struct driver *d = small_driver();

	for (unsigned i = 0; i < COMMANDS; i++) {
		const struct command *c = &commands[i];

		for (uint32_t len = sizeof(struct virtio_gpu_ctrl_hdr);
		     len < c->size; len += 1 + draw_below(8)) {
			struct reply r = send_bytes(d, c, c->queue, len, 2048);

			/* A stage that doesn't know it says just that. */
			if (r.hdr.type == VIRTIO_GPU_RESP_ERR_UNSPEC)
				EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_UNSPEC);
			else
				EXPECT_ERROR(
					r,
					VIRTIO_GPU_RESP_ERR_INVALID_PARAMETER);
		}
	}
	driver_expect_alive(d);
}
END_TEST

/* A later version of the structure may have more fields. */
START_TEST(what_lies_behind_the_structure_is_passed_over)
{
	static const uint32_t more[] = { 1, 3, 8, 72, 73, 4096, 8000 };
	struct driver *d = small_driver();

	for (unsigned i = 0; i < 7; i++) {
		struct reply r = send_bytes(d, &commands[0], CONTROLQ,
					    24 + more[i], 408);

		EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_DISPLAY_INFO, 408);
	}
	driver_expect_alive(d);
}
END_TEST

/* ---- what is in its header ---- */

/* Junk in what is not defined, and a context for a command without one. */
START_TEST(what_means_nothing_is_passed_over)
{
	struct driver *d = driver_start(_axes);
	struct virtio_gpu_resp_display_info info = driver_display_info(d);

	for (unsigned i = 0; i < 32; i++) {
		struct virtio_gpu_ctrl_hdr cmd = get_display_info;
		struct reply r;

		cmd.flags = (i < 30 ? BIT(i + 2) : 0xfffffffc);
		cmd.ctx_id = 0xdeadbeef;
		memset(cmd.padding, 0xff, sizeof(cmd.padding));
		cmd.ring_idx = 0xff;
		r = driver_send(d,
				&(struct request){ REQUEST(cmd), .room = 408 });
		EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_DISPLAY_INFO, 408);
		ck_assert_uint_eq(r.hdr.flags, 0);
		ck_assert_mem_eq(info.pmodes, r.display_info.pmodes,
				 sizeof(info.pmodes));
	}
}
END_TEST

/* ---- the answer ---- */

/* Half an answer would pass for a whole one. */
START_TEST(an_answer_is_whole_or_an_error)
{
	static const uint32_t rooms[] = { 0,  1,   8,	23,  24,
					  25, 407, 408, 409, 4096 };
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 2 * 10; i++) {
		uint32_t room = rooms[i / 2];
		struct reply r = driver_send(
			d,
			&(struct request){
				REQUEST(get_display_info), .room = room,
				.room_cuts = i % 2 && room > 1 ? CUTS(room / 2)
							       : NULL });

		if (suite_portable())
			continue;
		if (room < sizeof(r.hdr))
			EXPECT_REPLY(r, 0, 0);
		else if (room < sizeof(r.display_info))
			EXPECT_ERROR(r, VIRTIO_GPU_RESP_ERR_UNSPEC);
		else
			EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_DISPLAY_INFO, 408);
	}
	driver_expect_alive(d);
}
END_TEST

/* As Linux has it on the cursor queue: it wants none, good or bad. */
START_TEST(there_may_be_no_room_for_an_answer)
{
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < COMMANDS; i++) {
		const struct command *c = &commands[i];

		for (unsigned queue = CONTROLQ; queue <= CURSORQ; queue++) {
			struct reply r = send_bytes(d, c, queue, c->size, 0);

			EXPECT_REPLY(r, 0, 0);
			r = send_bytes(d, c, queue, c->size, 23);
			if (!suite_portable())
				EXPECT_REPLY(r, 0, 0);
		}
	}
	driver_expect_alive(d);
}
END_TEST

/* Nothing of the device's memory shows through, and nothing stays unwritten. */
START_TEST(padding_is_zero)
{
	static const uint8_t zero[3];
	static const uint32_t types[] = { 0xff, 0x100, 0x1100, 0x100 };
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 2 * 4; i++) {
		struct virtio_gpu_ctrl_hdr cmd = driver_header(types[i / 2],
							       i % 2);
		struct reply r;

		memset(cmd.padding, 0xff, sizeof(cmd.padding));
		r = driver_send(d,
				&(struct request){ REQUEST(cmd), .room = 408 });
		ck_assert_uint_ge(r.used, sizeof(r.hdr));
		ck_assert_mem_eq(r.hdr.padding, zero, sizeof(zero));
		ck_assert_uint_eq(r.hdr.ring_idx, 0);
		if (r.used < sizeof(r.display_info))
			continue;
		for (unsigned j = d->scanouts; j < VIRTIO_GPU_MAX_SCANOUTS; j++)
			for (unsigned k = 0; k < 24; k++)
				ck_assert_uint_eq(r.bytes[24 + 24 * j + k], 0);
	}
}
END_TEST

/* ---- what fails ---- */

START_TEST(what_failed_changes_nothing)
{
	struct driver *d = small_driver();
	struct virtio_gpu_resp_display_info info = driver_display_info(d);
	struct virtio_gpu_config before, after;

	ck_assert(frontend_get_config(d->fe, 0, &before, sizeof(before)));
	for (unsigned i = 0; i < COMMANDS; i++) {
		const struct command *c = &commands[i];
		struct virtio_gpu_resp_display_info again;

		send_bytes(d, c, c->queue, c->size - 1, 408);
		send_bytes(d, c, !c->queue, c->size, 408);
		send_bytes(d, c, !c->queue, c->size, 24);
		again = driver_display_info(d);
		ck_assert_mem_eq(&info, &again, sizeof(info));
	}
	ck_assert(frontend_get_config(d->fe, 0, &after, sizeof(after)));
	ck_assert_mem_eq(&before, &after, sizeof(before));
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("types", nobody_knows_other_types, "G02 G03 G08 G11 G12"),
	ON_ALL_AXES("types", each_command_belongs_to_its_queue, "F04 G08"),
	ON_ALL_AXES("types", a_command_needs_its_feature, "B10 F05"),
	ON_ALL_AXES("length", a_request_has_a_whole_header, "G06"),
	ON_ALL_AXES("length", a_request_has_all_of_its_structure, "G06"),
	ON_ALL_AXES("length", what_lies_behind_the_structure_is_passed_over,
		    "G07"),
	ON_ALL_AXES("header", what_means_nothing_is_passed_over, "G09 G10"),
	ON_ALL_AXES("answer", an_answer_is_whole_or_an_error, "G02 G03 G05"),
	ON_ALL_AXES("answer", there_may_be_no_room_for_an_answer, "G05"),
	ON_ALL_AXES("answer", padding_is_zero, "G04"),
	ON_ALL_AXES("failure", what_failed_changes_nothing, "G25"),
	{ 0 }
};

Suite *commands_suite(void)
{
	return suite_new("commands", tests);
}
