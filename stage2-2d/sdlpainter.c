/*
 * Paints with SDL's renderer. The layers are put together on the CPU and kept
 * in one texture; what SDL draws with, OpenGL or the CPU again, has to scale it.
 */
#include <stdlib.h>

#include "checked.h"
#include "log.h"
#include "painter.h"

struct painting {
	SDL_Renderer *renderer;
	struct layers *layers;
	uint32_t format;	 /* of the texture, SDL_PIXELFORMAT_... */
	SDL_Texture *texture;	 /* the composed picture; NULL: there is none */
	struct account *account; /* it is on, ... */
	uint64_t bytes;		 /* ... with so many */
	struct log_limit limit;
};

/* The top byte means nothing, so a format without alpha comes first. */
static uint32_t pick_format(SDL_Renderer *renderer)
{
	SDL_RendererInfo info;

	if (!SDL_GetRendererInfo(renderer, &info))
		for (unsigned i = 0; i < info.num_texture_formats; i++)
			if (info.texture_formats[i] == SDL_PIXELFORMAT_RGB888)
				return SDL_PIXELFORMAT_RGB888;
	return SDL_PIXELFORMAT_ARGB8888;
}

/*
 * Nothing waits for the screen's next refresh: several windows would wait one
 * after the other, and one that can't be seen perhaps for ever.
 */
static void *open_painting(SDL_Window *window, struct layers *layers,
			   const char **why)
{
	struct painting *painting = calloc(1, sizeof(*painting));

	if (!painting) {
		*why = "no memory";
		return NULL;
	}
	painting->renderer = SDL_CreateRenderer(window, -1, 0);
	if (!painting->renderer) {
		*why = SDL_GetError();
		free(painting);
		return NULL;
	}
	painting->layers = layers;
	painting->format = pick_format(painting->renderer);
	return painting;
}

static void drop_texture(struct painting *painting)
{
	if (!painting->texture)
		return;
	SDL_DestroyTexture(painting->texture);
	painting->texture = NULL;
	account_remove(painting->account, painting->bytes);
}

static void close_painting(void *arg)
{
	struct painting *painting = arg;

	drop_texture(painting);
	SDL_DestroyRenderer(painting->renderer);
	free(painting);
}

static struct size size(void *arg)
{
	struct painting *painting = arg;
	int width = 1, height = 1;

	SDL_GetRendererOutputSize(painting->renderer, &width, &height);
	return (struct size){ (uint32_t)width, (uint32_t)height };
}

/* A picture may be larger than the GPU can have: then none is shown. */
static void new_texture(struct painting *painting)
{
	const struct frame *frame = &painting->layers->frame;

	drop_texture(painting);
	if (!frame->width)
		return;
	painting->texture =
		SDL_CreateTexture(painting->renderer, painting->format,
				  SDL_TEXTUREACCESS_STREAMING,
				  (int)frame->width, (int)frame->height);
	if (!painting->texture) {
		guest_error(&painting->limit,
			    "can't show a picture of %ux%u: %s", frame->width,
			    frame->height, SDL_GetError());
		return;
	}
	painting->account = frame->account;
	painting->bytes = frame_bytes(frame->width, frame->height);
	account_add(painting->account, painting->bytes);
	SDL_SetTextureBlendMode(painting->texture, SDL_BLENDMODE_NONE);
}

static void upload(struct painting *painting, const struct virtio_gpu_rect *r)
{
	SDL_Rect rect = { (int)r->x, (int)r->y, (int)r->width, (int)r->height };
	void *to;
	int stride;

	if (SDL_LockTexture(painting->texture, &rect, &to, &stride))
		return;
	layers_compose(painting->layers, r, to, (size_t)stride);
	SDL_UnlockTexture(painting->texture);
}

static bool take(void *arg)
{
	struct painting *painting = arg;
	struct layers *layers = painting->layers;

	if (!layers_take(layers))
		return false;
	if (layers->resized)
		new_texture(painting);
	for (unsigned i = 0; painting->texture && i < layers->damage_count; i++)
		upload(painting, &layers->damage[i]);
	return true;
}

/*
 * SDL sets the filter in whichever window's OpenGL context is current; that is
 * ours only behind the flush.
 */
static void copy_picture(struct painting *painting, const struct viewport *view)
{
	const struct virtio_gpu_rect *p = &view->picture;
	SDL_Rect to = { (int)p->x, (int)p->y, (int)p->width, (int)p->height };

	SDL_RenderFlush(painting->renderer);
	SDL_SetTextureScaleMode(painting->texture,
				view->whole ? SDL_ScaleModeNearest
					    : SDL_ScaleModeLinear);
	SDL_RenderCopy(painting->renderer, painting->texture, NULL, &to);
}

static void paint(void *arg, const struct viewport *view)
{
	struct painting *painting = arg;

	SDL_SetRenderDrawColor(painting->renderer, 0, 0, 0, 255);
	SDL_RenderClear(painting->renderer);
	if (painting->texture)
		copy_picture(painting, view);
	SDL_RenderPresent(painting->renderer);
}

static bool read_picture(void *arg, struct frame *picture)
{
	struct painting *painting = arg;

	return layers_picture(painting->layers, picture);
}

const struct painter sdl_painter = {
	.open = open_painting,
	.close = close_painting,
	.size = size,
	.take = take,
	.paint = paint,
	.read = read_picture,
};
