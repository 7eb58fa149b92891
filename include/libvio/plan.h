/* SPDX-License-Identifier: MIT */
/**
 * @file plan.h
 * @brief A plan: what a change set changes in the store, the steps that this takes on the chassis,
 * what each of them disrupts, and every problem.
 *
 * The same snapshot tells what would be done, what was done, and, from the history, what was done
 * long ago. It is immutable, reference-counted, usable from any thread, and outlives the store.
 *
 * Edits are about the desired state that the store keeps: one for each object that is created,
 * changed or removed. Steps are what is done on a chassis so that it becomes so; a change set that
 * the chassis already agrees with has none.
 */
#ifndef LIBVIO_PLAN_H
#define LIBVIO_PLAN_H

#include <stddef.h>
#include <stdint.h>

#include <libvio/address.h>
#include <libvio/export.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_plan;
struct vio_req;

/** What a step does to those who use what it touches, from the least to the worst. */
enum vio_disruption {
    VIO_DISRUPTION_UNKNOWN = 0,
    VIO_DISRUPTION_NONE = 1,           /**< nothing */
    VIO_DISRUPTION_LINK_FLAP = 2,      /**< the link goes down for a moment */
    VIO_DISRUPTION_FUNCTION_RESET = 3, /**< the server's driver has to begin anew */
    VIO_DISRUPTION_SERVER_REBOOT = 4,  /**< the server has to be started again */
    VIO_DISRUPTION_OTHERS = 5,         /**< functions of other vAdapters are touched */
    VIO_DISRUPTION_DATA_LOST = 6,      /**< data is destroyed: this cannot be undone */
};

/** What a step does on its chassis. */
enum vio_action {
    VIO_ACTION_UNKNOWN = 0,
    VIO_ACTION_CREATE = 1,       /**< make a function, in no server yet */
    VIO_ACTION_BIND = 2,         /**< plug it into its server */
    VIO_ACTION_UNBIND = 3,       /**< take it out */
    VIO_ACTION_DESTROY = 4,      /**< free it */
    VIO_ACTION_SET_IDENTITY = 5, /**< give it its address, and node address */
    VIO_ACTION_SET_QOS = 6,      /**< set its bandwidth */
    VIO_ACTION_SET_VLAN = 7,     /**< set its VLANs */
    VIO_ACTION_SET_LABEL = 8,    /**< name it, and tell whose it is */
    VIO_ACTION_SET_ENABLED = 9,  /**< let its traffic through or stop it */
    VIO_ACTION_PORT = 10,        /**< switch a port */
    VIO_ACTION_SLOT = 11,        /**< switch the power of an adapter's slot */
    VIO_ACTION_ADOPT = 12, /**< take a foreign function over: nothing is done on the chassis */
};

/** How far a step is. */
enum vio_step_state {
    VIO_STEP_STATE_UNKNOWN = 0,
    VIO_STEP_STATE_PLANNED = 1, /**< not begun */
    VIO_STEP_STATE_RUNNING = 2, /**< the chassis is at it */
    VIO_STEP_STATE_DONE = 3,    /**< done, and confirmed */
    VIO_STEP_STATE_FAILED = 4,  /**< refused, or its outcome is not known */
    VIO_STEP_STATE_UNDONE = 5,  /**< was done, and was undone */
    VIO_STEP_STATE_SKIPPED = 6, /**< never begun, as something else failed or it is only told of */
};

/** What became of a change set. */
enum vio_plan_state {
    VIO_PLAN_STATE_UNKNOWN = 0,
    VIO_PLAN_STATE_PLANNED = 1, /**< it may be applied, and was not */
    VIO_PLAN_STATE_REFUSED = 2, /**< it has problems; nothing was done */
    VIO_PLAN_STATE_OPEN = 3,   /**< under way, or to be finished by the next owner of its chassis */
    VIO_PLAN_STATE_DONE = 4,   /**< applied and confirmed */
    VIO_PLAN_STATE_UNDONE = 5, /**< failed or canceled; everything is as it was before */
    VIO_PLAN_STATE_BLOCKED = 6, /**< failed, and could not be undone everywhere */
    VIO_PLAN_STATE_PARTLY = 7,  /**< vio_chassis_reconcile() did what it could; the steps tell */
};

/** The kinds of objects that a store keeps. */
enum vio_object_kind {
    VIO_OBJECT_UNKNOWN = 0,
    VIO_OBJECT_VADAPTER = 1,
    VIO_OBJECT_POOL = 2,
    VIO_OBJECT_IDENTITY = 3,
};

/** What an edit does to an object. */
enum vio_edit_action {
    VIO_EDIT_ACTION_UNKNOWN = 0,
    VIO_EDIT_ACTION_CREATE = 1,
    VIO_EDIT_ACTION_CHANGE = 2,
    VIO_EDIT_ACTION_REMOVE = 3,
};

/**
 * @brief Get the plan of a request that changes something, or tells what would be changed.
 * @param req The request, or NULL.
 * @return The plan, which lives as long as the request: vio_plan_ref() it to keep it; NULL for
 *         another kind of request, one that was over before it was planned or has not completed,
 *         and for NULL.
 *
 * A request that failed has one too: it tells the problems, and how far it came. Callable from any
 * thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_plan *vio_req_get_plan(const struct vio_req *req);

/**
 * @brief Take another reference.
 * @param plan The plan, or NULL.
 * @return *plan*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_plan *vio_plan_ref(struct vio_plan *plan);

/**
 * @brief Give up a reference.
 * @param plan The plan, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_plan_unref(struct vio_plan *plan);

/**
 * @brief Get the number under which the store keeps a change set that was applied, for
 *        vio_history_undo().
 * @param plan The plan, or NULL.
 * @return The number; 0 where nothing was stored, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_plan_number(const struct vio_plan *plan);

/**
 * @brief Tell when a change set was stored.
 * @param plan The plan, or NULL.
 * @return ns of CLOCK_REALTIME, or of the virtual clock; 0 where nothing was stored, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_plan_time(const struct vio_plan *plan);

/**
 * @brief Tell who applied a change set.
 * @param plan The plan, or NULL.
 * @return UTF-8 text that lives as long as the plan, "" where it does not say; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_plan_author(const struct vio_plan *plan);

/**
 * @brief Get what was written beside a change set.
 * @param plan The plan, or NULL.
 * @return UTF-8 text that lives as long as the plan, "" where there is nothing; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_plan_comment(const struct vio_plan *plan);

/**
 * @brief Get the caller's token of a change set.
 * @param plan      The plan.
 * @param ret_token Where the token goes, an address of kind VIO_ADDRESS_UUID.
 * @return 0; VIO_ENOENT where it has none; VIO_EINVAL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_plan_token(const struct vio_plan *plan, struct vio_address *ret_token);

/**
 * @brief Tell what became of a change set.
 * @param plan The plan, or NULL.
 * @return The state; VIO_PLAN_STATE_UNKNOWN for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_plan_state vio_plan_state(const struct vio_plan *plan);

/**
 * @brief Tell the code with which a change set ended, or would end.
 * @param plan The plan.
 * @return 0 or a negative VIO_E… code; VIO_EINVAL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_plan_status(const struct vio_plan *plan);

/**
 * @brief Get one line that says what went wrong.
 * @param plan The plan, or NULL.
 * @return UTF-8 text that lives as long as the plan, "" where nothing did; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_plan_message(const struct vio_plan *plan);

/**
 * @brief Tell which change set this one undoes.
 * @param plan The plan, or NULL.
 * @return Its number; 0 where it undoes none, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_plan_undoes(const struct vio_plan *plan);

/**
 * @brief Tell the worst that any step of a plan does.
 * @param plan The plan, or NULL.
 * @return The disruption, VIO_DISRUPTION_NONE for a plan without steps; VIO_DISRUPTION_UNKNOWN for
 *         NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_disruption vio_plan_disruption(const struct vio_plan *plan);

/**
 * @brief Tell how many edits a plan has.
 * @param plan The plan, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_plan_num_edits(const struct vio_plan *plan);

/**
 * @brief Tell which kind of object an edit is about.
 * @param plan The plan, or NULL.
 * @param at   Which edit: 0 to vio_plan_num_edits() - 1.
 * @return The kind; VIO_OBJECT_UNKNOWN if there is no such edit, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_object_kind vio_plan_edit_object(const struct vio_plan *plan, size_t at);

/**
 * @brief Tell what an edit does to its object.
 * @param plan The plan, or NULL.
 * @param at   Which edit: 0 to vio_plan_num_edits() - 1.
 * @return The action; VIO_EDIT_ACTION_UNKNOWN if there is no such edit, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_edit_action vio_plan_edit_action(const struct vio_plan *plan, size_t at);

/**
 * @brief Get the name of the object that an edit is about.
 * @param plan The plan, or NULL.
 * @param at   Which edit: 0 to vio_plan_num_edits() - 1.
 * @return UTF-8 text that lives as long as the plan, of an identity the text of its address; NULL
 *         beyond the last; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_plan_edit_name(const struct vio_plan *plan, size_t at);

/**
 * @brief Tell how many fields an edit of a plan changes.
 * @param plan The plan, or NULL.
 * @param at   Which edit: 0 to vio_plan_num_edits() - 1.
 * @return Their number; 0 if there is no such edit, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_plan_edit_num_fields(const struct vio_plan *plan, size_t at);

/**
 * @brief Get the name of a field that changes.
 * @param plan  The plan, or NULL.
 * @param at    Which edit: 0 to vio_plan_num_edits() - 1.
 * @param field Which of its fields: 0 to vio_plan_edit_num_fields() - 1.
 * @return UTF-8 text that lives as long as the plan, such as "server", "address" or "labels", as in
 *         exported files; NULL beyond the last; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_plan_edit_field(const struct vio_plan *plan, size_t at, size_t field);

/**
 * @brief Get the text of a field as it was.
 * @param plan  The plan, or NULL.
 * @param at    Which edit: 0 to vio_plan_num_edits() - 1.
 * @param field Which of its fields: 0 to vio_plan_edit_num_fields() - 1.
 * @return UTF-8 text that lives as long as the plan, "" where there was nothing; NULL beyond the
 *         last; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_plan_edit_before(const struct vio_plan *plan, size_t at, size_t field);

/**
 * @brief Get the text of a field as it is to be.
 * @param plan  The plan, or NULL.
 * @param at    Which edit: 0 to vio_plan_num_edits() - 1.
 * @param field Which of its fields: 0 to vio_plan_edit_num_fields() - 1.
 * @return UTF-8 text that lives as long as the plan, "" where there is to be nothing; NULL beyond
 *         the last; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_plan_edit_after(const struct vio_plan *plan, size_t at, size_t field);

/**
 * @brief Tell how many steps a plan has.
 * @param plan The plan, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_plan_num_steps(const struct vio_plan *plan);

/**
 * @brief Get the name of the chassis on which a step is done.
 * @param plan The plan, or NULL.
 * @param at   Which step: 0 to vio_plan_num_steps() - 1.
 * @return UTF-8 text that lives as long as the plan; NULL beyond the last; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_plan_step_chassis(const struct vio_plan *plan, size_t at);

/**
 * @brief Get the name of the vAdapter, port or adapter that a step is about.
 * @param plan The plan, or NULL.
 * @param at   Which step: 0 to vio_plan_num_steps() - 1.
 * @return UTF-8 text that lives as long as the plan, "" for a function that names none; NULL beyond
 *         the last; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_plan_step_object(const struct vio_plan *plan, size_t at);

/**
 * @brief Tell what a step does.
 * @param plan The plan, or NULL.
 * @param at   Which step: 0 to vio_plan_num_steps() - 1.
 * @return The action; VIO_ACTION_UNKNOWN if there is no such step, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_action vio_plan_step_action(const struct vio_plan *plan, size_t at);

/**
 * @brief Tell what a step does to those who use what it touches.
 * @param plan The plan, or NULL.
 * @param at   Which step: 0 to vio_plan_num_steps() - 1.
 * @return The disruption; VIO_DISRUPTION_UNKNOWN if there is no such step, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_disruption vio_plan_step_disruption(const struct vio_plan *plan, size_t at);

/**
 * @brief Tell how far a step is.
 * @param plan The plan, or NULL.
 * @param at   Which step: 0 to vio_plan_num_steps() - 1.
 * @return The state; VIO_STEP_STATE_UNKNOWN if there is no such step, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_step_state vio_plan_step_state(const struct vio_plan *plan, size_t at);

/**
 * @brief Tell how many fields a step of a plan changes.
 * @param plan The plan, or NULL.
 * @param at   Which step: 0 to vio_plan_num_steps() - 1.
 * @return Their number; 0 if there is no such step, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_plan_step_num_fields(const struct vio_plan *plan, size_t at);

/**
 * @brief Get the name of a field that changes.
 * @param plan  The plan, or NULL.
 * @param at    Which step: 0 to vio_plan_num_steps() - 1.
 * @param field Which of its fields: 0 to vio_plan_step_num_fields() - 1.
 * @return UTF-8 text that lives as long as the plan, such as "server", "address" or "labels", as in
 *         exported files; NULL beyond the last; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_plan_step_field(const struct vio_plan *plan, size_t at, size_t field);

/**
 * @brief Get the text of a field as it was.
 * @param plan  The plan, or NULL.
 * @param at    Which step: 0 to vio_plan_num_steps() - 1.
 * @param field Which of its fields: 0 to vio_plan_step_num_fields() - 1.
 * @return UTF-8 text that lives as long as the plan, "" where there was nothing; NULL beyond the
 *         last; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_plan_step_before(const struct vio_plan *plan, size_t at, size_t field);

/**
 * @brief Get the text of a field as it is to be.
 * @param plan  The plan, or NULL.
 * @param at    Which step: 0 to vio_plan_num_steps() - 1.
 * @param field Which of its fields: 0 to vio_plan_step_num_fields() - 1.
 * @return UTF-8 text that lives as long as the plan, "" where there is to be nothing; NULL beyond
 *         the last; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_plan_step_after(const struct vio_plan *plan, size_t at, size_t field);

/**
 * @brief Tell how many problems a plan has.
 * @param plan The plan, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_plan_num_problems(const struct vio_plan *plan);

/**
 * @brief Get the code of a problem.
 * @param plan The plan, or NULL.
 * @param at   Which problem: 0 to vio_plan_num_problems() - 1.
 * @return A negative VIO_E… code; 0 if there is no such problem.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_plan_problem_code(const struct vio_plan *plan, size_t at);

/**
 * @brief Get the name of the object that a problem is about.
 * @param plan The plan, or NULL.
 * @param at   Which problem: 0 to vio_plan_num_problems() - 1.
 * @return UTF-8 text that lives as long as the plan; "" if there is no such problem or object, and
 *         for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_plan_problem_object(const struct vio_plan *plan, size_t at);

/**
 * @brief Get the text of a problem: what is wrong and what is allowed.
 * @param plan The plan, or NULL.
 * @param at   Which problem: 0 to vio_plan_num_problems() - 1.
 * @return UTF-8 text that lives as long as the plan; "" if there is no such problem, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_plan_problem_text(const struct vio_plan *plan, size_t at);

/**
 * @brief Get the name of a disruption.
 * @param disruption One of enum vio_disruption.
 * @return "none", "link-flap", "function-reset", "server-reboot", "others" or "data-lost",
 *         "unknown" otherwise: static text, never NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_disruption_name(enum vio_disruption disruption);

/**
 * @brief Get the name of what a step does.
 * @param action One of enum vio_action.
 * @return "create", "bind", "set-identity" and so on, "unknown" otherwise: static text, never NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_action_name(enum vio_action action);

/**
 * @brief Get the name of a step's state.
 * @param state One of enum vio_step_state.
 * @return "planned", "done" and so on, "unknown" otherwise: static text, never NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_step_state_name(enum vio_step_state state);

/**
 * @brief Get the name of a plan's state.
 * @param state One of enum vio_plan_state.
 * @return "planned", "refused", "done" and so on, "unknown" otherwise: static text, never NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_plan_state_name(enum vio_plan_state state);

/**
 * @brief Get the name of a kind of object.
 * @param kind One of enum vio_object_kind.
 * @return "vadapter", "pool" or "identity", "unknown" otherwise: static text, never NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_object_kind_name(enum vio_object_kind kind);

/**
 * @brief Get the name of what an edit does.
 * @param action One of enum vio_edit_action.
 * @return "create", "change" or "remove", "unknown" otherwise: static text, never NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_edit_action_name(enum vio_edit_action action);

#ifdef __cplusplus
}
#endif

#endif
