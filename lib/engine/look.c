/* SPDX-License-Identifier: MIT */
#include "lib/engine/look.h"

#include <libvio/error.h>

#include "lib/engine/internal.h"

void vio__lookout_init(struct vio_lookout *lookout)
{
    vio__dlist_init(&lookout->served);
    vio__dlist_init(&lookout->next);
}

/* Promises are kept by the number of the adapter. */
static int make_promises(struct vio_engine *engine, size_t count)
{
    struct vio_promise *promises;

    if (count <= engine->num_promises)
        return 0;
    promises = vio__realloc(engine->alloc, engine->promises, count, sizeof(*promises));
    if (!promises)
        return VIO_ENOMEM;
    for (size_t i = engine->num_promises; i < count; i++)
        promises[i] = (struct vio_promise){0};
    engine->promises = promises;
    engine->num_promises = count;
    return 0;
}

static int take(struct vio_engine *engine, int status, struct vio_observation *observation)
{
    if (status == 0)
        status = make_promises(engine, observation->num_adapters);
    if (status == 0)
        status = vio__actual_observe(engine->actual, observation, engine->lookout.since);
    vio__observation_unref(observation);
    if (status != 0)
        engine->stale = true;
    return status;
}

static int begin(struct vio_engine *engine);

static void serve(struct vio_dlist *looks, int status)
{
    struct vio_dlist *node;

    while ((node = vio__dlist_pop(looks)) != NULL) {
        struct vio_look *look = VIO_CONTAINER_OF(node, struct vio_look, node);

        look->done(look, status);
    }
}

static void on_observed(void *user, int status, struct vio_observation *observation)
{
    struct vio_engine *engine = user;
    struct vio_lookout *lookout = &engine->lookout;
    struct vio_dlist served;

    status = take(engine, status, observation);
    lookout->running = lookout->mending = false;
    vio__dlist_init(&served);
    vio__dlist_splice(&served, &lookout->served);
    if (!vio__dlist_empty(&lookout->next)) {
        int failed = begin(engine);

        if (failed != 0)
            vio__dlist_splice(&served, &lookout->next);
        if (failed != 0 && status == 0)
            status = failed;
    }
    serve(&served, status);
    vio__engine_settle(engine);
}

/* Observes for all who wait. */
static int begin(struct vio_engine *engine)
{
    struct vio_lookout *lookout = &engine->lookout;
    int status;

    lookout->since = vio__actual_now(engine->actual);
    status = engine->ops->observe(engine->driver, on_observed, engine);
    if (status != 0)
        return status;
    lookout->mending = engine->stale;
    engine->stale = false;
    lookout->running = true;
    vio__dlist_splice(&lookout->served, &lookout->next);
    return 0;
}

int vio__look_start(struct vio_engine *engine, struct vio_look *look)
{
    int status = 0;

    vio__dlist_append(&engine->lookout.next, &look->node);
    if (!engine->lookout.running)
        status = begin(engine);
    if (status != 0)
        vio__dlist_remove(&look->node);
    return status;
}

bool vio__look_is_due(const struct vio_engine *engine)
{
    return engine->stale || engine->lookout.mending;
}

int vio__look_catch_up(struct vio_engine *engine, struct vio_look *look)
{
    if (engine->stale)
        return vio__look_start(engine, look);
    vio__dlist_append(&engine->lookout.served, &look->node);
    return 0;
}

void vio__look_cancel(struct vio_look *look)
{
    vio__dlist_remove(&look->node);
}
