/* SPDX-License-Identifier: MIT */
/*
 * A plan: what a change set changes, the steps that this takes, and what became of it. Immutable
 * once it is finished, of any thread. A builder gathers one; its first failure sticks, so a writer
 * may add all and look at the outcome once.
 */
#ifndef VIO_LIB_DOMAIN_PLAN_H
#define VIO_LIB_DOMAIN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/plan.h>

#include "lib/base/alloc.h"

#define VIO_PLAN_TEXT_MAX 65535               /* bytes of one text; longer ones are cut */
#define VIO_PLAN_ROWS_MAX (UINT32_C(1) << 20) /* of edits, steps, problems, fields, each */

/* Texts live as long as the plan, and are valid UTF-8 without control characters. */
struct vio_plan_head {
    uint64_t number;   /* 0: not stored */
    uint64_t time;     /* ns, 0: not stored */
    uint64_t undoes;   /* number of another one; 0: none */
    uint8_t token[16]; /* all zero: none */
    const char *author, *comment;
    enum vio_plan_state state;
    int status;
    const char *message;
};

struct vio_plan_edit {
    enum vio_object_kind object;
    enum vio_edit_action action;
    const char *name;
    size_t num_fields;
};

struct vio_plan_step {
    const char *chassis, *object;
    enum vio_action action;
    enum vio_disruption disruption;
    enum vio_step_state state;
    size_t num_fields;
};

struct vio_plan_field {
    const char *name, *before, *after;
};

struct vio_plan_problem {
    int code;
    const char *object, *text;
};

struct vio_plan *vio__plan_ref(struct vio_plan *plan);
void vio__plan_unref(struct vio_plan *plan); /* NULL is fine */

void vio__plan_head(const struct vio_plan *plan, struct vio_plan_head *ret_head);
enum vio_disruption vio__plan_disruption(const struct vio_plan *plan); /* the worst */
size_t vio__plan_num_edits(const struct vio_plan *plan);
size_t vio__plan_num_steps(const struct vio_plan *plan);
size_t vio__plan_num_problems(const struct vio_plan *plan);

/* False beyond the last. */
bool vio__plan_edit(const struct vio_plan *plan, size_t at, struct vio_plan_edit *ret_edit);
bool vio__plan_step(const struct vio_plan *plan, size_t at, struct vio_plan_step *ret_step);
bool vio__plan_problem(const struct vio_plan *plan, size_t at,
                       struct vio_plan_problem *ret_problem);
bool vio__plan_edit_field(const struct vio_plan *plan, size_t at, size_t field,
                          struct vio_plan_field *ret_field);
bool vio__plan_step_field(const struct vio_plan *plan, size_t at, size_t field,
                          struct vio_plan_field *ret_field);

/* "none", "link-flap" …; "unknown" otherwise. */
const char *vio__disruption_name(enum vio_disruption disruption);
const char *vio__action_name(enum vio_action action);
const char *vio__step_state_name(enum vio_step_state state);
const char *vio__plan_state_name(enum vio_plan_state state);
const char *vio__object_kind_name(enum vio_object_kind kind);
const char *vio__edit_action_name(enum vio_edit_action action);

/* -- Building ---------------------------------------------------------------------------------- */

struct vio_plan_builder;

/* An empty plan in state PLANNED. Texts that are given are copied; what is no text in them becomes
 * "?". VIO_ENOMEM. */
int vio__plan_builder_new(const struct vio_alloc *alloc, struct vio_plan_builder **ret_builder);
void vio__plan_builder_free(struct vio_plan_builder *builder); /* NULL is fine */

/* VIO_ENOMEM, VIO_ELIMIT where there is too much of something; 0. */
int vio__plan_builder_status(const struct vio_plan_builder *builder);

void vio__plan_add_edit(struct vio_plan_builder *builder, enum vio_object_kind object,
                        enum vio_edit_action action, const char *name);
void vio__plan_add_step(struct vio_plan_builder *builder, const char *chassis, const char *object,
                        enum vio_action action, enum vio_disruption disruption);

/* Of the edit or step that was added last. Any builder: it is a vio_field_differs (fields.h). */
void vio__plan_add_field(void *builder, const char *name, const char *before, const char *after);

void vio__plan_add_problem(struct vio_plan_builder *builder, int code, const char *object,
                           const char *text);

/* `token` may be NULL: none. */
void vio__plan_set_origin(struct vio_plan_builder *builder, const uint8_t token[16],
                          const char *author, const char *comment, uint64_t undoes);
void vio__plan_set_stored(struct vio_plan_builder *builder, uint64_t number, uint64_t time);
void vio__plan_set_step_state(struct vio_plan_builder *builder, size_t at,
                              enum vio_step_state state);
void vio__plan_set_outcome(struct vio_plan_builder *builder, enum vio_plan_state state, int status,
                           const char *message);

/* As it is now, until the next change. */
const struct vio_plan *vio__plan_builder_plan(const struct vio_plan_builder *builder);

/* Frees the builder, also on failure. As vio__plan_builder_status(). */
int vio__plan_finish(struct vio_plan_builder *builder, struct vio_plan **ret_plan);

#endif
