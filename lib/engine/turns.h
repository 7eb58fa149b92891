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

/* How many of a group have their turn at a time. More would only take caches and memory from each
 * other: with 10,000 side by side, each takes twice the time. */
#define VIO_TURNS_MAX 128

struct vio_turns;
struct vio_turn_line;

struct vio_turn_place {
    struct vio_dlist node;
    struct vio_turn *turn;
    struct vio_turn_line *line;
};

/* Those that wait for the same chassis, which may keep them waiting long. */
struct vio_turn_group {
    size_t granted;
    struct vio_dlist ready; /* turns that have come, but for the limit */
};

/* A member of what waits. */
struct vio_turn {
    struct vio_turn_place *place; /* the caller's: as many as there are names */
    size_t places;
    bool waits;   /* all its places are taken */
    bool granted; /* its callback has come, or is about to */
    struct vio_turn_group *group;
    struct vio_dlist ready; /* of the group */
    void (*fn)(struct vio_turn *turn);
    struct vio_post post;
};

int vio__turns_new(struct vio_loop *loop, struct vio_turns **ret_turns); /* VIO_ENOMEM */
void vio__turns_free(struct vio_turns *turns);                           /* NULL is fine */

void vio__turn_group_init(struct vio_turn_group *group);

/* Begins a turn, then enters the line of one name after the other, of all before the loop's next
 * turn; the same name twice is fine. VIO_ENOMEM, after which it is to leave. */
void vio__turn_init(struct vio_turn *turn, struct vio_turn_group *group,
                    struct vio_turn_place *places, void (*fn)(struct vio_turn *turn));
int vio__turns_enter(struct vio_turns *turns, struct vio_turn *turn, const char *name);

/* All names were entered: `fn` is called when the turn comes, never inside the call. */
void vio__turns_wait(struct vio_turns *turns, struct vio_turn *turn);

/* Leaves all lines. A turn that was granted may leave in `fn` or after it only. */
void vio__turns_leave(struct vio_turns *turns, struct vio_turn *turn);

/* Whether anyone has or awaits a turn under that name. */
bool vio__turns_is_busy(const struct vio_turns *turns, const char *name);

#endif
