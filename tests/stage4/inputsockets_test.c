/*
 * The sockets: a device each, in any company, and each with a life of its own.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "load.h"
#include "sequence.h"
#include "sitting.h"
#include "suites.h"

static bool is_there(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

static struct inputdriver *start_at(struct desk *desk, enum desk_device device)
{
	return input_start_with(device, &(struct input_options){
						.axes = _axes, .desk = desk });
}

/* ---- company ---- */

START_TEST(each_alone)
{
	for (unsigned device = 0; device < DESK_DEVICES; device++) {
		struct inputdriver *in = input_start(_axes, device);

		expect_press(in);
		expect_let_go(in);
		ck_assert(is_there(in->desk->paths[device]));
	}
}
END_TEST

START_TEST(all_and_the_gpu)
{
	struct sitting s = sit_down(_axes, DESK_ALL);

	expect_press(s.in[KEYBOARD]);
	desk_do(s.desk, "move 320 240");
	input_frame(s.in[TABLET]);
	expect_press(s.in[TABLET]);
	desk_do(s.desk, "motion 1 1");
	input_frame(s.in[MOUSE]);
	expect_press(s.in[MOUSE]);
	flush(s.gpu, 1, RECT(0, 0, 1, 1));
	driver_expect_alive(s.gpu);
}
END_TEST

/* Without a front end it is as if there was none: its buttons are another's. */
START_TEST(a_socket_nobody_is_at)
{
	struct desk *desk = desk_start(DESK_ALL, NULL);
	struct inputdriver *mouse = start_at(desk, MOUSE);

	desk_do(desk, "key a");
	expect_press(mouse);
	expect_let_go(mouse);
}
END_TEST

/* ---- one hangs up ---- */

START_TEST(the_others_stay)
{
	struct sitting s = sit_down(_axes, DESK_ALL);

	for (unsigned gone = 0; gone < DESK_DEVICES; gone++) {
		input_end(s.in[gone]);
		for (unsigned i = 0; i < DESK_DEVICES; i++)
			if (i != gone)
				input_status(s.in[i], EV_LED, LED_CAPSL, 1);
		driver_expect_alive(s.gpu);
		s.in[gone] = start_at(s.desk, gone);
	}
	expect_press(s.in[KEYBOARD]);
}
END_TEST

START_TEST(the_gpu_hangs_up)
{
	struct sitting s = sit_down(_axes, DESK_ALL);

	driver_end(s.gpu);
	expect_press(s.in[KEYBOARD]);
	input_status(s.in[TABLET], EV_LED, LED_CAPSL, 1);
	desk_do(s.desk, "motion 1 1");
	input_frame(s.in[MOUSE]);
	/* Its screen is as it was offered now: 1280x800. */
	desk_do(s.desk, "move 5 5");
	EXPECT_FRAME(s.in[TABLET], { EV_ABS, ABS_X, place_of(5, 1280) },
		     { EV_ABS, ABS_Y, place_of(5, 800) });
	s.gpu = driver_start_2d_with(&(struct driver_options){
		.axes = _axes, .program = s.desk->program });
	light_up(s.gpu, 0, 1, SCREEN_WIDTH, SCREEN_HEIGHT);
	desk_do(s.desk, "move 5 5");
	input_frame(s.in[TABLET]);
}
END_TEST

/* QEMU after QEMU, on each socket. */
START_TEST(one_front_end_after_another)
{
	struct desk *desk = desk_start(DESK_ALL, NULL);
	struct vitals before;

	for (unsigned round = 0; round < 12; round++) {
		struct inputdriver *in[DESK_DEVICES];

		for (unsigned i = 0; i < DESK_DEVICES; i++)
			in[i] = start_at(desk, i);
		expect_press(in[KEYBOARD]);
		if (round == 2)
			before = driver_vitals(in[0]->d);
		if (round == 11)
			driver_expect_no_more(in[0]->d, before);
		for (unsigned i = 0; i < DESK_DEVICES; i++)
			input_end(in[(round + i) % DESK_DEVICES]);
	}
}
END_TEST

/* A front end that makes no sense is dropped, alone. */
START_TEST(nonsense_on_one)
{
	struct sitting s = sit_down(_axes, DESK_ALL);
	struct message m = message(VU_SET_VRING_NUM);

	m.header.size = 0x7fffffff;
	frontend_send(s.in[TABLET]->d->fe, &m);
	frontend_expect_hang_up(s.in[TABLET]->d->fe);
	expect_press(s.in[KEYBOARD]);
	driver_expect_alive(s.gpu);
	input_end(s.in[TABLET]);
	s.in[TABLET] = start_at(s.desk, TABLET);
	desk_do(s.desk, "move 1 1");
	input_frame(s.in[TABLET]);
}
END_TEST

/* ---- one is slow ---- */

/* A keyboard that is behind, or paused, is nothing to the GPU and the others. */
START_TEST(a_slow_keyboard_slows_nobody)
{
	struct sitting s = sit_down(_axes, DESK_KEYBOARD | DESK_MOUSE);
	struct inputdriver *in = s.in[KEYBOARD];

	in->lazy = true;
	input_reset(in);
	desk_do(s.desk, "key a");
	desk_await_read(s.desk);
	for (unsigned i = 0; i < 20; i++) {
		flush(s.gpu, 1, RECT(0, 0, 640, 480));
		driver_expect_alive(s.gpu);
		input_status(s.in[MOUSE], EV_LED, LED_CAPSL, 1);
	}
	input_pause(in);
	driver_expect_alive(s.gpu);
	driver_pause(s.gpu);
	driver_resume(s.gpu);
	driver_expect_alive(s.gpu);
	program_expect_rest(s.gpu->program);
	input_resume(in);
	input_post(in, 4);
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 1 });
	EXPECT_FRAME(in, { EV_KEY, KEY_A, 0 });
}
END_TEST

/* QEMU's pause stops all devices, one after the other. */
START_TEST(all_are_paused)
{
	struct sitting s = sit_down(_axes, DESK_ALL);

	expect_press(s.in[KEYBOARD]);
	for (unsigned i = 0; i < DESK_DEVICES; i++)
		input_pause(s.in[i]);
	driver_pause(s.gpu);
	let_go(s.in[KEYBOARD]);
	desk_await_read(s.desk);
	for (unsigned i = 0; i < DESK_DEVICES; i++)
		input_resume(s.in[i]);
	driver_resume(s.gpu);
	EXPECT_FRAME(s.in[KEYBOARD], { EV_KEY, KEY_A, 0 });
	driver_expect_alive(s.gpu);
}
END_TEST

/* ---- options ---- */

static void expect_fault(const char *options, int status, const char *name)
{
	struct program *p = program_run(options);
	const char *said;

	program_expect_status(p, status);
	said = program_output(p);
	if (!strstr(said, name) || !*said ||
	    strchr(said, '\n') != said + strlen(said) - 1)
		FAIL("expected one line that names %s; got: %s", name, said);
}

static void expect_faulty(const char *fmt, const char *path, int status,
			  const char *name)
{
	char line[640];

	snprintf(line, sizeof(line), fmt, path, path);
	expect_fault(line, status, name);
}

START_TEST(options_that_can_not_be)
{
	char path[256];
	char line[640];
	FILE *file;

	program_need_options();
	snprintf(path, sizeof(path), "%s", program_own_path("one"));
	expect_faulty("--keyboard-socket=%s --mouse-socket=%s", path, 2,
		      "--mouse-socket");
	expect_faulty("--socket-path=%s --tablet-socket=%s", path, 2,
		      "--tablet-socket");
	file = fopen(path, "w");
	ck_assert_ptr_nonnull(file);
	fclose(file);
	expect_faulty("--keyboard-socket=%s", path, 1, "--keyboard-socket");
	ck_assert(is_there(path));
	/* The one before it was made, and is gone again. */
	snprintf(line, sizeof(line), "--socket-path=%s.gpu --mouse-socket=%s",
		 path, path);
	expect_fault(line, 1, "--mouse-socket");
	snprintf(line, sizeof(line), "%s.gpu", path);
	ck_assert(!is_there(line));
	unlink(path);
	expect_fault("--tablet-socket=/no/such/place", 1, "--tablet-socket");
	expect_fault("--mouse-socket=", 2, "--mouse-socket");
	expect_fault("--keyboard-socket", 2, "--keyboard-socket");
	expect_fault("--display=none", 2, "--keyboard-socket");
}
END_TEST

/* All go when it ends, whoever was there. */
START_TEST(no_socket_is_left)
{
	struct sitting s = sit_down(_axes, DESK_ALL);
	struct desk *desk = s.desk;

	for (unsigned i = 0; i < DESK_DEVICES; i++)
		ck_assert(is_there(desk->paths[i]));
	kill(desk->program->pid, SIGTERM);
	program_expect_status(desk->program, 0);
	for (unsigned i = 0; i < DESK_DEVICES; i++)
		ck_assert(!is_there(desk->paths[i]));
	ck_assert(is_there(desk->script));
}
END_TEST

/* QEMU ends all its connections at once: the first one that goes is the end. */
START_TEST(once_is_for_all)
{
	struct desk *desk = desk_start(DESK_ALL, "--once");
	struct inputdriver *keyboard = start_at(desk, KEYBOARD),
			   *mouse = start_at(desk, MOUSE);

	expect_press(keyboard);
	expect_press(mouse);
	desk->program->may_end = true;
	input_end(mouse);
	program_expect_status(desk->program, 0);
	for (unsigned i = 0; i < DESK_DEVICES; i++)
		ck_assert(!is_there(desk->paths[i]));
}
END_TEST

static const struct test tests[] = {
	ONCE("company", each_alone, "A50"),
	ONCE("company", all_and_the_gpu, NULL),
	ONCE("company", a_socket_nobody_is_at, NULL),
	ONCE("hang up", the_others_stay, "A48"),
	ONCE("hang up", the_gpu_hangs_up, "A48"),
	ONCE("hang up", one_front_end_after_another, "A48"),
	ONCE("hang up", nonsense_on_one, "A03"),
	ONCE("slow", a_slow_keyboard_slows_nobody, "L21"),
	ONCE("slow", all_are_paused, "A34 A35"),
	ONCE("options", options_that_can_not_be, "A50"),
	ONCE("options", no_socket_is_left, "A50"),
	ONCE("options", once_is_for_all, "A50"),
	{ 0 }
};

Suite *inputsockets_suite(void)
{
	return suite_new("inputsockets", tests);
}
