/* SPDX-License-Identifier: MIT */
/* Change sets as requests: the calls that change one object of a store are sets of one edit. */
#ifndef VIO_API_CHANGESET_H
#define VIO_API_CHANGESET_H

#include <libvio/changeset.h>

#include "lib/api/store.h"
#include "lib/engine/change.h"

/* The operation of such a request. */
struct vio_changeset_op {
    struct vio_store_op base;
    struct vio_change change;
    struct vio_chassis **chassis; /* kept until it has ended; NULL: none */
    size_t num_chassis;
};

/* Members of a vio_req_class whose operation is that. */
void vio__changeset_start(struct vio_req *req, void *op);
void vio__changeset_cancel(struct vio_req *req, void *op, int why);
void vio__changeset_destroy(void *op);

#define VIO_CHANGESET_CLASS(text)                                                                  \
    {                                                                                              \
        .name = (text), .op_size = sizeof(struct vio_changeset_op), .start = vio__changeset_start, \
        .cancel = vio__changeset_cancel, .destroy = vio__changeset_destroy                         \
    }

/* A request without edits yet. */
int vio__changeset_request(struct vio_store *store, const struct vio_req_class *cls, vio_req_cb cb,
                           void *user, struct vio_req **ret_req);

/* Applies a set that was made for one call, whose results `give` (NULL: none) adds, and frees it;
 * not where `status` says that it could not
 * be made. NULL is fine then. */
int vio__changeset_finish(struct vio_changeset *changeset, int status,
                          const struct vio_req_class *cls, void (*give)(struct vio_change *change),
                          vio_req_cb cb, void *user, struct vio_req **ret_req);

#endif
