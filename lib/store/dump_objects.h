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

    size_t key, key_size; /* the member that tells which object it is */
    size_t name;          /* the member that is its name; SIZE_MAX: it has none */
    bool named_once;      /* no two have the same name */
    size_t address;       /* the member that no two have the same of; SIZE_MAX: none */
};

/* In the document's order. */
#define VIO_DUMP_KINDS 3
extern const struct vio_dump_kind *const vio__dump_kinds[VIO_DUMP_KINDS];

extern const struct vio_dump_kind vio__dump_chassis, vio__dump_hold, vio__dump_vadapter;

#endif
