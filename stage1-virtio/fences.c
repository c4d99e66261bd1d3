/*
 * Fenced requests in a list, oldest first. There are rarely more than a few.
 */
#include "fences.h"

#include "gpu.h"

bool request_fenced(const struct request *req)
{
	return req->size >= sizeof(req->hdr) &&
	       req->hdr.flags & VIRTIO_GPU_FLAG_FENCE;
}

bool request_has_ring(const struct request *req)
{
	return req->size >= sizeof(req->hdr) &&
	       req->hdr.flags & VIRTIO_GPU_FLAG_INFO_RING_IDX &&
	       device_has(&req->gpu->dev, 1ull << VIRTIO_GPU_F_CONTEXT_INIT);
}

static bool same_timeline(const struct request *a, const struct request *b)
{
	if (!request_has_ring(a) || !request_has_ring(b))
		return request_has_ring(a) == request_has_ring(b);
	return a->hdr.ctx_id == b->hdr.ctx_id &&
	       a->hdr.ring_idx == b->hdr.ring_idx;
}

void fences_add(struct request *req)
{
	TAILQ_INSERT_TAIL(&req->gpu->fenced, req, order);
	req->queued = true;
}

void fences_remove(struct request *req)
{
	if (req->queued)
		TAILQ_REMOVE(&req->gpu->fenced, req, order);
	req->queued = false;
}

bool fences_blocked(const struct request *req)
{
	const struct request *before;

	TAILQ_FOREACH(before, &req->gpu->fenced, order) {
		if (before == req)
			return false;
		if (!before->settled && same_timeline(before, req))
			return true;
	}
	return false;
}

struct request *fences_follower(const struct request *req)
{
	struct request *next = TAILQ_NEXT(req, order);

	while (next && !same_timeline(next, req))
		next = TAILQ_NEXT(next, order);
	return next && next->settled ? next : NULL;
}
