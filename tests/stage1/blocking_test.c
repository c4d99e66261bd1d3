/*
 * Kick, call and err fds that block: the device's only thread reads and writes
 * them, and must not be held up.
 *
 * QEMU's own never block, and vhost-user.rst does not say that others may: that
 * it does no harm is this project's promise.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "driver.h"
#include "load.h"
#include "sequence.h"
#include "suites.h"

static struct driver *start(void)
{
	if (suite_portable())
		suite_skip("nobody says that such fds may block");
	return driver_start(_axes);
}

static void give(struct driver *d, uint32_t request, unsigned index, int fd)
{
	struct message m = message_vring_fd(request, index, fd);

	ck_assert_str_eq(outcome_name(frontend_try(d->fe, &m)),
			 outcome_name(ACCEPTED));
}

/* One kick wakes it for either ring; the second finds none. */
START_TEST(rings_may_share_a_kick_that_blocks)
{
	struct driver *d = start();
	int kick = eventfd(0, EFD_CLOEXEC);

	for (unsigned i = 0; i < 2; i++)
		give(d, VU_SET_VRING_KICK, i, kick);
	for (unsigned i = 0; i < 20; i++) {
		eventfd_write(kick, 1);
		frontend_expect_silence(d->fe);
	}
	for (unsigned i = 0; i < 2; i++)
		give(d, VU_SET_VRING_KICK, i, d->fe->rings[i]->kick);
	driver_expect_alive(d);
	close(kick);
}
END_TEST

/* The counter is as high as it goes: another call would have to wait. */
START_TEST(a_call_that_blocks_may_be_full)
{
	struct driver *d = start();
	int call = eventfd(0, EFD_CLOEXEC);
	struct load load;

	eventfd_write(call, UINT64_MAX - 1);
	give(d, VU_SET_VRING_CALL, CONTROLQ, call);
	load = load_post(d, CONTROLQ, 1);
	frontend_expect_silence(d->fe);
	frontend_expect_silence(d->fe);
	give(d, VU_SET_VRING_CALL, CONTROLQ, d->control->call);
	eventfd_write(d->control->call, 1);
	load_collect(d, &load);
	driver_expect_alive(d);
	close(call);
}
END_TEST

/* What can't be written to is no call: the guest learns it by itself. */
START_TEST(what_is_no_eventfd_is_told_of_once)
{
	struct driver *d = driver_start(_axes);
	int pipes[2];

	ck_assert(!pipe2(pipes, O_CLOEXEC));
	give(d, VU_SET_VRING_CALL, CONTROLQ, pipes[0]);
	for (unsigned i = 0; i < 30; i++) {
		struct load load = load_post(d, CONTROLQ, 1);

		frontend_expect_silence(d->fe);
		frontend_expect_silence(d->fe);
		eventfd_write(d->control->call, 1);
		load_collect(d, &load);
	}
	if (!suite_portable())
		ck_assert_uint_eq(program_said(d->program, "call eventfd"), 1);
	give(d, VU_SET_VRING_CALL, CONTROLQ, d->control->call);
	driver_expect_alive(d);
	close(pipes[0]);
	close(pipes[1]);
}
END_TEST

static const struct test tests[] = {
	ON_ALL_AXES("kick", rings_may_share_a_kick_that_blocks, "A32"),
	ON_ALL_AXES("call", a_call_that_blocks_may_be_full, "A32"),
	ON_ALL_AXES("call", what_is_no_eventfd_is_told_of_once, "A32"),
	{ 0 }
};

Suite *blocking_suite(void)
{
	return suite_new("blocking", tests);
}
