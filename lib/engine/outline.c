/* SPDX-License-Identifier: MIT */
#include "lib/engine/outline.h"

#include <stdio.h>

#include "lib/domain/fields.h"
#include "lib/domain/hwaddr.h"
#include "lib/domain/plan.h"
#include "lib/engine/change.h"
#include "lib/engine/internal.h"

/* A step's number in domain/step.h is its action's in the public header. */
_Static_assert((int)VIO_STEP_CREATE == (int)VIO_ACTION_CREATE, "step and action numbers differ");
_Static_assert((int)VIO_STEP_SLOT == (int)VIO_ACTION_SLOT, "step and action numbers differ");

int vio__outline_begin(struct vio_change *change)
{
    int status;

    vio__plan_builder_free(change->outline);
    change->outline = NULL;
    status = vio__plan_builder_new(change->ledger->alloc, &change->outline);
    if (status == 0)
        vio__plan_set_origin(change->outline, change->token, change->author, change->comment,
                             change->undo);
    return status;
}

/* -- Edits and steps --------------------------------------------------------------------------- */

static const struct vio_observation *seen_by(const struct vio_object *object)
{
    return object->engine ? vio__actual_observation(object->engine->actual) : NULL;
}

static const char *name_of(const struct vio_object *object)
{
    return object->after ? object->after->name : object->before->name;
}

static int add_edit(struct vio_plan_builder *outline, const struct vio_object *object)
{
    enum vio_edit_action action = !object->before  ? VIO_EDIT_ACTION_CREATE
                                  : !object->after ? VIO_EDIT_ACTION_REMOVE
                                                   : VIO_EDIT_ACTION_CHANGE;

    vio__plan_add_edit(outline, VIO_OBJECT_VADAPTER, action, name_of(object));
    return vio__fields_of_vadapter(object->before, object->after, seen_by(object),
                                   vio__plan_add_field, outline);
}

/* A vDisk that was lost comes back without its data. */
static bool makes_empty(const struct vio_object *object, const struct vio_step *step)
{
    return step->action == VIO_STEP_CREATE && object->before && !object->was.exists &&
           object->before->kind == VIO_VADAPTER_VDISK;
}

static int add_step(struct vio_plan_builder *outline, const struct vio_object *object,
                    const struct vio_step *step, const struct vio_target *before,
                    const struct vio_target *after)
{
    const struct vio_engine *engine = object->engine;
    const struct vio_observation *seen = seen_by(object);
    bool bound = before->exists && before->function.server != VIO_NO_INDEX;
    enum vio_disruption disruption = vio__step_erases(step, before) || makes_empty(object, step)
                                         ? VIO_DISRUPTION_DATA_LOST
                                         : engine->ops->disruption(engine->driver, step, bound);

    vio__plan_add_step(outline, seen->chassis.name, name_of(object), (enum vio_action)step->action,
                       disruption);
    return vio__fields_of_function(before->exists ? &before->function : NULL,
                                   after->exists ? &after->function : NULL, seen,
                                   vio__plan_add_field, outline);
}

/* Its steps from one on and before another. */
static int add_steps(struct vio_plan_builder *outline, const struct vio_object *object,
                     const struct vio_diff *diff, size_t from, size_t to)
{
    const struct vio_function_info *desired =
        object->desired.exists ? &object->desired.function : NULL;
    struct vio_target target = object->was;
    int status = 0;

    for (size_t i = 0; status == 0 && i < to; i++) {
        const struct vio_target before = target;
        struct vio_step step;

        vio__diff_step(diff->action[i], desired, target.function.index, object->force, &step);
        vio__diff_apply(&step, &target.exists, &target.function);
        if (i >= from)
            status = add_step(outline, object, &step, &before, &target);
    }
    return status;
}

/* What releases something comes first, of all objects; then all else. */
static int add_all_steps(struct vio_plan_builder *outline, struct vio_object *objects, size_t count,
                         bool releasing, size_t *number)
{
    int status = 0;

    for (size_t i = 0; status == 0 && i < count; i++) {
        struct vio_object *object = &objects[i];
        struct vio_diff diff;

        if (!object->steps)
            continue;
        vio__target_diff(&object->desired, &object->was, &diff);
        if (releasing) {
            object->releases = vio__diff_releases(&diff);
            object->first_step[0] = *number;
            status = add_steps(outline, object, &diff, 0, object->releases);
            *number += object->releases;
        } else {
            object->first_step[1] = *number;
            status = add_steps(outline, object, &diff, object->releases, diff.count);
            *number += diff.count - object->releases;
        }
    }
    return status;
}

int vio__outline_steps(struct vio_plan_builder *outline, struct vio_object *objects, size_t count)
{
    size_t number = 0;
    int status = add_all_steps(outline, objects, count, true, &number);

    if (status == 0)
        status = add_all_steps(outline, objects, count, false, &number);
    return status;
}

static int add_kept(struct vio_plan_builder *outline, const struct vio_kept *kept)
{
    char name[VIO_ADDRESS_TEXT_SIZE] = "";
    bool had = kept->kind == VIO_ROW_POOL ? kept->before != NULL : kept->had;
    bool has = kept->kind == VIO_ROW_POOL ? kept->after != NULL : kept->has;
    enum vio_edit_action action = !had   ? VIO_EDIT_ACTION_CREATE
                                  : !has ? VIO_EDIT_ACTION_REMOVE
                                         : VIO_EDIT_ACTION_CHANGE;

    if (kept->kind == VIO_ROW_POOL) {
        vio__plan_add_edit(outline, VIO_OBJECT_POOL, action,
                           kept->after ? kept->after->name : kept->before->name);
        return vio__fields_of_pool(kept->before, kept->after, vio__plan_add_field, outline);
    }
    (void)vio__hwaddr_format(&kept->hold.address, name, sizeof(name));
    vio__plan_add_edit(outline, VIO_OBJECT_IDENTITY, action, name);
    vio__plan_add_field(outline, "owner", had ? kept->hold.owner : "", has ? kept->hold.owner : "");
    return 0;
}

int vio__outline_fill(struct vio_change *change)
{
    int status = 0;

    for (size_t i = 0; status == 0 && i < change->num_objects; i++)
        if (change->objects[i].commits)
            status = add_edit(change->outline, &change->objects[i]);
    for (size_t i = 0; status == 0 && i < change->num_kepts; i++)
        if (change->kepts[i].commits)
            status = add_kept(change->outline, &change->kepts[i]);
    if (status == 0)
        status = vio__outline_steps(change->outline, change->objects, change->num_objects);
    return status != 0 ? status : vio__plan_builder_status(change->outline);
}

/* -- What becomes of it ------------------------------------------------------------------------ */

static void set_state(struct vio_plan_builder *outline, const struct vio_object *object, size_t at,
                      enum vio_step_state state)
{
    size_t number = at < object->releases ? object->first_step[0] + at
                                          : object->first_step[1] + at - object->releases;

    vio__plan_set_step_state(outline, number, state);
}

void vio__outline_step(struct vio_plan_builder *outline, const struct vio_object *object)
{
    size_t at = object->apply.at;

    if (at > 0)
        set_state(outline, object, at - 1, VIO_STEP_STATE_DONE);
    set_state(outline, object, at, VIO_STEP_STATE_RUNNING);
}

static enum vio_step_state state_of(const struct vio_apply *apply, size_t at)
{
    if (at < apply->at)
        return VIO_STEP_STATE_DONE;
    return at < apply->begun ? VIO_STEP_STATE_FAILED : VIO_STEP_STATE_SKIPPED;
}

void vio__outline_tried(struct vio_plan_builder *outline, struct vio_object *objects, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct vio_object *object = &objects[i];

        object->done = object->apply.at;
        for (size_t at = 0; object->steps && at < object->apply.diff.count; at++)
            set_state(outline, object, at, state_of(&object->apply, at));
    }
}

void vio__outline_undone(struct vio_change *change)
{
    for (size_t i = 0; i < change->num_objects; i++) {
        const struct vio_object *object = &change->objects[i];

        for (size_t at = 0; !object->doubtful && at < object->done; at++)
            set_state(change->outline, object, at, VIO_STEP_STATE_UNDONE);
    }
}

void vio__outline_end(struct vio_change *change, enum vio_plan_state state, int status,
                      const char *message)
{
    if (change->outline)
        vio__plan_set_outcome(change->outline, state, status, message);
}

void vio__outline_give(struct vio_change *change)
{
    struct vio_plan *plan;

    if (change->outline && vio__plan_finish(change->outline, &plan) == 0)
        vio__req_set_result(change->req, "plan", plan, (void (*)(void *))vio__plan_unref);
    change->outline = NULL;
}
