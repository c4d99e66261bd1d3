/*
 * RESOURCE_CREATE_2D: which sizes, formats and ids there may be.
 *
 * virtio 1.3, section 5.7.6.8.
 */
#include "driver.h"
#include "suites.h"

START_TEST(ids_can_be_any_number_but_0)
{
	static const uint32_t ids[] = { 1, 0x7fffffff, 0x80000000, 0xffffffff };
	struct driver *d = driver_start(_axes);

	for (unsigned i = 0; i < 4; i++) {
		struct virtio_gpu_resource_create_2d cmd = {
			.hdr = driver_header(VIRTIO_GPU_CMD_RESOURCE_CREATE_2D,
					     0),
			.resource_id = ids[i],
			.format = VIRTIO_GPU_FORMAT_B8G8R8X8_UNORM,
			.width = 16,
			.height = 16,
		};
		struct reply r = driver_send(d,
					     &(struct request){ REQUEST(cmd),
								.room = 24 });

		EXPECT_REPLY(r, VIRTIO_GPU_RESP_OK_NODATA, 24);
	}
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("ids", ids_can_be_any_number_but_0, "G26 H10"), { 0 }
};

Suite *create_suite(void)
{
	return suite_new("create", tests);
}
