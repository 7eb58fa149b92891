/* SPDX-License-Identifier: MIT */
#include "lib/engine/heal.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/domain/plan.h"
#include "lib/engine/internal.h"
#include "lib/engine/object.h"
#include "lib/engine/outline.h"

static void look(struct vio_heal *heal);

/* -- The end ----------------------------------------------------------------------------------- */

static void clear_objects(struct vio_heal *heal)
{
    for (size_t i = 0; i < heal->count; i++)
        vio__object_clear(&heal->objects[i]);
    vio__free(heal->engine->alloc, heal->objects);
    vio__free(heal->engine->alloc, heal->places);
    heal->objects = NULL;
    heal->places = NULL;
    heal->count = 0;
}

static enum vio_plan_state state_of(const struct vio_heal *heal, int status)
{
    if (heal->dry_run && status == 0)
        return VIO_PLAN_STATE_PLANNED;
    if (status == 0)
        return VIO_PLAN_STATE_DONE;
    return heal->phase == VIO_HEAL_APPLYING ? VIO_PLAN_STATE_PARTLY : VIO_PLAN_STATE_REFUSED;
}

static void leave_turns(struct vio_heal *heal)
{
    struct vio_turns *turns = heal->engine->use.ledger->turns;

    vio__turns_leave(turns, &heal->turn);
    vio__turns_leave(turns, &heal->whole_turn);
}

static void end(struct vio_heal *heal, int status)
{
    struct vio_engine *engine = heal->engine;

    if (heal->outline)
        vio__plan_set_outcome(heal->outline, state_of(heal, status), status,
                              status == 0 || heal->text[0] ? heal->text : vio__error_text(status));
    heal->phase = VIO_HEAL_ENDED;
    vio__dlist_remove(&heal->node);
    vio__dlist_remove(&heal->look.node);
    vio__dlist_remove(&heal->recovery.node);
    leave_turns(heal);
    clear_objects(heal);
    heal->done(heal, status);
    vio__engine_settle(engine);
}

__attribute__((format(printf, 2, 3))) static void say(struct vio_heal *heal, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vsnprintf(heal->text, sizeof(heal->text), fmt, args);
    va_end(args);
}

/* The driver refused something; whether that ends it. */
static bool is_over(struct vio_heal *heal, int status)
{
    if (heal->why == 0 && status != 0)
        vio__engine_explain(heal->engine, status, heal->text, sizeof(heal->text));
    if (heal->why == 0 && status == 0)
        return false;
    end(heal, heal->why != 0 ? heal->why : status);
    return true;
}

static void add_problem(struct vio_heal *heal, int code, const char *object, const char *text)
{
    vio__plan_add_problem(heal->outline, code, object, text);
    if (heal->problem)
        heal->problem(heal, code, object, text);
    if (heal->failed != 0)
        return;
    heal->failed = code;
    say(heal, "%s: %s", object, text);
}

/* -- Applying ---------------------------------------------------------------------------------- */

unsigned vio__heal_progress(const struct vio_heal *heal)
{
    size_t all = 1, done = 0;

    for (size_t i = 0; i < heal->count; i++) {
        all += heal->objects[i].apply.diff.count;
        done += heal->objects[i].apply.at;
    }
    return (unsigned)(1000 * done / all);
}

static bool is_lost(const struct vio_object *object)
{
    return object->steps && !object->was.exists;
}

static void conclude(struct vio_heal *heal, struct vio_object *object)
{
    const struct vio_log *log = vio__loop_log(heal->engine->loop);
    const struct vio_apply *apply = &object->apply;
    const char *name = object->after->name;

    if (!object->steps)
        return;
    if (apply->failed != 0) {
        const char *text = apply->text[0] ? apply->text : vio__error_text(apply->failed);

        heal->whole = false;
        vio__log(log, VIO_LOG_WARNING, "\"%s\" is not what it is to be: %s", name, text);
        add_problem(heal, apply->failed, name, text);
    } else if (is_lost(object) && object->after->kind == VIO_VADAPTER_VDISK) {
        vio__log(log, VIO_LOG_WARNING, "\"%s\" had lost its function: it is empty now", name);
    }
}

static void on_performed(struct vio_perform *perform, int status)
{
    struct vio_heal *heal = VIO_CONTAINER_OF(perform, struct vio_heal, perform);

    (void)status;
    vio__outline_tried(heal->outline, heal->objects, heal->count);
    for (size_t i = 0; i < heal->count; i++)
        conclude(heal, &heal->objects[i]);
    end(heal, heal->why != 0 ? heal->why : heal->failed);
}

static void on_stepped(struct vio_perform *perform, struct vio_object *object)
{
    struct vio_heal *heal = VIO_CONTAINER_OF(perform, struct vio_heal, perform);

    vio__outline_step(heal->outline, object);
    if (heal->stepped)
        heal->stepped(heal);
}

static void apply(struct vio_heal *heal)
{
    int status = vio__outline_steps(heal->outline, heal->objects, heal->count);

    if (status == 0)
        status = vio__plan_builder_status(heal->outline);
    if (status != 0 || heal->dry_run) {
        end(heal, status);
        return;
    }
    heal->phase = VIO_HEAL_APPLYING;
    heal->perform = (struct vio_perform){
        .objects = heal->objects,
        .count = heal->count,
        .each = true,
        .stepped = on_stepped,
        .done = on_performed,
    };
    if (!vio__perform_start(&heal->perform))
        on_performed(&heal->perform, 0);
}

/* -- What differs ------------------------------------------------------------------------------ */

/* Fills what is to be and what is. False: nothing is to be done to it. */
static bool study(struct vio_heal *heal, const struct vio_vadapter_info *vadapter,
                  struct vio_target *desired, struct vio_target *was)
{
    const struct vio_function_info *function =
        vio__actual_by_cookie(heal->engine->actual, vadapter->uuid);
    struct vio_diff diff;

    *was = (struct vio_target){.exists = function != NULL};
    if (function)
        was->function = *function;
    else
        memcpy(was->function.cookie, vadapter->uuid, VIO_UUID_SIZE);
    *desired = (struct vio_target){.exists = true};
    vio__vadapter_function(vadapter, &desired->function);
    vio__target_diff(desired, was, &diff);
    return diff.count > 0;
}

/* Whether making it what it is to be would destroy the data that it has. */
static bool would_lose(const struct vio_target *desired, const struct vio_target *was)
{
    struct vio_diff diff;

    vio__target_diff(desired, was, &diff);
    return was->exists && was->function.kind == VIO_VADAPTER_VDISK &&
           vio__diff_has(&diff, VIO_STEP_DESTROY);
}

/* Whether it is not to be touched; says so. */
static bool is_barred(struct vio_heal *heal, const char *name, const struct vio_target *desired,
                      const struct vio_target *was)
{
    if (vio__unfinished_is_named(heal->engine->use.ledger, name)) {
        add_problem(heal, VIO_EBLOCKED, name,
                    "how its last change ended is not known: observe the chassis");
        heal->whole = false;
        return true;
    }
    if (heal->spare && would_lose(desired, was)) {
        add_problem(heal, VIO_ESTATE, name,
                    "what removes its drift would destroy its data: reconcile does so when asked");
        return true;
    }
    return false;
}

static void take(struct vio_heal *heal, struct vio_vadapter_info *vadapter)
{
    struct vio_object *object = &heal->objects[heal->count];

    if (!study(heal, vadapter, &object->desired, &object->was) ||
        is_barred(heal, vadapter->name, &object->desired, &object->was))
        return;
    object->engine = heal->engine;
    object->before = vio__vadapter_ref(vadapter);
    object->after = vio__vadapter_ref(vadapter);
    object->apply.actual = object->was;
    object->steps = true;
    heal->count++;
}

/* Gathers all that differs, from what was observed last. */
static int gather(struct vio_heal *heal)
{
    struct vio_engine *engine = heal->engine;
    struct vio__store *store = vio__engine_store(engine);
    struct vio_vadapter_info **vadapters;
    size_t count;
    int status;

    heal->failed = 0;
    heal->text[0] = '\0';
    heal->whole = true;
    status = vio__plan_builder_new(engine->alloc, &heal->outline);
    if (status == 0)
        status = vio__store_list(store, vio__engine_uuid(engine), &vadapters, &count);
    if (status != 0)
        return status;
    heal->objects = vio__calloc(engine->alloc, count, sizeof(*heal->objects));
    heal->places = vio__calloc(engine->alloc, count, sizeof(*heal->places));
    if (heal->objects && heal->places)
        for (size_t i = 0; i < count; i++)
            take(heal, vadapters[i]);
    else
        status = VIO_ENOMEM;
    vio__store_free_list(store, vadapters, count);
    return status;
}

/* -- Its objects' turn ------------------------------------------------------------------------- */

static void on_turn(struct vio_turn *turn)
{
    struct vio_heal *heal = VIO_CONTAINER_OF(turn, struct vio_heal, turn);

    heal->has_turn = true;
    if (!is_over(heal, 0))
        look(heal);
}

static void queue_up(struct vio_heal *heal)
{
    struct vio_turns *turns = heal->engine->use.ledger->turns;
    int status = 0;

    heal->phase = VIO_HEAL_QUEUED;
    vio__turn_init(&heal->turn, &heal->group, heal->places, on_turn);
    for (size_t i = 0; status == 0 && i < heal->count; i++)
        status = vio__turns_enter(turns, &heal->turn, heal->objects[i].after->name);
    if (status != 0)
        end(heal, status);
    else
        vio__turns_wait(turns, &heal->turn);
}

/* How it is now that nobody else is at it. VIO_EAGAIN: it goes by another name, which has another
 * turn. */
static int study_again(struct vio_heal *heal, struct vio_object *object)
{
    struct vio_vadapter_info *now;
    int status = vio__store_find(vio__engine_store(heal->engine), vio__object_uuid(object), &now);

    object->steps = false;
    if (status != 0)
        return status == VIO_ENOENT ? 0 : status;
    status = strcmp(now->name, object->after->name) == 0 ? 0 : VIO_EAGAIN;
    vio__object_clear(object);
    object->before = vio__vadapter_ref(now);
    object->after = now;
    if (status != 0)
        return status;
    object->steps = study(heal, now, &object->desired, &object->was) &&
                    !is_barred(heal, now->name, &object->desired, &object->was);
    object->apply.actual = object->was;
    return 0;
}

static void start_again(struct vio_heal *heal)
{
    vio__turns_leave(heal->engine->use.ledger->turns, &heal->turn);
    heal->has_turn = false;
    clear_objects(heal);
    vio__plan_builder_free(heal->outline);
    heal->outline = NULL;
    look(heal);
}

static void decide(struct vio_heal *heal)
{
    int status = 0;

    for (size_t i = 0; status == 0 && i < heal->count; i++)
        status = study_again(heal, &heal->objects[i]);
    if (status == VIO_EAGAIN)
        start_again(heal);
    else if (status != 0)
        end(heal, status);
    else
        apply(heal);
}

static void choose(struct vio_heal *heal)
{
    int status = gather(heal);

    if (status != 0)
        end(heal, status);
    else if (heal->count == 0)
        end(heal, heal->dry_run ? 0 : heal->failed);
    else
        queue_up(heal);
}

/* -- Looking ----------------------------------------------------------------------------------- */

static void on_recovered(struct vio_recovery *recovery)
{
    struct vio_heal *heal = VIO_CONTAINER_OF(recovery, struct vio_heal, recovery);

    if (!is_over(heal, 0))
        look(heal);
}

static void on_looked(struct vio_look *looked, int status)
{
    struct vio_heal *heal = VIO_CONTAINER_OF(looked, struct vio_heal, look);

    if (is_over(heal, status))
        return;
    if (heal->has_turn) {
        decide(heal);
        return;
    }
    if (!heal->dry_run && !heal->recovered) {
        heal->recovered = true;
        heal->recovery.done = on_recovered;
        heal->phase = VIO_HEAL_RECOVERING;
        if (vio__unfinished_recover(heal->engine, &heal->recovery))
            return;
    }
    choose(heal);
}

static void look(struct vio_heal *heal)
{
    int status;

    heal->phase = VIO_HEAL_LOOKING;
    heal->look.done = on_looked;
    status = vio__look_start(heal->engine, &heal->look);
    if (status != 0)
        is_over(heal, status);
}

/* -- Owning it, and knowing what others made of the store ---------------------------------------
 */

static void on_refreshed(void *user, int status)
{
    struct vio_heal *heal = user;

    if (status != 0 && heal->why == 0) {
        say(heal, "%s", vio__store_error(vio__engine_store(heal->engine)));
        end(heal, status);
    } else if (!is_over(heal, 0)) {
        look(heal);
    }
}

static void refresh(struct vio_heal *heal)
{
    int status;

    heal->phase = VIO_HEAL_OWNING;
    status = vio__store_refresh(vio__engine_store(heal->engine), on_refreshed, heal);
    if (status != 0)
        end(heal, status);
}

static struct vio_heal *healing(struct vio_engine *engine)
{
    VIO_DLIST_FOREACH (node, &engine->heals) {
        struct vio_heal *heal = VIO_CONTAINER_OF(node, struct vio_heal, node);

        if (heal->phase == VIO_HEAL_OWNING && !heal->dry_run)
            return heal;
    }
    return NULL;
}

/* Whoever had the chassis meanwhile may have left something open. */
static void on_found(struct vio_lookup *lookup, int status)
{
    struct vio_heal *heal = healing(VIO_CONTAINER_OF(lookup, struct vio_engine, lookup));

    if (status != 0 && heal->why == 0)
        say(heal, "%s", vio__error_text(status));
    if (status != 0 || heal->why != 0)
        end(heal, heal->why != 0 ? heal->why : status);
    else
        refresh(heal);
}

static void on_claimed(void *user, int status)
{
    struct vio_heal *heal = user;

    if (status == 0)
        heal->engine->fenced = false;
    if (is_over(heal, status))
        return;
    status = vio__unfinished_find(heal->engine, on_found);
    if (status != 0)
        end(heal, status);
}

/* A chassis that started again, or that somebody else had, is claimed anew. */
static void own(struct vio_heal *heal)
{
    struct vio_engine *engine = heal->engine;
    int status;

    heal->phase = VIO_HEAL_OWNING;
    if (engine->ops->owns(engine->driver)) {
        engine->fenced = false;
        refresh(heal);
        return;
    }
    status = engine->ops->claim(engine->driver, false, on_claimed, heal);
    if (status != 0)
        is_over(heal, status);
}

static void on_whole_turn(struct vio_turn *turn)
{
    struct vio_heal *heal = VIO_CONTAINER_OF(turn, struct vio_heal, whole_turn);

    if (!is_over(heal, 0))
        own(heal);
}

static void wait(struct vio_heal *heal)
{
    struct vio_turns *turns = heal->engine->use.ledger->turns;
    char key[VIO_UUID_TEXT_SIZE + 16] = "reconcile "; /* no name has a blank */
    int status;

    heal->phase = VIO_HEAL_WAITING;
    vio__uuid_format(vio__engine_uuid(heal->engine), key + strlen(key));
    status = vio__turns_enter(turns, &heal->whole_turn, key);
    if (status != 0)
        end(heal, status);
    else
        vio__turns_wait(turns, &heal->whole_turn);
}

void vio__heal_start(struct vio_heal *heal)
{
    struct vio_engine *engine = heal->engine;

    vio__dlist_init(&heal->look.node);
    vio__turn_group_init(&heal->group);
    vio__dlist_init(&heal->recovery.node);
    vio__dlist_append(&engine->heals, &heal->node);
    vio__turn_init(&heal->turn, &heal->group, NULL, on_turn);
    vio__turn_init(&heal->whole_turn, &heal->group, &heal->whole_place, on_whole_turn);
    if (engine->closing) {
        end(heal, VIO_ECLOSED);
    } else if (heal->dry_run) {
        refresh(heal);
    } else if (engine->read_only) {
        say(heal, "the chassis was opened for reading only");
        end(heal, VIO_EPERM);
    } else {
        wait(heal);
    }
}

void vio__heal_stop(struct vio_heal *heal, int why)
{
    if (heal->phase == VIO_HEAL_ENDED || heal->why != 0)
        return;
    heal->why = why;
    heal->text[0] = '\0';
    if ((heal->phase == VIO_HEAL_WAITING && !heal->whole_turn.granted) ||
        (heal->phase == VIO_HEAL_QUEUED && !heal->turn.granted) ||
        heal->phase == VIO_HEAL_LOOKING || heal->phase == VIO_HEAL_RECOVERING)
        end(heal, why);
    else if (heal->phase == VIO_HEAL_APPLYING)
        vio__perform_stop(&heal->perform, why);
}
