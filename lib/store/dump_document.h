/* SPDX-License-Identifier: MIT */
/*
 * The content of a store as one JSON document (share/schema/store-1.json), and back. Two dumps of
 * the same content are the same bytes: objects are in the order of their names, one to a line,
 * their members in the order of the schema, and what has its usual value is left out. Generations
 * are no content: they count the changes of one store.
 */
#ifndef VIO_LIB_STORE_DUMP_DOCUMENT_H
#define VIO_LIB_STORE_DUMP_DOCUMENT_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/alloc.h"
#include "lib/base/ref.h"
#include "lib/base/uuid.h"
#include "lib/store/dump_objects.h"

#define VIO_DUMP_FORMAT   "libvio-store"
#define VIO_DUMP_VERSION  1
#define VIO_DUMP_TEXT_MAX ((size_t)1 << 31) /* bytes of a document */

struct vio_dump_set {
    void **object;
    size_t count, capacity;
};

/* Immutable once it is made; of any thread. */
struct vio_dump {
    struct vio_ref ref;
    struct vio_alloc alloc;
    uint8_t store[VIO_UUID_SIZE];
    struct vio_dump_set set[VIO_DUMP_KINDS]; /* as in vio__dump_kinds, each in its order */
    int status;                              /* of the reading: 0, or the first problem's code */
    struct vio_dump_problems problems;
    char *text; /* of what was made or is valid; else NULL */
    size_t size;
};

/* An empty one of the store. VIO_ENOMEM. */
int vio__dump_new(const struct vio_alloc *alloc, const uint8_t store[VIO_UUID_SIZE],
                  struct vio_dump **ret_dump);
struct vio_dump *vio__dump_ref(struct vio_dump *dump);
void vio__dump_unref(struct vio_dump *dump); /* NULL is fine */

/* Adds an object, which is the dump's from now on, also on failure. VIO_ENOMEM. */
int vio__dump_add(struct vio_dump *dump, const struct vio_dump_kind *kind, void *object);

/* An object's name; where it has none, what tells it from others. To be freed; NULL without memory.
 */
char *vio__dump_object_name(const struct vio_alloc *alloc, const struct vio_dump_kind *kind,
                            const char *object);

/* Puts all in order and writes the text. VIO_ENOMEM, VIO_ELIMIT. */
int vio__dump_finish(struct vio_dump *dump);

/*
 * Reads a document from outside. 0 also for one that is not valid: then *ret_dump has every problem
 * of it, its status and nothing else. VIO_ENOMEM.
 */
int vio__dump_parse(const struct vio_alloc *alloc, const char *text, size_t size,
                    struct vio_dump **ret_dump);

#endif
