/* SPDX-License-Identifier: MIT */
/*
 * Whose turn it is: what names the same object goes in order, what does not goes side by side. A
 * turn stands in the lines of all its names at once, and comes when it is first in each, so that
 * two can never wait for each other.
 */
#ifndef VIO_LIB_ENGINE_TURNS_H
#define VIO_LIB_ENGINE_TURNS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/dlist.h"
#include "lib/loop/loop.h"

#define VIO_TURN_NAMES 2

struct vio_turns;
struct vio_turn_line;

struct vio_turn_place {
    struct vio_dlist node;
    struct vio_turn *turn;
    struct vio_turn_line *line;
};

/* A member of what waits. */
struct vio_turn {
    struct vio_turn_place place[VIO_TURN_NAMES];
    size_t places;
    bool granted; /* its callback has come, or is about to */
    void (*fn)(struct vio_turn *turn);
    struct vio_post post;
};

int vio__turns_new(struct vio_loop *loop, struct vio_turns **ret_turns); /* VIO_ENOMEM */
void vio__turns_free(struct vio_turns *turns);                           /* NULL is fine */

/* Enters the lines of one or two different names; `fn` is called when the turn comes, never inside
 * the call. VIO_ENOMEM. */
int vio__turns_enter(struct vio_turns *turns, struct vio_turn *turn, const char *const *names,
                     size_t count, void (*fn)(struct vio_turn *turn));

/* Leaves all lines. A turn that was granted may leave in `fn` or after it only. */
void vio__turns_leave(struct vio_turns *turns, struct vio_turn *turn);

/* Whether anyone has or awaits a turn under that name. */
bool vio__turns_is_busy(const struct vio_turns *turns, const char *name);

#endif
