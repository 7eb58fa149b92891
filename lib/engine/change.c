/* SPDX-License-Identifier: MIT */
#include "lib/engine/change.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/error.h"
#include "lib/base/uuid.h"
#include "lib/engine/blocked.h"
#include "lib/engine/internal.h"

static void queue_up(struct vio_change *change);
static void commit(struct vio_change *change);
static void apply(struct vio_change *change);
static void undo(struct vio_change *change, int status);

/* -- The end ----------------------------------------------------------------------------------- */

static void release_owner(struct vio_change *change)
{
    void *owner = change->owner;

    change->owner = NULL;
    if (owner)
        change->release(owner);
}

/* The vAdapter as it is now, for the caller; without one where there is no memory for it. */
static void give_result(struct vio_change *change)
{
    struct vio_engine *engine = change->engine;
    const struct vio_function_info *function;
    struct vio_vadapter *vadapter;

    if (!change->after)
        return;
    function = vio__actual_by_cookie(engine->actual, change->after->uuid);
    if (vio__inventory_single(engine->alloc, vio__actual_observation(engine->actual), function,
                              change->after, &vadapter) == 0)
        vio__req_set_result(change->req, "vadapter", vadapter,
                            (void (*)(void *))vio_vadapter_unref);
}

static void end(struct vio_change *change, int status)
{
    struct vio_engine *engine = change->engine;

    if (status == 0)
        give_result(change);
    change->phase = VIO_PHASE_DONE;
    vio__change_unplan(change);
    vio__turns_leave(engine->turns, &change->turn);
    vio__dlist_remove(&change->node);
    vio__req_complete(change->req, status);
    release_owner(change);
    vio__engine_settle(engine);
}

/* -- Waiting for its turn ---------------------------------------------------------------------- */

/* The name that the target goes by now. VIO_ENOMEM. */
static int name_target(const struct vio_change *change, char ret_name[VIO_NAME_SIZE])
{
    struct vio_vadapter_info *vadapter;
    uint8_t uuid[VIO_UUID_SIZE];
    int status = VIO_ENOENT;

    if (vio__uuid_parse(change->target, uuid) == 0)
        status = vio__store_find(change->engine->store, uuid, &vadapter);
    if (status != 0) {
        memcpy(ret_name, change->target, VIO_NAME_SIZE);
        return status == VIO_ENOENT ? 0 : status;
    }
    memcpy(ret_name, vadapter->name, VIO_NAME_SIZE);
    vio__vadapter_unref(vadapter);
    return 0;
}

static void look(struct vio_change *change);

static void on_turn(struct vio_turn *turn)
{
    struct vio_change *change = VIO_CONTAINER_OF(turn, struct vio_change, turn);
    char name[VIO_NAME_SIZE];
    int status = change->why;

    if (status == 0 && change->edit != VIO_EDIT_CREATE)
        status = name_target(change, name);
    if (status != 0) {
        end(change, status);
        return;
    }
    if (change->edit != VIO_EDIT_CREATE && strcmp(name, change->name) != 0) {
        vio__turns_leave(change->engine->turns, turn); /* it was renamed meanwhile */
        queue_up(change);
        return;
    }
    look(change);
}

static void queue_up(struct vio_change *change)
{
    const char *names[VIO_TURN_NAMES];
    size_t count = 1;
    const char *wanted = change->spec ? vio__spec_name(change->spec) : "";
    int status = 0;

    if (change->edit == VIO_EDIT_CREATE)
        strcpy(change->name, wanted);
    else
        status = name_target(change, change->name);
    names[0] = change->name;
    if (*wanted && strcmp(wanted, change->name) != 0)
        names[count++] = wanted;
    change->phase = VIO_PHASE_QUEUED;
    if (status == 0)
        status = vio__turns_enter(change->engine->turns, &change->turn, names, count, on_turn);
    if (status != 0)
        end(change, status);
}

/* -- Looking ----------------------------------------------------------------------------------- */

static void plan(struct vio_change *change)
{
    struct vio_diff diff;
    int status = vio__change_plan(change);

    if (status != 0) {
        end(change, status);
        return;
    }
    if (change->commits) {
        commit(change);
        return;
    }
    vio__diff(change->apply.desired.exists ? &change->apply.desired.function : NULL,
              change->was.exists ? &change->was.function : NULL, &diff);
    if (diff.count == 0)
        end(change, 0);
    else
        apply(change);
}

static void fail_look(struct vio_change *change, int status)
{
    char text[256];

    vio__engine_explain(change->engine, status, text, sizeof(text));
    vio__req_set_message(change->req, "reading the chassis: %s", text);
    end(change, status);
}

static void on_read(void *user, int status, const struct vio_function_info *function)
{
    struct vio_change *change = user;
    struct vio_engine *engine = change->engine;

    if (change->why != 0) {
        end(change, change->why);
        return;
    }
    if (status == VIO_ENOENT)
        function = NULL;
    else if (status != 0) {
        fail_look(change, status);
        return;
    }
    status = vio__actual_put(engine->actual, change->was.function.index, function);
    if (status != 0) {
        end(change, status);
        return;
    }
    change->was.exists =
        function && memcmp(function->cookie, change->before->uuid, VIO_UUID_SIZE) == 0;
    if (change->was.exists)
        change->was.function = *function;
    plan(change);
}

/* Reads the function of the object, so that the plan starts from what is. */
static void read_function(struct vio_change *change)
{
    struct vio_engine *engine = change->engine;
    const struct vio_function_info *function = NULL;
    int status = 0;

    if (change->edit != VIO_EDIT_CREATE)
        status = vio__store_find_name(engine->store, change->name, &change->before);
    if (status != 0 && status != VIO_ENOENT) {
        end(change, status);
        return;
    }
    if (change->before)
        function = vio__actual_by_cookie(engine->actual, change->before->uuid);
    if (!function) {
        plan(change);
        return;
    }
    change->was.function = *function;
    change->phase = VIO_PHASE_READING;
    status = engine->ops->read(engine->driver, function->index, on_read, change);
    if (status != 0)
        fail_look(change, status);
}

static void on_looked(struct vio_look *look, int status)
{
    struct vio_change *change = VIO_CONTAINER_OF(look, struct vio_change, look);

    if (status != 0)
        fail_look(change, status);
    else
        read_function(change);
}

static void look(struct vio_change *change)
{
    struct vio_engine *engine = change->engine;
    int status;

    change->phase = VIO_PHASE_LOOKING;
    if (!engine->stale) {
        read_function(change);
        return;
    }
    change->look.done = on_looked;
    status = vio__look_start(engine, &change->look);
    if (status != 0)
        fail_look(change, status);
}

/* -- Committing -------------------------------------------------------------------------------- */

static void on_committed(void *user, int status)
{
    struct vio_change *change = user;

    if (status != 0)
        end(change, status);
    else if (change->why != 0)
        undo(change, change->why);
    else
        apply(change);
}

static void commit(struct vio_change *change)
{
    const struct vio_vadapter_info *named = change->after ? change->after : change->before;
    int status;

    change->phase = VIO_PHASE_COMMITTING;
    change->record = (struct vio_record){
        .kind = VIO_ROW_VADAPTER,
        .replaces = change->before ? change->before->generation : 0,
        .object = change->after,
    };
    memcpy(change->record.uuid, named->uuid, VIO_UUID_SIZE);
    change->commit = (struct vio_commit){
        .records = &change->record, .count = 1, .done = on_committed, .user = change};
    status = vio__store_commit(change->engine->store, &change->commit);
    if (status != 0)
        end(change, status);
}

/* -- Applying ---------------------------------------------------------------------------------- */

static void on_stepped(struct vio_apply *steps)
{
    struct vio_change *change = VIO_CONTAINER_OF(steps, struct vio_change, apply);

    vio__req_progress(change->req, (uint32_t)(1000 * steps->at / (steps->diff.count + 1)),
                      vio__step_name(steps->step.action));
}

static void on_applied(struct vio_apply *steps, int status)
{
    struct vio_change *change = VIO_CONTAINER_OF(steps, struct vio_change, apply);

    if (status == 0) {
        end(change, 0);
        return;
    }
    if (steps->text[0])
        vio__req_set_message(change->req, "%s", steps->text);
    vio__req_set_device_status(change->req, steps->device_status);
    if (change->why == 0 || status == VIO_EINDOUBT)
        undo(change, status);
    else
        undo(change, change->why);
}

static void apply(struct vio_change *change)
{
    struct vio_apply *steps = &change->apply;

    change->phase = VIO_PHASE_APPLYING;
    steps->engine = change->engine;
    steps->actual = change->was;
    steps->force = change->force;
    steps->stepped = on_stepped;
    steps->done = on_applied;
    vio__apply_start(steps);
}

/* -- Undoing ----------------------------------------------------------------------------------- */

/* Nothing else may be done with the object until an observation shows what is there. */
static void block(struct vio_change *change, int status)
{
    vio__blocked_add(change->engine, change->blocked, change->before, change->after,
                     change->restore, &change->was);
    change->blocked = NULL;
    change->claimed = false; /* its name and identity stay reserved */
    end(change, status);
}

static void on_restored(void *user, int status)
{
    struct vio_change *change = user;

    if (status != 0) {
        vio__req_set_message(change->req, "the change failed (%s), and so did undoing it: %s",
                             vio__error_text(change->status), vio__error_text(status));
        block(change, VIO_EINDOUBT);
        return;
    }
    end(change, change->status);
}

/* The function is what it was; now the desired state. */
static void restore(struct vio_change *change)
{
    int status;

    change->phase = VIO_PHASE_RESTORING;
    if (!change->commits) {
        end(change, change->status);
        return;
    }
    change->record.replaces = change->after ? change->after->generation : 0;
    change->record.object = change->restore;
    change->commit.done = on_restored;
    status = vio__store_commit(change->engine->store, &change->commit);
    if (status != 0)
        on_restored(change, status);
}

static void on_undone(struct vio_apply *steps, int status)
{
    struct vio_change *change = VIO_CONTAINER_OF(steps, struct vio_change, apply);

    if (status == 0) {
        restore(change);
        return;
    }
    vio__req_set_message(change->req,
                         "the change failed (%s) and could not be undone: %s; the vAdapter is "
                         "blocked until the chassis is observed",
                         vio__error_text(change->status),
                         steps->text[0] ? steps->text : vio__error_text(status));
    block(change, VIO_EINDOUBT);
}

static void undo(struct vio_change *change, int status)
{
    struct vio_apply *steps = &change->apply;
    bool applied = change->phase == VIO_PHASE_APPLYING;
    bool known = steps->known;
    struct vio_target actual = steps->actual;

    change->status = status;
    change->phase = VIO_PHASE_UNDOING;
    if (!applied) {
        restore(change);
        return;
    }
    if (!known) {
        block(change, status);
        return;
    }
    *steps = (struct vio_apply){
        .engine = change->engine,
        .desired = change->was,
        .actual = actual,
        .done = on_undone,
    };
    vio__apply_start(steps);
}

/* -- The operation ----------------------------------------------------------------------------- */

/* Why nothing at all may be changed, or 0. */
static int refusal(struct vio_change *change)
{
    const struct vio_engine *engine = change->engine;

    if (engine->closing)
        return VIO_ECLOSED;
    if (engine->read_only) {
        vio__req_set_message(change->req, "the chassis was opened for reading only");
        return VIO_EPERM;
    }
    if (engine->fenced) {
        vio__req_set_message(change->req,
                             "the chassis is not ours any more: another owner took it over, "
                             "or it started again; open it anew");
        return VIO_EFENCED;
    }
    return 0;
}

void vio__change_start(struct vio_req *req, void *op)
{
    struct vio_change *change = op;
    int status;

    change->req = req;
    vio__dlist_init(&change->look.node);
    status = refusal(change);
    if (status != 0) {
        vio__req_complete(req, status);
        release_owner(change);
        return;
    }
    vio__dlist_append(&change->engine->changes, &change->node);
    if (change->edit == VIO_EDIT_CREATE)
        vio__change_draw_name(change);
    queue_up(change);
}

void vio__change_cancel(struct vio_req *req, void *op, int why)
{
    struct vio_change *change = op;

    (void)req;
    if (change->phase == VIO_PHASE_DONE || change->why != 0)
        return;
    change->why = why;
    if (change->phase == VIO_PHASE_QUEUED && !change->turn.granted) {
        end(change, why);
    } else if (change->phase == VIO_PHASE_LOOKING) {
        vio__look_cancel(&change->look);
        end(change, why);
    } else if (change->phase == VIO_PHASE_APPLYING) {
        vio__apply_stop(&change->apply, why);
    }
}

void vio__change_destroy(void *op)
{
    struct vio_change *change = op;

    vio__spec_free(change->spec);
    vio__vadapter_unref(change->before);
    vio__vadapter_unref(change->after);
    vio__vadapter_unref(change->restore);
    release_owner(change);
}
