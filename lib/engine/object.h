/* SPDX-License-Identifier: MIT */
/* What a change does to one object: all of its edits of it, together. */
#ifndef VIO_LIB_ENGINE_OBJECT_H
#define VIO_LIB_ENGINE_OBJECT_H

#include <stdbool.h>

#include "lib/domain/vadapter.h"
#include "lib/engine/apply.h"
#include "lib/store/objects.h"

struct vio_change;
struct vio_engine;
struct vio_item;
struct vio_perform;

struct vio_object {
    struct vio_change *change;
    struct vio_engine *engine;         /* NULL: its chassis is not open */
    struct vio_vadapter_info *before;  /* NULL: there is none */
    struct vio_vadapter_info *after;   /* NULL: there is to be none */
    struct vio_vadapter_info *restore; /* `before` with the generation after `after` */
    struct vio_target was;             /* the function at planning */
    struct vio_target desired;         /* and as it is to become */
    struct vio_item *item;             /* the last edit of it */
    unsigned edits;                    /* of it, planned so far */
    bool commits;                      /* the desired state changes */
    bool steps;                        /* the function is to change */
    bool force;
    bool claimed, promised, creating;
    struct vio_address drawn[2];  /* claimed by the drawing until claim() has; kind 0: none */
    bool held_before, held_after; /* what became unfinished has the claims */
    bool doubtful; /* nobody could tell how its function is, or it could not be put back */

    /* Of the plan's steps: the first that releases something, the first of the others. */
    size_t first_step[2];
    size_t releases, done; /* how many steps that is, and how many were done */

    struct vio_hold left[2]; /* on the identities that it leaves behind, for a time */
    size_t num_left;
    struct vio_hold taken[2]; /* that there were on those it takes: reserved for it */
    size_t num_taken;

    struct vio_perform *perform; /* that it takes part in */
    struct vio_apply apply;
};

const uint8_t *vio__object_uuid(const struct vio_object *object);
const uint8_t *vio__object_chassis(const struct vio_object *object);

/* Gives up what it refers to. */
void vio__object_clear(struct vio_object *object);

#endif
