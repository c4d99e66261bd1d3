/*
 * The 2D resource: an image in our own memory, a copy of what lies in the
 * guest's pages. RESOURCE_CREATE_2D.
 *
 * Why a copy? Between TRANSFER and FLUSH the guest may draw the next frame into
 * the same pages, and nothing of that may be seen before it says so.
 */
#ifndef IMAGE_H
#define IMAGE_H

struct resources;

void image_add(struct resources *resources);

#endif
