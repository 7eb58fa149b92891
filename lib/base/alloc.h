/* SPDX-License-Identifier: MIT */
/* Memory through the caller's hooks. Root objects keep a copy of the hooks; nothing is global. */
#ifndef VIO_BASE_ALLOC_H
#define VIO_BASE_ALLOC_H

#include <stddef.h>

struct vio_alloc {
    void *(*malloc_fn)(size_t size, void *user);
    void *(*realloc_fn)(void *ptr, size_t size, void *user);
    void (*free_fn)(void *ptr, void *user);
    void *user;
};

/* The C library's functions. Each `alloc` below may be NULL, which means the same. */
struct vio_alloc vio__alloc_default(void);

/* All return NULL when memory is out or the size overflows. Sizes may be 0. */
void *vio__alloc(const struct vio_alloc *alloc, size_t size);
void *vio__calloc(const struct vio_alloc *alloc, size_t count, size_t size);

/* Resizes to count * size bytes; on failure the old memory stays as it is. */
void *vio__realloc(const struct vio_alloc *alloc, void *ptr, size_t count, size_t size);

void *vio__memdup(const struct vio_alloc *alloc, const void *data, size_t size);
char *vio__strdup(const struct vio_alloc *alloc, const char *text);

void vio__free(const struct vio_alloc *alloc, void *ptr); /* NULL is fine */

#endif
