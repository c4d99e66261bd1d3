/*
 * Input devices under a hand that waits for nobody: stage 4's keyboard, tablet and
 * mouse, without a GPU and without a seat.
 *
 * A script of stage 4 waits while a driver is behind, and a window's user is not
 * a program. Here the lines of a FIFO are done the moment they come:
 *
 *   DEVICE down CODE, DEVICE up CODE      a key or a button, by its number
 *   DEVICE place X Y                      where the tablet points, as it counts
 *   DEVICE motion DX DY
 *   DEVICE wheel AXIS BY                  REL_WHEEL or REL_HWHEEL, 120ths
 *   DEVICE release                        all keys are up
 *   DEVICE say WORD                       says it, and how many frames wait
 *
 * If LEDs change it says which there are.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "inputmodels.h"
#include "log.h"
#include "loop.h"
#include "options.h"
#include "server.h"
#include "trace.h"

enum { MODELS = 3, TEXT = 1 << 16 };

struct hasty {
	struct input inputs[MODELS]; /* in the order of `names` */
	const char *script;
	int fifo;
	char text[TEXT + 1]; /* what was read, up to a line's end */
	size_t len;
};

static const char *const names[MODELS] = { "keyboard", "tablet", "mouse" };

static void obey(struct input *input, const char *verb, int a, int b)
{
	if (!strcmp(verb, "down") || !strcmp(verb, "up"))
		input_key(input, (uint16_t)a, *verb == 'd');
	else if (!strcmp(verb, "place"))
		input_place(input, a, b);
	else if (!strcmp(verb, "motion"))
		input_motion(input, a, b);
	else if (!strcmp(verb, "wheel"))
		input_wheel(input, (uint16_t)a, b);
	else if (!strcmp(verb, "release"))
		input_release(input);
	else if (!strcmp(verb, "say"))
		warn("said %d, %u wait", a, input->eventq.count);
	else
		die("no such verb: %s", verb);
}

static void do_line(struct hasty *hasty, const char *line)
{
	char device[16] = "", verb[16] = "";
	int a = 0, b = 0;

	sscanf(line, "%15s %15s %d %d", device, verb, &a, &b);
	for (unsigned i = 0; i < MODELS; i++)
		if (!strcmp(device, names[i])) {
			obey(&hasty->inputs[i], verb, a, b);
			return;
		}
	die("no such device: %s", device);
}

static void do_lines(struct hasty *hasty)
{
	char *line = hasty->text, *end;

	hasty->text[hasty->len] = '\0';
	while ((end = strchr(line, '\n'))) {
		*end = '\0';
		do_line(hasty, line);
		line = end + 1;
	}
	hasty->len -= (size_t)(line - hasty->text);
	memmove(hasty->text, line, hasty->len);
}

static void readable(void *arg)
{
	struct hasty *hasty = arg;
	ssize_t n = read(hasty->fifo, hasty->text + hasty->len,
			 TEXT - hasty->len);

	if (n <= 0)
		return;
	hasty->len += (size_t)n;
	do_lines(hasty);
}

static void leds_changed(void *arg)
{
	const struct input *input = arg;

	warn("LEDs %u", input->leds);
}

static const char *set_script(void *arg, const char *value)
{
	struct hasty *hasty = arg;

	/* Open for both, so that it has no end. */
	hasty->fifo = open(value, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	return hasty->fifo < 0 ? "takes a FIFO" : NULL;
}

static const char *pass_over(void *arg, const char *value)
{
	(void)arg, (void)value;
	return NULL;
}

static const struct option_row hasty_options[] = {
	{ "input-script", "FIFO", "what hands do", set_script },
	{ "display", "WHICH", "there is none", pass_over },
	{ 0 }
};

static void add_models(struct hasty *hasty, struct loop *loop,
		       struct trace *trace, struct server *server,
		       struct options *options)
{
	static const char *const sockets[MODELS] = { "keyboard-socket",
						     "tablet-socket",
						     "mouse-socket" };

	keyboard_init(&hasty->inputs[0], loop, trace);
	tablet_init(&hasty->inputs[1], loop, trace);
	mouse_init(&hasty->inputs[2], loop, trace);
	for (unsigned i = 0; i < MODELS; i++) {
		hasty->inputs[i].leds_changed = leds_changed;
		hasty->inputs[i].leds_arg = &hasty->inputs[i];
		server_add_port(server, &hasty->inputs[i].dev, sockets[i],
				"its socket", options);
	}
}

int main(int argc, char **argv)
{
	struct options options = { .summary = "Input devices in a hurry." };
	struct trace *trace = trace_new(&options);
	struct loop *loop = loop_new();
	static struct hasty hasty = { .fifo = -1 };
	struct server server;
	int status;

	server_init(&server, loop, "{ \"type\": \"input\" }", &options);
	add_models(&hasty, loop, trace, &server, &options);
	options_add(&options, hasty_options, &hasty);
	options_parse(&options, argc, argv);
	if (hasty.fifo >= 0)
		loop_watch(loop, hasty.fifo, POLLIN, readable, &hasty);
	status = serve(&server);

	for (unsigned i = 0; i < MODELS; i++)
		input_free(&hasty.inputs[i]);
	if (hasty.fifo >= 0) {
		loop_unwatch(loop, hasty.fifo);
		close(hasty.fifo);
	}
	loop_free(loop);
	trace_free(trace);
	return status;
}
