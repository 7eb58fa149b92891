/* SPDX-License-Identifier: MIT */
/* What the edits of a change make of its objects, one edit after the other. */
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/uuid.h"
#include "lib/domain/name.h"
#include "lib/engine/change.h"
#include "lib/engine/check.h"
#include "lib/engine/claim.h"
#include "lib/engine/internal.h"
#include "lib/engine/outline.h"

/* -- Edits ------------------------------------------------------------------------------------- */

void vio__change_draw_name(struct vio_item *item)
{
    struct vio_ledger *ledger = item->change->ledger;
    enum vio_vadapter_kind kind = vio__spec_kind(item->spec);
    struct vio_claims *claims = vio__store_claims(ledger->store);
    char name[VIO_NAME_SIZE];

    if (*vio__spec_name(item->spec) || vio__vadapter_address_kind(kind) == 0)
        return;
    do
        snprintf(name, sizeof(name), "%s%llu", vio__vadapter_kind_name(kind),
                 (unsigned long long)ledger->next_name[kind]++);
    while (vio__claims_who_named(claims, name) || vio__turns_is_busy(ledger->turns, name));
    (void)vio__spec_set_name(item->spec, name); /* it is a valid one */
}

static void complain(void *user, int code, const char *text)
{
    struct vio_item *item = user;

    vio__check_problem(item, code, item->name, "%s", text);
}

static int make_object(struct vio_item *item)
{
    struct vio_change *change = item->change;
    struct vio_object *object = &change->objects[change->num_objects];
    int status = vio__vadapter_new(change->ledger->alloc, &object->after);

    if (status != 0)
        return status;
    change->num_objects++;
    object->change = change;
    object->engine = item->engine;
    item->object = object;
    object->after->generation = 1;
    return vio__uuid_random(object->after->uuid);
}

static int plan_create(struct vio_item *item)
{
    const struct vio_vadapter_spec *spec = item->spec;
    struct vio_vadapter_info *after;
    int status = make_object(item);

    if (status == 0)
        status = vio__spec_apply(spec, item->object->after);
    if (status != 0)
        return status;
    after = item->object->after;
    memcpy(after->chassis, vio__engine_uuid(item->engine), VIO_UUID_SIZE);
    vio__spec_check(spec, vio__spec_kind(spec), true, complain, item);
    vio__check_adapter(item, vio__spec_adapter(spec));
    if (*vio__spec_server(spec))
        vio__check_server(item, vio__spec_server(spec), vio__spec_path(spec));
    vio__check_caps(item);
    status = vio__claim_draw(item);
    vio__claim_check(item);
    return status;
}

/* What the function keeps; its name and description are changed without an adapter too. */
#define ON_THE_ADAPTER (VIO_SPEC_ADDRESS | VIO_SPEC_NODE_ADDRESS | VIO_SPEC_VLAN | VIO_SPEC_ENABLED)

static int plan_set(struct vio_item *item)
{
    struct vio_vadapter_info *after = item->object->after;
    int status = vio__spec_apply(item->spec, after);

    if (status == VIO_ELIMIT) {
        vio__check_problem(item, VIO_ELIMIT, item->name, "a vadapter carries at most %d labels",
                           VIO_LABELS_MAX);
        status = 0;
    }
    if (status != 0)
        return status;
    vio__spec_check(item->spec, after->kind, false, complain, item);
    if (vio__spec_fields(item->spec) & ON_THE_ADAPTER)
        vio__check_behind(item);
    vio__check_caps(item);
    vio__claim_check(item);
    return 0;
}

/* The server that it is in, or is to be in before this edit; VIO_NO_INDEX. */
static uint32_t whereabouts(const struct vio_object *object)
{
    if (object->edits > 0 || !object->was.exists || object->was.function.server == VIO_NO_INDEX)
        return object->after->server;
    return object->was.function.server;
}

static const char *server_name(const struct vio_item *item, uint32_t server)
{
    const struct vio_observation *seen = vio__actual_observation(item->engine->actual);

    return server < seen->num_servers ? seen->servers[server].name : "a server that is gone";
}

static void refuse_attached(struct vio_item *item, uint32_t present)
{
    vio__check_problem(item, VIO_ESTATE, item->name, "\"%s\" is in server \"%s\": detach it first",
                       item->name, server_name(item, present));
}

static int plan_attach(struct vio_item *item)
{
    struct vio_object *object = item->object;
    uint32_t present = whereabouts(object);
    const struct vio_server_info *wanted = vio__actual_server(item->engine->actual, item->server);

    if (present != VIO_NO_INDEX && wanted && wanted->index == present) {
        object->after->server = present;
        if (object->was.exists && object->was.function.server == present)
            object->after->path = object->was.function.path;
        return 0;
    }
    if (present != VIO_NO_INDEX && wanted)
        refuse_attached(item, present);
    if (item->misnamed)
        vio__check_problem(item, VIO_ENAME, item->server,
                           "\"%s…\" is no server's name: at most 63 bytes are allowed",
                           item->server);
    else
        vio__check_server(item, item->server, VIO_NO_INDEX);
    vio__check_behind(item);
    return 0;
}

static int plan_detach(struct vio_item *item)
{
    item->object->after->server = VIO_NO_INDEX;
    item->object->after->path = VIO_NO_INDEX;
    item->object->force |= item->force;
    return 0;
}

static int plan_remove(struct vio_item *item)
{
    uint32_t present = whereabouts(item->object);

    if (present != VIO_NO_INDEX)
        refuse_attached(item, present);
    vio__vadapter_unref(item->object->after);
    item->object->after = NULL;
    return 0;
}

/* -- Undoing ----------------------------------------------------------------------------------- */

static void check_unchanged(struct vio_item *item)
{
    const struct vio_vadapter_info *before = item->object ? item->object->before : NULL;
    unsigned long long present = before ? before->generation : 0;

    if (present == item->expects)
        return;
    if (present == 0)
        vio__check_problem(item, VIO_ESTALE, item->name,
                           "the vadapter that is to be undone, of generation %llu, is gone",
                           (unsigned long long)item->expects);
    else
        vio__check_problem(item, VIO_ESTALE, before->name,
                           "\"%s\" has changed since: it has generation %llu, and had %llu after "
                           "the change that is to be undone",
                           before->name, present, (unsigned long long)item->expects);
}

/* The vAdapter becomes what it was, with the next generation. */
static int plan_restore(struct vio_item *item)
{
    struct vio_vadapter_info *after = NULL;
    uint64_t generation = item->expects;
    int status = 0;

    check_unchanged(item);
    if (item->change->problem != 0)
        return 0;
    if (!item->engine) {
        vio__check_problem(item, VIO_ESTATE, item->name, "its chassis is not open");
        return 0;
    }
    if (item->info)
        status = vio__vadapter_copy(item->info, &after);
    if (status != 0)
        return status;
    if (!item->object)
        status = make_object(item);
    if (status != 0) {
        vio__vadapter_unref(after);
        return status;
    }
    vio__vadapter_unref(item->object->after);
    item->object->after = after;
    if (!after)
        return 0;
    after->generation = (generation != 0 ? generation : after->generation + 1) + 1;
    vio__check_place(item);
    vio__claim_check(item);
    return 0;
}

/* -- Whether it may be edited ------------------------------------------------------------------ */

/* An object that an earlier edit of the set makes, or gives this name. */
static struct vio_object *find_made(const struct vio_item *item)
{
    const struct vio_change *change = item->change;

    for (size_t i = 0; i < change->num_objects; i++)
        if (change->objects[i].after && change->objects[i].edits > 0 &&
            strcmp(change->objects[i].after->name, item->name) == 0)
            return &change->objects[i];
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
    switch (item->edit) {
    case VIO_EDIT_SET:
        return plan_set(item);
    case VIO_EDIT_ATTACH:
        return plan_attach(item);
    case VIO_EDIT_DETACH:
        return plan_detach(item);
    default:
        return plan_remove(item);
    }
}

static int plan_item(struct vio_item *item)
{
    int status;

    if (item->object && item->object->before)
        memcpy(item->name, item->object->before->name, sizeof(item->name));
    if (vio__unfinished_is_named(item->change->ledger, item->name)) {
        vio__check_problem(item, VIO_EBLOCKED, item->name,
                           "how the last change of \"%s\" ended is not known: observe the chassis",
                           item->name);
        return 0;
    }
    if (item->edit == VIO_EDIT_CREATE && !item->engine) {
        vio__check_problem(item, VIO_EINVAL, item->name, "no chassis was named for \"%s\"",
                           item->name);
        return 0;
    }
    if (item->edit == VIO_EDIT_CREATE)
        status = plan_create(item);
    else if (item->edit == VIO_EDIT_RESTORE)
        status = plan_restore(item);
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
    if (status == 0)
        status = vio__outline_fill(change);
    return status;
}

void vio__change_unplan(struct vio_change *change)
{
    for (size_t i = 0; i < change->num_objects; i++)
        vio__claim_drop(&change->objects[i]);
    vio__unfinished_free(change->unfinished);
    change->unfinished = NULL;
}
