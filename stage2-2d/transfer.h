/*
 * TRANSFER_TO_HOST_2D: pixels from the guest's pages into the resource.
 */
#ifndef TRANSFER_H
#define TRANSFER_H

struct resources;

void transfer_add(struct resources *resources);

#endif
