/* SPDX-License-Identifier: MIT */
#include "lib/engine/apply.h"

#include <stdio.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/base/error.h"
#include "lib/engine/internal.h"

static void next(struct vio_apply *apply);
static void read_back(struct vio_apply *apply);

static const struct vio_function_info *function_of(const struct vio_target *target)
{
    return target->exists ? &target->function : NULL;
}

static enum vio_step_action action_of(const struct vio_apply *apply)
{
    return apply->at < apply->diff.count ? apply->diff.action[apply->at] : VIO_STEP_UNKNOWN;
}

static void say(struct vio_apply *apply, const char *what)
{
    snprintf(apply->text, sizeof(apply->text), "%s: %s", vio__step_name(action_of(apply)), what);
}

void vio__target_diff(const struct vio_target *desired, const struct vio_target *actual,
                      struct vio_diff *ret_diff)
{
    vio__diff(function_of(desired), function_of(actual), ret_diff);
}

/* -- The end ----------------------------------------------------------------------------------- */

static void finish_later(struct vio_post *post)
{
    struct vio_apply *apply = VIO_CONTAINER_OF(post, struct vio_apply, post);

    apply->done(apply, apply->failed);
}

/* Defers `done`, so that a failure inside vio__apply_start() is reported after it. */
static void finish(struct vio_apply *apply, int status)
{
    apply->failed = status;
    apply->post.fn = finish_later;
    (void)vio__loop_post(apply->engine->loop, &apply->post); /* closes after all applies only */
}

/* All steps worked: is it what was desired? */
static void verify(struct vio_apply *apply)
{
    struct vio_diff left;

    vio__target_diff(&apply->desired, &apply->actual, &left);
    if (left.count == 0) {
        finish(apply, apply->stop);
        return;
    }
    snprintf(apply->text, sizeof(apply->text),
             "the chassis accepted all steps but does not report their result: \"%s\" would be "
             "needed",
             vio__step_name(left.action[0]));
    finish(apply, VIO_EDEVICE);
}

/* A step whose outcome nobody told: does the function show that it was done? */
static void resolve_doubt(struct vio_apply *apply)
{
    struct vio_target expected = apply->actual;
    struct vio_diff left;
    bool done;

    apply->step.index = apply->actual.function.index;
    if (apply->step.action == VIO_STEP_CREATE || apply->step.action == VIO_STEP_DESTROY) {
        done = apply->actual.exists == (apply->step.action == VIO_STEP_CREATE);
    } else {
        vio__diff_apply(&apply->step, &expected.exists, &expected.function);
        vio__target_diff(&expected, &apply->actual, &left);
        done = apply->actual.exists && left.count == 0;
    }
    if (!done) {
        say(apply, "the chassis did not answer in time, and did not do it");
        finish(apply, VIO_ETIMEDOUT);
        return;
    }
    apply->failed = 0;
    apply->at++;
    next(apply);
}

static void conclude(struct vio_apply *apply)
{
    if (!apply->known)
        finish(apply,
               apply->failed != 0 && apply->failed != VIO_EINDOUBT ? apply->failed : VIO_EINDOUBT);
    else if (apply->failed == 0)
        verify(apply);
    else if (apply->failed == VIO_EINDOUBT)
        resolve_doubt(apply);
    else
        finish(apply, apply->failed);
}

/* -- Reading the function back ----------------------------------------------------------------- */

static void note(struct vio_apply *apply, const struct vio_function_info *function)
{
    struct vio_engine *engine = apply->engine;
    uint32_t index = apply->actual.function.index;

    apply->known = true;
    apply->actual.exists =
        function && (memcmp(function->cookie, apply->cookie, sizeof(apply->cookie)) == 0 ||
                     memcmp(function->cookie, apply->former, sizeof(apply->former)) == 0);
    if (vio__actual_put(engine->actual, index, function) != 0)
        engine->stale = true;
    if (apply->actual.exists)
        apply->actual.function = *function;
}

static void on_read(void *user, int status, const struct vio_function_info *function)
{
    struct vio_apply *apply = user;

    if (status == 0)
        note(apply, function);
    else if (status == VIO_ENOENT)
        note(apply, NULL);
    else if (apply->failed == 0)
        snprintf(apply->text, sizeof(apply->text), "reading the function back: %s",
                 vio__error_text(status));
    conclude(apply);
}

static void on_looked(struct vio_look *look, int status)
{
    struct vio_apply *apply = VIO_CONTAINER_OF(look, struct vio_apply, look);
    const struct vio_function_info *function;

    if (status == 0) {
        apply->known = true;
        function = vio__actual_by_cookie(apply->engine->actual, apply->cookie);
        apply->actual.exists = function != NULL;
        if (function)
            apply->actual.function = *function;
    }
    conclude(apply);
}

/* Learns what is there now. The number of a function that may have been made is not known. */
static void read_back(struct vio_apply *apply)
{
    struct vio_engine *engine = apply->engine;
    uint32_t index = apply->actual.function.index;
    int status;

    apply->known = false;
    if (index != VIO_NO_INDEX && (apply->failed == 0 || apply->step.action != VIO_STEP_CREATE)) {
        status = engine->ops->read(engine->driver, index, on_read, apply);
    } else if (apply->failed == VIO_EINDOUBT) {
        apply->look.done = on_looked;
        status = vio__look_start(engine, &apply->look);
    } else {
        apply->known = true; /* there was none, and none was made */
        conclude(apply);
        return;
    }
    if (status != 0)
        conclude(apply);
}

/* -- Steps ------------------------------------------------------------------------------------- */

static void end_step(struct vio_apply *apply, const struct vio_outcome *outcome)
{
    if (outcome->status == 0) {
        if (apply->step.action == VIO_STEP_CREATE)
            apply->step.index = outcome->index;
        vio__diff_apply(&apply->step, &apply->actual.exists, &apply->actual.function);
        apply->at++;
        next(apply);
        return;
    }
    apply->failed = outcome->status;
    apply->device_status = outcome->device_status;
    say(apply, outcome->text[0] ? outcome->text : vio__error_text(outcome->status));
    read_back(apply);
}

static void on_outcome(void *user, const struct vio_outcome *outcome)
{
    end_step(user, outcome);
}

/* A driver that is in doubt is asked once more, by the step's tag. */
static void on_step(void *user, const struct vio_outcome *outcome)
{
    struct vio_apply *apply = user;
    struct vio_engine *engine = apply->engine;

    if (outcome->status != VIO_EINDOUBT ||
        engine->ops->outcome(engine->driver, apply->tag, on_outcome, apply) != 0)
        end_step(apply, outcome);
}

static bool releases(enum vio_step_action action)
{
    return action == VIO_STEP_UNBIND || action == VIO_STEP_DESTROY;
}

bool vio__step_erases(const struct vio_step *step, const struct vio_target *actual)
{
    return step->action == VIO_STEP_DESTROY && actual->exists &&
           actual->function.kind == VIO_VADAPTER_VDISK;
}

size_t vio__diff_releases(const struct vio_diff *diff)
{
    size_t count = 0;

    while (count < diff->count && releases(diff->action[count]))
        count++;
    return count;
}

static void next(struct vio_apply *apply)
{
    struct vio_engine *engine = apply->engine;
    uint64_t deadline = vio__loop_now(engine->loop) + engine->timeout;
    int status;

    if (apply->hold && !apply->released && !releases(action_of(apply))) {
        apply->released = apply->waiting = true;
        apply->on_released(apply);
        return;
    }
    if (apply->stop != 0 || apply->at == apply->diff.count) {
        apply->failed = apply->stop;
        read_back(apply);
        return;
    }
    vio__diff_step(action_of(apply), function_of(&apply->desired), apply->actual.function.index,
                   apply->force, &apply->step);
    apply->step.erase = vio__step_erases(&apply->step, &apply->actual);
    apply->begun = apply->at + 1;
    if (apply->stepped)
        apply->stepped(apply);
    status = engine->ops->step(engine->driver, &apply->step, deadline, on_step, apply, &apply->tag);
    if (status != 0) {
        apply->failed = status;
        say(apply, vio__error_text(status));
        read_back(apply);
    }
}

void vio__apply_start(struct vio_apply *apply)
{
    const struct vio_target *named = apply->desired.exists ? &apply->desired : &apply->actual;

    vio__dlist_init(&apply->look.node);
    memcpy(apply->cookie, named->function.cookie, sizeof(apply->cookie));
    memcpy(apply->former, apply->actual.exists ? apply->actual.function.cookie : apply->cookie,
           sizeof(apply->former));
    if (!apply->actual.exists)
        apply->actual.function.index = VIO_NO_INDEX;
    vio__target_diff(&apply->desired, &apply->actual, &apply->diff);
    next(apply);
}

void vio__apply_resume(struct vio_apply *apply)
{
    if (!apply->waiting)
        return;
    apply->waiting = false;
    next(apply);
}

void vio__apply_stop(struct vio_apply *apply, int why)
{
    apply->stop = why;
}
