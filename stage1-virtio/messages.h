/*
 * The messages every device understands, by subject, and the features every
 * device offers. device_init() adds them all.
 */
#ifndef MESSAGES_H
#define MESSAGES_H

#include "device.h"

extern const struct feature_row ring_features[]; /* negotiate.c */

extern const struct message_row negotiate_messages[];
extern const struct message_row configspace_messages[];
extern const struct message_row memtable_messages[];
extern const struct message_row ringsetup_messages[];

#endif
