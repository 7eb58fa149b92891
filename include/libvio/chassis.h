/* SPDX-License-Identifier: MIT */
/**
 * @file chassis.h
 * @brief A chassis: opening, observing and closing it.
 *
 * A `struct vio_chassis` is a live connection. What it looks like at one moment is a `struct
 * vio_inventory` (inventory.h).
 */
#ifndef LIBVIO_CHASSIS_H
#define LIBVIO_CHASSIS_H

#include <stdbool.h>
#include <stdint.h>

#include <libvio/export.h>
#include <libvio/req.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_ctx;
struct vio_chassis;
struct vio_chassis_config;
struct vio_inventory;
struct vio_store;
struct viosim;

/**
 * @brief Make a configuration with the defaults: ownership is claimed, a live owner is not waited
 *        for. It belongs to one thread.
 * @param ret_config Where the configuration goes; the caller frees it with
 *                   vio_chassis_config_free().
 * @return 0; VIO_EINVAL for NULL, VIO_ENOMEM.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_new(struct vio_chassis_config **ret_config);

/**
 * @brief Free a configuration.
 * @param config The configuration, or NULL for no effect.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT void vio_chassis_config_free(struct vio_chassis_config *config);

/**
 * @brief Open the chassis for reading only.
 * @param config    The configuration.
 * @param read_only true: no lease is claimed, nothing is written anywhere, and requests that would
 *                  change something end with VIO_EPERM. Default false.
 * @return 0; VIO_EINVAL for NULL.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_set_read_only(struct vio_chassis_config *config, bool read_only);

/**
 * @brief Take the chassis over from an owner that is alive.
 * @param config    The configuration.
 * @param take_over true: that owner is fenced, the device refuses its commands from then on.
 *                  Default false.
 * @return 0; VIO_EINVAL for NULL.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_set_take_over(struct vio_chassis_config *config, bool take_over);

/**
 * @brief Set how long opening waits for a live owner to leave before it is refused.
 * @param config       The configuration.
 * @param milliseconds 0 to 3,600,000; default 0.
 * @return 0; VIO_EINVAL for a null configuration or another time.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_set_wait(struct vio_chassis_config *config,
                                           uint32_t milliseconds);

/**
 * @brief Set how this owner is named to others that are refused.
 * @param config The configuration.
 * @param holder 1 to 63 bytes of UTF-8 without control characters, zero-terminated; copied. Default
 *               "PROGRAM pid N on HOST".
 * @return 0; VIO_EINVAL for a null pointer; VIO_ENAME for a name that is none.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_set_holder(struct vio_chassis_config *config, const char *holder);

/**
 * @brief Set how long one command of the device may take before its outcome is asked for.
 * @param config       The configuration.
 * @param milliseconds 1 to 3,600,000; default 5,000.
 * @return 0; VIO_EINVAL for a null configuration or another time.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_set_command_timeout(struct vio_chassis_config *config,
                                                      uint32_t milliseconds);

/**
 * @brief Set the store in which the vAdapters of the chassis live.
 * @param config The configuration.
 * @param store  A store of the same context, kept by the configuration and by the chassis; NULL,
 *               the default, for one of the chassis' own: a new "memory:" for "sim:" chassis, else
 *               the default store (see vio_store_open()), for reading only where the chassis is.
 * @return 0; VIO_EINVAL for a null configuration.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_set_store(struct vio_chassis_config *config,
                                            struct vio_store *store);

/**
 * @brief Set whether opening takes functions that the store does not know into it, by their label
 *        and cookie.
 * @param config The configuration.
 * @param adopt  Default true for a store in memory, else false: they are foreign, and are not
 *               touched until they are adopted by vio_changeset_adopt_function().
 * @return 0; VIO_EINVAL for NULL.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_set_adopt(struct vio_chassis_config *config, bool adopt);

/**
 * @brief Set whether opening for writing brings back functions that the chassis lost when it
 *        started again: after a power cycle or a reset of its VPC.
 * @param config  The configuration.
 * @param restore true, the default: where the chassis has another boot id than the store keeps,
 *                each vAdapter without a function gets it back with its identities, settings and
 *                server. false: they stay lost until vio_chassis_reconcile(), or until an opening
 *                that restores.
 * @return 0; VIO_EINVAL for NULL.
 *
 * A vDisk that comes back is empty; the log has a warning with its name. Where a function cannot be
 * brought back, opening succeeds all the same: its vAdapter is lost, and the log names it. On the
 * thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_set_restore(struct vio_chassis_config *config, bool restore);

/**
 * @brief Set whether drift is removed without being asked: at opening for writing, and whenever an
 *        event tells that a function may differ from what is desired.
 * @param config The configuration.
 * @param repair Default false: drift is told by vio_chassis_drift(), and stays until
 *               vio_chassis_reconcile().
 * @return 0; VIO_EINVAL for NULL.
 *
 * What would destroy the data of a vDisk is left alone, with a warning in the log. On the thread
 * that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_config_set_repair(struct vio_chassis_config *config, bool repair);

/**
 * @brief Open a chassis; vio_req_get_chassis() has it then.
 * @param ctx     The context, which the chassis keeps.
 * @param uri     "sim:" for a software chassis of the program's own from the default description,
 *                "sim:FILE.yaml" for another one, both with "?time=virtual&seed=N" if wanted;
 *                "vfio-user:PATH" for the UNIX socket of a vio-chassisd or any vfio-user server
 *                with this device. Zero-terminated; copied.
 * @param config  How, or NULL for the defaults of vio_chassis_config_new(). Read during the call
 *                only.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL (also for a store of another context), VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK,
 *         VIO_EAGAIN while the completion queue has no place. The request ends with 0, VIO_EPARSE
 *         (the URI or a file it names; the message says where), VIO_EINVAL (an option of the URI),
 *         VIO_ENOENT, VIO_ETRANSPORT, VIO_EPROTO, VIO_EVERSION, VIO_EOWNED (the message names the
 *         owner; also for a chassis inside another process that uses the same store), VIO_EPERM
 * (the store was opened for reading only, the chassis was not), as vio_store_open()'s where it
 * opens a store, VIO_ECLOSED, VIO_ETIMEDOUT or VIO_ECANCELED.
 *
 * Opened for writing, change sets that were interrupted are finished or undone, and functions that
 * were lost or are foreign are treated as the configuration says. Callable from any thread and in
 * callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_open(struct vio_ctx *ctx, const char *uri,
                                const struct vio_chassis_config *config, vio_req_cb cb, void *user,
                                struct vio_req **ret_req);

/**
 * @brief Get the chassis that a request of vio_chassis_open() opened.
 * @param req The request, or NULL.
 * @return The chassis, which lives as long as the request: vio_chassis_ref() it to keep it; NULL
 *         for another kind of request, one that failed or has not completed, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_chassis *vio_req_get_chassis(const struct vio_req *req);

/**
 * @brief Close a chassis: new calls are refused, outstanding ones end, both with VIO_ECLOSED, and
 *        the lease is given back.
 * @param chassis The chassis.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. VIO_ECLOSED also when it was closed before. The request ends with 0.
 *
 * What exists on the chassis stays. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_close(struct vio_chassis *chassis, vio_req_cb cb, void *user,
                                 struct vio_req **ret_req);

/**
 * @brief Take another reference.
 * @param chassis The chassis, or NULL.
 * @return *chassis*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_chassis *vio_chassis_ref(struct vio_chassis *chassis);

/**
 * @brief Give up a reference; the last one closes a chassis that is still open, in the background.
 * @param chassis The chassis, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_chassis_unref(struct vio_chassis *chassis);

/**
 * @brief Get the URI that a chassis was opened with.
 * @param chassis The chassis, or NULL.
 * @return UTF-8 text that lives as long as the chassis; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_chassis_uri(const struct vio_chassis *chassis);

/**
 * @brief Tell whether a chassis was opened for reading only.
 * @param chassis The chassis, or NULL.
 * @return true if it was; false for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT bool vio_chassis_is_read_only(const struct vio_chassis *chassis);

/**
 * @brief Read everything from the chassis into a new snapshot; vio_req_get_inventory() has it then.
 * @param chassis The chassis.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, VIO_EPROTO if the device contradicts itself,
 *         VIO_EGONE if it is not there any more, VIO_ETRANSPORT, VIO_ECLOSED, VIO_ETIMEDOUT or
 *         VIO_ECANCELED.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_observe(struct vio_chassis *chassis, vio_req_cb cb, void *user,
                                   struct vio_req **ret_req);

/**
 * @brief Tell, from a fresh observation, in what the chassis differs from what its store wants;
 *        vio_req_get_plan() has it then.
 * @param chassis The chassis; it may have been opened for reading only.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, drift or not; otherwise as vio_chassis_observe()'s
 *         or vio_store_observe()'s would.
 *
 * The plan has no edits. Its steps are those that vio_chassis_reconcile() would take, each with
 * what it disrupts and its fields: before is how the function is, after how it is to be. No steps:
 * no drift. A vAdapter without a function has steps that make it; a vDisk's are marked as
 * VIO_DISRUPTION_DATA_LOST, as it comes back empty. vAdapters under change are waited for, blocked
 * ones are problems of the plan. Functions that the store does not know are no drift: the inventory
 * has them. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_drift(struct vio_chassis *chassis, vio_req_cb cb, void *user,
                                 struct vio_req **ret_req);

/**
 * @brief Make the chassis what its store wants: finish or undo what was interrupted, bring back
 *        functions that were lost, remove drift. vio_req_get_plan() tells what was done.
 * @param chassis The chassis, opened for writing.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0 when everything is as it is to be; with the code of
 *         the first vAdapter that is not (each is a problem of the request and of the plan, and
 *         does not stop the others; VIO_EBLOCKED where its last change is in doubt); VIO_EPERM (the
 *         chassis was opened for reading only); VIO_EOWNED (somebody else has it now; the message
 *         names him); else as vio_chassis_observe()'s would.
 *
 * The plan has the steps of vio_chassis_drift() with what became of them, and the state
 * VIO_PLAN_STATE_DONE or, where one failed, VIO_PLAN_STATE_PARTLY; it is not kept in the history.
 * A vDisk whose function differs in what cannot be set, such as its size, is made anew and loses
 * its data: look at the drift first. A chassis that started again since it was opened is claimed
 * anew, but never taken over from a live owner. Where nothing differs, nothing is written.
 * vAdapters under change are waited for. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_chassis_reconcile(struct vio_chassis *chassis, vio_req_cb cb, void *user,
                                     struct vio_req **ret_req);

/**
 * @brief Get the store in which the vAdapters of a chassis live.
 * @param chassis The chassis, or NULL.
 * @return The store, which lives as long as the chassis: vio_store_ref() it to keep it; NULL while
 *         the chassis is being opened, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_store *vio_chassis_store(struct vio_chassis *chassis);

/**
 * @brief Get the software chassis behind a "sim:" URI, for libviosim's functions.
 * @param chassis The chassis, or NULL.
 * @return The software chassis, which lives until the chassis is closed: viosim_ref() it to keep
 *         it; NULL for other chassis and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct viosim *vio_chassis_sim(struct vio_chassis *chassis);

#ifdef __cplusplus
}
#endif

#endif
