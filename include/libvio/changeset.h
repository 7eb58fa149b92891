/* SPDX-License-Identifier: MIT */
/**
 * @file changeset.h
 * @brief Change sets: edits that are planned, shown and applied together, all or none.
 *
 * A change set belongs to one store and may touch several chassis that were opened with it. Each
 * edit of a vAdapter sees what the ones before it leave: one may be created and plugged in by two
 * edits. Identities are drawn from the pools as they were before the change set.
 * The calls that change one object (vio_vadapter_create(), vio_pool_set() and so on) are change
 * sets of one edit.
 *
 * Objects are named by their name or by the text of their UUID. What is wrong with a name is told
 * by the plan, together with everything else that is wrong.
 */
#ifndef LIBVIO_CHANGESET_H
#define LIBVIO_CHANGESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/address.h>
#include <libvio/export.h>
#include <libvio/req.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_changeset;
struct vio_chassis;
struct vio_pool_spec;
struct vio_store;
struct vio_vadapter_spec;

/**
 * @brief Make an empty change set. It belongs to one thread.
 * @param store         The store, which the change set keeps; vio_chassis_store() tells that of a
 *                      chassis.
 * @param ret_changeset Where the change set goes; the caller frees it with vio_changeset_free().
 * @return 0; VIO_EINVAL for NULL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_new(struct vio_store *store, struct vio_changeset **ret_changeset);

/**
 * @brief Free a change set; requests that were made of it go on.
 * @param changeset The change set, or NULL for no effect.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT void vio_changeset_free(struct vio_changeset *changeset);

/**
 * @brief Set the caller's token: applying one that was applied before does nothing, and ends as it
 *        did then.
 * @param changeset The change set.
 * @param token     An address of kind VIO_ADDRESS_UUID, copied; NULL for none.
 * @return 0; VIO_EINVAL for a null change set; VIO_EADDR for another kind of address.
 *
 * A caller that crashed learns so what became of its call, also by vio_history_filter_set_token().
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_set_token(struct vio_changeset *changeset,
                                       const struct vio_address *token);

/**
 * @brief Set who applies it, for the history.
 * @param changeset The change set.
 * @param author    At most 63 bytes of UTF-8 without control characters, zero-terminated, copied.
 *                  Default "PROGRAM pid N on HOST".
 * @return 0; VIO_EINVAL for NULL; VIO_ENAME for text that is none.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_set_author(struct vio_changeset *changeset, const char *author);

/**
 * @brief Set what is written beside it in the history.
 * @param changeset The change set.
 * @param comment   At most 255 bytes of UTF-8 without control characters, zero-terminated; copied.
 * @return 0; VIO_EINVAL for NULL; VIO_ENAME for text that is none.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_set_comment(struct vio_changeset *changeset, const char *comment);

/**
 * @brief Tell how many edits a change set has.
 * @param changeset The change set, or NULL.
 * @return Their number; 0 for NULL.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_changeset_count(const struct vio_changeset *changeset);

/**
 * @brief Take all edits out, and the token; author and comment stay.
 * @param changeset The change set, or NULL for no effect.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT void vio_changeset_clear(struct vio_changeset *changeset);

/**
 * @brief Create a vAdapter, as vio_vadapter_create() does.
 * @param changeset The change set.
 * @param chassis   The chassis, opened with the same store; kept until the change set is freed or
 *                  cleared.
 * @param spec      The description; copied.
 * @return 0; VIO_EINVAL for NULL, and for a chassis of another store; VIO_ELIMIT beyond 1,024
 *         edits; VIO_ENOMEM.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_create_vadapter(struct vio_changeset *changeset,
                                             struct vio_chassis *chassis,
                                             const struct vio_vadapter_spec *spec);

/**
 * @brief Change a vAdapter, as vio_vadapter_set() does.
 * @param changeset The change set.
 * @param chassis   The chassis, opened with the same store; kept until the change set is freed or
 *                  cleared.
 * @param vadapter  Its name, or the text of its UUID; zero-terminated, copied.
 * @param spec      The changes; copied.
 * @return 0; VIO_EINVAL for NULL, and for a chassis of another store; VIO_ELIMIT beyond 1,024
 *         edits; VIO_ENOMEM.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_set_vadapter(struct vio_changeset *changeset,
                                          struct vio_chassis *chassis, const char *vadapter,
                                          const struct vio_vadapter_spec *spec);

/**
 * @brief Plug a vAdapter into a server, as vio_vadapter_attach() does.
 * @param changeset The change set.
 * @param chassis   The chassis, opened with the same store; kept until the change set is freed or
 *                  cleared.
 * @param vadapter  Its name, or the text of its UUID; zero-terminated, copied.
 * @param server    The name of the server, zero-terminated; copied.
 * @return 0; VIO_EINVAL for NULL, and for a chassis of another store; VIO_ELIMIT beyond 1,024
 *         edits; VIO_ENOMEM.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_attach(struct vio_changeset *changeset, struct vio_chassis *chassis,
                                    const char *vadapter, const char *server);

/**
 * @brief Take a vAdapter out of its server, as vio_vadapter_detach() does.
 * @param changeset The change set.
 * @param chassis   The chassis, opened with the same store; kept until the change set is freed or
 *                  cleared.
 * @param vadapter  Its name, or the text of its UUID; zero-terminated, copied.
 * @param force     true: without waiting for the server's consent.
 * @return 0; VIO_EINVAL for NULL, and for a chassis of another store; VIO_ELIMIT beyond 1,024
 *         edits; VIO_ENOMEM.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_detach(struct vio_changeset *changeset, struct vio_chassis *chassis,
                                    const char *vadapter, bool force);

/**
 * @brief Let traffic of a vAdapter through, as vio_vadapter_enable() does.
 * @param changeset The change set.
 * @param chassis   The chassis, opened with the same store; kept until the change set is freed or
 *                  cleared.
 * @param vadapter  Its name, or the text of its UUID; zero-terminated, copied.
 * @return 0; VIO_EINVAL for NULL, and for a chassis of another store; VIO_ELIMIT beyond 1,024
 *         edits; VIO_ENOMEM.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_enable(struct vio_changeset *changeset, struct vio_chassis *chassis,
                                    const char *vadapter);

/**
 * @brief Stop the traffic of a vAdapter, as vio_vadapter_disable() does.
 * @param changeset The change set.
 * @param chassis   The chassis, opened with the same store; kept until the change set is freed or
 *                  cleared.
 * @param vadapter  Its name, or the text of its UUID; zero-terminated, copied.
 * @return 0; VIO_EINVAL for NULL, and for a chassis of another store; VIO_ELIMIT beyond 1,024
 *         edits; VIO_ENOMEM.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_disable(struct vio_changeset *changeset, struct vio_chassis *chassis,
                                     const char *vadapter);

/**
 * @brief Remove a vAdapter, as vio_vadapter_remove() does.
 * @param changeset The change set.
 * @param chassis   The chassis, opened with the same store; kept until the change set is freed or
 *                  cleared.
 * @param vadapter  Its name, or the text of its UUID; zero-terminated, copied.
 * @return 0; VIO_EINVAL for NULL, and for a chassis of another store; VIO_ELIMIT beyond 1,024
 *         edits; VIO_ENOMEM.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_remove_vadapter(struct vio_changeset *changeset,
                                             struct vio_chassis *chassis, const char *vadapter);

/**
 * @brief Destroy a retired vDisk and its data, as vio_vadapter_purge() does.
 * @param changeset The change set.
 * @param chassis   The chassis, opened with the same store; kept until the change set is freed or
 *                  cleared.
 * @param vadapter  Its name, or the text of its UUID; zero-terminated, copied.
 * @return 0; VIO_EINVAL for NULL, and for a chassis of another store; VIO_ELIMIT beyond 1,024
 *         edits; VIO_ENOMEM.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_purge_vadapter(struct vio_changeset *changeset,
                                            struct vio_chassis *chassis, const char *vadapter);

/**
 * @brief Take a foreign function into the store as a vAdapter of its label and cookie; nothing is
 *        done on the chassis.
 * @param changeset The change set.
 * @param chassis   The chassis, opened with the same store; kept until the change set is freed or
 *                  cleared.
 * @param function  Its number, vio_function_index().
 * @return 0; VIO_EINVAL for NULL, and for a chassis of another store; VIO_ELIMIT beyond 1,024
 *         edits; VIO_ENOMEM.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_adopt_function(struct vio_changeset *changeset,
                                            struct vio_chassis *chassis, uint32_t function);

/**
 * @brief Create a pool, as vio_pool_create() does.
 * @param changeset The change set.
 * @param spec      The description; copied.
 * @return 0; VIO_EINVAL for NULL; VIO_ELIMIT beyond 1,024 edits; VIO_ENOMEM.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_create_pool(struct vio_changeset *changeset,
                                         const struct vio_pool_spec *spec);

/**
 * @brief Change a pool, as vio_pool_set() does.
 * @param changeset The change set.
 * @param pool      Its name, or the text of its UUID; zero-terminated, copied.
 * @param spec      The changes; copied.
 * @return 0; VIO_EINVAL for NULL; VIO_ELIMIT beyond 1,024 edits; VIO_ENOMEM.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_set_pool(struct vio_changeset *changeset, const char *pool,
                                      const struct vio_pool_spec *spec);

/**
 * @brief Remove a pool, as vio_pool_remove() does.
 * @param changeset The change set.
 * @param pool      Its name, or the text of its UUID; zero-terminated, copied.
 * @return 0; VIO_EINVAL for NULL; VIO_ELIMIT beyond 1,024 edits; VIO_ENOMEM.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_remove_pool(struct vio_changeset *changeset, const char *pool);

/**
 * @brief Keep an identity for a use of the caller's own, as vio_identity_reserve() does; the plan's
 *        edit tells which was drawn.
 * @param changeset The change set.
 * @param pool      Name or text of the UUID of the pool from which one is drawn; NULL where
 *                  *address* is given. Zero-terminated, copied.
 * @param address   The identity; NULL where one is drawn. Copied.
 * @param owner     Who wants it: 1 to 63 bytes of UTF-8 without control characters,
 *                  zero-terminated; copied.
 * @return 0; VIO_EINVAL for NULL, and where not exactly one of *pool* and *address* is given;
 *         VIO_ELIMIT beyond 1,024 edits; VIO_ENOMEM.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_reserve(struct vio_changeset *changeset, const char *pool,
                                     const struct vio_address *address, const char *owner);

/**
 * @brief Release an identity, as vio_identity_release() does.
 * @param changeset The change set.
 * @param address   The identity; copied.
 * @return 0; VIO_EINVAL for NULL; VIO_ELIMIT beyond 1,024 edits; VIO_ENOMEM.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_release(struct vio_changeset *changeset,
                                     const struct vio_address *address);

/**
 * @brief Have the change set refused if the object of the edit that was added last has been changed
 *        since it was read.
 * @param changeset  The change set.
 * @param generation As vio_vadapter_generation() or vio_pool_generation() told it; 0 for any.
 * @return 0; VIO_EINVAL for NULL; VIO_ESTATE without an edit.
 *
 * It ends with VIO_ESTALE then; the problem's text has both generations. On the thread that the
 * change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_expect(struct vio_changeset *changeset, uint64_t generation);

/**
 * @brief Tell what applying a change set would do, and with which problems, without doing anything;
 *        vio_req_get_plan() has it then.
 * @param changeset The change set; copied.
 * @param cb        Called once, on the loop's thread, if this returns 0; NULL for none,
 *                  vio_ctx_queue for the completion queue.
 * @param user      Passed to *cb*.
 * @param ret_req   Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. VIO_EINVAL also for a change set without edits. The request ends as
 * vio_changeset_apply()'s would if nothing failed on the way: with 0, or the code of the first
 * problem.
 *
 * An identity or a name that the plan draws is not kept: applying the change set may draw another
 * one. On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_plan(struct vio_changeset *changeset, vio_req_cb cb, void *user,
                                  struct vio_req **ret_req);

/**
 * @brief Check, plan, store and do what a change set asks: all of it or nothing. vio_req_get_plan()
 *        has what was done then, vio_req_set_progress_cb() how far it is.
 * @param changeset The change set, which is copied and may be used again.
 * @param cb        Called once, on the loop's thread, if this returns 0; NULL for none,
 *                  vio_ctx_queue for the completion queue.
 * @param user      Passed to *cb*.
 * @param ret_req   Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. VIO_EINVAL also for a change set without edits. The request ends with 0;
 * with the code of the first problem, of which the plan and vio_req_problem_code() have every one;
 * as that of vio_vadapter_create(), after everything was undone; with VIO_EINDOUBT or VIO_EBLOCKED
 * where something could not be undone, the plan says what.
 *
 * On the thread that the change set belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_changeset_apply(struct vio_changeset *changeset, vio_req_cb cb, void *user,
                                   struct vio_req **ret_req);

#ifdef __cplusplus
}
#endif

#endif
