/* SPDX-License-Identifier: MIT */
#include "lib/engine/blocked.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/engine/internal.h"

struct vio_blocked {
    struct vio_dlist node;
    struct vio_engine *engine;
    struct vio_vadapter_info *before, *after, *restore;
    struct vio_target was;
    bool recovering;
    struct vio_apply apply;
    struct vio_record record;
    struct vio_commit commit;
};

int vio__blocked_new(struct vio_engine *engine, struct vio_blocked **ret_blocked)
{
    struct vio_blocked *blocked = vio__calloc(engine->alloc, 1, sizeof(*blocked));

    if (!blocked)
        return VIO_ENOMEM;
    blocked->engine = engine;
    *ret_blocked = blocked;
    return 0;
}

void vio__blocked_free(struct vio_engine *engine, struct vio_blocked *blocked)
{
    if (!blocked)
        return;
    vio__vadapter_unref(blocked->before);
    vio__vadapter_unref(blocked->after);
    vio__vadapter_unref(blocked->restore);
    vio__free(engine->alloc, blocked);
}

static struct vio_vadapter_info *ref(struct vio_vadapter_info *vadapter)
{
    return vadapter ? vio__vadapter_ref(vadapter) : NULL;
}

void vio__blocked_add(struct vio_engine *engine, struct vio_blocked *blocked,
                      struct vio_vadapter_info *before, struct vio_vadapter_info *after,
                      struct vio_vadapter_info *restore, const struct vio_target *was)
{
    blocked->before = ref(before);
    blocked->after = ref(after);
    blocked->restore = ref(restore);
    blocked->was = *was;
    vio__dlist_append(&engine->blocked, &blocked->node);
}

static const uint8_t *uuid_of(const struct vio_blocked *blocked)
{
    return blocked->before ? blocked->before->uuid : blocked->after->uuid;
}

bool vio__blocked_is(const struct vio_engine *engine, const struct vio_vadapter_info *vadapter)
{
    VIO_DLIST_FOREACH (node, &engine->blocked) {
        const struct vio_blocked *blocked = VIO_CONTAINER_OF(node, struct vio_blocked, node);

        if (memcmp(uuid_of(blocked), vadapter->uuid, VIO_UUID_SIZE) == 0)
            return true;
    }
    return false;
}

bool vio__blocked_is_named(const struct vio_engine *engine, const char *name)
{
    VIO_DLIST_FOREACH (node, &engine->blocked) {
        const struct vio_blocked *blocked = VIO_CONTAINER_OF(node, struct vio_blocked, node);

        if ((blocked->before && strcmp(blocked->before->name, name) == 0) ||
            (blocked->after && strcmp(blocked->after->name, name) == 0))
            return true;
    }
    return false;
}

static void unblock(struct vio_blocked *blocked)
{
    struct vio_engine *engine = blocked->engine;
    struct vio_claims *claims = vio__store_claims(engine->store);

    if (blocked->before)
        vio__claims_drop(claims, blocked->before);
    if (blocked->after)
        vio__claims_drop(claims, blocked->after);
    vio__hash_remove(engine->creating, uuid_of(blocked), VIO_UUID_SIZE);
    vio__dlist_remove(&blocked->node);
    vio__blocked_free(engine, blocked);
}

static void finish(struct vio_blocked *blocked, bool resolved)
{
    struct vio_engine *engine = blocked->engine;
    struct vio_dlist done;
    struct vio_dlist *node;

    blocked->recovering = false;
    if (resolved)
        unblock(blocked);
    if (--engine->recovering > 0)
        return;
    vio__dlist_init(&done);
    vio__dlist_splice(&done, &engine->recoveries);
    while ((node = vio__dlist_pop(&done)) != NULL) {
        struct vio_recovery *recovery = VIO_CONTAINER_OF(node, struct vio_recovery, node);

        recovery->done(recovery);
    }
    vio__engine_settle(engine);
}

static void on_committed(void *user, int status)
{
    finish(user, status == 0);
}

/* What is there is known, whether or not it could be put back: the desired state is the former one
 * again, and a difference is drift from now on. */
static void restore(struct vio_blocked *blocked)
{
    const struct vio_store *store = blocked->engine->store;
    uint64_t generation = vio__store_generation(store, uuid_of(blocked));
    int status;

    if (generation == (blocked->before ? blocked->before->generation : 0)) {
        finish(blocked, true);
        return;
    }
    blocked->record = (struct vio_record){
        .kind = VIO_ROW_VADAPTER, .replaces = generation, .object = blocked->restore};
    memcpy(blocked->record.uuid, uuid_of(blocked), VIO_UUID_SIZE);
    blocked->commit = (struct vio_commit){
        .records = &blocked->record, .count = 1, .done = on_committed, .user = blocked};
    status = vio__store_commit(blocked->engine->store, &blocked->commit);
    if (status != 0)
        finish(blocked, false);
}

static void on_applied(struct vio_apply *apply, int status)
{
    struct vio_blocked *blocked = VIO_CONTAINER_OF(apply, struct vio_blocked, apply);

    (void)status;
    if (apply->known)
        restore(blocked);
    else
        finish(blocked, false);
}

static void recover(struct vio_blocked *blocked)
{
    struct vio_engine *engine = blocked->engine;
    const struct vio_function_info *function =
        vio__actual_by_cookie(engine->actual, uuid_of(blocked));

    blocked->recovering = true;
    engine->recovering++;
    blocked->apply = (struct vio_apply){
        .engine = engine,
        .desired = blocked->was,
        .actual = {.exists = function != NULL},
        .done = on_applied,
    };
    if (function)
        blocked->apply.actual.function = *function;
    else if (!blocked->was.exists)
        memcpy(blocked->apply.actual.function.cookie, uuid_of(blocked), VIO_UUID_SIZE);
    vio__apply_start(&blocked->apply);
}

bool vio__blocked_recover(struct vio_engine *engine, struct vio_recovery *recovery)
{
    if (vio__dlist_empty(&engine->blocked) || engine->closing || engine->read_only)
        return false;
    vio__dlist_append(&engine->recoveries, &recovery->node);
    VIO_DLIST_FOREACH (node, &engine->blocked) {
        struct vio_blocked *blocked = VIO_CONTAINER_OF(node, struct vio_blocked, node);

        if (!blocked->recovering)
            recover(blocked);
    }
    return true;
}

void vio__blocked_drop_all(struct vio_engine *engine)
{
    struct vio_dlist *node;

    while ((node = vio__dlist_pop(&engine->blocked)) != NULL)
        vio__blocked_free(engine, VIO_CONTAINER_OF(node, struct vio_blocked, node));
}
