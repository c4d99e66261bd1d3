/*
 * A chain's segments, and copying to and from them by offset.
 */
#include "chain.h"

#include <stdlib.h>

#include "guestmem.h"
#include "virtq.h"

enum { KEPT_SEGMENTS = 64 };

void chain_begin(struct chain *chain)
{
	chain->count = 0;
	chain->descriptors = 0;
	chain->readable = 0;
	chain->readable_len = 0;
	chain->writable_len = 0;
}

void chain_trim(struct chain *chain)
{
	if (chain->room <= KEPT_SEGMENTS)
		return;
	free(chain->segments);
	chain->segments = NULL;
	chain->room = 0;
}

static bool grow(struct chain *chain)
{
	uint32_t room = chain->room ? 2 * chain->room : 8;
	struct segment *more = reallocarray(chain->segments, room,
					    sizeof(*more));

	if (!more)
		return false;
	chain->segments = more;
	chain->room = room;
	return true;
}

const char *chain_add(struct chain *chain, uint64_t gpa, uint32_t len,
		      bool writable)
{
	chain->descriptors++;
	if (!len)
		return NULL;
	if (!writable && chain->count > chain->readable)
		return "readable descriptor after a writable one";
	if (chain->count == chain->room && !grow(chain))
		return "out of memory for its descriptors";

	chain->segments[chain->count++] = (struct segment){ gpa, len };
	if (writable) {
		chain->writable_len += len;
	} else {
		chain->readable_len += len;
		chain->readable++;
	}
	return NULL;
}

struct chain *chain_take(struct virtq *vq)
{
	struct chain *chain = vq->unused;

	if (chain)
		vq->unused = chain->next;
	else
		chain = calloc(1, sizeof(*chain));
	if (!chain)
		return NULL;
	chain_begin(chain);
	chain->vq = vq;
	chain->mem = vq->mem;
	chain->epoch = vq->epoch;
	return chain;
}

void chain_put(struct chain *chain)
{
	struct virtq *vq = chain->vq;

	free(chain->reply);
	chain->reply = NULL;
	chain_trim(chain);
	chain->next = vq->unused;
	vq->unused = chain;
}

void chain_free(struct chain *chain)
{
	free(chain->segments);
	free(chain->reply);
	free(chain);
}

size_t chain_read(const struct chain *chain, uint64_t offset, void *buf,
		  size_t len)
{
	size_t done = 0;

	for (uint32_t i = 0; i < chain->readable && done < len; i++) {
		const struct segment *s = &chain->segments[i];
		size_t want, got;

		if (offset >= s->len) {
			offset -= s->len;
			continue;
		}
		want = s->len - offset;
		if (want > len - done)
			want = len - done;
		got = guestmem_read(chain->mem, s->gpa + offset,
				    (uint8_t *)buf + done, want);
		done += got;
		if (got < want)
			break;
		offset = 0;
	}
	return done;
}

size_t chain_write(const struct chain *chain, uint64_t offset, const void *buf,
		   size_t len)
{
	size_t done = 0;

	for (uint32_t i = chain->readable; i < chain->count && done < len;
	     i++) {
		const struct segment *s = &chain->segments[i];
		size_t want, got;

		if (offset >= s->len) {
			offset -= s->len;
			continue;
		}
		want = s->len - offset;
		if (want > len - done)
			want = len - done;
		got = guestmem_write(chain->mem, s->gpa + offset,
				     (const uint8_t *)buf + done, want);
		done += got;
		if (got < want)
			break;
		offset = 0;
	}
	return done;
}
