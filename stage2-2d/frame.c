/*
 * Where pictures come from and go to.
 */
#include "frame.h"

#include <assert.h>
#include <stdlib.h>

#include "format.h"

/* Nothing else depends on what the sum is, so no order is needed. */
void account_add(struct account *account, uint64_t bytes)
{
	if (account)
		__atomic_fetch_add(&account->bytes, bytes, __ATOMIC_RELAXED);
}

void account_remove(struct account *account, uint64_t bytes)
{
	uint64_t before = bytes;

	if (account)
		before = __atomic_fetch_sub(&account->bytes, bytes,
					    __ATOMIC_RELAXED);
	assert(bytes <= before);
}

uint64_t account_bytes(const struct account *account)
{
	return __atomic_load_n(&account->bytes, __ATOMIC_RELAXED);
}

size_t frame_bytes(uint32_t width, uint32_t height)
{
	return (size_t)width * height * PIXEL_BYTES;
}

bool frame_make(struct frame *frame, struct account *account, uint32_t width,
		uint32_t height)
{
	uint32_t *pixels = calloc(1, frame_bytes(width, height));

	*frame = (struct frame){ 0 };
	if (!pixels)
		return false;
	*frame = (struct frame){ width, height, pixels, account };
	account_add(account, frame_bytes(width, height));
	return true;
}

void frame_free(struct frame *frame)
{
	free(frame->pixels);
	account_remove(frame->account,
		       frame_bytes(frame->width, frame->height));
	*frame = (struct frame){ 0 };
}
