/* SPDX-License-Identifier: MIT */
/* Calls that change a pool: change sets of one edit. */
#include <libvio/pool.h>

#include "lib/api/changeset.h"
#include "lib/api/pool.h"

static const struct vio_req_class create_class = VIO_CHANGESET_CLASS("pool create");
static const struct vio_req_class set_class = VIO_CHANGESET_CLASS("pool set");
static const struct vio_req_class remove_class = VIO_CHANGESET_CLASS("pool remove");

static void unref_pool(void *pool)
{
    vio_pool_unref(pool);
}

/* The pool as it is now; without one where there is no memory for it. */
static void give_pool(struct vio_change *change)
{
    struct vio_pool *pool;

    if (change->num_kepts == 1 &&
        vio__pool_snapshot(change->ledger, change->kepts[0].after, &pool) == 0)
        vio__req_set_result(change->req, "pool", pool, unref_pool);
}

int vio_pool_create(struct vio_store *store, const struct vio_pool_spec *spec, vio_req_cb cb,
                    void *user, struct vio_req **ret_req)
{
    struct vio_changeset *changeset = NULL;
    int status = vio_changeset_new(store, &changeset);

    if (status == 0)
        status = vio_changeset_create_pool(changeset, spec);
    return vio__changeset_finish(changeset, status, &create_class, give_pool, cb, user, ret_req);
}

int vio_pool_set(struct vio_store *store, const char *pool, const struct vio_pool_spec *spec,
                 vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    struct vio_changeset *changeset = NULL;
    int status = vio_changeset_new(store, &changeset);

    if (status == 0)
        status = vio_changeset_set_pool(changeset, pool, spec);
    return vio__changeset_finish(changeset, status, &set_class, give_pool, cb, user, ret_req);
}

int vio_pool_remove(struct vio_store *store, const char *pool, vio_req_cb cb, void *user,
                    struct vio_req **ret_req)
{
    struct vio_changeset *changeset = NULL;
    int status = vio_changeset_new(store, &changeset);

    if (status == 0)
        status = vio_changeset_remove_pool(changeset, pool);
    return vio__changeset_finish(changeset, status, &remove_class, NULL, cb, user, ret_req);
}
