/* SPDX-License-Identifier: MIT */
/* A change with a token that was used before does nothing, and ends as the first one did. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/domain/plan.h"
#include "lib/engine/change.h"
#include "lib/engine/internal.h"

bool vio__change_has_token(const struct vio_change *change)
{
    for (size_t i = 0; i < sizeof(change->token); i++)
        if (change->token[i] != 0)
            return true;
    return false;
}

static int on_found(struct vio_lookup *lookup, const struct vio_entry *entry)
{
    struct vio_change *change = VIO_CONTAINER_OF(lookup, struct vio_change, lookup);

    vio__plan_unref(change->former);
    change->former = NULL;
    return vio__lookup_plan(change->ledger, entry, &change->former);
}

static int status_of(const struct vio_plan_head *head)
{
    switch (head->state) {
    case VIO_PLAN_STATE_DONE:
        return 0;
    case VIO_PLAN_STATE_OPEN: /* by another process, or to be finished when its chassis is open */
        return VIO_EBUSY;
    case VIO_PLAN_STATE_BLOCKED:
        return VIO_EBLOCKED;
    default:
        return head->status != 0 ? head->status : VIO_EINDOUBT;
    }
}

/* What the first change made is found by its name in the plan. */
static void find_object(struct vio_change *change)
{
    struct vio_item *item = &change->items[0];
    struct vio_plan_edit edit;
    struct vio_object *object = change->objects;

    if (change->count != 1 || !item->engine || !vio__plan_edit(change->former, 0, &edit) ||
        edit.object != VIO_OBJECT_VADAPTER ||
        vio__store_find_name(change->ledger->store, edit.name, &object->after) != 0)
        return;
    change->num_objects = 1;
    object->change = change;
    object->engine = item->engine;
    item->object = object;
}

static void end_as_before(struct vio_change *change)
{
    struct vio_plan_head head;
    int status;

    vio__plan_head(change->former, &head);
    status = status_of(&head);
    if (status == 0)
        find_object(change);
    if (head.message && *head.message)
        vio__change_say(change, "%s", head.message);
    vio__req_set_result(change->req, "plan", change->former, (void (*)(void *))vio__plan_unref);
    change->former = NULL;
    vio__change_end(change, status);
}

static void on_done(struct vio_lookup *lookup, int status)
{
    struct vio_change *change = VIO_CONTAINER_OF(lookup, struct vio_change, lookup);

    change->asked = true;
    if (change->why != 0)
        status = change->why;
    if (status != 0)
        vio__change_end(change, status);
    else if (change->former)
        end_as_before(change);
    else
        vio__change_look(change);
}

void vio__change_ask(struct vio_change *change)
{
    int status;

    if (change->asked || !vio__change_has_token(change)) {
        vio__change_look(change);
        return;
    }
    change->phase = VIO_PHASE_ASKING;
    change->lookup = (struct vio_lookup){
        .ledger = change->ledger,
        .query = {.limit = 1},
        .found = on_found,
        .done = on_done,
    };
    memcpy(change->lookup.query.token, change->token, sizeof(change->token));
    status = vio__lookup_start(&change->lookup);
    if (status != 0)
        vio__change_end(change, status);
}
