/*
 * --trace: every message and every request, a line each, in the order in which
 * they were dealt with; decoded, with what came of it, and when.
 *
 * How a line looks is the program's own affair. What has to be in it, and in
 * which order, is in the patterns here, which are those of fnmatch(3).
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "driver.h"
#include "lines.h"
#include "load.h"
#include "sequence.h"
#include "suites.h"

/* Options that write a trace. */
static const char *traced(const char *more)
{
	static char options[512];

	program_need_options();
	snprintf(options, sizeof(options), "--trace=%s %s",
		 program_own_path("trace"), more);
	return options;
}

static const struct lines *read_trace(void)
{
	return lines_of_file(program_own_path("trace"));
}

static struct driver *traced_driver(const char *more)
{
	return driver_start_with(&(struct driver_options){
		.axes = _axes, .options = traced(more) });
}

/* The trace of all that driver did. */
static const struct lines *end_and_read(struct driver *d)
{
	struct program *p = d->program;

	driver_end(d);
	program_stop(p);
	return read_trace();
}

/* A line of a vhost-user message: there are others beside. */
static bool is_message(const char *line)
{
	for (uint32_t i = 1; i <= VU_GET_STATUS; i++)
		if (line_has_word(line, wire_name(i)))
			return true;
	return line_has_word(line, "99");
}

static bool is_request(const char *line)
{
	return line_has_word(line, "controlq") ||
	       line_has_word(line, "cursorq");
}

/* ---- messages ---- */

struct said {
	struct message m;
	uint32_t reply; /* its bytes; 0: it has none */
	const char *line;
};

/* What a front end says; two of it are wrong. */
static unsigned script(struct said *s, struct driver *d)
{
	struct message config = message(VU_GET_CONFIG);
	struct message asking = message_state(VU_SET_VRING_NUM, 0, 0);
	struct message unknown = message(99);
	unsigned n = 0;

	config.header.size = 12 + 16;
	config.config.size = 16;
	asking.header.flags |= VU_NEED_REPLY;
	unknown.header.flags |= VU_NEED_REPLY;
#define SAY(...) (s[n++] = (struct said){ __VA_ARGS__ })
	SAY(message(VU_GET_FEATURES), 8, "* GET_FEATURES *VERSION_1*");
	SAY(message(VU_GET_PROTOCOL_FEATURES), 8,
	    "* GET_PROTOCOL_FEATURES *REPLY_ACK*");
	SAY(message_u64(VU_SET_PROTOCOL_FEATURES,
			BIT(VU_REPLY_ACK) | BIT(VU_CONFIG)),
	    0, "* SET_PROTOCOL_FEATURES *REPLY_ACK*CONFIG* ok*");
	SAY(message(VU_GET_QUEUE_NUM), 8, "* GET_QUEUE_NUM * 2*");
	SAY(message(VU_SET_OWNER), 0, "* SET_OWNER * ok*");
	SAY(config, 12 + 16, "* GET_CONFIG *16*");
	SAY(message_u64(VU_SET_FEATURES, BIT(32) | BIT(30)), 0,
	    "* SET_FEATURES *VERSION_1* ok*");
	SAY(ram_table(d->ram), 0, "* SET_MEM_TABLE *0x400000* ok*");
	SAY(message_state(VU_SET_VRING_NUM, 0, 64), 0,
	    "* SET_VRING_NUM *0*64* ok*");
	SAY(asking, 8, "* SET_VRING_NUM *0*0* refused*");
	SAY(unknown, 8, "* 99 * refused*");
	SAY(message_state(VU_SET_VRING_BASE, 1, 7), 0,
	    "* SET_VRING_BASE *1*7* ok*");
	SAY(frontend_ring_addr(d->cursor), 0, "* SET_VRING_ADDR *1*0x* ok*");
	SAY(message_vring_fd(VU_SET_VRING_CALL, 1, d->cursor->call), 0,
	    "* SET_VRING_CALL *1* ok*");
	SAY(message_vring_fd(VU_SET_VRING_ERR, 0, -1), 0,
	    "* SET_VRING_ERR *0* ok*");
	SAY(message_state(VU_SET_VRING_ENABLE, 1, 0), 0,
	    "* SET_VRING_ENABLE *1*0* ok*");
	SAY(message_state(VU_GET_VRING_BASE, 1, 0), 8,
	    "* GET_VRING_BASE *1*7*");
	SAY(message(VU_RESET_DEVICE), 0, "* RESET_DEVICE * ok*");
	SAY(message(VU_GET_FEATURES), 8, "* GET_FEATURES *");
#undef SAY
	return n;
}

START_TEST(every_message_is_there)
{
	static struct said said[32];
	struct driver *d =
		driver_probe(&(struct driver_options){ .axes = _axes });
	struct program *p = program_start(traced(""));
	struct frontend *fe = frontend_connect(p, &qemu_10_0);
	unsigned n = script(said, d);
	const char *lines[32];

	for (unsigned i = 0; i < n; i++) {
		struct message reply;

		lines[i] = said[i].line;
		frontend_send(fe, &said[i].m);
		if (said[i].reply)
			frontend_receive(fe, said[i].m.header.request,
					 said[i].reply, &reply);
	}
	frontend_free(fe);
	program_stop(p);
	lines_expect(read_trace(), is_message, lines, n);
}
END_TEST

/* From its first message on, and each turn its life takes. */
START_TEST(a_life_can_be_followed)
{
	static const char *const turns[] = {
		"* GET_FEATURES *", "*start*",	  "*controlq*", "*pause*",
		"*resume*",	    "*controlq*", "*pause*",	"*reset*",
		"*start*",	    "*controlq*", "*reset*",	"*hang-up*",
	};
	struct driver *d = traced_driver("");
	const struct lines *t;
	unsigned at = 0;

	driver_expect_alive(d);
	driver_pause(d);
	driver_resume(d);
	driver_expect_alive(d);
	driver_reset(d);
	driver_expect_alive(d);
	t = end_and_read(d);
	for (unsigned i = 0; i < sizeof(turns) / sizeof(*turns); i++)
		at = lines_find(t, at, turns[i]) + 1;
}
END_TEST

/* ---- requests ---- */

static void post(struct driver *d, uint32_t type, uint64_t fence, uint32_t len,
		 uint32_t room, unsigned queue)
{
	struct virtio_gpu_update_cursor cmd = {
		.hdr = driver_header(type, fence),
	};

	driver_send(d, &(struct request){ &cmd, len, room, .queue = queue });
}

START_TEST(every_request_is_there)
{
	static const char *const lines[] = {
		"* controlq *GET_DISPLAY_INFO *OK_DISPLAY_INFO *[0-9] us*",
		"* controlq *GET_DISPLAY_INFO *[0-9]x[0-9]*OK_DISPLAY_INFO * us*",
		"* controlq *GET_DISPLAY_INFO *7777*OK_DISPLAY_INFO * us*",
		"* controlq *0x77 *ERR_UNSPEC * us*",
		"* cursorq *0x78 *88*ERR_UNSPEC * us*",
		"* controlq *ERR_INVALID_PARAMETER * us*",
		"* controlq *GET_DISPLAY_INFO *ERR_UNSPEC * us*",
		"* controlq *GET_DISPLAY_INFO * us*",
	};
	struct driver *d = traced_driver("");

	post(d, 0x100, 0, 24, 408, CONTROLQ);
	post(d, 0x100, 0, 24, 408, CONTROLQ);
	post(d, 0x100, 7777, 24, 408, CONTROLQ);
	post(d, 0x77, 0, 24, 24, CONTROLQ);
	post(d, 0x78, 88, 24, 24, CURSORQ);
	post(d, 0x100, 0, 23, 408, CONTROLQ);
	post(d, 0x100, 0, 24, 24, CONTROLQ);
	post(d, 0x100, 0, 24, 0, CONTROLQ);
	lines_expect(end_and_read(d), is_request, lines, 8);
}
END_TEST

/* As many as the ring holds at a time, on both queues. */
START_TEST(none_is_left_out_under_load)
{
	struct driver *d = traced_driver("");
	const struct lines *t;
	unsigned sent = 0, found = 0;

	for (unsigned i = 0; i < 8; i++) {
		struct load a = load_post(d, CONTROLQ, 16);
		struct load b = load_post(d, CURSORQ, 8);

		load_collect(d, &b);
		load_collect(d, &a);
		sent += a.count + b.count;
	}
	t = end_and_read(d);
	for (unsigned i = 0; i < t->count; i++)
		found += is_request(t->line[i]);
	ck_assert_uint_eq(found, sent);
}
END_TEST

/* ---- where, and when ---- */

START_TEST(time_goes_on)
{
	struct driver *d = traced_driver("");
	const struct lines *t;
	double last = 0;

	for (unsigned i = 0; i < 10; i++)
		driver_expect_alive(d);
	t = end_and_read(d);
	for (unsigned i = 0; i < t->count; i++) {
		char *end;
		double now = strtod(t->line[i], &end);

		if (end == t->line[i] || now < last)
			FAIL("no time, or one before the last: %s", t->line[i]);
		last = now;
	}
	/* Seconds since the start. */
	ck_assert(last > 0 && last < 60);
}
END_TEST

/* Each line when it happens: it shows what a program did before it died. */
START_TEST(it_is_complete_when_the_program_dies)
{
	struct driver *d = traced_driver("");
	const struct lines *t;
	unsigned at = 0;

	for (uint64_t fence = 1001; fence < 1005; fence++)
		post(d, 0x100, fence, 24, 408, CONTROLQ);
	d->program->may_end = true;
	kill(d->program->pid, SIGKILL);
	program_wait(d->program);
	t = read_trace();
	for (unsigned i = 1001; i < 1005; i++) {
		char pattern[64];

		snprintf(pattern, sizeof(pattern),
			 "* controlq *GET_DISPLAY_INFO *%u*", i);
		at = lines_find(t, at, pattern) + 1;
	}
}
END_TEST

START_TEST(an_old_trace_goes_away)
{
	const struct lines *t;
	struct driver *d;
	FILE *f;

	program_need_options();
	f = fopen(program_own_path("trace"), "we");
	ck_assert(f && fputs("0.0 controlq the last time\n", f) > 0);
	fclose(f);
	d = traced_driver("");
	driver_expect_alive(d);
	t = end_and_read(d);
	for (unsigned i = 0; i < t->count; i++)
		ck_assert(!strstr(t->line[i], "the last time"));
}
END_TEST

/* Without a file it is for whoever watches, and stdout stays clean. */
START_TEST(without_a_file_it_goes_to_stderr)
{
	static const char *const elsewhere[] = { "--trace >/dev/null",
						 "--trace 2>/dev/null" };

	program_need_options();
	for (unsigned i = 0; i < 2; i++) {
		struct driver *d = driver_start_with(&(struct driver_options){
			.axes = _axes, .options = elsewhere[i] });
		const struct lines *t;

		driver_expect_alive(d);
		t = lines_of(program_output(d->program));
		if (i)
			ck_assert_uint_eq(t->count, 0);
		else
			lines_find(t, 0, "*GET_DISPLAY_INFO*OK_DISPLAY_INFO*");
	}
}
END_TEST

/* The trace is lost then, and nothing else. */
START_TEST(the_disk_may_be_full)
{
	struct driver *d;

	program_need_options();
	d = driver_start_with(&(struct driver_options){
		.axes = _axes, .options = "--trace=/dev/full" });
	for (unsigned i = 0; i < 50; i++)
		driver_expect_alive(d);
	driver_reset(d);
	driver_expect_alive(d);
}
END_TEST

static const struct test tests[] = {
	ONCE("messages", every_message_is_there, NULL),
	ONCE("messages", a_life_can_be_followed, NULL),
	ONCE("requests", every_request_is_there, NULL),
	ON_ALL_AXES("requests", none_is_left_out_under_load, NULL),
	ONCE("lines", time_goes_on, NULL),
	ONCE("lines", it_is_complete_when_the_program_dies, NULL),
	ONCE("lines", an_old_trace_goes_away, NULL),
	ONCE("lines", without_a_file_it_goes_to_stderr, NULL),
	ONCE("lines", the_disk_may_be_full, NULL),
	{ 0 }
};

Suite *trace_suite(void)
{
	return suite_new("trace", tests);
}
