/* SPDX-License-Identifier: MIT */
/* What two dumps differ in, object by object and field by field. Pure. */
#ifndef VIO_LIB_STORE_DUMP_DIFF_H
#define VIO_LIB_STORE_DUMP_DIFF_H

#include "lib/store/dump_document.h"

/* All text is owned. Where an object is in one dump alone, it has no field, and one of the texts is
 * the object as JSON. */
struct vio_difference {
    const char *noun; /* static */
    char *name;       /* of the object, as it is afterwards */
    char *field;      /* "vlan.mode"; NULL: the object as a whole */
    char *before;     /* NULL: it was not there */
    char *after;      /* NULL: it is not there */
};

/* Immutable once it is made. */
struct vio_dump_differences {
    struct vio_ref ref;
    struct vio_alloc alloc;
    struct vio_difference *difference;
    size_t count, capacity;
};

/* Of two valid dumps; objects are the same by their UUIDs, holds by their addresses. VIO_ENOMEM. */
int vio__dump_diff(const struct vio_alloc *alloc, const struct vio_dump *before,
                   const struct vio_dump *after, struct vio_dump_differences **ret_differences);

/* Of one object as it is before and after. VIO_ENOMEM. */
int vio__dump_diff_object(const struct vio_alloc *alloc, const struct vio_dump_kind *kind,
                          const void *before, const void *after,
                          struct vio_dump_differences **ret_differences);

struct vio_dump_differences *vio__dump_differences_ref(struct vio_dump_differences *differences);
void vio__dump_differences_unref(struct vio_dump_differences *differences); /* NULL is fine */

#endif
