/* SPDX-License-Identifier: MIT */
/* What a change has to know before it is planned: its objects, and their functions as they are. */
#include <string.h>

#include <libvio/error.h>

#include "lib/engine/change.h"
#include "lib/engine/internal.h"

static void plan(struct vio_change *change)
{
    int status = vio__change_plan(change);

    if (status != 0 || change->dry_run)
        vio__change_end(change, status);
    else
        vio__change_commit(change);
}

static void fail(struct vio_change *change, struct vio_engine *engine, int status)
{
    char text[256];

    vio__engine_explain(engine, status, text, sizeof(text));
    vio__change_say(change, "reading the chassis: %s", text);
    change->failed = status;
}

/* One that was waited for came back, or this was the last one to be waited for. */
static void go_on(struct vio_change *change, void (*next)(struct vio_change *change))
{
    if (--change->pending > 0)
        return;
    if (change->why != 0)
        vio__change_end(change, change->why);
    else if (change->failed != 0)
        vio__change_end(change, change->failed);
    else
        next(change);
}

/* -- Functions --------------------------------------------------------------------------------- */

static int note(struct vio_object *object, const struct vio_function_info *function)
{
    struct vio_engine *engine = object->engine;
    int status = vio__actual_put(engine->actual, object->was.function.index, function);

    object->was.exists =
        function && memcmp(function->cookie, vio__object_uuid(object), VIO_UUID_SIZE) == 0;
    if (object->was.exists)
        object->was.function = *function;
    return status;
}

static void on_read(void *user, int status, const struct vio_function_info *function)
{
    struct vio_object *object = user;
    struct vio_change *change = object->change;

    if (status == 0 || status == VIO_ENOENT) {
        status = note(object, status == 0 ? function : NULL);
        if (status != 0)
            change->failed = status;
    } else {
        fail(change, object->engine, status);
    }
    go_on(change, plan);
}

static void read_function(struct vio_object *object)
{
    struct vio_engine *engine = object->engine;
    const struct vio_function_info *function =
        vio__actual_by_cookie(engine->actual, vio__object_uuid(object));
    int status;

    if (!function)
        return;
    object->was.function = *function;
    object->change->pending++;
    status = engine->ops->read(engine->driver, function->index, on_read, object);
    if (status == 0)
        return;
    object->change->pending--;
    fail(object->change, engine, status);
}

static void read_functions(struct vio_change *change)
{
    change->phase = VIO_PHASE_READING;
    change->pending = 1;
    for (size_t i = 0; i < change->num_objects && change->failed == 0; i++)
        if (change->objects[i].engine)
            read_function(&change->objects[i]);
    go_on(change, plan);
}

/* -- Objects ----------------------------------------------------------------------------------- */

static struct vio_object *object_of(struct vio_change *change, const uint8_t uuid[VIO_UUID_SIZE])
{
    for (size_t i = 0; i < change->num_objects; i++)
        if (memcmp(vio__object_uuid(&change->objects[i]), uuid, VIO_UUID_SIZE) == 0)
            return &change->objects[i];
    return NULL;
}

/* Takes a reference over. */
static struct vio_object *add_object(struct vio_change *change, struct vio_vadapter_info *before)
{
    struct vio_object *object = object_of(change, before->uuid);

    if (object) {
        vio__vadapter_unref(before);
        return object;
    }
    object = &change->objects[change->num_objects++];
    object->change = change;
    object->before = before;
    object->engine = vio__ledger_engine(change->ledger, before->chassis);
    return object;
}

/* Forgets what an earlier attempt found. */
static void forget_objects(struct vio_change *change)
{
    for (size_t i = 0; i < change->num_objects; i++)
        vio__object_clear(&change->objects[i]);
    if (change->num_objects > 0)
        memset(change->objects, 0, change->num_objects * sizeof(*change->objects));
    change->num_objects = 0;
    for (size_t i = 0; i < change->count; i++)
        change->items[i].object = NULL;
}

static int find_objects(struct vio_change *change)
{
    struct vio_vadapter_info *found;

    forget_objects(change);
    for (size_t i = 0; i < change->count; i++) {
        struct vio_item *item = &change->items[i];
        int status;

        if (item->edit == VIO_EDIT_CREATE || item->edit == VIO_EDIT_ADOPT || vio__kept_is(item))
            continue;
        status = vio__store_find_name(change->ledger->store, item->name, &found);
        if (status == 0)
            item->object = add_object(change, found);
        else if (status != VIO_ENOENT)
            return status;
        if (!item->object || item->engine || !item->object->engine)
            continue;
        item->engine = item->object->engine;
        status = vio__change_refusal(change, item->engine);
        if (status != 0)
            return status;
    }
    return 0;
}

/* -- Looking ----------------------------------------------------------------------------------- */

static void on_looked(struct vio_look *look, int status)
{
    struct vio_item *item = VIO_CONTAINER_OF(look, struct vio_item, look);

    if (status != 0)
        fail(item->change, item->engine, status);
    go_on(item->change, read_functions);
}

/* Whether an earlier item looks at the same chassis. */
static bool is_looked_at(const struct vio_change *change, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (change->items[i].engine == change->items[count].engine)
            return true;
    return false;
}

void vio__change_look(struct vio_change *change)
{
    int status = find_objects(change);

    change->phase = VIO_PHASE_LOOKING;
    change->failed = status;
    change->pending = 1;
    for (size_t i = 0; i < change->count && change->failed == 0; i++) {
        struct vio_item *item = &change->items[i];

        if (!item->engine || !vio__look_is_due(item->engine) || is_looked_at(change, i))
            continue;
        item->look.done = on_looked;
        change->pending++;
        status = vio__look_catch_up(item->engine, &item->look);
        if (status != 0) {
            change->pending--;
            fail(change, item->engine, status);
        }
    }
    go_on(change, read_functions);
}
