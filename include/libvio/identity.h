/* SPDX-License-Identifier: MIT */
/**
 * @file identity.h
 * @brief Identities: the MACs, WWNs and UUIDs of a store, and what became of each.
 *
 * An identity is free, then reserved, then assigned, then quarantined, then free again. What is not
 * to be drawn is excluded or external.
 */
#ifndef LIBVIO_IDENTITY_H
#define LIBVIO_IDENTITY_H

#include <stddef.h>
#include <stdint.h>

#include <libvio/address.h>
#include <libvio/export.h>
#include <libvio/req.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_identity_page;
struct vio_identity;
struct vio_store;

/** What may be done with an identity. */
enum vio_identity_state {
    VIO_IDENTITY_UNKNOWN = 0,
    VIO_IDENTITY_FREE = 1,        /**< may be drawn or given */
    VIO_IDENTITY_RESERVED = 2,    /**< kept by hand, or by a change that is under way */
    VIO_IDENTITY_ASSIGNED = 3,    /**< a vAdapter has it, and its chassis has confirmed that */
    VIO_IDENTITY_QUARANTINED = 4, /**< released a while ago: its previous owner alone may have it */
    VIO_IDENTITY_EXCLUDED = 5,    /**< its pool does not give it */
    VIO_IDENTITY_EXTERNAL = 6     /**< something outside the store uses it */
};

/**
 * @brief Tell what became of an identity; vio_req_get_identity() has it then.
 * @param store   The store.
 * @param address A MAC-48, WWN or UUID; copied.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, also for one that nothing is known of, which is
 *         free; VIO_EADDR for one that none may have; VIO_EDISK (disk full), VIO_EIO, VIO_EGONE
 *         (the file was removed or replaced), VIO_EBUSY (locked by another program for more than 5
 *         s), VIO_ECLOSED, VIO_ETIMEDOUT or VIO_ECANCELED.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_identity_find(struct vio_store *store, const struct vio_address *address,
                                 vio_req_cb cb, void *user, struct vio_req **ret_req);

/**
 * @brief List identities of a pool that are not free, in ascending order;
 *        vio_req_get_identity_page() has them then.
 * @param store   The store.
 * @param pool    Its name, or the text of its UUID; zero-terminated, copied.
 * @param state   Those in this state; VIO_IDENTITY_UNKNOWN for all but the free ones.
 * @param after   Those above this one, which need not be in the pool, to go on after a page; NULL
 *                to begin. Copied.
 * @param limit   How many at most, 1 to 100,000.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. VIO_EINVAL also for VIO_IDENTITY_FREE and for another limit. The request
 *         ends with 0, VIO_ENOENT (no such pool), VIO_EADDR (*after* is of another kind), VIO_EDISK
 *         (disk full), VIO_EIO, VIO_EGONE (the file was removed or replaced), VIO_EBUSY (locked by
 *         another program for more than 5 s), VIO_ECLOSED, VIO_ETIMEDOUT or VIO_ECANCELED.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_identity_list(struct vio_store *store, const char *pool,
                                 enum vio_identity_state state, const struct vio_address *after,
                                 size_t limit, vio_req_cb cb, void *user, struct vio_req **ret_req);

/**
 * @brief Keep an identity for a use of the caller's own; vio_req_get_identity() has it then.
 * @param store   The store.
 * @param pool    Name or text of the UUID of the pool from which one is drawn; NULL where *address*
 *                is given. Zero-terminated, copied.
 * @param address The identity, in any pool or in none; NULL where one is drawn. Copied.
 * @param owner   Who wants it: 1 to 63 bytes of UTF-8 without control characters, zero-terminated;
 *                copied.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. VIO_EINVAL also where not exactly one of *pool* and *address* is given. The
 *         request ends with 0, VIO_ENAME (the owner), VIO_ENOENT (no such pool), VIO_EFULL (nothing
 *         is free), VIO_EADDR (none may have it), VIO_EDUPLICATE (a vAdapter has it, or something
 *         outside the store), VIO_ESTATE (reserved, quarantined or excluded; the message names its
 *         holder), VIO_EPERM, VIO_EDISK (disk full), VIO_EIO, VIO_EGONE (the file was removed or
 *         replaced), VIO_EBUSY (locked by another program for more than 5 s), VIO_ECLOSED,
 *         VIO_ETIMEDOUT or VIO_ECANCELED.
 *
 * A vAdapter may be created with a reserved identity where its owner is given as the vAdapter's
 * name; else it is released first. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_identity_reserve(struct vio_store *store, const char *pool,
                                    const struct vio_address *address, const char *owner,
                                    vio_req_cb cb, void *user, struct vio_req **ret_req);

/**
 * @brief Release an identity that is reserved, or end its quarantine.
 * @param store   The store.
 * @param address The identity; copied.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, VIO_ENOENT (it is not kept), VIO_ESTATE (a
 *         vAdapter has it, or its pool excludes it), VIO_EPERM, VIO_EDISK (disk full), VIO_EIO,
 *         VIO_EGONE (the file was removed or replaced), VIO_EBUSY (locked by another program for
 *         more than 5 s), VIO_ECLOSED, VIO_ETIMEDOUT or VIO_ECANCELED.
 *
 * It is free at once: nothing has used a reserved identity, and a quarantine is ended on purpose.
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_identity_release(struct vio_store *store, const struct vio_address *address,
                                    vio_req_cb cb, void *user, struct vio_req **ret_req);

/**
 * @brief Get the identity that a request of vio_identity_find() or vio_identity_reserve() is about.
 * @param req The request, or NULL.
 * @return The identity, which lives as long as the request: vio_identity_ref() it to keep it; NULL
 *         for another kind of request, one that failed or has not completed, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_identity *vio_req_get_identity(const struct vio_req *req);

/**
 * @brief Get the page that a request of vio_identity_list() made.
 * @param req The request, or NULL.
 * @return The page, which lives as long as the request: vio_identity_page_ref() it to keep it; NULL
 *         for another kind of request, one that failed or has not completed, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_identity_page *vio_req_get_identity_page(const struct vio_req *req);

/**
 * @brief Take another reference.
 * @param page The page, or NULL.
 * @return *page*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_identity_page *vio_identity_page_ref(struct vio_identity_page *page);

/**
 * @brief Give up a reference.
 * @param page The page, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_identity_page_unref(struct vio_identity_page *page);

/**
 * @brief Tell how many identities are on a page.
 * @param page The page, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_identity_page_count(const struct vio_identity_page *page);

/**
 * @brief Get an identity of a page.
 * @param page The page, or NULL.
 * @param at   Which: 0 to vio_identity_page_count() - 1.
 * @return The identity, which lives as long as the page: vio_identity_ref() it to keep it; NULL
 *         beyond the last, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_identity *vio_identity_page_at(const struct vio_identity_page *page,
                                                     size_t at);

/**
 * @brief Take another reference.
 * @param identity The identity, or NULL.
 * @return *identity*.
 *
 * It keeps the whole page that it is part of. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_identity *vio_identity_ref(struct vio_identity *identity);

/**
 * @brief Give up a reference.
 * @param identity The identity, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_identity_unref(struct vio_identity *identity);

/**
 * @brief Get the address of an identity.
 * @param identity    The identity.
 * @param ret_address Where the address goes.
 * @return 0; VIO_EINVAL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_identity_address(const struct vio_identity *identity,
                                    struct vio_address *ret_address);

/**
 * @brief Tell what may be done with an identity.
 * @param identity The identity, or NULL.
 * @return The state; VIO_IDENTITY_UNKNOWN for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_identity_state vio_identity_state(const struct vio_identity *identity);

/**
 * @brief Get the name of the pool in whose ranges an identity is.
 * @param identity The identity, or NULL.
 * @return UTF-8 text that lives as long as the identity, "" where it is in none; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_identity_pool(const struct vio_identity *identity);

/**
 * @brief Tell whose an identity is: the name of a vAdapter, or who reserved it.
 * @param identity The identity, or NULL.
 * @return UTF-8 text that lives as long as the identity, "" where it is nobody's; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_identity_owner(const struct vio_identity *identity);

/**
 * @brief Get the UUID of the vAdapter that has an identity.
 * @param identity The identity.
 * @param ret_uuid Where the UUID goes, an address of kind VIO_ADDRESS_UUID.
 * @return 0; VIO_ENOENT where no vAdapter has it; VIO_EINVAL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_identity_owner_uuid(const struct vio_identity *identity,
                                       struct vio_address *ret_uuid);

/**
 * @brief Tell whose an identity was before its quarantine.
 * @param identity The identity, or NULL.
 * @return UTF-8 text that lives as long as the identity, "" where it is not in quarantine; NULL for
 *         NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_identity_previous_owner(const struct vio_identity *identity);

/**
 * @brief Tell when the quarantine of an identity ends.
 * @param identity The identity, or NULL.
 * @return ns of CLOCK_REALTIME, or of the virtual clock; 0 where it is not in quarantine, and for
 *         NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_identity_until(const struct vio_identity *identity);

/**
 * @brief Get the name of a state.
 * @param state One of enum vio_identity_state.
 * @return "free", "reserved", "assigned" and so on, "unknown" otherwise: static text, never NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_identity_state_name(enum vio_identity_state state);

#ifdef __cplusplus
}
#endif

#endif
