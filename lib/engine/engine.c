/* SPDX-License-Identifier: MIT */
#include "lib/engine/engine.h"

#include <stdio.h>

#include <libvio/error.h>

#include "lib/base/error.h"
#include "lib/engine/internal.h"
#include "lib/engine/reconcile.h"

static void free_parts(struct vio_engine *engine)
{
    vio__actual_free(engine->actual);
    vio__hub_unref(engine->hub);
    vio__free(engine->alloc, engine->promises);
    vio__free(engine->alloc, engine->uri);
    vio__free(engine->alloc, engine->holder);
    vio__free(engine->alloc, engine->store_uri);
}

void vio__engine_free(struct vio_engine *engine)
{
    if (!engine)
        return;
    free_parts(engine);
    vio__free(engine->alloc, engine);
}

static int make_parts(struct vio_engine *engine, const struct vio_engine_config *config)
{
    int status = vio__hub_new(engine->loop, &engine->hub);

    engine->uri = vio__strdup(engine->alloc, config->uri);
    engine->holder = vio__strdup(engine->alloc, config->holder);
    engine->store_uri = vio__strdup(engine->alloc, config->store ? config->store : "memory:");
    if (!engine->uri || !engine->holder || !engine->store_uri)
        return VIO_ENOMEM;
    if (status == 0)
        status = vio__actual_new(engine->alloc, &engine->actual);
    return status;
}

int vio__engine_new(struct vio_loop *loop, const struct vio_engine_config *config,
                    struct vio_engine **ret_engine)
{
    const struct vio_alloc *alloc = vio__loop_alloc(loop);
    struct vio_engine *engine = vio__calloc(alloc, 1, sizeof(*engine));
    int status;

    if (!engine)
        return VIO_ENOMEM;
    engine->loop = loop;
    engine->alloc = alloc;
    engine->ops = config->driver;
    engine->ledgers = config->ledgers;
    engine->given = config->ledger;
    engine->backend = config->backend;
    engine->adopt = config->adopt;
    engine->restore = !config->keep_lost;
    engine->repair = config->repair;
    engine->read_only = config->read_only;
    engine->take_over = config->take_over;
    engine->wait = config->wait;
    engine->timeout = config->timeout;
    vio__dlist_init(&engine->node);
    vio__dlist_init(&engine->observes);
    vio__dlist_init(&engine->heals);
    vio__dlist_init(&engine->recovery.node);
    vio__turn_group_init(&engine->group);
    vio__lookout_init(&engine->lookout);
    vio__repair_init(engine);
    status = make_parts(engine, config);
    if (status != 0) {
        vio__engine_free(engine);
        return status;
    }
    *ret_engine = engine;
    return 0;
}

bool vio__engine_is_closing(const struct vio_engine *engine)
{
    return engine->closing;
}

bool vio__engine_is_read_only(const struct vio_engine *engine)
{
    return engine->read_only;
}

struct vio_ledger *vio__engine_ledger(const struct vio_engine *engine)
{
    return engine->use.ledger;
}

const uint8_t *vio__engine_uuid(const struct vio_engine *engine)
{
    const struct vio_observation *seen = vio__actual_observation(engine->actual);

    return seen ? seen->chassis.uuid : NULL;
}

struct vio_driver *vio__engine_driver(const struct vio_engine *engine)
{
    return engine->driver;
}

const struct vio_driver_ops *vio__engine_ops(const struct vio_engine *engine)
{
    return engine->ops;
}

struct vio_hub *vio__engine_hub(const struct vio_engine *engine)
{
    return engine->hub;
}

void vio__engine_explain(struct vio_engine *engine, int status, char *text, size_t size)
{
    const char *said = engine->driver ? engine->ops->error(engine->driver) : NULL;

    snprintf(text, size, "%s", said && *said ? said : vio__error_text(status));
}

/* -- Snapshots --------------------------------------------------------------------------------- */

/* Leaves out what is not acknowledged yet. */
static size_t keep_acknowledged(const struct vio_engine *engine,
                                struct vio_vadapter_info **vadapters, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (vio__hash_get(engine->use.ledger->creating, vadapters[i]->uuid, VIO_UUID_SIZE))
            vio__vadapter_unref(vadapters[i]);
        else
            vadapters[kept++] = vadapters[i];
    }
    return kept;
}

/* Without being its owner, what an owner would adopt is shown as if it were. */
static int add_adoptable(struct vio_engine *engine, struct vio_vadapter_info ***vadapters,
                         size_t *count)
{
    struct vio_vadapter_info **grown;
    struct vio_record *adopted;
    size_t num_adopted;
    int status = vio__adopt(engine, &adopted, &num_adopted);

    if (status != 0)
        return status;
    grown = vio__realloc(engine->alloc, *vadapters, *count + num_adopted, sizeof(*grown));
    if (grown)
        *vadapters = grown;
    for (size_t i = 0; grown && i < num_adopted; i++)
        grown[(*count)++] = vio__vadapter_ref((struct vio_vadapter_info *)adopted[i].object);
    vio__adopt_free(engine, adopted, num_adopted);
    return grown ? 0 : VIO_ENOMEM;
}

int vio__engine_inventory(struct vio_engine *engine, struct vio_inventory **ret_inventory)
{
    struct vio_vadapter_info **vadapters = NULL;
    struct vio_function_info *functions = NULL;
    size_t num_vadapters = 0, num_functions = 0;
    int status = vio__actual_functions(engine->actual, &functions, &num_functions);

    if (status == 0)
        status = vio__store_list(vio__engine_store(engine), vio__engine_uuid(engine), &vadapters,
                                 &num_vadapters);
    if (status == 0 && engine->read_only && engine->adopt)
        status = add_adoptable(engine, &vadapters, &num_vadapters);
    num_vadapters = keep_acknowledged(engine, vadapters, num_vadapters);
    if (status == 0)
        status =
            vio__inventory_new(engine->alloc, vio__actual_observation(engine->actual), functions,
                               num_functions, vadapters, num_vadapters, ret_inventory);
    vio__store_free_list(vio__engine_store(engine), vadapters, num_vadapters);
    vio__free(engine->alloc, functions);
    return status;
}
