/* SPDX-License-Identifier: MIT */
#include "lib/store/slab.h"

#include <string.h>

#define PAGE 16384u

struct vio_slab_page {
    struct vio_slab_page *next;
    char pad[VIO_SLAB_STEP - sizeof(struct vio_slab_page *)];
};

static size_t round_up(size_t size)
{
    return (size + VIO_SLAB_STEP - 1) / VIO_SLAB_STEP * VIO_SLAB_STEP;
}

static bool is_large(size_t size)
{
    return size > (size_t)VIO_SLAB_STEP * VIO_SLAB_CLASSES;
}

static void **freed_of(struct vio_slab *slab, size_t size)
{
    return &slab->freed[(size - 1) / VIO_SLAB_STEP];
}

void vio__slab_init(struct vio_slab *slab, const struct vio_alloc *alloc)
{
    *slab = (struct vio_slab){.alloc = alloc};
}

void vio__slab_free_all(struct vio_slab *slab)
{
    while (slab->pages) {
        struct vio_slab_page *page = slab->pages;

        slab->pages = page->next;
        vio__free(slab->alloc, page);
    }
    vio__slab_init(slab, slab->alloc);
}

static void put_back(struct vio_slab *slab, void *piece, size_t size)
{
    void **freed = freed_of(slab, size);

    memcpy(piece, freed, sizeof(*freed));
    *freed = piece;
}

static bool add_page(struct vio_slab *slab)
{
    struct vio_slab_page *page = vio__alloc(slab->alloc, PAGE);

    if (!page)
        return false;
    if (slab->left > 0)
        put_back(slab, slab->rest, slab->left);
    page->next = slab->pages;
    slab->pages = page;
    slab->rest = (char *)(page + 1);
    slab->left = PAGE - sizeof(*page);
    return true;
}

void *vio__slab_alloc(struct vio_slab *slab, size_t size)
{
    void *piece;

    if (is_large(size))
        return vio__alloc(slab->alloc, size);
    piece = *freed_of(slab, size);
    if (piece) {
        memcpy(freed_of(slab, size), piece, sizeof(void *));
        return piece;
    }
    size = round_up(size);
    if (size > slab->left && !add_page(slab))
        return NULL;
    piece = slab->rest;
    slab->rest += size;
    slab->left -= size;
    return piece;
}

void vio__slab_free(struct vio_slab *slab, void *piece, size_t size)
{
    if (!piece)
        return;
    if (is_large(size))
        vio__free(slab->alloc, piece);
    else
        put_back(slab, piece, size);
}
