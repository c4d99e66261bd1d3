/*
 * Lines into commands, and commands into what a user does.
 */
#define _GNU_SOURCE
#include "scriptverbs.h"

#include <linux/input-event-codes.h>
#include <linux/virtio_gpu.h>
#include <string.h>

#include "keytable.h"
#include "scriptwords.h"
#include "seat.h"
#include "trace.h"

struct script_verb {
	const char *name;
	const char *takes; /* as its fault and the chapter have it */
	unsigned devices;  /* SEAT_...: that one may be for */
	/*
	 * Cuts what it takes off `rest`, the line behind the verb. False: it
	 * says in `fault` which word is wrong, or nothing: one is missing.
	 */
	bool (*parse)(struct script_command *command, char **rest,
		      struct text *fault);
	enum script_step (*step)(struct script_command *command,
				 struct seat *seat);
};

/* ---- keys and buttons ---- */

static const struct {
	const char *name;
	uint16_t code;
} buttons[] = {
	{ "left", BTN_LEFT }, { "right", BTN_RIGHT }, { "middle", BTN_MIDDLE },
	{ "side", BTN_SIDE }, { "extra", BTN_EXTRA },
};

enum { BUTTONS = sizeof(buttons) / sizeof(buttons[0]) };

static bool find_button(const char *name, uint16_t *code)
{
	for (unsigned i = 0; i < BUTTONS; i++)
		if (!strcmp(buttons[i].name, name)) {
			*code = buttons[i].code;
			return true;
		}
	return false;
}

static bool find_key(const char *name, uint16_t *code)
{
	const struct key_row *row = key_of_name(name);

	if (row)
		*code = row->code;
	return row;
}

static bool is_button(uint16_t code)
{
	return code >= BTN_LEFT && code <= BTN_EXTRA;
}

static void press(struct seat *seat, uint16_t code, bool down)
{
	if (is_button(code))
		seat_button(seat, code, down);
	else
		seat_key(seat, code, down);
}

static bool parse_chord(struct script_command *command, char **rest,
			struct text *fault)
{
	char *names = script_word(rest), *name;

	while ((name = strsep(&names, "+"))) {
		if (command->count == SCRIPT_KEYS)
			return script_wrong(fault, name, "one key too many");
		if (!find_key(name, &command->codes[command->count++]))
			return script_wrong(fault, name, "no key");
	}
	return command->count;
}

static enum script_step chord(struct script_command *command, struct seat *seat)
{
	for (unsigned i = 0; i < command->count; i++)
		seat_key(seat, command->codes[i], true);
	for (unsigned i = command->count; i-- > 0;)
		seat_key(seat, command->codes[i], false);
	return SCRIPT_DONE;
}

/* Two of the arrows are called like buttons: those are "key left", "key right". */
static bool parse_held(struct script_command *command, char **rest,
		       struct text *fault)
{
	const char *name = script_word(rest);
	bool is_key = name && !strcmp(name, "key");

	if (is_key)
		name = script_word(rest);
	if (!name)
		return false;
	if (!is_key && find_button(name, command->codes))
		return true;
	if (find_key(name, command->codes))
		return true;
	return script_wrong(fault, name,
			    is_key ? "no key" : "neither key nor button");
}

static enum script_step down(struct script_command *command, struct seat *seat)
{
	press(seat, command->codes[0], true);
	return SCRIPT_DONE;
}

static enum script_step up(struct script_command *command, struct seat *seat)
{
	press(seat, command->codes[0], false);
	return SCRIPT_DONE;
}

static bool parse_button(struct script_command *command, char **rest,
			 struct text *fault)
{
	const char *name = script_word(rest);

	command->codes[0] = BTN_LEFT;
	if (!name || find_button(name, command->codes))
		return true;
	return script_wrong(fault, name, "no button");
}

static enum script_step click(struct script_command *command, struct seat *seat)
{
	down(command, seat);
	return up(command, seat);
}

/* ---- text ---- */

enum { TYPE_US = 20000 }; /* from key to key */

static bool parse_text(struct script_command *command, char **rest,
		       struct text *fault)
{
	const char *text = *rest;
	bool shift;

	*rest += strlen(text);
	for (unsigned i = 0; text[i]; i++)
		if (!key_that_types(text[i], &shift))
			return script_wrong(fault, (char[]){ text[i], '\0' },
					    "on no key of a US keyboard");
	strcpy(command->text, text);
	return *text;
}

/*
 * One character a step, as fast as hardly anybody types. Faster, and a guest loses keys:
 * its kernel takes them all, and keeps 64 events for a program that has something
 * else to do, as X has while it draws (evdev's SYN_DROPPED).
 */
static enum script_step type(struct script_command *command, struct seat *seat)
{
	char character = command->text[command->typed++];
	bool shift = false;
	uint16_t code = key_that_types(character, &shift)->code;

	if (shift)
		seat_key(seat, KEY_LEFTSHIFT, true);
	seat_key(seat, code, true);
	seat_key(seat, code, false);
	if (shift)
		seat_key(seat, KEY_LEFTSHIFT, false);
	command->us = TYPE_US;
	return command->text[command->typed] ? SCRIPT_PAUSE : SCRIPT_WAIT;
}

/* ---- pointers ---- */

static bool parse_whole(char **rest, int32_t *number, struct text *fault)
{
	const char *word = script_word(rest);

	if (!word)
		return false;
	return script_whole(word, number) ||
	       script_wrong(fault, word,
			    "no whole number from -1000000 to 1000000");
}

static bool parse_steps(struct script_command *command, char **rest,
			struct text *fault)
{
	return parse_whole(rest, &command->x, fault) &&
	       parse_whole(rest, &command->y, fault);
}

/* How many there are is up to the guest, and one that is off shows no pointer. */
static bool parse_place(struct script_command *command, char **rest,
			struct text *fault)
{
	const char *word;
	int32_t scanout = 0;

	if (!parse_steps(command, rest, fault))
		return false;
	word = script_word(rest);
	if (word && (!script_whole(word, &scanout) || scanout < 0 ||
		     scanout >= VIRTIO_GPU_MAX_SCANOUTS))
		return script_wrong(fault, word, "no scanout from 0 to 15");
	command->scanout = (unsigned)scanout;
	return true;
}

static enum script_step move(struct script_command *command, struct seat *seat)
{
	seat_point(seat, command->scanout, command->x, command->y);
	return SCRIPT_DONE;
}

static enum script_step motion(struct script_command *command,
			       struct seat *seat)
{
	seat_motion(seat, command->x, command->y);
	return SCRIPT_DONE;
}

static bool parse_decimal(char **rest, int64_t *millionths, struct text *fault)
{
	const char *word = script_word(rest);

	if (!word)
		return false;
	return script_decimal(word, millionths) ||
	       script_wrong(fault, word, "no number from -1000000 to 1000000");
}

/* In 120ths of a notch, the nearest. */
static bool parse_notches(struct script_command *command, char **rest,
			  struct text *fault)
{
	int64_t n;

	if (!parse_decimal(rest, &n, fault))
		return false;
	n *= 120;
	command->y =
		(int32_t)((n + (n < 0 ? -MILLION : MILLION) / 2) / MILLION);
	return true;
}

static enum script_step wheel(struct script_command *command, struct seat *seat)
{
	seat_wheel(seat, REL_WHEEL, command->y);
	return SCRIPT_DONE;
}

static enum script_step hwheel(struct script_command *command,
			       struct seat *seat)
{
	seat_wheel(seat, REL_HWHEEL, command->y);
	return SCRIPT_DONE;
}

/* ---- waiting ---- */

static bool parse_wait(struct script_command *command, char **rest,
		       struct text *fault)
{
	char *word = script_word(rest);
	int64_t us;

	if (!word)
		return false;
	command->ready = !strcmp(word, "ready");
	if (command->ready)
		return true;
	if (!script_decimal(word, &us) || us < 0)
		return script_wrong(fault, word,
				    "no time in seconds, up to 1000000");
	command->us = (uint64_t)us;
	return true;
}

static enum script_step wait_for(struct script_command *command,
				 struct seat *seat)
{
	if (command->ready)
		return seat_ready(seat) ? SCRIPT_DONE : SCRIPT_READY;
	return command->us ? SCRIPT_WAIT : SCRIPT_DONE;
}

/* ---- all of them ---- */

static const struct script_verb verbs[] = {
	{ "key", "NAME[+NAME...]", SEAT_KEYBOARD, parse_chord, chord },
	{ "down", "[key] NAME", SEAT_ALL, parse_held, down },
	{ "up", "[key] NAME", SEAT_ALL, parse_held, up },
	{ "type", "TEXT", SEAT_KEYBOARD, parse_text, type },
	{ "move", "X Y [SCANOUT]", SEAT_TABLET, parse_place, move },
	{ "motion", "DX DY", SEAT_MOUSE, parse_steps, motion },
	{ "click", "[BUTTON]", SEAT_POINTERS, parse_button, click },
	{ "wheel", "NOTCHES", SEAT_POINTERS, parse_notches, wheel },
	{ "hwheel", "NOTCHES", SEAT_POINTERS, parse_notches, hwheel },
	{ "wait", "SECONDS, or ready", 0, parse_wait, wait_for },
	{ 0 }
};

static const struct script_verb *find_verb(const char *name, struct text *fault)
{
	const struct script_verb *verb = verbs;

	while (verb->name && strcmp(verb->name, name))
		verb++;
	if (verb->name)
		return verb;
	script_wrong(fault, name, "no command; there are");
	for (verb = verbs; verb->name; verb++)
		text_add(fault, "%s %s", verb == verbs ? "" : ",", verb->name);
	return NULL;
}

/* A button or a key: that is known by now. */
static unsigned devices_of(const struct script_command *command)
{
	if (command->verb->devices != SEAT_ALL)
		return command->verb->devices;
	return is_button(command->codes[0]) ? SEAT_POINTERS : SEAT_KEYBOARD;
}

bool script_parse(struct script_command *command, char *line,
		  struct text *fault)
{
	char *name = script_word(&line), *more;
	const struct script_verb *verb;

	*command = (struct script_command){ .verb = NULL };
	if (!name || *name == '#')
		return true;
	verb = find_verb(name, fault);
	if (!verb)
		return false;
	text_add(fault, "%s: ", verb->name);
	if (!verb->parse(command, &line, fault)) {
		if (fault->len == strlen(verb->name) + 2)
			text_add(fault, "takes %s", verb->takes);
		return false;
	}
	more = script_word(&line);
	if (more)
		return script_wrong(fault, more, "too much");
	command->verb = verb;
	command->devices = devices_of(command);
	return true;
}

enum script_step script_step(struct script_command *command, struct seat *seat)
{
	return command->verb->step(command, seat);
}
