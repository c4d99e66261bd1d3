/*
 * --display=qemu: what comes through the socket and is no answer. It does no
 * harm, and keeps nobody waiting.
 *
 * QEMU's docs/interop/vhost-user-gpu.rst.
 */
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "asking.h"
#include "suites.h"

static void expect_open(const struct screen *s)
{
	char byte;

	if (!recv(s->fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK))
		FAIL("the device has closed its end, and QEMU reads for ever");
}

/* It has nothing to do, and a new socket works as the first did. */
static void expect_fresh_start(struct driver *d)
{
	driver_expect_answer(d, CURSORQ);
	program_expect_rest(d->program);
	driver_pause(d);
	driver_resume(d);
	d->fe->screen->width = 1600;
	expect_info(d, post_info(d), 1600, 800);
	d->fe->screen->width = 1280;
	expect_info(d, post_info(d), 1280, 800);
	expect_screen(d);
}

/* ---- wrong answers ---- */

struct wrong {
	const char *what;
	uint32_t request, flags, size;
	bool unasked;
};

static const struct wrong wrongs[] = {
	{ "an answer too short", SCREEN_GET_DISPLAY_INFO, 4, 407, false },
	{ "an answer too long", SCREEN_GET_DISPLAY_INFO, 4, 409, false },
	{ "an empty answer", SCREEN_GET_DISPLAY_INFO, 4, 0, false },
	{ "a vast answer", SCREEN_GET_DISPLAY_INFO, 4, 0xffffffff, false },
	{ "an answer that says it is none", SCREEN_GET_DISPLAY_INFO, 0, 408,
	  false },
	{ "an answer to another question", SCREEN_GET_EDID, 4, 1056, false },
	{ "an answer to nobody knows what", 0x7777, 4, 408, false },
	{ "an answer to no question", SCREEN_GET_DISPLAY_INFO, 4, 408, true },
	{ "an answer that was given before", SCREEN_GET_PROTOCOL_FEATURES, 4, 8,
	  true },
	{ "a question", SCREEN_GET_DISPLAY_INFO, 0, 0, true },
	{ "an order", SCREEN_SCANOUT, 0, 12, true },
};

/* Says it, and looks how the device goes on. */
static void go_wrong(struct driver *d, const struct wrong *w)
{
	uint32_t header[] = { w->request, w->flags, w->size };
	static const uint8_t payload[4096] = { 1, 2, 3 };
	struct screen *s = d->fe->screen;
	struct posted *p = NULL;

	trail_step("the screen says %s", w->what);
	expect_screen(d);
	s->mute = true;
	if (!w->unasked) {
		p = post_info(d);
		await_question(s);
	}
	screen_say(s, header, sizeof(header));
	screen_say(s, payload, w->size < 4096 ? w->size : 4096);
	if (p)
		expect_info(d, p, 1280, 800);
	frontend_settle(d->fe);
	/* There is nobody to ask any more. */
	expect_info(d, post_info(d), 1280, 800);
	screen_expect_quiet(s);
}

START_TEST(wrong_answers_are_the_last)
{
	struct driver *d = start_asking(NULL);
	const struct wrong *w = wrongs;

	show_new(d, 0, 7, BGRX, 64, 48);
	for (unsigned i = 0; i < sizeof(wrongs) / sizeof(*wrongs); i++) {
		go_wrong(d, &w[i]);
		show(d, 7, 64, 48);
		expect_open(d->fe->screen);
		expect_fresh_start(d);
		ck_assert_uint_ge(program_said(d->program,
					       "QEMU's display socket: "),
				  1);
	}
}
END_TEST

/* ---- no sockets ---- */

static void give(struct driver *d, int fd)
{
	struct message m = message(VU_GPU_SET_SOCKET);

	m.fds[m.nfds++] = fd;
	ck_assert_str_eq(outcome_name(frontend_try(d->fe, &m)),
			 outcome_name(ACCEPTED));
	close(fd);
}

START_TEST(what_is_no_socket_shows_nothing)
{
	struct driver *d = start_asking(NULL);
	int pipes[2];

	show_new(d, 0, 7, BGRX, 64, 48);
	ck_assert(!pipe(pipes));
	for (unsigned i = 0; i < 6; i++) {
		trail_step("another fd that is no socket");
		give(d, i == 0	 ? open("/dev/null", O_RDWR)
			: i == 1 ? open("/dev/zero", O_RDONLY)
			: i == 2 ? eventfd(1, EFD_CLOEXEC)
			: i == 3 ? dup(pipes[0])
			: i == 4 ? dup(pipes[1])
				 : socket(AF_UNIX, SOCK_STREAM, 0));
		show(d, 7, 64, 48);
		expect_info(d, post_info(d), 1280, 800);
		program_expect_rest(d->program);
	}
	expect_fresh_start(d);
}
END_TEST

static const struct test tests[] = {
	ONCE("wrong", wrong_answers_are_the_last, "A51 A53"),
	ONCE("wrong", what_is_no_socket_shows_nothing, "A51 A53"),
	{ 0 }
};

Suite *qemuanswers_suite(void)
{
	return suite_new("qemuanswers", tests);
}
