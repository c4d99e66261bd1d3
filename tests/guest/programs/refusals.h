/*
 * What the driver lets through and a device has to refuse.
 */
#ifndef REFUSALS_H
#define REFUSALS_H

struct kms;
struct picture;

/*
 * Tries them all, prints a line for each and shows them on `page`, which is
 * made here. Returns how many the device took without a word.
 */
int refusals_show(struct kms *kms, struct picture *page);

#endif
