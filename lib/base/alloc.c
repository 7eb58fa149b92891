/* SPDX-License-Identifier: MIT */
#include "lib/base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *libc_malloc(size_t size, void *user)
{
    (void)user;
    return malloc(size);
}

static void *libc_realloc(void *ptr, size_t size, void *user)
{
    (void)user;
    return realloc(ptr, size);
}

static void libc_free(void *ptr, void *user)
{
    (void)user;
    free(ptr);
}

static const struct vio_alloc libc_alloc = {libc_malloc, libc_realloc, libc_free, NULL};

struct vio_alloc vio__alloc_default(void)
{
    return libc_alloc;
}

void *vio__alloc(const struct vio_alloc *alloc, size_t size)
{
    if (alloc == NULL)
        alloc = &libc_alloc;
    return alloc->malloc_fn(size != 0 ? size : 1, alloc->user);
}

void *vio__calloc(const struct vio_alloc *alloc, size_t count, size_t size)
{
    void *ptr;

    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    ptr = vio__alloc(alloc, count * size);
    if (ptr != NULL)
        memset(ptr, 0, count * size);
    return ptr;
}

void *vio__realloc(const struct vio_alloc *alloc, void *ptr, size_t count, size_t size)
{
    if (alloc == NULL)
        alloc = &libc_alloc;
    if (size != 0 && count > SIZE_MAX / size)
        return NULL;
    size *= count;
    return alloc->realloc_fn(ptr, size != 0 ? size : 1, alloc->user);
}

void *vio__memdup(const struct vio_alloc *alloc, const void *data, size_t size)
{
    void *copy = vio__alloc(alloc, size);

    if (copy != NULL && size != 0)
        memcpy(copy, data, size);
    return copy;
}

char *vio__strdup(const struct vio_alloc *alloc, const char *text)
{
    return vio__memdup(alloc, text, strlen(text) + 1);
}

void vio__free(const struct vio_alloc *alloc, void *ptr)
{
    if (ptr == NULL)
        return;
    if (alloc == NULL)
        alloc = &libc_alloc;
    alloc->free_fn(ptr, alloc->user);
}
