/* SPDX-License-Identifier: MIT */
/*
 * Makes one function what it is to be: the steps of a diff in order through the driver, then a look
 * at what the chassis reports. Forward and roll-back alike.
 */
#ifndef VIO_LIB_ENGINE_APPLY_H
#define VIO_LIB_ENGINE_APPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/domain/diff.h"
#include "lib/driver/driver.h"
#include "lib/engine/look.h"
#include "lib/loop/loop.h"

struct vio_engine;

/* A function or none. */
struct vio_target {
    bool exists;
    struct vio_function_info function;
};

/* As vio__diff(). */
void vio__target_diff(const struct vio_target *desired, const struct vio_target *actual,
                      struct vio_diff *ret_diff);

/* Whether a step destroys a vDisk: its data is to be erased. */
bool vio__step_erases(const struct vio_step *step, const struct vio_target *actual);

/* How many of its first actions give something up that another function may need. */
size_t vio__diff_releases(const struct vio_diff *diff);

struct vio_apply {
    /* Given. */
    struct vio_engine *engine;
    struct vio_target desired;
    struct vio_target actual; /* in the end: what is there, if `known` */
    bool force;
    bool hold; /* once nothing is left to be released, wait for vio__apply_resume() */
    void (*on_released)(struct vio_apply *apply);      /* now it waits; may be inside the start */
    void (*stepped)(struct vio_apply *apply);          /* before each step; may be NULL */
    void (*done)(struct vio_apply *apply, int status); /* never inside vio__apply_start() */

    /* The outcome. */
    bool known;             /* false: not even reading the function back worked */
    uint32_t device_status; /* of the step that failed */
    char text[256];         /* what failed, or "" */

    /* How far it is. */
    struct vio_diff diff;
    size_t at;
    size_t begun; /* steps */
    bool released, waiting;
    struct vio_step step;
    struct vio_tag tag;
    uint8_t cookie[16], former[16]; /* what the function carries in the end, and before */
    int stop;                       /* end with this before the next step */
    int failed;                     /* a step did, with this */
    struct vio_look look;
    struct vio_post post;
};

/* The caller has filled what is given and zeroed the rest. `done` gets 0; what a step was refused
 * with; VIO_EINDOUBT when nobody could tell; VIO_EDEVICE when all steps worked but the chassis
 * reports something else. */
void vio__apply_start(struct vio_apply *apply);

/* Goes on after what it waits for; does nothing where it does not wait. */
void vio__apply_resume(struct vio_apply *apply);

/* Waits for the step under way, then ends with `why`. */
void vio__apply_stop(struct vio_apply *apply, int why);

#endif
