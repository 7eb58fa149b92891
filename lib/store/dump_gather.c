/* SPDX-License-Identifier: MIT */
#include "lib/store/dump_gather.h"

#include <libvio/error.h>

#include "lib/store/dump_document.h"
#include "lib/store/identities.h"
#include "lib/store/store.h"

static int gather_chassis(const struct vio__store *store, struct vio_dump *dump)
{
    struct vio_met *mets;
    size_t count;
    int status = vio__store_mets(store, &mets, &count);

    if (status != 0)
        return status;
    for (size_t i = 0; i < count && status == 0; i++) {
        struct vio_met *copy = vio__memdup(&dump->alloc, &mets[i], sizeof(*copy));

        status = copy ? vio__dump_add(dump, &vio__dump_chassis, copy) : VIO_ENOMEM;
    }
    vio__free(&dump->alloc, mets);
    return status;
}

static int gather_pools(const struct vio_identities *identities, struct vio_dump *dump)
{
    size_t count = vio__identities_num_pools(identities);
    int status = 0;

    for (size_t i = 0; i < count && status == 0; i++) {
        struct vio_pool_info *pool = vio__identities_pool_at(identities, i);

        if (pool->generation > 0)
            status = vio__dump_add(dump, &vio__dump_pool, vio__pool_ref(pool));
    }
    return status;
}

static int gather_hold(void *user, const struct vio_hold *hold)
{
    struct vio_dump *dump = user;
    struct vio_hold *copy = vio__memdup(&dump->alloc, hold, sizeof(*copy));

    return copy ? vio__dump_add(dump, &vio__dump_hold, copy) : VIO_ENOMEM;
}

static int gather_vadapters(const struct vio__store *store, struct vio_dump *dump)
{
    struct vio_vadapter_info **vadapters;
    size_t count;
    int status = vio__store_list(store, NULL, &vadapters, &count);

    if (status != 0)
        return status;
    for (size_t i = 0; i < count && status == 0; i++)
        status = vio__dump_add(dump, &vio__dump_vadapter, vio__vadapter_ref(vadapters[i]));
    vio__store_free_list(store, vadapters, count);
    return status;
}

int vio__dump_gather(const struct vio_alloc *alloc, const struct vio__store *store, uint64_t now,
                     struct vio_dump **ret_dump)
{
    struct vio_identities *identities = vio__store_identities(store);
    struct vio_dump *dump;
    int status = vio__dump_new(alloc, vio__store_uuid(store), &dump);

    if (status != 0)
        return status;
    status = gather_chassis(store, dump);
    if (status == 0)
        status = gather_pools(identities, dump);
    if (status == 0)
        status = vio__identities_each_hold(identities, now, gather_hold, dump);
    if (status == 0)
        status = gather_vadapters(store, dump);
    if (status != 0) {
        vio__dump_unref(dump);
        return status;
    }
    *ret_dump = dump;
    return 0;
}
