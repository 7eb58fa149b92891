/* SPDX-License-Identifier: MIT */
/* What the edits of a change make of its objects, one edit after the other. */
#include <string.h>

#include <libvio/error.h>

#include "lib/base/uuid.h"
#include "lib/engine/change.h"
#include "lib/engine/check.h"
#include "lib/engine/claim.h"
#include "lib/engine/edit.h"
#include "lib/engine/internal.h"
#include "lib/engine/outline.h"

/* -- Whether it may be edited ------------------------------------------------------------------ */

/* An object that an earlier edit of the set makes or adopts, or gives this name. */
static struct vio_object *find_made(const struct vio_item *item)
{
    const struct vio_change *change = item->change;
    uint8_t uuid[VIO_UUID_SIZE];
    bool by_uuid = vio__uuid_parse(item->name, uuid) == 0;

    for (size_t i = 0; i < change->num_objects; i++) {
        const struct vio_vadapter_info *after = change->objects[i].after;

        if (after && change->objects[i].edits > 0 &&
            (by_uuid ? memcmp(after->uuid, uuid, sizeof(uuid)) == 0
                     : strcmp(after->name, item->name) == 0))
            return &change->objects[i];
    }
    return NULL;
}

static void check_generation(struct vio_item *item)
{
    const struct vio_vadapter_info *before = item->object->before;

    if (item->expects != 0 && before && item->expects != before->generation)
        vio__check_problem(item, VIO_ESTALE, item->name,
                           "\"%s\" has generation %llu; the edit is of generation %llu", item->name,
                           (unsigned long long)before->generation,
                           (unsigned long long)item->expects);
}

/* Finds the object of an edit and readies its copy to be changed. False: there is a problem. */
static bool begin_edit(struct vio_item *item, int *status)
{
    struct vio_object *object = item->object ? item->object : find_made(item);

    item->object = object;
    if (!object || (object->edits > 0 && !object->after)) {
        vio__check_target(item);
        return false;
    }
    if (!item->engine)
        item->engine = object->engine;
    if (!object->engine || object->engine != item->engine) {
        vio__check_problem(item, VIO_ESTATE, item->name,
                           object->engine ? "\"%s\" is on another chassis"
                                          : "\"%s\" is on a chassis that is not open",
                           item->name);
        return false;
    }
    check_generation(item);
    if (object->after)
        return true;
    *status = vio__vadapter_copy(object->before, &object->after);
    if (*status == 0)
        object->after->generation++;
    return *status == 0;
}

static int plan_existing(struct vio_item *item)
{
    int status = 0;

    if (!begin_edit(item, &status))
        return status;
    if (item->object->after->retired != 0 && item->edit != VIO_EDIT_PURGE) {
        vio__check_problem(item, VIO_ESTATE, item->name,
                           "\"%s\" was removed, and keeps its data: undo that, or purge it",
                           item->name);
        return 0;
    }
    switch (item->edit) {
    case VIO_EDIT_SET:
        return vio__edit_set(item);
    case VIO_EDIT_ATTACH:
        return vio__edit_attach(item);
    case VIO_EDIT_DETACH:
        return vio__edit_detach(item);
    case VIO_EDIT_PURGE:
        return vio__edit_purge(item);
    default:
        return vio__edit_remove(item);
    }
}

static int plan_item(struct vio_item *item)
{
    int status;

    if (vio__kept_is(item))
        return vio__kept_plan(item);
    if (item->object && item->object->before)
        memcpy(item->name, item->object->before->name, sizeof(item->name));
    if (vio__unfinished_is_named(item->change->ledger, item->name)) {
        vio__check_problem(item, VIO_EBLOCKED, item->name,
                           "how the last change of \"%s\" ended is not known: observe the chassis",
                           item->name);
        return 0;
    }
    if ((item->edit == VIO_EDIT_CREATE || item->edit == VIO_EDIT_ADOPT) && !item->engine) {
        vio__check_problem(item, VIO_EINVAL, item->name, "no chassis was named for \"%s\"",
                           item->name);
        return 0;
    }
    if (item->edit == VIO_EDIT_CREATE)
        status = vio__edit_create(item);
    else if (item->edit == VIO_EDIT_RESTORE)
        status = vio__edit_restore(item);
    else if (item->edit == VIO_EDIT_ADOPT)
        status = vio__edit_adopt(item);
    else
        status = plan_existing(item);
    if (item->object) {
        item->object->item = item;
        item->object->edits++;
    }
    return status;
}

/* -- The plan ---------------------------------------------------------------------------------- */

/* What is to be done, now that all edits are known. */
static void conclude(struct vio_object *object)
{
    struct vio_diff diff;

    object->commits =
        !object->before || !object->after || !vio__vadapter_equal(object->before, object->after);
    if (!object->commits)
        object->after->generation = object->before->generation;
    object->desired = (struct vio_target){.exists = object->after != NULL};
    if (object->after)
        vio__vadapter_function(object->after, &object->desired.function);
    vio__target_diff(&object->desired, &object->was, &diff);
    object->steps = diff.count > 0;
    object->apply.actual = object->was;
    if (!object->was.exists)
        memcpy(object->apply.actual.function.cookie, vio__object_uuid(object), VIO_UUID_SIZE);
    object->change->commits |= object->commits;
    object->change->steps |= object->steps;
}

/* What undoing will need is made before anything happens. */
static int prepare_undo(struct vio_object *object)
{
    int status;

    if (!object->before)
        return 0;
    status = vio__vadapter_copy(object->before, &object->restore);
    if (status == 0)
        object->restore->generation = object->before->generation + 2;
    return status;
}

/* An object that was made and removed again within the set. */
static bool is_nothing(const struct vio_object *object)
{
    return !object->before && !object->after;
}

int vio__change_plan(struct vio_change *change)
{
    int status = 0;

    change->commits = change->steps = false;
    change->problem = 0;
    status = vio__outline_begin(change);
    for (size_t i = 0; status == 0 && i < change->count; i++)
        status = plan_item(&change->items[i]);
    for (size_t i = 0; status == 0 && i < change->num_objects; i++)
        if (!is_nothing(&change->objects[i]) && change->objects[i].edits > 0)
            status = vio__claim(&change->objects[i]);
    if (status != 0)
        return status;
    if (change->problem != 0)
        return change->problem;
    for (size_t i = 0; status == 0 && i < change->num_objects; i++) {
        if (is_nothing(&change->objects[i]))
            continue;
        conclude(&change->objects[i]);
        status = prepare_undo(&change->objects[i]);
        if (status == 0)
            status = vio__claim_creation(&change->objects[i]);
    }
    for (size_t i = 0; i < change->num_kepts; i++)
        change->commits |= change->kepts[i].commits;
    if (status == 0)
        status = vio__outline_fill(change);
    return status;
}

void vio__change_unplan(struct vio_change *change)
{
    for (size_t i = 0; i < change->num_objects; i++)
        vio__claim_drop(&change->objects[i]);
    vio__kept_drop(change);
    vio__unfinished_free(change->unfinished);
    change->unfinished = NULL;
}
