/* SPDX-License-Identifier: MIT */
/**
 * @file store.h
 * @brief A store: where the desired state lives. It keeps vAdapters, identity pools, reservations,
 * the chassis it has met, and the history of changes.
 *
 * A `struct vio_store` is open; chassis that are opened with it (chassis.h) have their vAdapters
 * there. What it keeps at one moment is a `struct vio_catalog`, an immutable snapshot.
 *
 * What a request acknowledged is durable. All stores of a context do their reading and writing on
 * one thread of the context's own, never on the loop's.
 */
#ifndef LIBVIO_STORE_H
#define LIBVIO_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/address.h>
#include <libvio/export.h>
#include <libvio/req.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_catalog;
struct vio_ctx;
struct vio_pool;
struct vio_store;
struct vio_store_config;

/**
 * @brief Make a configuration with the defaults: for reading and writing, made where it is not
 *        there. It belongs to one thread.
 * @param ret_config Where the configuration goes; the caller frees it with vio_store_config_free().
 * @return 0; VIO_EINVAL for NULL, VIO_ENOMEM.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_store_config_new(struct vio_store_config **ret_config);

/**
 * @brief Free a configuration.
 * @param config The configuration, or NULL for no effect.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT void vio_store_config_free(struct vio_store_config *config);

/**
 * @brief Open the store for reading only.
 * @param config    The configuration.
 * @param read_only true: nothing is written, and requests that would change something end with
 *                  VIO_EPERM. Default false.
 * @return 0; VIO_EINVAL for NULL.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_store_config_set_read_only(struct vio_store_config *config, bool read_only);

/**
 * @brief Set whether a store that is not there is made.
 * @param config The configuration.
 * @param create false: opening it ends with VIO_ENOENT. Default true, but not for reading only.
 * @return 0; VIO_EINVAL for NULL.
 *
 * On the thread that the configuration belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_store_config_set_create(struct vio_store_config *config, bool create);

/**
 * @brief Open a store; vio_req_get_store() has it then.
 * @param ctx     The context, which the store keeps.
 * @param uri     "memory:" for a new one that lives as long as it is open; "memory:NAME" for one
 *                that is shared by name inside the context; "sqlite:PATH" for a file. NULL for the
 *                default store: the one that the environment variable VIO_STORE names; else the
 *                system's for root (vio/store.db under the local state directory); else
 *                vio/store.db under $XDG_STATE_HOME or ~/.local/state. Zero-terminated; copied.
 * @param config  How, or NULL for the defaults of vio_store_config_new(). Read during the call
 *                only.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, VIO_EPARSE (the URI), VIO_ENOENT (no such file or
 *         folder, or no home folder for the default store), VIO_EPERM (the file may not be read or
 *         written), VIO_EBUSY (locked by another program for more than 5 s), VIO_EVERSION (made by
 * a newer libvio), VIO_EPROTO (no file of libvio), VIO_ECORRUPT, VIO_EDISK, VIO_EIO, VIO_ENOMEM,
 *         VIO_ECLOSED, VIO_ETIMEDOUT or VIO_ECANCELED. The message names the file and what is to be
 *         done.
 *
 * Several openings of one store in a context share it, and several programs may have a file open at
 * a time. A file is made for its owner alone (mode 0600), the system's store readable by its group,
 * too (0640). Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_store_open(struct vio_ctx *ctx, const char *uri,
                              const struct vio_store_config *config, vio_req_cb cb, void *user,
                              struct vio_req **ret_req);

/**
 * @brief Get the store that a request of vio_store_open() opened.
 * @param req The request, or NULL.
 * @return The store, which lives as long as the request: vio_store_ref() it to keep it; NULL for
 *         another kind of request, one that failed or has not completed, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_store *vio_req_get_store(const struct vio_req *req);

/**
 * @brief Close a store: new calls with it are refused, outstanding ones end, both with VIO_ECLOSED.
 * @param store   The store.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. VIO_ECLOSED also when it was closed before. The request ends with 0, or
 *         VIO_EIO or VIO_EDISK if something that was not urgent could not be written; nothing
 *         acknowledged is lost by that.
 *
 * Chassis that use the store, and other openings of it, go on doing so: its file is closed with the
 * last of them. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_store_close(struct vio_store *store, vio_req_cb cb, void *user,
                               struct vio_req **ret_req);

/**
 * @brief Take another reference.
 * @param store The store, or NULL.
 * @return *store*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_store *vio_store_ref(struct vio_store *store);

/**
 * @brief Give up a reference; the last one closes a store that is still open, in the background.
 * @param store The store, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_store_unref(struct vio_store *store);

/**
 * @brief Get the URI of a store.
 * @param store The store, or NULL.
 * @return UTF-8 text that lives as long as the store, of the default store its full URI; NULL for
 *         NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_store_uri(const struct vio_store *store);

/**
 * @brief Get the UUID of a store, which it has for ever, also when it is moved to another machine.
 * @param store    The store.
 * @param ret_uuid Where the UUID goes, an address of kind VIO_ADDRESS_UUID.
 * @return 0; VIO_EINVAL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_store_uuid(const struct vio_store *store, struct vio_address *ret_uuid);

/**
 * @brief Tell whether a store was opened for reading only.
 * @param store The store, or NULL.
 * @return true if it was; false for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT bool vio_store_is_read_only(const struct vio_store *store);

/**
 * @brief Read what other programs changed, and make a snapshot of what the store keeps;
 *        vio_req_get_catalog() has it then.
 * @param store   The store.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, VIO_EDISK (disk full), VIO_EIO, VIO_EGONE (the
 *         file was removed or replaced), VIO_EBUSY (locked by another program for more than 5 s),
 *         VIO_ECLOSED, VIO_ETIMEDOUT or VIO_ECANCELED.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_store_observe(struct vio_store *store, vio_req_cb cb, void *user,
                                 struct vio_req **ret_req);

/**
 * @brief Copy a store into a new file, as of one moment, while it is in use.
 * @param store   The store.
 * @param path    Of the new file, which may not be there yet; zero-terminated, copied.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, VIO_EEXIST, VIO_ENOENT (no such folder),
 *         VIO_EPERM, VIO_ENOTSUP (a store in memory), VIO_EDISK (disk full), VIO_EIO, VIO_EGONE
 *         (the file was removed or replaced), VIO_EBUSY (locked by another program for more than 5
 *         s), VIO_ECLOSED, VIO_ETIMEDOUT or VIO_ECANCELED.
 *
 * The file is made with mode 0600, and is complete on disk when the request ends with 0; otherwise
 * it is removed. It opens as any store does, with the same UUID: two of them may not be used side
 * by side. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_store_backup(struct vio_store *store, const char *path, vio_req_cb cb,
                                void *user, struct vio_req **ret_req);

/**
 * @brief Look for damage in a store.
 * @param store   The store.
 * @param full    true: every row and index, which takes time in proportion to the file; false:
 *                quickly.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, VIO_ECORRUPT (each problem says where), VIO_EDISK
 *         (disk full), VIO_EIO, VIO_EGONE (the file was removed or replaced), VIO_EBUSY (locked by
 *         another program for more than 5 s), VIO_ECLOSED, VIO_ETIMEDOUT or VIO_ECANCELED.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_store_check(struct vio_store *store, bool full, vio_req_cb cb, void *user,
                               struct vio_req **ret_req);

/**
 * @brief Get the snapshot that a request of vio_store_observe() made.
 * @param req The request, or NULL.
 * @return The snapshot, which lives as long as the request: vio_catalog_ref() it to keep it; NULL
 *         for another kind of request, one that failed or has not completed, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_catalog *vio_req_get_catalog(const struct vio_req *req);

/**
 * @brief Take another reference.
 * @param catalog The snapshot, or NULL.
 * @return *catalog*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_catalog *vio_catalog_ref(struct vio_catalog *catalog);

/**
 * @brief Give up a reference.
 * @param catalog The snapshot, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_catalog_unref(struct vio_catalog *catalog);

/**
 * @brief Get a number that grows with each change that this context sees in the store.
 * @param catalog The snapshot, or NULL.
 * @return The number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_catalog_version(const struct vio_catalog *catalog);

/**
 * @brief Tell how many vAdapters the store keeps, on all chassis.
 * @param catalog The snapshot, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_catalog_num_vadapters(const struct vio_catalog *catalog);

/**
 * @brief Tell how many pools the store keeps.
 * @param catalog The snapshot, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_catalog_num_pools(const struct vio_catalog *catalog);

/**
 * @brief Get a pool.
 * @param catalog The snapshot, or NULL.
 * @param at      Which, in the order of their names: 0 to vio_catalog_num_pools() - 1.
 * @return The pool, which lives as long as the snapshot: vio_pool_ref() it to keep it; NULL beyond
 *         the last, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_pool *vio_catalog_pool(const struct vio_catalog *catalog, size_t at);

/**
 * @brief Find a pool.
 * @param catalog The snapshot, or NULL.
 * @param pool    Its name, or the text of its UUID; zero-terminated.
 * @return The pool, which lives as long as the snapshot: vio_pool_ref() it to keep it; NULL if
 *         there is none, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_pool *vio_catalog_find_pool(const struct vio_catalog *catalog,
                                                  const char *pool);

/**
 * @brief Tell how many chassis the store has met.
 * @param catalog The snapshot, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_catalog_num_chassis(const struct vio_catalog *catalog);

/**
 * @brief Get the UUID of a chassis that the store has met.
 * @param catalog  The snapshot.
 * @param at       Which, in the order of their names: 0 to vio_catalog_num_chassis() - 1.
 * @param ret_uuid Where the UUID goes, an address of kind VIO_ADDRESS_UUID.
 * @return 0; VIO_ENOENT beyond the last; VIO_EINVAL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_catalog_chassis_uuid(const struct vio_catalog *catalog, size_t at,
                                        struct vio_address *ret_uuid);

/**
 * @brief Get the name of a chassis that the store has met.
 * @param catalog The snapshot, or NULL.
 * @param at      Which, in the order of their names: 0 to vio_catalog_num_chassis() - 1.
 * @return UTF-8 text that lives as long as the snapshot, as it was last; NULL beyond the last; NULL
 *         for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_catalog_chassis_name(const struct vio_catalog *catalog, size_t at);

/**
 * @brief Get the URI through which a chassis was last opened.
 * @param catalog The snapshot, or NULL.
 * @param at      Which, in the order of their names: 0 to vio_catalog_num_chassis() - 1.
 * @return UTF-8 text that lives as long as the snapshot; NULL beyond the last; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_catalog_chassis_uri(const struct vio_catalog *catalog, size_t at);

/**
 * @brief Get the boot id that a chassis had when it was last opened: another one means that it lost
 *        its functions since.
 * @param catalog The snapshot, or NULL.
 * @param at      Which, in the order of their names: 0 to vio_catalog_num_chassis() - 1.
 * @return The number; 0 beyond the last and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_catalog_chassis_boot_id(const struct vio_catalog *catalog, size_t at);

/**
 * @brief Tell when a chassis was opened with the store for the first time.
 * @param catalog The snapshot, or NULL.
 * @param at      Which, in the order of their names: 0 to vio_catalog_num_chassis() - 1.
 * @return ns of CLOCK_REALTIME; 0 beyond the last and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_catalog_chassis_first(const struct vio_catalog *catalog, size_t at);

/**
 * @brief Tell when a chassis was last opened with the store.
 * @param catalog The snapshot, or NULL.
 * @param at      Which, in the order of their names: 0 to vio_catalog_num_chassis() - 1.
 * @return ns of CLOCK_REALTIME; 0 beyond the last and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_catalog_chassis_last(const struct vio_catalog *catalog, size_t at);

#ifdef __cplusplus
}
#endif

#endif
