/* SPDX-License-Identifier: MIT */
#include "lib/engine/expiry.h"

#include <stdio.h>

#include "lib/base/uuid.h"
#include "lib/domain/inventory.h"
#include "lib/engine/change.h"
#include "lib/engine/internal.h"

#define AT_A_TIME 16

static const struct vio_req_class purge_class = {
    .name = "vadapter expire",
    .op_size = sizeof(struct vio_change),
    .start = vio__change_start,
    .cancel = vio__change_cancel,
    .destroy = vio__change_destroy,
};

static void on_ended(void *owner)
{
    struct vio_engine *engine = owner;

    engine->purging = false;
}

static void purge(struct vio_engine *engine, const struct vio_vadapter_info *const *expired,
                  size_t count)
{
    struct vio_change *change;
    struct vio_req *req;

    if (vio__req_new(engine->loop, &purge_class, NULL, NULL, &req) != 0)
        return;
    change = vio__req_op(req);
    if (vio__change_set_count(change, engine->alloc, count) != 0) {
        vio__req_unref(req);
        return;
    }
    change->ledger = engine->use.ledger;
    snprintf(change->comment, sizeof(change->comment), "its time is over");
    for (size_t i = 0; i < count; i++) {
        struct vio_item *item = &change->items[i];

        item->edit = VIO_EDIT_PURGE;
        item->engine = engine;
        item->expects = expired[i]->generation;
        vio__uuid_format(expired[i]->uuid, item->target);
    }
    engine->purging = true;
    change->owner = engine;
    change->release = on_ended;
    (void)vio__req_submit(req, NULL); /* a context that closes leaves them for the next time */
}

void vio__expiry_check(struct vio_engine *engine, const struct vio_inventory *inventory)
{
    const struct vio_ledger *ledger = engine->use.ledger;
    const struct vio_vadapter_info *expired[AT_A_TIME];
    uint64_t now = vio__ledger_now(ledger);
    size_t all = vio__inventory_count(inventory, VIO_NOUN_VADAPTER);
    size_t count = 0;

    if (engine->read_only || engine->fenced || engine->closing || engine->purging)
        return;
    for (size_t i = 0; i < all && count < AT_A_TIME; i++) {
        const struct vio_vadapter_info *info =
            vio__vadapter_info(vio__inventory_at(inventory, VIO_NOUN_VADAPTER, i));

        if (info->retired != 0 && now > info->retired && now - info->retired >= ledger->retention)
            expired[count++] = info;
    }
    if (count > 0)
        purge(engine, expired, count);
}
