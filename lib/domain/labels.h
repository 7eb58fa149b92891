/* SPDX-License-Identifier: MIT */
/* Labels: a bounded set of keys with values, in ascending order of the keys' bytes. */
#ifndef VIO_LIB_DOMAIN_LABELS_H
#define VIO_LIB_DOMAIN_LABELS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/alloc.h"

struct vio_label {
    char *key; /* the value follows it in the same memory */
    char *value;
};

/* All zero is an empty set. */
struct vio_labels {
    size_t count;
    struct vio_label *label;
};

/* Sets a label. VIO_ELIMIT at `max` labels, VIO_ENOMEM. */
int vio__labels_set(const struct vio_alloc *alloc, struct vio_labels *labels, const char *key,
                    const char *value, size_t max);
void vio__labels_remove(const struct vio_alloc *alloc, struct vio_labels *labels, const char *key);

/* The value, or NULL. */
const char *vio__labels_get(const struct vio_labels *labels, const char *key);

/* `labels` must be empty. */
int vio__labels_copy(const struct vio_alloc *alloc, const struct vio_labels *from,
                     struct vio_labels *labels);
void vio__labels_clear(const struct vio_alloc *alloc, struct vio_labels *labels);

bool vio__labels_equal(const struct vio_labels *a, const struct vio_labels *b);

#endif
