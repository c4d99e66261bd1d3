/*
 * The three devices a user has: what each one is called, and what it can send.
 */
#ifndef INPUTMODELS_H
#define INPUTMODELS_H

#include "input.h"

/* Of both axes: places are 0 to TABLET_MAX, whatever the screens' sizes are. */
enum { TABLET_MAX = 32767 };

/* Keys of keytable.h, repeated by the guest; three LEDs. */
void keyboard_init(struct input *input, struct loop *loop, struct trace *trace);
/* Says where the pointer is, so nobody has to grab it; buttons and wheels. */
void tablet_init(struct input *input, struct loop *loop, struct trace *trace);
/* Says how far it went; buttons and wheels. */
void mouse_init(struct input *input, struct loop *loop, struct trace *trace);

#endif
