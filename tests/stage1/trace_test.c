/*
 * --trace: every message and every request, a line each, in the order in which
 * they were dealt with; decoded, with what came of it, and when.
 *
 * How a line looks is the program's own affair. What has to be in it, and in
 * which order, is in the patterns here, which are those of fnmatch(3).
 */
#include <fnmatch.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "driver.h"
#include "load.h"
#include "sequence.h"
#include "suites.h"

enum { LINES_MAX = 512 };

struct trace {
	char path[256];
	char text[65536];
	char *lines[LINES_MAX];
	unsigned count;
};

/* Options that write a trace; before the first program. */
static const char *traced(struct trace *t, const char *more)
{
	static char options[512];

	if (!program_takes_options())
		suite_skip("it has no --trace");
	snprintf(t->path, sizeof(t->path), "%s/%d.trace", program_folder(),
		 getpid());
	snprintf(options, sizeof(options), "--trace=%s %s", t->path, more);
	return options;
}

static void split(struct trace *t)
{
	t->count = 0;
	for (char *line = strtok(t->text, "\n"); line && t->count < LINES_MAX;
	     line = strtok(NULL, "\n"))
		t->lines[t->count++] = line;
}

static void read_trace(struct trace *t)
{
	FILE *f = fopen(t->path, "re");
	size_t len;

	if (!f)
		FAIL("there is no trace");
	len = fread(t->text, 1, sizeof(t->text) - 1, f);
	t->text[len] = '\0';
	fclose(f);
	split(t);
}

/* The next line behind `from` that fits; FAILs if none does. */
static unsigned find_line(const struct trace *t, unsigned from,
			  const char *pattern)
{
	for (unsigned i = from; i < t->count; i++)
		if (!fnmatch(pattern, t->lines[i], 0))
			return i;
	for (unsigned i = from; i < t->count; i++)
		trail_note("| %s", t->lines[i]);
	FAIL("no line like %s in the trace from here on", pattern);
}

static bool has_word(const char *line, const char *word)
{
	size_t len = strlen(word);

	while ((line = strchr(line, ' '))) {
		line++;
		if (!strncmp(line, word, len) && (line[len] == ' ' ||
						  !line[len]))
			return true;
	}
	return false;
}

/* A line of a vhost-user message: there are others beside. */
static bool is_message(const char *line)
{
	for (uint32_t i = 1; i <= VU_GET_STATUS; i++)
		if (has_word(line, wire_name(i)))
			return true;
	return has_word(line, "99");
}

static bool is_request(const char *line)
{
	return has_word(line, "controlq") || has_word(line, "cursorq");
}

/* Of the lines of that sort there are these, in this order, and no others. */
static void expect_lines(const struct trace *t, bool (*sort)(const char *),
			 const char *const *patterns, unsigned n)
{
	unsigned at = 0;

	for (unsigned i = 0; i < t->count; i++) {
		if (!sort(t->lines[i]))
			continue;
		if (at == n)
			FAIL("one line more in the trace: %s", t->lines[i]);
		if (fnmatch(patterns[at], t->lines[i], 0))
			FAIL("expected a line like %s in the trace, got %s",
			     patterns[at], t->lines[i]);
		at++;
	}
	if (at < n)
		FAIL("no line like %s in the trace", patterns[at]);
}

/* ---- messages ---- */

struct said {
	struct message m;
	uint32_t reply;		/* its bytes; 0: it has none */
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
	SAY(message_u64(VU_SET_PROTOCOL_FEATURES, BIT(VU_REPLY_ACK) |
			BIT(VU_CONFIG)), 0,
	    "* SET_PROTOCOL_FEATURES *REPLY_ACK*CONFIG* ok*");
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
	static struct trace t;
	static struct said said[32];
	struct driver *d = driver_probe(&(struct driver_options){
		.axes = _axes });
	struct program *p = program_start(traced(&t, ""));
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
	read_trace(&t);
	expect_lines(&t, is_message, lines, n);
}
END_TEST

/* From its first message on, and each turn its life takes. */
START_TEST(a_life_can_be_followed)
{
	static const char *const turns[] = {
		"* GET_FEATURES *", "*start*", "*controlq*", "*pause*",
		"*resume*", "*controlq*", "*pause*", "*reset*", "*start*",
		"*controlq*", "*reset*", "*hang-up*",
	};
	static struct trace t;
	struct driver *d = driver_start_with(&(struct driver_options){
		.axes = _axes, .options = traced(&t, "") });
	struct program *p = d->program;
	unsigned at = 0;

	driver_expect_alive(d);
	driver_pause(d);
	driver_resume(d);
	driver_expect_alive(d);
	driver_reset(d);
	driver_expect_alive(d);
	driver_end(d);
	program_stop(p);
	read_trace(&t);
	for (unsigned i = 0; i < sizeof(turns) / sizeof(*turns); i++)
		at = find_line(&t, at, turns[i]) + 1;
}
END_TEST

/* ---- requests ---- */

static void post(struct driver *d, uint32_t type, uint64_t fence, uint32_t len,
		 uint32_t room, unsigned queue)
{
	struct virtio_gpu_update_cursor cmd = {
		.hdr = driver_header(type, fence),
	};

	driver_send(d, &(struct request){
		.bytes = &cmd, .len = len, .room = room, .queue = queue });
}

START_TEST(every_request_is_there)
{
	static const char *const lines[] = {
		"* controlq *GET_DISPLAY_INFO *OK_DISPLAY_INFO *[0-9] us*",
		"* controlq *GET_DISPLAY_INFO *640x480*OK_DISPLAY_INFO * us*",
		"* controlq *GET_DISPLAY_INFO *7777*OK_DISPLAY_INFO * us*",
		"* controlq *0x77 *ERR_UNSPEC * us*",
		"* cursorq *0x78 *88*ERR_UNSPEC * us*",
		"* controlq *ERR_INVALID_PARAMETER * us*",
		"* controlq *GET_DISPLAY_INFO *ERR_UNSPEC * us*",
		"* controlq *GET_DISPLAY_INFO * us*",
	};
	static struct trace t;
	struct driver *d = driver_start_with(&(struct driver_options){
		.axes = _axes, .options = traced(&t, "--resolution=640x480") });
	struct program *p = d->program;

	post(d, 0x100, 0, 24, 408, CONTROLQ);
	post(d, 0x100, 0, 24, 408, CONTROLQ);
	post(d, 0x100, 7777, 24, 408, CONTROLQ);
	post(d, 0x77, 0, 24, 24, CONTROLQ);
	post(d, 0x78, 88, 24, 24, CURSORQ);
	post(d, 0x100, 0, 23, 408, CONTROLQ);
	post(d, 0x100, 0, 24, 24, CONTROLQ);
	post(d, 0x100, 0, 24, 0, CONTROLQ);
	driver_end(d);
	program_stop(p);
	read_trace(&t);
	expect_lines(&t, is_request, lines, 8);
}
END_TEST

/* As many as the ring holds at a time, on both queues. */
START_TEST(none_is_left_out_under_load)
{
	static struct trace t;
	struct driver *d = driver_start_with(&(struct driver_options){
		.axes = _axes, .options = traced(&t, "") });
	struct program *p = d->program;
	unsigned sent = 0, found = 0;

	for (unsigned i = 0; i < 8; i++) {
		struct load a = load_post(d, CONTROLQ, 16);
		struct load b = load_post(d, CURSORQ, 8);

		load_collect(d, &b);
		load_collect(d, &a);
		sent += a.count + b.count;
	}
	driver_end(d);
	program_stop(p);
	read_trace(&t);
	for (unsigned i = 0; i < t.count; i++)
		found += is_request(t.lines[i]);
	ck_assert_uint_eq(found, sent);
}
END_TEST

/* ---- where, and when ---- */

START_TEST(time_goes_on)
{
	static struct trace t;
	struct driver *d = driver_start_with(&(struct driver_options){
		.axes = _axes, .options = traced(&t, "") });
	struct program *p = d->program;
	double last = 0;

	for (unsigned i = 0; i < 10; i++)
		driver_expect_alive(d);
	driver_end(d);
	program_stop(p);
	read_trace(&t);
	for (unsigned i = 0; i < t.count; i++) {
		char *end;
		double now = strtod(t.lines[i], &end);

		if (end == t.lines[i] || now < last)
			FAIL("no time, or one before the last: %s", t.lines[i]);
		last = now;
	}
	/* Seconds since the start. */
	ck_assert(last > 0 && last < 60);
}
END_TEST

/* Each line when it happens: it shows what a program did before it died. */
START_TEST(it_is_complete_when_the_program_dies)
{
	static struct trace t;
	struct driver *d = driver_start_with(&(struct driver_options){
		.axes = _axes, .options = traced(&t, "") });
	unsigned at = 0;

	for (uint64_t fence = 1001; fence < 1005; fence++)
		post(d, 0x100, fence, 24, 408, CONTROLQ);
	d->program->may_end = true;
	kill(d->program->pid, SIGKILL);
	program_wait(d->program);
	read_trace(&t);
	for (unsigned i = 1001; i < 1005; i++) {
		char pattern[64];

		snprintf(pattern, sizeof(pattern),
			 "* controlq *GET_DISPLAY_INFO *%u*", i);
		at = find_line(&t, at, pattern) + 1;
	}
}
END_TEST

START_TEST(an_old_trace_goes_away)
{
	static struct trace t;
	const char *options = traced(&t, "");
	FILE *f = fopen(t.path, "we");
	struct driver *d;
	struct program *p;

	ck_assert(f && fputs("0.0 controlq the last time\n", f) > 0);
	fclose(f);
	d = driver_start_with(&(struct driver_options){
		.axes = _axes, .options = options });
	p = d->program;
	driver_expect_alive(d);
	driver_end(d);
	program_stop(p);
	read_trace(&t);
	for (unsigned i = 0; i < t.count; i++)
		ck_assert(!strstr(t.lines[i], "the last time"));
}
END_TEST

/* Without a file it is for whoever watches, and stdout stays clean. */
START_TEST(without_a_file_it_goes_to_stderr)
{
	static const char *const elsewhere[] = { "--trace >/dev/null",
						 "--trace 2>/dev/null" };
	static struct trace t;

	traced(&t, "");
	for (unsigned i = 0; i < 2; i++) {
		struct driver *d = driver_start_with(&(struct driver_options){
			.axes = _axes, .options = elsewhere[i] });

		driver_expect_alive(d);
		snprintf(t.text, sizeof(t.text), "%s",
			 program_output(d->program));
		driver_end(d);
		split(&t);
		if (i)
			ck_assert_uint_eq(t.count, 0);
		else
			find_line(&t, 0, "*GET_DISPLAY_INFO*OK_DISPLAY_INFO*");
	}
}
END_TEST

/* The trace is lost then, and nothing else. */
START_TEST(the_disk_may_be_full)
{
	static struct trace t;
	struct driver *d;

	traced(&t, "");
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
