/* SPDX-License-Identifier: MIT */
/* What each edit makes of its object: judged against all that is known, and written into the copy
 * that is to be. Problems are added to the change; what is returned is VIO_ENOMEM and such. */
#ifndef VIO_LIB_ENGINE_EDIT_H
#define VIO_LIB_ENGINE_EDIT_H

#include "lib/domain/vadapter.h"

struct vio_item;
struct vio_ledger;

/* These make their object. */
int vio__edit_create(struct vio_item *item);
int vio__edit_adopt(struct vio_item *item);

/* These find it, or make it. */
int vio__edit_restore(struct vio_item *item);

/* These have it, with an `after` to be changed. */
int vio__edit_set(struct vio_item *item);
int vio__edit_attach(struct vio_item *item);
int vio__edit_detach(struct vio_item *item);
int vio__edit_remove(struct vio_item *item);
int vio__edit_purge(struct vio_item *item);

/* A new object of generation 1 with a random UUID. VIO_ENOMEM, VIO_EIO. */
int vio__edit_make(struct vio_item *item);

/* "vnic7": a name that nobody has. */
void vio__edit_draw_name(struct vio_ledger *ledger, enum vio_vadapter_kind kind,
                         char ret_name[VIO_NAME_SIZE]);

#endif
