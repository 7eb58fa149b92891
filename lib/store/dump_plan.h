/* SPDX-License-Identifier: MIT */
/*
 * What loading a dump into a store does: objects that the store does not have are created, those
 * that it has and that differ are changed, all others are left alone, also where the dump does not
 * have them. Pure.
 */
#ifndef VIO_LIB_STORE_DUMP_PLAN_H
#define VIO_LIB_STORE_DUMP_PLAN_H

#include "lib/store/dump_document.h"

struct vio_dump_edit {
    const struct vio_dump_kind *kind;
    const void *before; /* of the store's dump; NULL: it is created */
    void *after;        /* owned; of the next generation, from 1 */
};

struct vio_dump_plan {
    struct vio_alloc alloc;
    struct vio_dump_edit *edit;
    size_t count;
    struct vio_dump_problems problems; /* with paths such as "vadapters.web0.kind" */
};

/*
 * Of two valid dumps: of the store as it is, whose objects the plan borrows, and of what is loaded.
 * 0 also where there are problems, which say why nothing of it can be loaded: something that cannot
 * change is different (kind, chassis, adapter, size, purpose), or a name or identity belongs to
 * another object that stays. Holds that are over at `now`
 * (ns, the store's clock) are passed over. VIO_ENOMEM.
 */
int vio__dump_plan(const struct vio_alloc *alloc, const struct vio_dump *present,
                   const struct vio_dump *wanted, uint64_t now, struct vio_dump_plan **ret_plan);
void vio__dump_plan_free(struct vio_dump_plan *plan); /* NULL is fine */

#endif
