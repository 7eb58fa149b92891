/* SPDX-License-Identifier: MIT */
/* The plan of a change for its caller and for the history: made while it is planned, and told
 * what becomes of its steps. What there is no memory for, is missing in it. */
#ifndef VIO_LIB_ENGINE_OUTLINE_H
#define VIO_LIB_ENGINE_OUTLINE_H

#include <stddef.h>

#include <libvio/plan.h>

struct vio_change;
struct vio_object;
struct vio_plan_builder;

/* Begins it anew: no edits, no steps, no problems. VIO_ENOMEM. */
int vio__outline_begin(struct vio_change *change);

/* Adds the edits and steps of all objects. VIO_ENOMEM, VIO_ELIMIT. */
int vio__outline_fill(struct vio_change *change);

/* Adds the steps of objects to a plan that has none yet. VIO_ENOMEM, VIO_ELIMIT. */
int vio__outline_steps(struct vio_plan_builder *outline, struct vio_object *objects, size_t count);

/* A step of that object is begun: it runs, those before it are done. */
void vio__outline_step(struct vio_plan_builder *outline, const struct vio_object *object);

/* All was tried: what was done, what failed, and what was not begun. */
void vio__outline_tried(struct vio_plan_builder *outline, struct vio_object *objects, size_t count);

/* Of that, all that could be was undone. */
void vio__outline_undone(struct vio_change *change);

/* What became of it. */
void vio__outline_end(struct vio_change *change, enum vio_plan_state state, int status,
                      const char *message);

/* Hands it to the request. */
void vio__outline_give(struct vio_change *change);

#endif
