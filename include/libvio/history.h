/* SPDX-License-Identifier: MIT */
/**
 * @file history.h
 * @brief The history of a store: each change set that was applied, with its time, author, plan and
 * outcome.
 */
#ifndef LIBVIO_HISTORY_H
#define LIBVIO_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/address.h>
#include <libvio/export.h>
#include <libvio/req.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_history;
struct vio_history_filter;
struct vio_plan;
struct vio_store;

/**
 * @brief Make a filter that lets pass the 1,000 newest. It belongs to one thread.
 * @param ret_filter Where the filter goes; the caller frees it with vio_history_filter_free().
 * @return 0; VIO_EINVAL for NULL, VIO_ENOMEM.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_history_filter_new(struct vio_history_filter **ret_filter);

/**
 * @brief Free a filter.
 * @param filter The filter, or NULL for no effect.
 *
 * On the thread that the filter belongs to.
 * @since 0.1.0
 */
VIO_EXPORT void vio_history_filter_free(struct vio_history_filter *filter);

/**
 * @brief Let pass the change set with this token.
 * @param filter The filter.
 * @param token  An address of kind VIO_ADDRESS_UUID, copied; NULL for any.
 * @return 0; VIO_EINVAL for a null filter; VIO_EADDR for another kind of address.
 *
 * On the thread that the filter belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_history_filter_set_token(struct vio_history_filter *filter,
                                            const struct vio_address *token);

/**
 * @brief Let pass those that changed an object of this name.
 * @param filter The filter.
 * @param object The name of a vAdapter or pool, or the text of an identity's address;
 *               zero-terminated, copied. NULL for any.
 * @return 0; VIO_EINVAL for a null filter; VIO_ENAME for more than 63 bytes.
 *
 * On the thread that the filter belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_history_filter_set_object(struct vio_history_filter *filter, const char *object);

/**
 * @brief Let pass those from this time on.
 * @param filter The filter.
 * @param time   ns of CLOCK_REALTIME; 0, the default, for all.
 * @return 0; VIO_EINVAL for NULL.
 *
 * On the thread that the filter belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_history_filter_set_since(struct vio_history_filter *filter, uint64_t time);

/**
 * @brief Let pass those before this time.
 * @param filter The filter.
 * @param time   ns of CLOCK_REALTIME; 0, the default, for all.
 * @return 0; VIO_EINVAL for NULL.
 *
 * On the thread that the filter belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_history_filter_set_until(struct vio_history_filter *filter, uint64_t time);

/**
 * @brief Let pass those with lower numbers, to go on after a page.
 * @param filter The filter.
 * @param number vio_plan_number() of the last one of that page; 0, the default, for all.
 * @return 0; VIO_EINVAL for NULL.
 *
 * On the thread that the filter belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_history_filter_set_before(struct vio_history_filter *filter, uint64_t number);

/**
 * @brief Set how many are told at most.
 * @param filter The filter.
 * @param limit  1 to 10,000.
 * @return 0; VIO_EINVAL for a null filter or another number.
 *
 * On the thread that the filter belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_history_filter_set_limit(struct vio_history_filter *filter, size_t limit);

/**
 * @brief Read change sets that were applied, the newest first; vio_req_get_history() has them then.
 * @param store   The store.
 * @param filter  Which; NULL for the 1,000 newest. Read during the call only.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, also if there are none, VIO_ECORRUPT, VIO_EDISK
 *         (disk full), VIO_EIO, VIO_EGONE (the file was removed or replaced), VIO_EBUSY (locked by
 *         another program for more than 5 s), VIO_ECLOSED, VIO_ETIMEDOUT or VIO_ECANCELED.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_history_list(struct vio_store *store, const struct vio_history_filter *filter,
                                vio_req_cb cb, void *user, struct vio_req **ret_req);

/**
 * @brief Get what a request of vio_history_list() read.
 * @param req The request, or NULL.
 * @return The snapshot, which lives as long as the request: vio_history_ref() it to keep it; NULL
 *         for another kind of request, one that failed or has not completed, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_history *vio_req_get_history(const struct vio_req *req);

/**
 * @brief Take another reference.
 * @param history The snapshot, or NULL.
 * @return *history*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_history *vio_history_ref(struct vio_history *history);

/**
 * @brief Give up a reference.
 * @param history The snapshot, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_history_unref(struct vio_history *history);

/**
 * @brief Tell how many change sets were read.
 * @param history The snapshot, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_history_count(const struct vio_history *history);

/**
 * @brief Get a change set: what it changed, when, and what became of it.
 * @param history The snapshot, or NULL.
 * @param at      Which, the newest first: 0 to vio_history_count() - 1.
 * @return The plan, which lives as long as the snapshot: vio_plan_ref() it to keep it; NULL beyond
 *         the last, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_plan *vio_history_plan(const struct vio_history *history, size_t at);

/**
 * @brief Forget old change sets; those that are open or blocked stay.
 * @param store   The store.
 * @param before  Those older than this, ns of CLOCK_REALTIME; 0 for all.
 * @param keep    How many of the newest stay in any case.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, VIO_EPERM (opened for reading only), VIO_EDISK
 *         (disk full), VIO_EIO, VIO_EGONE (the file was removed or replaced), VIO_EBUSY (locked by
 *         another program for more than 5 s), VIO_ECLOSED, VIO_ETIMEDOUT or VIO_ECANCELED.
 *
 * What is forgotten cannot be undone, and its tokens may be used again. Callable from any thread
 * and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_history_prune(struct vio_store *store, uint64_t before, size_t keep,
                                 vio_req_cb cb, void *user, struct vio_req **ret_req);

/**
 * @brief Undo a change set that was applied: its inverse, worked out from what it changed, is
 *        applied as a change set of its own. vio_req_get_plan() has it then.
 * @param store   The store.
 * @param number  vio_plan_number() of the change set.
 * @param dry_run true: as vio_changeset_plan(), nothing is done.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, VIO_ENOENT (no such change set), VIO_ESTATE (it
 *         was not done, or has destroyed data, or one of its objects was changed since), or as that
 *         of vio_changeset_apply().
 *
 * Its chassis have to be open with this store. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_history_undo(struct vio_store *store, uint64_t number, bool dry_run,
                                vio_req_cb cb, void *user, struct vio_req **ret_req);

#ifdef __cplusplus
}
#endif

#endif
