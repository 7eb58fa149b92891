/* SPDX-License-Identifier: MIT */
#include "lib/engine/observe.h"

#include <libvio/error.h>

#include "lib/engine/expiry.h"
#include "lib/engine/internal.h"

static void release_owner(struct vio_observe *observe)
{
    void *owner = observe->owner;

    observe->owner = NULL;
    if (owner)
        observe->release(owner);
}

static void end(struct vio_observe *observe, int status)
{
    struct vio_inventory *inventory;

    if (status == 0)
        status = vio__engine_inventory(observe->engine, &inventory);
    if (status == 0)
        vio__expiry_check(observe->engine, inventory);
    if (status == 0)
        vio__req_set_result(observe->req, "inventory", inventory,
                            (void (*)(void *))vio__inventory_unref);
    observe->ended = true;
    vio__dlist_remove(&observe->node);
    vio__dlist_remove(&observe->look.node);
    vio__dlist_remove(&observe->recovery.node);
    vio__req_complete(observe->req, status);
    release_owner(observe);
}

static void look(struct vio_observe *observe);

static void on_recovered(struct vio_recovery *recovery)
{
    look(VIO_CONTAINER_OF(recovery, struct vio_observe, recovery));
}

static void fail(struct vio_observe *observe, int status)
{
    char text[256];

    vio__engine_explain(observe->engine, status, text, sizeof(text));
    vio__req_set_message(observe->req, "%s", text);
    end(observe, status);
}

static void recover(struct vio_observe *observe)
{
    observe->recovery.done = on_recovered;
    if (!observe->recovered && vio__unfinished_recover(observe->engine, &observe->recovery))
        observe->recovered = true;
    else
        end(observe, 0);
}

static void on_refreshed(void *user, int status)
{
    struct vio_observe *observe = user;
    const struct vio__store *store = vio__engine_store(observe->engine);

    observe->refreshing = false;
    if (observe->why != 0) {
        end(observe, observe->why);
    } else if (status != 0) {
        if (store && *vio__store_error(store))
            vio__req_set_message(observe->req, "%s", vio__store_error(store));
        end(observe, status);
    } else {
        recover(observe);
    }
}

/* Other processes write the store, too. */
static void on_looked(struct vio_look *look, int status)
{
    struct vio_observe *observe = VIO_CONTAINER_OF(look, struct vio_observe, look);

    if (status != 0) {
        fail(observe, status);
        return;
    }
    observe->refreshing = true;
    status = vio__store_refresh(vio__engine_store(observe->engine), on_refreshed, observe);
    if (status != 0)
        on_refreshed(observe, status);
}

static void look(struct vio_observe *observe)
{
    int status;

    observe->look.done = on_looked;
    status = vio__look_start(observe->engine, &observe->look);
    if (status != 0)
        fail(observe, status);
}

void vio__observe_start(struct vio_req *req, void *op)
{
    struct vio_observe *observe = op;

    observe->req = req;
    vio__dlist_init(&observe->node);
    vio__dlist_init(&observe->look.node);
    vio__dlist_init(&observe->recovery.node);
    if (observe->engine->closing) {
        end(observe, VIO_ECLOSED);
        return;
    }
    vio__dlist_append(&observe->engine->observes, &observe->node);
    look(observe);
}

void vio__observe_cancel(struct vio_req *req, void *op, int why)
{
    struct vio_observe *observe = op;

    (void)req;
    if (observe->refreshing)
        observe->why = why;
    else if (!observe->ended)
        end(observe, why);
}

void vio__observe_destroy(void *op)
{
    release_owner(op);
}
