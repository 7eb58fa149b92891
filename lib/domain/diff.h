/* SPDX-License-Identifier: MIT */
/*
 * What is to be done so that a function becomes another one: the one way to realise a desired
 * state, to undo a change and to see drift.
 */
#ifndef VIO_LIB_DOMAIN_DIFF_H
#define VIO_LIB_DOMAIN_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/domain/step.h"

#define VIO_DIFF_MAX 8

/* Actions in their order, all on the one function. */
struct vio_diff {
    size_t count;
    enum vio_step_action action[VIO_DIFF_MAX];
};

/*
 * NULL: there is none, or is to be none. Compared is what can be set: cookie, label, kind, adapter,
 * size, identity, VLAN, QoS, enabled, server, and the path while in a server (VIO_NO_INDEX: any).
 */
void vio__diff(const struct vio_function_info *desired, const struct vio_function_info *actual,
               struct vio_diff *ret_diff);

/* Whether one of its actions is this one. */
bool vio__diff_has(const struct vio_diff *diff, enum vio_step_action action);

/* The step for one action of a diff, on the function `index`. */
void vio__diff_step(enum vio_step_action action, const struct vio_function_info *desired,
                    uint32_t index, bool force, struct vio_step *ret_step);

/* What a step leaves of a function. `exists` and `function` are changed in place. */
void vio__diff_apply(const struct vio_step *step, bool *exists, struct vio_function_info *function);

/* "create", "set identity" …; "unknown" otherwise. */
const char *vio__step_name(enum vio_step_action action);

#endif
