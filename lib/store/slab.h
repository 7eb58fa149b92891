/* SPDX-License-Identifier: MIT */
/* Memory for many small pieces whose sizes are known when they are freed: a piece costs its size,
 * rounded up to 16 bytes, and nothing beside. What is freed serves pieces of the same size; all of
 * it goes back at the end. */
#ifndef VIO_LIB_STORE_SLAB_H
#define VIO_LIB_STORE_SLAB_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/alloc.h"

#define VIO_SLAB_STEP    16
#define VIO_SLAB_CLASSES 32 /* larger pieces come from the allocator itself */

struct vio_slab {
    const struct vio_alloc *alloc; /* must outlive the slab */
    struct vio_slab_page *pages;
    char *rest; /* of the newest page */
    size_t left;
    void *freed[VIO_SLAB_CLASSES]; /* by size; each piece holds the next one's address */
};

void vio__slab_init(struct vio_slab *slab, const struct vio_alloc *alloc);
void vio__slab_free_all(struct vio_slab *slab); /* but for larger pieces */

void *vio__slab_alloc(struct vio_slab *slab, size_t size); /* `size` > 0; NULL: memory is out */
void vio__slab_free(struct vio_slab *slab, void *piece, size_t size); /* NULL is fine */

#endif
