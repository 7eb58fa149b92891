/* SPDX-License-Identifier: MIT */
/*
 * Making a chassis what the store says that it is, or telling what that would take: the steps of
 * each vAdapter's diff, side by side. The store does not change.
 *
 *     waiting ──> owning ──> looking ──> recovering ──> looking ──> queued ── its objects' turn ──>
 *     looking ──> applying ──> ended
 */
#ifndef VIO_LIB_ENGINE_HEAL_H
#define VIO_LIB_ENGINE_HEAL_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/engine/look.h"
#include "lib/engine/perform.h"
#include "lib/engine/turns.h"
#include "lib/engine/unfinished.h"

#define VIO_HEAL_TEXT 512

struct vio_engine;
struct vio_object;
struct vio_plan_builder;

enum vio_heal_phase {
    VIO_HEAL_NEW = 0,
    VIO_HEAL_WAITING, /* for another one of the same chassis */
    VIO_HEAL_OWNING,  /* claims the chassis, asks the store */
    VIO_HEAL_LOOKING,
    VIO_HEAL_RECOVERING,
    VIO_HEAL_QUEUED,
    VIO_HEAL_APPLYING,
    VIO_HEAL_ENDED,
};

struct vio_heal {
    /* Given. */
    struct vio_engine *engine;
    bool dry_run;                           /* only the plan is made */
    bool spare;                             /* leaves alone what would lose data */
    void (*stepped)(struct vio_heal *heal); /* may be NULL */
    void (*problem)(struct vio_heal *heal, int code, const char *object, const char *text);
    void (*done)(struct vio_heal *heal, int status); /* may come inside vio__heal_start() */

    /* The outcome. */
    struct vio_plan_builder *outline; /* to be taken or freed by `done`; NULL: no memory */
    bool whole;                       /* all that was to be restored is there, and as it is to be */
    char text[VIO_HEAL_TEXT];         /* what failed, or "" */

    /* How far it is. */
    enum vio_heal_phase phase;
    int why;    /* it is to end with this */
    int failed; /* the first problem */
    struct vio_dlist node;
    struct vio_turn_group group; /* alone */
    struct vio_turn whole_turn;  /* no two of a chassis at a time */
    struct vio_turn_place whole_place;
    struct vio_turn turn; /* of its objects */
    struct vio_turn_place *places;
    bool has_turn, recovered;
    struct vio_look look;
    struct vio_recovery recovery;
    struct vio_object *objects;
    size_t count;
    struct vio_perform perform;
};

/* The caller has filled what is given and zeroed the rest. */
void vio__heal_start(struct vio_heal *heal);

/* Ends it with `why`, once what is under way has come back. */
void vio__heal_stop(struct vio_heal *heal, int why);

/* How many steps of all have been done, of 1000; and the last that was begun. */
unsigned vio__heal_progress(const struct vio_heal *heal);

#endif
