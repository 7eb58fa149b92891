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

#include <libvio/export.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_plan;

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

#ifdef __cplusplus
}
#endif

#endif
