/* SPDX-License-Identifier: MIT */
/* A change from its request to its turn, and its end. */
#include "lib/engine/change.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/error.h"
#include "lib/base/uuid.h"
#include "lib/domain/plan.h"
#include "lib/domain/pool_spec.h"
#include "lib/engine/internal.h"
#include "lib/engine/journal.h"
#include "lib/engine/outline.h"

static void queue_up(struct vio_change *change);

int vio__change_set_count(struct vio_change *change, const struct vio_alloc *alloc, size_t count)
{
    if (count > VIO_CHANGE_MAX)
        return VIO_ELIMIT;
    change->items = count == 1 ? &change->one : vio__calloc(alloc, count, sizeof(*change->items));
    if (!change->items)
        return VIO_ENOMEM;
    change->alloc = *alloc;
    change->count = count;
    return 0;
}

bool vio__change_touches(const struct vio_change *change, const struct vio_engine *engine)
{
    for (size_t i = 0; i < change->count; i++)
        if (change->items[i].engine == engine)
            return true;
    return false;
}

/* -- The end ----------------------------------------------------------------------------------- */

static void release_owner(struct vio_change *change)
{
    void *owner = change->owner;

    change->owner = NULL;
    if (owner)
        change->release(owner);
}

/* The vAdapter as it is now, for the caller; without one where there is no memory for it. */
static void give_vadapter(struct vio_change *change)
{
    struct vio_object *object = change->count == 1 ? change->one.object : NULL;
    const struct vio_function_info *function;
    struct vio_vadapter *vadapter;
    struct vio_engine *engine;

    if (!object || !object->after || !object->engine)
        return;
    engine = object->engine;
    function = vio__actual_by_cookie(engine->actual, object->after->uuid);
    if (vio__inventory_single(engine->alloc, vio__actual_observation(engine->actual), function,
                              object->after, &vadapter) == 0)
        vio__req_set_result(change->req, "vadapter", vadapter,
                            (void (*)(void *))vio_vadapter_unref);
}

void vio__change_say(struct vio_change *change, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(change->text, sizeof(change->text), fmt, args);
    va_end(args);
    vio__req_set_message(change->req, "%s", change->text);
}

/* A plan that did not come to be applied. */
static void end_outline(struct vio_change *change, int status)
{
    if (change->phase >= VIO_PHASE_COMMITTING)
        return;
    vio__outline_end(change, change->problem ? VIO_PLAN_STATE_REFUSED : VIO_PLAN_STATE_PLANNED,
                     status,
                     status == 0 || change->text[0] ? change->text : vio__error_text(status));
}

void vio__change_end(struct vio_change *change, int status)
{
    struct vio_ledger *ledger = change->ledger;

    if (status == 0 && !change->dry_run) {
        give_vadapter(change);
        if (change->give)
            change->give(change);
    }
    end_outline(change, status);
    vio__outline_give(change);
    change->phase = VIO_PHASE_DONE;
    vio__change_unplan(change);
    vio__turns_leave(ledger->turns, &change->turn);
    vio__dlist_remove(&change->node);
    vio__req_complete(change->req, status);
    release_owner(change);
    vio__ledger_settle(ledger);
}

/* -- Waiting for its turn ---------------------------------------------------------------------- */

/* The name that an item's object goes by now. VIO_ENOMEM. */
static int name_target(const struct vio_item *item, char ret_name[VIO_NAME_SIZE])
{
    const struct vio__store *store = item->change->ledger->store;
    struct vio_vadapter_info *vadapter;
    uint8_t uuid[VIO_UUID_SIZE];
    int status = VIO_ENOENT;

    if (vio__uuid_parse(item->target, uuid) == 0)
        status = vio__store_find(store, uuid, &vadapter);
    if (status != 0) {
        memcpy(ret_name, item->target, VIO_NAME_SIZE);
        return status == VIO_ENOENT ? 0 : status;
    }
    memcpy(ret_name, vadapter->name, VIO_NAME_SIZE);
    vio__vadapter_unref(vadapter);
    return 0;
}

/* Whether one of its objects goes by another name than when it queued up. VIO_ENOMEM. */
static int check_names(struct vio_change *change, bool *ret_renamed)
{
    char name[VIO_NAME_SIZE];
    int status = 0;

    *ret_renamed = false;
    for (size_t i = 0; status == 0 && i < change->count; i++) {
        struct vio_item *item = &change->items[i];

        if (item->edit == VIO_EDIT_CREATE || item->edit == VIO_EDIT_ADOPT || vio__kept_is(item))
            continue;
        status = name_target(item, name);
        *ret_renamed |= status == 0 && strcmp(name, item->name) != 0;
    }
    return status;
}

static void on_turn(struct vio_turn *turn)
{
    struct vio_change *change = VIO_CONTAINER_OF(turn, struct vio_change, turn);
    bool renamed = false;
    int status = change->why != 0 ? change->why : check_names(change, &renamed);

    if (status != 0) {
        vio__change_end(change, status);
        return;
    }
    if (renamed) { /* meanwhile */
        vio__turns_leave(change->ledger->turns, turn);
        queue_up(change);
        return;
    }
    vio__change_ask(change);
}

/* Pools and identities have lines of their own. */
static int enter_kept(struct vio_change *change, struct vio_item *item)
{
    const char *wanted = item->pool_spec ? vio__pool_spec_name(item->pool_spec)
                         : item->pool    ? item->pool->name
                                         : "";
    char key[VIO_KEPT_KEY_SIZE];
    int status;

    memcpy(item->name, item->edit == VIO_EDIT_POOL_CREATE ? wanted : item->target,
           item->edit == VIO_EDIT_POOL_CREATE ? strlen(wanted) + 1 : sizeof(item->name));
    vio__kept_key(item, key);
    status = vio__turns_enter(change->ledger->turns, &change->turn, key);
    if (status != 0 || !*wanted)
        return status;
    snprintf(key, sizeof(key), "pool %s", wanted);
    return vio__turns_enter(change->ledger->turns, &change->turn, key);
}

/* Stands in the lines of what an item names: what it is called, and what it is to be called. */
static int enter(struct vio_change *change, struct vio_item *item)
{
    struct vio_turns *turns = change->ledger->turns;
    const char *wanted = item->spec ? vio__spec_name(item->spec) : "";
    int status = 0;

    if (vio__kept_is(item))
        return enter_kept(change, item);
    if (item->edit == VIO_EDIT_CREATE)
        strcpy(item->name, wanted);
    else if (item->edit == VIO_EDIT_ADOPT)
        snprintf(item->name, sizeof(item->name), "function %u", item->function);
    else
        status = name_target(item, item->name);
    if (status == 0)
        status = vio__turns_enter(turns, &change->turn, item->name);
    if (status == 0 && *wanted)
        status = vio__turns_enter(turns, &change->turn, wanted);
    if (status == 0 && item->info)
        status = vio__turns_enter(turns, &change->turn, item->info->name);
    return status;
}

/* No two with the same token go side by side. No name has a blank. */
static int enter_token(struct vio_change *change)
{
    char key[VIO_UUID_TEXT_SIZE + 8] = "token ";

    if (!vio__change_has_token(change))
        return 0;
    vio__uuid_format(change->token, key + strlen(key));
    return vio__turns_enter(change->ledger->turns, &change->turn, key);
}

/* Of the first chassis that it names: what waits for one that is silent holds up no other. */
static struct vio_turn_group *group_of(struct vio_change *change)
{
    for (size_t i = 0; i < change->count; i++)
        if (change->items[i].engine)
            return &change->items[i].engine->group;
    return &change->ledger->group;
}

static void queue_up(struct vio_change *change)
{
    int status;

    change->phase = VIO_PHASE_QUEUED;
    vio__turn_init(&change->turn, group_of(change), change->places ? change->places : change->few,
                   on_turn);
    status = enter_token(change);
    for (size_t i = 0; status == 0 && i < change->count; i++)
        status = enter(change, &change->items[i]);
    if (status != 0)
        vio__change_end(change, status);
    else
        vio__turns_wait(change->ledger->turns, &change->turn);
}

/* -- The operation ----------------------------------------------------------------------------- */

int vio__change_refusal(struct vio_change *change, const struct vio_engine *engine)
{
    if (engine->closing)
        return VIO_ECLOSED;
    if (change->dry_run)
        return 0;
    if (engine->read_only) {
        vio__change_say(change, "the chassis was opened for reading only");
        return VIO_EPERM;
    }
    if (engine->fenced) {
        vio__change_say(change, "the chassis is not ours any more: another owner took it over, "
                                "or it started again; reconcile it, or open it anew");
        return VIO_EFENCED;
    }
    return 0;
}

static int check_permission(struct vio_change *change)
{
    int status = 0;

    for (size_t i = 0; status == 0 && i < change->count; i++)
        if (change->items[i].engine)
            status = vio__change_refusal(change, change->items[i].engine);
    if (status == 0 && change->ledger->read_only && !change->dry_run) {
        vio__change_say(change, "the store \"%s\" was opened for reading only",
                        change->ledger->uri);
        status = VIO_EPERM;
    }
    return status;
}

static int make_room(struct vio_change *change)
{
    const struct vio_alloc *alloc = change->ledger->alloc;

    size_t kept = 0;

    for (size_t i = 0; i < change->count; i++)
        kept += vio__kept_is(&change->items[i]);
    change->objects = vio__calloc(alloc, change->count, sizeof(*change->objects));
    if (kept > 0)
        change->kepts = vio__calloc(alloc, kept, sizeof(*change->kepts));
    if (!change->objects || (kept > 0 && !change->kepts))
        return VIO_ENOMEM;
    if (change->count == 1)
        return 0;
    change->places = vio__calloc(alloc, 2 * change->count + 1, sizeof(*change->places));
    return change->places ? 0 : VIO_ENOMEM;
}

void vio__change_begin(struct vio_change *change)
{
    int status = check_permission(change);

    if (status == 0)
        status = make_room(change);
    if (status != 0) {
        vio__change_end(change, status);
        return;
    }
    for (size_t i = 0; i < change->count; i++) {
        change->items[i].change = change;
        vio__dlist_init(&change->items[i].look.node);
        if (change->items[i].edit == VIO_EDIT_CREATE)
            vio__change_draw_name(&change->items[i]);
    }
    queue_up(change);
}

void vio__change_start(struct vio_req *req, void *op)
{
    struct vio_change *change = op;

    change->req = req;
    vio__dlist_init(&change->node);
    if (!change->ledger && change->count > 0 && change->items[0].engine)
        change->ledger = change->items[0].engine->use.ledger;
    if (!change->ledger) {
        vio__req_complete(req, VIO_ECLOSED);
        release_owner(change);
        return;
    }
    vio__dlist_append(&change->ledger->changes, &change->node);
    if (change->undo != 0)
        vio__change_fetch(change);
    else
        vio__change_begin(change);
}

void vio__change_cancel(struct vio_req *req, void *op, int why)
{
    struct vio_change *change = op;

    (void)req;
    if (change->phase == VIO_PHASE_DONE || change->why != 0)
        return;
    change->why = why;
    if (change->phase == VIO_PHASE_QUEUED && !change->turn.granted) {
        vio__change_end(change, why);
    } else if (change->phase == VIO_PHASE_LOOKING) {
        for (size_t i = 0; i < change->count; i++)
            vio__look_cancel(&change->items[i].look);
        vio__change_end(change, why);
    } else if (change->phase == VIO_PHASE_APPLYING) {
        vio__perform_stop(&change->perform, why);
    }
}

void vio__change_destroy(void *op)
{
    struct vio_change *change = op;

    for (size_t i = 0; i < change->count; i++) {
        vio__spec_free(change->items[i].spec);
        vio__pool_spec_free(change->items[i].pool_spec);
        vio__vadapter_unref(change->items[i].info);
        vio__pool_unref(change->items[i].pool);
    }
    vio__plan_unref(change->former);
    for (size_t i = 0; i < change->num_objects; i++)
        vio__object_clear(&change->objects[i]);
    vio__plan_builder_free(change->outline);
    if (change->items) {
        vio__free(&change->alloc, change->objects);
        vio__free(&change->alloc, change->kepts);
        vio__free(&change->alloc, change->places);
        vio__free(&change->alloc, change->records);
    }
    if (change->items != &change->one)
        vio__free(&change->alloc, change->items);
    release_owner(change);
}
