/* SPDX-License-Identifier: MIT */
#include "lib/engine/perform.h"

#include <libvio/error.h>

#include "lib/engine/object.h"

static bool takes_part(const struct vio_perform *perform, const struct vio_object *object)
{
    return object->steps && (!perform->back || object->apply.known);
}

static void resume_all(struct vio_perform *perform)
{
    for (size_t i = 0; i < perform->count; i++)
        if (perform->objects[i].perform == perform)
            vio__apply_resume(&perform->objects[i].apply);
}

static void stop_all(struct vio_perform *perform, int why)
{
    for (size_t i = 0; i < perform->count; i++)
        if (perform->objects[i].perform == perform)
            vio__apply_stop(&perform->objects[i].apply, why);
}

static void on_released(struct vio_apply *apply)
{
    struct vio_object *object = VIO_CONTAINER_OF(apply, struct vio_object, apply);

    if (--object->perform->holding == 0)
        resume_all(object->perform);
}

static void on_stepped(struct vio_apply *apply)
{
    struct vio_object *object = VIO_CONTAINER_OF(apply, struct vio_object, apply);

    if (object->perform->stepped)
        object->perform->stepped(object->perform, object);
}

static void on_done(struct vio_apply *apply, int status)
{
    struct vio_object *object = VIO_CONTAINER_OF(apply, struct vio_object, apply);
    struct vio_perform *perform = object->perform;

    object->perform = NULL;
    if (status != 0 && (!apply->known || perform->back))
        object->doubtful = true;
    if (status != 0 && perform->status == 0) {
        perform->status = status;
        perform->culprit = object;
        if (!perform->back && !perform->each)
            stop_all(perform, VIO_ECANCELED);
    }
    perform->busy--;
    if (!apply->released && --perform->holding == 0)
        resume_all(perform);
    if (perform->busy == 0) {
        perform->running = false;
        perform->done(perform, perform->status);
    }
}

static void prepare(struct vio_perform *perform, struct vio_object *object)
{
    const struct vio_target actual = object->apply.actual;

    object->perform = perform;
    object->apply = (struct vio_apply){
        .engine = object->engine,
        .desired = perform->back ? object->was : object->desired,
        .actual = actual,
        .force = object->force && !perform->back,
        .hold = true,
        .stepped = on_stepped,
        .on_released = on_released,
        .done = on_done,
    };
    perform->busy++;
}

bool vio__perform_start(struct vio_perform *perform)
{
    perform->busy = 0;
    perform->status = 0;
    perform->culprit = NULL;
    for (size_t i = 0; i < perform->count; i++)
        if (takes_part(perform, &perform->objects[i]))
            prepare(perform, &perform->objects[i]);
    perform->holding = perform->busy;
    perform->running = perform->busy > 0;
    for (size_t i = 0; i < perform->count; i++)
        if (perform->objects[i].perform == perform)
            vio__apply_start(&perform->objects[i].apply);
    return perform->running;
}

void vio__perform_stop(struct vio_perform *perform, int why)
{
    if (perform->running && !perform->back)
        stop_all(perform, why);
}
