/* SPDX-License-Identifier: MIT */
/* Atomic reference count. */
#ifndef VIO_BASE_REF_H
#define VIO_BASE_REF_H

#include <stdatomic.h>
#include <stdbool.h>

struct vio_ref {
    atomic_uint count;
};

static inline void vio__ref_init(struct vio_ref *ref)
{
    atomic_init(&ref->count, 1);
}

static inline void vio__ref_get(struct vio_ref *ref)
{
    atomic_fetch_add_explicit(&ref->count, 1, memory_order_relaxed);
}

/* True for the last reference: the caller now frees the object. */
static inline bool vio__ref_put(struct vio_ref *ref)
{
    return atomic_fetch_sub_explicit(&ref->count, 1, memory_order_acq_rel) == 1;
}

#endif
