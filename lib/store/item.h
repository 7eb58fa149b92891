/* SPDX-License-Identifier: MIT */
/* One record on its way, for the files of this folder alone. */
#ifndef VIO_LIB_STORE_ITEM_H
#define VIO_LIB_STORE_ITEM_H

#include "lib/store/internal.h"

#define VIO_PENDING_MAX (UINT32_C(1) << 26) /* objects that are being changed */

/* Checks a record against what is committed and what is queued, and takes all that applying it will
 * need. VIO_ESTALE, VIO_EEXIST, VIO_EDUPLICATE, VIO_EINVAL, VIO_ENOMEM. */
int vio__item_make(struct vio__store *store, const struct vio_record *record, bool implied,
                   struct vio_item *ret_item);

/* Gives back what was taken and not applied. */
void vio__item_free(struct vio__store *store, struct vio_item *item);

/* Checks it against the index, and the items that were checked before since reset(). VIO_ESTALE,
 * VIO_EEXIST, VIO_EDUPLICATE. */
int vio__item_check(struct vio__store *store, struct vio_item *item);
void vio__item_uncheck(struct vio__store *store,
                       struct vio_item *item); /* the last one that was checked first */
void vio__item_release(struct vio__store *store, struct vio_item *item); /* before others' rows */
void vio__item_reset(const struct vio__store *store, struct vio_item *item);

/* Whether a commit that has not ended changes the object of a row. */
bool vio__item_is_pending(const struct vio__store *store, const struct vio_row *row);

/* The key of the row that the object has; 0: none yet. */
uint64_t vio__item_row(const struct vio__store *store, const struct vio_item *item);

/* Makes it visible; never fails. */
void vio__item_apply(struct vio__store *store, struct vio_item *item, uint64_t row);

#endif
