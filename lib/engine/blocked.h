/* SPDX-License-Identifier: MIT */
/*
 * vAdapters of which nobody could tell how a change ended, or whose change could not be undone.
 * They refuse edits, and keep their names and identities, until an observation shows what is there.
 */
#ifndef VIO_LIB_ENGINE_BLOCKED_H
#define VIO_LIB_ENGINE_BLOCKED_H

#include <stdbool.h>

#include "lib/domain/vadapter.h"
#include "lib/engine/apply.h"

struct vio_blocked;
struct vio_engine;

int vio__blocked_new(struct vio_engine *engine, struct vio_blocked **ret_blocked); /* VIO_ENOMEM */

/* Frees one that was not added; NULL is fine. */
void vio__blocked_free(struct vio_engine *engine, struct vio_blocked *blocked);

/* Takes over `blocked` and the claims of `before` and `after`; references of the vAdapters. `was`:
 * what the function is to become again. */
void vio__blocked_add(struct vio_engine *engine, struct vio_blocked *blocked,
                      struct vio_vadapter_info *before, struct vio_vadapter_info *after,
                      struct vio_vadapter_info *restore, const struct vio_target *was);

/* Whether that vAdapter is blocked. */
bool vio__blocked_is(const struct vio_engine *engine, const struct vio_vadapter_info *vadapter);

/* Whether a blocked vAdapter has that name, or was to have it. */
bool vio__blocked_is_named(const struct vio_engine *engine, const char *name);

/* Who wants to know that all were resolved as far as they can be. */
struct vio_recovery {
    struct vio_dlist node;
    void (*done)(struct vio_recovery *recovery);
};

/* After an observation: undoes what was left half done, and unblocks what is known again. `done`
 * comes later; false, and it does not come, where nothing is blocked. */
bool vio__blocked_recover(struct vio_engine *engine, struct vio_recovery *recovery);

/* At the end of an engine. */
void vio__blocked_drop_all(struct vio_engine *engine);

#endif
