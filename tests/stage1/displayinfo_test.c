/*
 * GET_DISPLAY_INFO: the first thing every driver asks. What it answers, how
 * long the answer is, and that a fence comes back with it.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#include "driver.h"
#include "suites.h"

static const struct virtio_gpu_ctrl_hdr get_display_info = {
	.type = VIRTIO_GPU_CMD_GET_DISPLAY_INFO,
};

/* The preferred size is there, and entries without a scanout are empty. */
START_TEST(there_is_a_monitor)
{
	struct driver *d = driver_start(_axes);
	struct virtio_gpu_resp_display_info info = driver_display_info(d);
	static const struct virtio_gpu_display_one none;

	ck_assert_uint_eq(info.pmodes[0].enabled, 1);
	for (unsigned i = 0; i < VIRTIO_GPU_MAX_SCANOUTS; i++) {
		ck_assert_uint_eq(info.pmodes[i].flags, 0);
		if (i >= d->scanouts)
			ck_assert_mem_eq(&info.pmodes[i], &none, sizeof(none));
		else if (info.pmodes[i].enabled)
			ck_assert(info.pmodes[i].r.width &&
				  info.pmodes[i].r.height);
	}
}
END_TEST

START_TEST(asking_twice_gives_the_same)
{
	struct driver *d = driver_start(_axes);
	struct virtio_gpu_resp_display_info first = driver_display_info(d);
	struct virtio_gpu_resp_display_info again = driver_display_info(d);

	ck_assert_mem_eq(&first, &again, sizeof(first));
}
END_TEST

/* As many as asked for, each with a size of its own to show. */
START_TEST(every_output_is_listed)
{
	static const char *const options[] = { "--outputs=1", "--outputs=2",
					       "--outputs=16" };
	static const uint32_t outputs[] = { 1, 2, 16 };

	if (!program_takes_options())
		suite_skip("it takes no --outputs");
	for (unsigned i = 0; i < 3; i++) {
		struct driver *d = driver_start_with(&(struct driver_options){
			.axes = _axes, .options = options[i] });
		struct virtio_gpu_resp_display_info info =
			driver_display_info(d);
		uint32_t listed = 0;

		for (unsigned j = 0; j < VIRTIO_GPU_MAX_SCANOUTS; j++)
			listed += info.pmodes[j].r.width > 0;
		ck_assert_uint_eq(d->scanouts, outputs[i]);
		ck_assert_uint_eq(listed, outputs[i]);
	}
}
END_TEST

/* Room behind the response stays as it is: driver_send() looks. */
START_TEST(used_length_is_the_size_of_the_response)
{
	struct driver *d = driver_start(_axes);
	struct reply r =
		driver_send(d, &(struct request){ REQUEST(get_display_info),
						  .room = 4096 });

	EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_DISPLAY_INFO, 408);
}
END_TEST

START_TEST(fence_comes_back)
{
	static const uint64_t ids[] = { 1, 1ull << 32, 1ull << 63, ~0ull };
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 4; i++) {
		struct virtio_gpu_ctrl_hdr cmd =
			driver_header(VIRTIO_GPU_CMD_GET_DISPLAY_INFO, ids[i]);
		struct reply r = driver_send(d,
					     &(struct request){ REQUEST(cmd),
								.room = 408 });

		EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_DISPLAY_INFO, 408);
		ck_assert_uint_eq(r.hdr.flags, VIRTIO_GPU_FLAG_FENCE);
		ck_assert_uint_eq(r.hdr.fence_id, ids[i]);
	}
}
END_TEST

/* An id without the flag is no fence. */
START_TEST(without_a_fence_none_comes_back)
{
	struct driver *d = driver_start(_axes);
	struct virtio_gpu_ctrl_hdr cmd = get_display_info;
	struct reply r;

	cmd.fence_id = 99;
	r = driver_send(d, &(struct request){ REQUEST(cmd), .room = 408 });
	EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_DISPLAY_INFO, 408);
	ck_assert_uint_eq(r.hdr.flags, 0);
	if (!suite_portable())
		ck_assert_uint_eq(r.hdr.fence_id, 0);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("monitor", there_is_a_monitor, "H01 H02 H03 F20"),
	ON_ALL_AXES("monitor", asking_twice_gives_the_same, "H01"),
	ONCE("monitor", every_output_is_listed, "H01 H02 F06"),
	ON_ALL_AXES("reply", used_length_is_the_size_of_the_response,
		    "G01 G02 G03"),
	ON_ALL_AXES("fence", fence_comes_back, "G11 G12"),
	ONCE("fence", without_a_fence_none_comes_back, "G15"),
	{ 0 }
};

Suite *displayinfo_suite(void)
{
	return suite_new("displayinfo", tests);
}
