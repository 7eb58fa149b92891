/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/api/pool.h"
#include "lib/api/store.h"
#include "lib/base/ref.h"
#include "lib/domain/name.h"
#include "lib/store/identities.h"
#include "lib/store/store.h"

struct vio_catalog {
    struct vio_ref ref;
    struct vio_alloc alloc; /* a copy: it may outlive its context */
    uint64_t version;
    size_t num_vadapters;
    struct vio_pool **pools;
    size_t num_pools;
    struct vio_met *mets;
    size_t num_mets;
};

struct observe_op {
    struct vio_store_op base;
};

/* -- Life -------------------------------------------------------------------------------------- */

struct vio_catalog *vio_catalog_ref(struct vio_catalog *catalog)
{
    if (catalog)
        vio__ref_get(&catalog->ref);
    return catalog;
}

void vio_catalog_unref(struct vio_catalog *catalog)
{
    struct vio_alloc alloc;

    if (!catalog || !vio__ref_put(&catalog->ref))
        return;
    alloc = catalog->alloc;
    for (size_t i = 0; i < catalog->num_pools; i++)
        vio_pool_unref(catalog->pools[i]);
    vio__free(&alloc, catalog->pools);
    vio__free(&alloc, catalog->mets);
    vio__free(&alloc, catalog);
}

static void unref_catalog(void *catalog)
{
    vio_catalog_unref(catalog);
}

/* -- Making one -------------------------------------------------------------------------------- */

static int compare_pools(const void *a, const void *b)
{
    return vio__name_compare(vio_pool_name(*(struct vio_pool *const *)a),
                             vio_pool_name(*(struct vio_pool *const *)b));
}

static int compare_mets(const void *a, const void *b)
{
    return vio__name_compare(((const struct vio_met *)a)->name, ((const struct vio_met *)b)->name);
}

static int take_pools(struct vio_catalog *catalog, const struct vio_ledger *ledger)
{
    struct vio_identities *identities = vio__store_identities(vio__ledger_store(ledger));
    size_t count = vio__identities_num_pools(identities);

    catalog->pools = vio__calloc(&catalog->alloc, count, sizeof(struct vio_pool *));
    if (!catalog->pools)
        return VIO_ENOMEM;
    for (size_t i = 0; i < count; i++) {
        int status =
            vio__pool_snapshot(ledger, vio__identities_pool_at(identities, i), &catalog->pools[i]);

        if (status != 0)
            return status;
        catalog->num_pools = i + 1;
    }
    qsort(catalog->pools, count, sizeof(struct vio_pool *), compare_pools);
    return 0;
}

static int new_catalog(struct vio_loop *loop, const struct vio_ledger *ledger,
                       struct vio_catalog **ret_catalog)
{
    struct vio_catalog *catalog = vio__calloc(vio__loop_alloc(loop), 1, sizeof(*catalog));
    struct vio__store *kept = vio__ledger_store(ledger);
    int status;

    if (!catalog)
        return VIO_ENOMEM;
    vio__ref_init(&catalog->ref);
    catalog->alloc = *vio__loop_alloc(loop);
    catalog->num_vadapters = vio__store_count(kept);
    catalog->version = vio__store_version(kept);
    status = take_pools(catalog, ledger);
    if (status == 0)
        status = vio__store_mets(kept, &catalog->mets, &catalog->num_mets);
    if (status != 0) {
        vio_catalog_unref(catalog);
        return status;
    }
    if (catalog->num_mets > 0)
        qsort(catalog->mets, catalog->num_mets, sizeof(*catalog->mets), compare_mets);
    *ret_catalog = catalog;
    return 0;
}

/* -- Observing --------------------------------------------------------------------------------- */

static void on_refreshed(void *user, int status)
{
    struct observe_op *op = user;
    struct vio_ledger *ledger = vio__open_store_ledger(op->base.store);
    const char *text = vio__store_error(vio__ledger_store(ledger));
    struct vio_catalog *catalog = NULL;

    if (status != 0 && *text)
        vio__req_set_message(op->base.req, "%s", text);
    if (status == 0)
        status = new_catalog(vio__open_store_loop(op->base.store), ledger, &catalog);
    if (status == 0)
        vio__req_set_result(op->base.req, "catalog", catalog, unref_catalog);
    vio__req_complete(op->base.req, status);
    vio__store_op_end(&op->base);
}

static void on_store_closes(struct vio_store_op *op, int why)
{
    vio__req_complete(op->req, why);
}

static void observe_start(struct vio_req *req, void *user)
{
    struct observe_op *op = user;
    int status = vio__store_op_begin(&op->base, req, on_store_closes);

    if (status == 0)
        status = vio__store_refresh(vio__ledger_store(vio__open_store_ledger(op->base.store)),
                                    on_refreshed, op);
    if (status != 0) {
        vio__req_complete(req, status);
        vio__store_op_end(&op->base);
    }
}

static void observe_destroy(void *user)
{
    vio__store_op_release(&((struct observe_op *)user)->base);
}

static const struct vio_req_class observe_class = {
    .name = "store observe",
    .op_size = sizeof(struct observe_op),
    .start = observe_start,
    .destroy = observe_destroy,
};

int vio_store_observe(struct vio_store *store, vio_req_cb cb, void *user, struct vio_req **ret_req)
{
    struct vio_req *req;
    struct observe_op *op;
    int status = vio__open_store_check(store);

    if (status == 0)
        status = vio__req_new(vio__open_store_loop(store), &observe_class, cb, user, &req);
    if (status != 0)
        return status;
    op = vio__req_op(req);
    op->base.store = vio_store_ref(store);
    return vio__req_submit(req, ret_req);
}

struct vio_catalog *vio_req_get_catalog(const struct vio_req *req)
{
    return req ? vio__req_result(req, "catalog") : NULL;
}

/* -- What is in it ----------------------------------------------------------------------------- */

uint64_t vio_catalog_version(const struct vio_catalog *catalog)
{
    return catalog ? catalog->version : 0;
}

size_t vio_catalog_num_vadapters(const struct vio_catalog *catalog)
{
    return catalog ? catalog->num_vadapters : 0;
}

size_t vio_catalog_num_pools(const struct vio_catalog *catalog)
{
    return catalog ? catalog->num_pools : 0;
}

struct vio_pool *vio_catalog_pool(const struct vio_catalog *catalog, size_t at)
{
    return at < vio_catalog_num_pools(catalog) ? catalog->pools[at] : NULL;
}

struct vio_pool *vio_catalog_find_pool(const struct vio_catalog *catalog, const char *pool)
{
    for (size_t i = 0; pool && i < vio_catalog_num_pools(catalog); i++)
        if (vio__pool_is(catalog->pools[i], pool))
            return catalog->pools[i];
    return NULL;
}

size_t vio_catalog_num_chassis(const struct vio_catalog *catalog)
{
    return catalog ? catalog->num_mets : 0;
}

static const struct vio_met *met_at(const struct vio_catalog *catalog, size_t at)
{
    return at < vio_catalog_num_chassis(catalog) ? &catalog->mets[at] : NULL;
}

int vio_catalog_chassis_uuid(const struct vio_catalog *catalog, size_t at,
                             struct vio_address *ret_uuid)
{
    const struct vio_met *met = met_at(catalog, at);

    if (!catalog || !ret_uuid)
        return VIO_EINVAL;
    if (!met)
        return VIO_ENOENT;
    *ret_uuid = (struct vio_address){.kind = VIO_ADDRESS_UUID, .length = VIO_UUID_SIZE};
    memcpy(ret_uuid->bytes, met->uuid, VIO_UUID_SIZE);
    return 0;
}

const char *vio_catalog_chassis_name(const struct vio_catalog *catalog, size_t at)
{
    const struct vio_met *met = met_at(catalog, at);

    return met ? met->name : NULL;
}

const char *vio_catalog_chassis_uri(const struct vio_catalog *catalog, size_t at)
{
    const struct vio_met *met = met_at(catalog, at);

    return met ? met->uri : NULL;
}

uint64_t vio_catalog_chassis_boot_id(const struct vio_catalog *catalog, size_t at)
{
    const struct vio_met *met = met_at(catalog, at);

    return met ? met->boot_id : 0;
}

uint64_t vio_catalog_chassis_first(const struct vio_catalog *catalog, size_t at)
{
    const struct vio_met *met = met_at(catalog, at);

    return met ? met->first : 0;
}

uint64_t vio_catalog_chassis_last(const struct vio_catalog *catalog, size_t at)
{
    const struct vio_met *met = met_at(catalog, at);

    return met ? met->last : 0;
}
