/* SPDX-License-Identifier: MIT */
/**
 * @file pool.h
 * @brief A pool: ranges of identities of one purpose, from which vAdapters draw theirs.
 *
 * Ranges do not overlap, neither inside a pool nor across the pools of a store. The pools
 * "default-mac", "default-wwnn", "default-wwpn" and "default-uuid" are made on their first use;
 * from then on they are pools like any other.
 *
 * A `struct vio_pool` is an immutable snapshot, found in a store's catalog (store.h). A pool is
 * changed by a request, alone or in a change set (changeset.h).
 */
#ifndef LIBVIO_POOL_H
#define LIBVIO_POOL_H

#include <stddef.h>
#include <stdint.h>

#include <libvio/address.h>
#include <libvio/export.h>
#include <libvio/identity.h>
#include <libvio/req.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_pool;
struct vio_pool_spec;
struct vio_store;

/** What the identities of a pool are used for; it fixes the kind of their addresses. */
enum vio_pool_purpose {
    VIO_POOL_UNKNOWN = 0,
    VIO_POOL_MAC = 1,  /**< MAC-48 of vNICs */
    VIO_POOL_WWNN = 2, /**< node names of vHBAs (WWN) */
    VIO_POOL_WWPN = 3, /**< port names of vHBAs (WWN) */
    VIO_POOL_UUID = 4, /**< UUIDs of vDisks */
    VIO_POOL_WWN = 5   /**< node and port names of vHBAs, drawn in pairs: both or none */
};

/** Which free identity of a pool is given next. */
enum vio_pool_order {
    VIO_POOL_ORDER_UNKNOWN = 0,
    VIO_POOL_ORDER_LOWEST = 1,    /**< the lowest that is free */
    VIO_POOL_ORDER_SEQUENTIAL = 2 /**< the next free one after that given last; after the end of the
                                       ranges the lowest */
};

/**
 * @brief Make a description of a pool, or of a change to one: what is not set stays at its default,
 *        or as it is. It belongs to one thread.
 * @param ret_spec Where the description goes; the caller frees it with vio_pool_spec_free().
 * @return 0; VIO_EINVAL for NULL, VIO_ENOMEM.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_spec_new(struct vio_pool_spec **ret_spec);

/**
 * @brief Free a description.
 * @param spec The description, or NULL for no effect.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT void vio_pool_spec_free(struct vio_pool_spec *spec);

/**
 * @brief Set the name; required for creation.
 * @param spec The description.
 * @param name As a vAdapter's name, see vio_vadapter_spec_set_name(); zero-terminated, copied.
 * @return 0; VIO_EINVAL for NULL; VIO_ENAME for a name that is none.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_spec_set_name(struct vio_pool_spec *spec, const char *name);

/**
 * @brief Set what the identities are used for; for creation only, and required there.
 * @param spec    The description.
 * @param purpose One of enum vio_pool_purpose but VIO_POOL_UNKNOWN.
 * @return 0; VIO_EINVAL for a null description or an unknown purpose.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_spec_set_purpose(struct vio_pool_spec *spec, enum vio_pool_purpose purpose);

/**
 * @brief Set which free identity is given next.
 * @param spec  The description.
 * @param order VIO_POOL_ORDER_LOWEST or VIO_POOL_ORDER_SEQUENTIAL, the default.
 * @return 0; VIO_EINVAL for a null description or an unknown order.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_spec_set_order(struct vio_pool_spec *spec, enum vio_pool_order order);

/**
 * @brief Set how long a released identity is kept from others than its previous owner.
 * @param spec    The description.
 * @param seconds 0 for not at all, at most 31,536,000 (365 days); default 300.
 * @return 0; VIO_EINVAL for a null description or a longer time.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_spec_set_quarantine(struct vio_pool_spec *spec, uint32_t seconds);

/**
 * @brief Set the description.
 * @param spec        The description.
 * @param description At most 255 bytes of UTF-8 without control characters, zero-terminated,
 *                    copied; "" clears it.
 * @return 0; VIO_EINVAL for NULL; VIO_ENAME for text that is none.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_spec_set_description(struct vio_pool_spec *spec, const char *description);

/**
 * @brief Set or remove a label; a pool carries at most 32.
 * @param spec  The description.
 * @param key   1 to 63 bytes as in a name, zero-terminated; copied.
 * @param value At most 127 bytes of UTF-8 without control characters, zero-terminated, copied; NULL
 *              removes the label.
 * @return 0; VIO_EINVAL for a null description or key; VIO_ENAME for a key or value that is none;
 *         VIO_ELIMIT for one label too many; VIO_ENOMEM.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_spec_set_label(struct vio_pool_spec *spec, const char *key,
                                       const char *value);

/**
 * @brief Have a change refused if the pool was changed since it was read.
 * @param spec       The description.
 * @param generation As vio_pool_generation() told it; 0, the default, for any.
 * @return 0; VIO_EINVAL for NULL.
 *
 * The change then ends with VIO_ESTALE. On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_spec_set_generation(struct vio_pool_spec *spec, uint64_t generation);

/**
 * @brief Add a range of identities.
 * @param spec  The description.
 * @param first The lowest, an address of the kind that the pool's purpose asks; copied.
 * @param last  The highest, which may be the same; copied.
 * @return 0; VIO_EINVAL for NULL; VIO_EADDR for an address that none may have, for two of different
 *         kinds, and for *last* below *first*; VIO_ELIMIT for more than 1,024 edits of ranges in
 *         one description; VIO_ENOMEM.
 *
 * A pool has at most 256 ranges; ranges that touch become one. A range of MACs or WWNs has at most
 * 2^36 identities, the ends of a range of UUIDs share their first eight bytes. A request whose
 * range overlaps another one's, of this pool or any, ends with VIO_EEXIST. On the thread that the
 * description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_spec_add_range(struct vio_pool_spec *spec, const struct vio_address *first,
                                       const struct vio_address *last);

/**
 * @brief Take a range of identities out, which must not be in use: a part of a range, a whole one,
 *        or several.
 * @param spec  The description.
 * @param first The lowest, an address of the kind that the pool's purpose asks; copied.
 * @param last  The highest, which may be the same; copied.
 * @return 0; VIO_EINVAL for NULL; VIO_EADDR for an address that none may have, for two of different
 *         kinds, and for *last* below *first*; VIO_ELIMIT for more than 1,024 edits of ranges in
 *         one description; VIO_ENOMEM.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_spec_remove_range(struct vio_pool_spec *spec,
                                          const struct vio_address *first,
                                          const struct vio_address *last);

/**
 * @brief Have a range of identities, of those of the pool, never be drawn.
 * @param spec  The description.
 * @param first The lowest, an address of the kind that the pool's purpose asks; copied.
 * @param last  The highest, which may be the same; copied.
 * @return 0; VIO_EINVAL for NULL; VIO_EADDR for an address that none may have, for two of different
 *         kinds, and for *last* below *first*; VIO_ELIMIT for more than 1,024 edits of ranges in
 *         one description; VIO_ENOMEM.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_spec_add_exclusion(struct vio_pool_spec *spec,
                                           const struct vio_address *first,
                                           const struct vio_address *last);

/**
 * @brief Have a range of excluded identities be drawn again, or a part of it.
 * @param spec  The description.
 * @param first The lowest, an address of the kind that the pool's purpose asks; copied.
 * @param last  The highest, which may be the same; copied.
 * @return 0; VIO_EINVAL for NULL; VIO_EADDR for an address that none may have, for two of different
 *         kinds, and for *last* below *first*; VIO_ELIMIT for more than 1,024 edits of ranges in
 *         one description; VIO_ENOMEM.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_spec_remove_exclusion(struct vio_pool_spec *spec,
                                              const struct vio_address *first,
                                              const struct vio_address *last);

/**
 * @brief Tell that something outside the store uses a range of identities: they are not drawn.
 * @param spec  The description.
 * @param first The lowest, an address of the kind that the pool's purpose asks; copied.
 * @param last  The highest, which may be the same; copied.
 * @return 0; VIO_EINVAL for NULL; VIO_EADDR for an address that none may have, for two of different
 *         kinds, and for *last* below *first*; VIO_ELIMIT for more than 1,024 edits of ranges in
 *         one description; VIO_ENOMEM.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_spec_add_external(struct vio_pool_spec *spec,
                                          const struct vio_address *first,
                                          const struct vio_address *last);

/**
 * @brief Tell that nothing outside the store uses a range of identities any more, or a part of it.
 * @param spec  The description.
 * @param first The lowest, an address of the kind that the pool's purpose asks; copied.
 * @param last  The highest, which may be the same; copied.
 * @return 0; VIO_EINVAL for NULL; VIO_EADDR for an address that none may have, for two of different
 *         kinds, and for *last* below *first*; VIO_ELIMIT for more than 1,024 edits of ranges in
 *         one description; VIO_ENOMEM.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_spec_remove_external(struct vio_pool_spec *spec,
                                             const struct vio_address *first,
                                             const struct vio_address *last);

/**
 * @brief Create a pool.
 * @param store   The store.
 * @param spec    The description; read during the call only.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, VIO_EINVAL (a required field is missing or two
 *         contradict), VIO_EADDR (addresses of another kind than the purpose asks), VIO_EEXIST (its
 *         name, or a range that overlaps another one), VIO_ELIMIT, VIO_ESTALE (another generation;
 *         the text has both), VIO_EBLOCKED, VIO_EPERM (the store was opened for reading only),
 *         VIO_EDISK (disk full), VIO_EIO, VIO_EGONE (the file was removed or replaced), VIO_EBUSY
 *         (locked by another program for more than 5 s), VIO_ECLOSED, VIO_ETIMEDOUT or
 *         VIO_ECANCELED. vio_req_problem_code() has every problem, vio_req_get_plan() the plan.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_create(struct vio_store *store, const struct vio_pool_spec *spec,
                               vio_req_cb cb, void *user, struct vio_req **ret_req);

/**
 * @brief Change what the description sets: all of it or nothing.
 * @param store   The store.
 * @param pool    Its name, or the text of its UUID; zero-terminated, copied.
 * @param spec    The changes; read during the call only.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends as that of vio_pool_create(), or with VIO_ENOENT, or
 *         VIO_EBUSY if an identity that would be taken out is in use.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_set(struct vio_store *store, const char *pool,
                            const struct vio_pool_spec *spec, vio_req_cb cb, void *user,
                            struct vio_req **ret_req);

/**
 * @brief Remove a pool of which no identity is in use.
 * @param store   The store.
 * @param pool    Its name, or the text of its UUID; zero-terminated, copied.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, VIO_ENOENT, VIO_EBUSY (an identity is reserved,
 *         assigned or in quarantine), VIO_ESTALE (another generation; the text has both),
 *         VIO_EBLOCKED, VIO_EPERM (the store was opened for reading only), VIO_EDISK (disk full),
 *         VIO_EIO, VIO_EGONE (the file was removed or replaced), VIO_EBUSY (locked by another
 *         program for more than 5 s), VIO_ECLOSED, VIO_ETIMEDOUT or VIO_ECANCELED.
 *         vio_req_problem_code() has every problem, vio_req_get_plan() the plan.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_remove(struct vio_store *store, const char *pool, vio_req_cb cb, void *user,
                               struct vio_req **ret_req);

/**
 * @brief Get the pool as it is after a request of vio_pool_create() or vio_pool_set().
 * @param req The request, or NULL.
 * @return The pool, which lives as long as the request: vio_pool_ref() it to keep it; NULL for
 *         another kind of request, one that failed or has not completed, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_pool *vio_req_get_pool(const struct vio_req *req);

/**
 * @brief Take another reference.
 * @param pool The pool, or NULL.
 * @return *pool*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_pool *vio_pool_ref(struct vio_pool *pool);

/**
 * @brief Give up a reference.
 * @param pool The pool, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_pool_unref(struct vio_pool *pool);

/**
 * @brief Get the name of a pool.
 * @param pool The pool, or NULL.
 * @return UTF-8 text that lives as long as the pool; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_pool_name(const struct vio_pool *pool);

/**
 * @brief Get the UUID of a pool, which never changes.
 * @param pool     The pool.
 * @param ret_uuid Where the UUID goes, an address of kind VIO_ADDRESS_UUID.
 * @return 0; VIO_EINVAL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_uuid(const struct vio_pool *pool, struct vio_address *ret_uuid);

/**
 * @brief Tell what the identities of a pool are used for.
 * @param pool The pool, or NULL.
 * @return The purpose; VIO_POOL_UNKNOWN for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_pool_purpose vio_pool_purpose(const struct vio_pool *pool);

/**
 * @brief Tell which free identity of a pool is given next.
 * @param pool The pool, or NULL.
 * @return The order; VIO_POOL_ORDER_UNKNOWN for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_pool_order vio_pool_order(const struct vio_pool *pool);

/**
 * @brief Tell how long a released identity is kept from others than its previous owner.
 * @param pool The pool, or NULL.
 * @return Seconds; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_pool_quarantine(const struct vio_pool *pool);

/**
 * @brief Tell how many identities the ranges of a pool hold, in every state; of one of pairs, both
 *        of each.
 * @param pool The pool, or NULL.
 * @return Their number, UINT64_MAX where it is higher; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_pool_size(const struct vio_pool *pool);

/**
 * @brief Tell how many identities of a pool are in a state.
 * @param pool  The pool, or NULL.
 * @param state One of enum vio_identity_state (identity.h).
 * @return Their number at the time of the snapshot, UINT64_MAX where it is higher; 0 for an unknown
 *         state and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_pool_count(const struct vio_pool *pool, enum vio_identity_state state);

/**
 * @brief Tell how many ranges a pool has.
 * @param pool The pool, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_pool_num_ranges(const struct vio_pool *pool);

/**
 * @brief Get a range of a pool.
 * @param pool      The pool.
 * @param at        Which, in ascending order: 0 to vio_pool_num_ranges() - 1.
 * @param ret_first Where its lowest identity goes.
 * @param ret_last  Where its highest identity goes.
 * @return 0; VIO_ENOENT beyond the last; VIO_EINVAL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_range(const struct vio_pool *pool, size_t at, struct vio_address *ret_first,
                              struct vio_address *ret_last);

/**
 * @brief Tell how many excluded ranges a pool has.
 * @param pool The pool, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_pool_num_exclusions(const struct vio_pool *pool);

/**
 * @brief Get an excluded range of a pool.
 * @param pool      The pool.
 * @param at        Which, in ascending order: 0 to vio_pool_num_exclusions() - 1.
 * @param ret_first Where its lowest identity goes.
 * @param ret_last  Where its highest identity goes.
 * @return 0; VIO_ENOENT beyond the last; VIO_EINVAL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_exclusion(const struct vio_pool *pool, size_t at,
                                  struct vio_address *ret_first, struct vio_address *ret_last);

/**
 * @brief Tell how many range used outside the stores a pool has.
 * @param pool The pool, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_pool_num_externals(const struct vio_pool *pool);

/**
 * @brief Get a range used outside the store of a pool.
 * @param pool      The pool.
 * @param at        Which, in ascending order: 0 to vio_pool_num_externals() - 1.
 * @param ret_first Where its lowest identity goes.
 * @param ret_last  Where its highest identity goes.
 * @return 0; VIO_ENOENT beyond the last; VIO_EINVAL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_pool_external(const struct vio_pool *pool, size_t at,
                                 struct vio_address *ret_first, struct vio_address *ret_last);

/**
 * @brief Get the description of a pool.
 * @param pool The pool, or NULL.
 * @return UTF-8 text that lives as long as the pool, "" where there is none; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_pool_description(const struct vio_pool *pool);

/**
 * @brief Tell how many labels a pool carries.
 * @param pool The pool, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_pool_num_labels(const struct vio_pool *pool);

/**
 * @brief Get the key of a label.
 * @param pool The pool, or NULL.
 * @param at   Which, in ascending order of the keys: 0 to vio_pool_num_labels() - 1.
 * @return UTF-8 text that lives as long as the pool, NULL beyond the last; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_pool_label_key(const struct vio_pool *pool, size_t at);

/**
 * @brief Get the value of a label.
 * @param pool The pool, or NULL.
 * @param at   Which, in ascending order of the keys: 0 to vio_pool_num_labels() - 1.
 * @return UTF-8 text that lives as long as the pool, NULL beyond the last; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_pool_label_value(const struct vio_pool *pool, size_t at);

/**
 * @brief Get the value of the label with this key.
 * @param pool The pool, or NULL.
 * @param key  The key, zero-terminated.
 * @return UTF-8 text that lives as long as the pool, NULL where it carries none; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_pool_label(const struct vio_pool *pool, const char *key);

/**
 * @brief Get a number that grows with each change of a pool.
 * @param pool The pool, or NULL.
 * @return The generation; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_pool_generation(const struct vio_pool *pool);

/**
 * @brief Get the name of a purpose.
 * @param purpose One of enum vio_pool_purpose.
 * @return "mac", "wwnn", "wwpn", "uuid" or "wwn", "unknown" otherwise: static text, never NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_pool_purpose_name(enum vio_pool_purpose purpose);

/**
 * @brief Get the name of an order.
 * @param order One of enum vio_pool_order.
 * @return "lowest" or "sequential", "unknown" otherwise: static text, never NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_pool_order_name(enum vio_pool_order order);

#ifdef __cplusplus
}
#endif

#endif
