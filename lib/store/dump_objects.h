/* SPDX-License-Identifier: MIT */
/* The kinds of objects in a dump: where each is in the document, and what is in it. */
#ifndef VIO_LIB_STORE_DUMP_OBJECTS_H
#define VIO_LIB_STORE_DUMP_OBJECTS_H

#include "lib/domain/vadapter.h"
#include "lib/store/backend.h"
#include "lib/store/dump_codec.h"

struct vio_dump_kind {
    enum vio_row_kind row;
    const char *section; /* the document's key: "vadapters" */
    const char *noun;    /* "vadapter" */
    const struct vio_dump_fields *fields;

    int (*make)(const struct vio_alloc *alloc, void **ret_object); /* all left out. VIO_ENOMEM */
    void (*drop)(const struct vio_alloc *alloc, void *object);

    /* Complains of what no field can judge by itself; may be NULL. */
    void (*check)(struct vio_dump_reader *reader, const struct vio_dump_where *where,
                  const void *object);

    /* Another one, of the generation after `before`'s, or the first; `before` may be NULL. */
    int (*copy)(const struct vio_alloc *alloc, const void *object, const void *before,
                void **ret_object);

    /* Whether it is of no use any more; NULL: none ever is. */
    bool (*over)(const void *object, uint64_t now);

    const char *const *fixed; /* keys that cannot change, up to a NULL; NULL: none */
    const char *passing;      /* a key of no consequence: no difference; NULL: none */
    bool keeps;               /* what the store has is left alone, also where it differs */

    size_t key, key_size; /* the member that tells which object it is */
    size_t name;          /* the member that is its name; SIZE_MAX: it has none */
    bool named_once;      /* no two have the same name */
    size_t addresses[2];  /* members that no two have the same of; SIZE_MAX: none */
    const char *address_keys[2];
};

/* In the document's order. */
#define VIO_DUMP_KINDS 4
extern const struct vio_dump_kind *const vio__dump_kinds[VIO_DUMP_KINDS];

extern const struct vio_dump_kind vio__dump_chassis, vio__dump_pool, vio__dump_hold,
    vio__dump_vadapter;

#endif
