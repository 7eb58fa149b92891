/* SPDX-License-Identifier: MIT */
/**
 * @file vadapter.h
 * @brief A vAdapter: the durable object that a user names, a vNIC, vHBA or vDisk. It has an
 * identity and a place, and exists with or without a function in hardware.
 *
 * Calls that change a vAdapter name it by its name or by the text of its UUID, run in order for one
 * vAdapter and side by side for several, and either happen or leave everything as it was. Their
 * callbacks run on the loop's thread; the vAdapter as it is afterwards is read with
 * vio_req_get_vadapter().
 *
 * A change that is canceled, or whose time is over, while the chassis is at work on it waits for
 * that one command, at most the chassis' command time-out, and is then undone. One whose outcome
 * nobody can tell ends with VIO_EINDOUBT: its vAdapter keeps its name and identity and refuses
 * changes with VIO_EBLOCKED until vio_chassis_observe() finds out what is there, and undoes it.
 *
 * Description and labels are kept by the store alone: no chassis knows of them.
 */
#ifndef LIBVIO_VADAPTER_H
#define LIBVIO_VADAPTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libvio/address.h>
#include <libvio/export.h>
#include <libvio/req.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_chassis;
struct vio_vadapter;
struct vio_vadapter_spec;

/** What a vAdapter is to its server. */
enum vio_vadapter_kind {
    VIO_VADAPTER_UNKNOWN = 0,
    VIO_VADAPTER_VNIC = 1,
    VIO_VADAPTER_VHBA = 2,
    VIO_VADAPTER_VDISK = 3,
};

/** Operational state of a vAdapter. */
enum vio_vadapter_state {
    VIO_VADAPTER_STATE_UNKNOWN = 0,
    VIO_VADAPTER_STATE_DETACHED = 1,  /**< in no server */
    VIO_VADAPTER_STATE_ATTACHING = 2, /**< being plugged in */
    VIO_VADAPTER_STATE_ATTACHED = 3,  /**< in its server */
    VIO_VADAPTER_STATE_DETACHING = 4, /**< being taken out */
    VIO_VADAPTER_STATE_FAULT = 5,     /**< its adapter is gone */
    VIO_VADAPTER_STATE_LOST = 6,      /**< the chassis has no function for it any more */
    VIO_VADAPTER_STATE_RETIRED = 7,   /**< a vDisk that was removed, with its data still there */
};

/** How a vNIC treats VLAN tags (IEEE 802.1Q). */
enum vio_vlan_mode {
    VIO_VLAN_UNKNOWN = 0,
    VIO_VLAN_NONE = 1,   /**< frames pass as they are */
    VIO_VLAN_ACCESS = 2, /**< untagged towards the server, one VLAN towards the network */
    VIO_VLAN_TRUNK = 3,  /**< tagged frames of the listed VLANs */
};

/**
 * @brief Make a description of a vAdapter, or of a change to one: what is not set stays at its
 *        default, or as it is. It belongs to one thread.
 * @param ret_spec Where the description goes; the caller frees it with vio_vadapter_spec_free().
 * @return 0; VIO_EINVAL for NULL, VIO_ENOMEM.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_new(struct vio_vadapter_spec **ret_spec);

/**
 * @brief Free a description.
 * @param spec The description, or NULL for no effect.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT void vio_vadapter_spec_free(struct vio_vadapter_spec *spec);

/**
 * @brief Set the name.
 * @param spec The description.
 * @param name 1 to 63 bytes, zero-terminated, copied: letters, digits, ".", "_", "-", ":" and
 *             non-ASCII UTF-8; begins with a letter, a digit or non-ASCII; is not the text of a
 *             UUID. NULL: one is made ("vnic0").
 * @return 0; VIO_EINVAL for a null description; VIO_ENAME for a name that is none.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_name(struct vio_vadapter_spec *spec, const char *name);

/**
 * @brief Set the kind; for creation only, and required there.
 * @param spec The description.
 * @param kind VIO_VADAPTER_VNIC, VIO_VADAPTER_VHBA or VIO_VADAPTER_VDISK.
 * @return 0; VIO_EINVAL for a null description or an unknown kind.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_kind(struct vio_vadapter_spec *spec,
                                          enum vio_vadapter_kind kind);

/**
 * @brief Set the server to plug it into; for creation only.
 * @param spec   The description.
 * @param server Its name, zero-terminated, copied; NULL: the vAdapter is created detached.
 * @return 0; VIO_EINVAL for a null description; VIO_ENAME for a name that is none.
 *
 * vio_vadapter_attach() and vio_vadapter_detach() change it later. On the thread that the
 * description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_server(struct vio_vadapter_spec *spec, const char *server);

/**
 * @brief Set the adapter that backs it; for creation only.
 * @param spec    The description.
 * @param adapter Its name, zero-terminated, copied; NULL: the one that is shared as this kind and
 *                has the most room.
 * @return 0; VIO_EINVAL for a null description; VIO_ENAME for a name that is none.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_adapter(struct vio_vadapter_spec *spec, const char *adapter);

/**
 * @brief Set which of the server's ports carries it; not set: the least used.
 * @param spec The description.
 * @param path 0 or 1.
 * @return 0; VIO_EINVAL for a null description or another number.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_path(struct vio_vadapter_spec *spec, uint32_t path);

/**
 * @brief Set the identity; not set: one is drawn that no other vAdapter has.
 * @param spec    The description.
 * @param address MAC-48 of a vNIC, WWPN of a vHBA, UUID of a vDisk; copied.
 * @return 0; VIO_EINVAL for a null description or a null address; VIO_EADDR for a multicast or
 *         all-zero MAC, or a WWN whose NAA is not 1, 2, 5 or 6.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_address(struct vio_vadapter_spec *spec,
                                             const struct vio_address *address);

/**
 * @brief Set the WWNN of a vHBA; not set: one is drawn.
 * @param spec    The description.
 * @param address The WWNN; copied.
 * @return 0; VIO_EINVAL for a null description or a null address; VIO_EADDR for a WWN whose NAA is
 *         not 1, 2, 5 or 6.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_node_address(struct vio_vadapter_spec *spec,
                                                  const struct vio_address *address);

/**
 * @brief Set the size of a vDisk; for creation only, and required there.
 * @param spec  The description.
 * @param bytes A multiple of 512 bytes, at least 1 MiB.
 * @return 0; VIO_EINVAL for a null description or another size.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_size(struct vio_vadapter_spec *spec, uint64_t bytes);

/**
 * @brief Let frames of a vNIC pass as they are.
 * @param spec The description.
 * @return 0; VIO_EINVAL for NULL.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_vlan_none(struct vio_vadapter_spec *spec);

/**
 * @brief Put a vNIC into one VLAN, untagged towards the server.
 * @param spec The description.
 * @param vlan 1 to 4,094 (IEEE 802.1Q-2018, 9.6).
 * @return 0; VIO_EINVAL for a null description or another number.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_vlan_access(struct vio_vadapter_spec *spec, uint16_t vlan);

/**
 * @brief Let tagged frames of several VLANs pass.
 * @param spec   The description.
 * @param vlans  VLANs and ranges, such as "10,20-29,4000", zero-terminated; copied, sorted and
 *               joined.
 * @param native VLAN of untagged frames, 1 to 4,094; 0: they are dropped.
 * @return 0; VIO_EINVAL for a null description or another native VLAN; VIO_EPARSE for text that
 *         cannot be read; VIO_ELIMIT for more than 16 ranges after joining.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_vlan_trunk(struct vio_vadapter_spec *spec, const char *vlans,
                                                uint16_t native);

/**
 * @brief Set whether traffic is let through.
 * @param spec    The description.
 * @param enabled Default true.
 * @return 0; VIO_EINVAL for NULL.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_enabled(struct vio_vadapter_spec *spec, bool enabled);

/**
 * @brief Set the description.
 * @param spec        The description.
 * @param description At most 255 bytes of UTF-8 without control characters, zero-terminated,
 *                    copied; "" clears it.
 * @return 0; VIO_EINVAL for a null description or null text; VIO_ENAME for text that is none.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_description(struct vio_vadapter_spec *spec,
                                                 const char *description);

/**
 * @brief Set or remove a label; a vAdapter carries at most 32.
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
VIO_EXPORT int vio_vadapter_spec_set_label(struct vio_vadapter_spec *spec, const char *key,
                                           const char *value);

/**
 * @brief Set the pool from which the identity is drawn, of one that has none yet or is to have
 *        another.
 * @param spec The description.
 * @param pool Its name, or the text of its UUID, zero-terminated, copied; NULL: the default pool of
 *             what is needed (see pool.h).
 * @return 0; VIO_EINVAL for a null description; VIO_ENAME for a name that is none.
 *
 * A pool of WWN pairs gives a vHBA both its names. Together with an identity: VIO_EINVAL at the
 * request's end. On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_pool(struct vio_vadapter_spec *spec, const char *pool);

/**
 * @brief Set the pool from which the WWNN of a vHBA is drawn.
 * @param spec The description.
 * @param pool As for vio_vadapter_spec_set_pool().
 * @return 0; VIO_EINVAL for a null description; VIO_ENAME for a name that is none.
 *
 * On the thread that the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_node_pool(struct vio_vadapter_spec *spec, const char *pool);

/**
 * @brief Have a change refused if the vAdapter was changed since it was read; for changes only.
 * @param spec       The description.
 * @param generation As vio_vadapter_generation() told it; 0, the default, for any.
 * @return 0; VIO_EINVAL for NULL.
 *
 * The change then ends with VIO_ESTALE; the problem's text has both generations. On the thread that
 * the description belongs to.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_generation(struct vio_vadapter_spec *spec,
                                                uint64_t generation);

/**
 * @brief Create a vAdapter, and plug it into its server where the description names one.
 * @param chassis The chassis.
 * @param spec    The description; read during the call only.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, VIO_EINVAL (a required field is missing or two
 *         contradict), VIO_EADDR (an identity of another kind), VIO_EPERM (opened for reading
 *         only), VIO_EEXIST (name), VIO_EBLOCKED (see the top of this file), VIO_ENOENT
 *         (server, adapter), VIO_EDUPLICATE (identity; the message names its holder), VIO_EFULL
 *         (adapter, server, space), VIO_ENOTSUP (the adapter cannot), VIO_EGONE, VIO_EFENCED,
 *         VIO_EDEVICE, VIO_ETRANSPORT, VIO_EINDOUBT, VIO_ECLOSED, VIO_ETIMEDOUT or VIO_ECANCELED;
 *         vio_req_problem_code() has every problem, not the first alone.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_create(struct vio_chassis *chassis,
                                   const struct vio_vadapter_spec *spec, vio_req_cb cb, void *user,
                                   struct vio_req **ret_req);

/**
 * @brief Plug a vAdapter into a server; one that is in it already is left as it is.
 * @param chassis  The chassis.
 * @param vadapter Its name, or the text of its UUID; zero-terminated, copied.
 * @param server   The name of the server, zero-terminated; copied.
 * @param cb       Called once, on the loop's thread, if this returns 0; NULL for none,
 *                 vio_ctx_queue for the completion queue.
 * @param user     Passed to *cb*.
 * @param ret_req  Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends as that of vio_vadapter_create(), or with VIO_ESTATE if
 *         the vAdapter is in another server.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_attach(struct vio_chassis *chassis, const char *vadapter,
                                   const char *server, vio_req_cb cb, void *user,
                                   struct vio_req **ret_req);

/**
 * @brief Take a vAdapter out of its server; one that is in none is left as it is. Its identity
 *        stays its own.
 * @param chassis  The chassis.
 * @param vadapter Its name, or the text of its UUID; zero-terminated, copied.
 * @param force    true: without waiting for the server's consent.
 * @param cb       Called once, on the loop's thread, if this returns 0; NULL for none,
 *                 vio_ctx_queue for the completion queue.
 * @param user     Passed to *cb*.
 * @param ret_req  Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends as that of vio_vadapter_create().
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_detach(struct vio_chassis *chassis, const char *vadapter, bool force,
                                   vio_req_cb cb, void *user, struct vio_req **ret_req);

/**
 * @brief Let traffic of a vAdapter through.
 * @param chassis  The chassis.
 * @param vadapter Its name, or the text of its UUID; zero-terminated, copied.
 * @param cb       Called once, on the loop's thread, if this returns 0; NULL for none,
 *                 vio_ctx_queue for the completion queue.
 * @param user     Passed to *cb*.
 * @param ret_req  Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends as that of vio_vadapter_create().
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_enable(struct vio_chassis *chassis, const char *vadapter, vio_req_cb cb,
                                   void *user, struct vio_req **ret_req);

/**
 * @brief Stop the traffic of a vAdapter; its function stays in its server.
 * @param chassis  The chassis.
 * @param vadapter Its name, or the text of its UUID; zero-terminated, copied.
 * @param cb       Called once, on the loop's thread, if this returns 0; NULL for none,
 *                 vio_ctx_queue for the completion queue.
 * @param user     Passed to *cb*.
 * @param ret_req  Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends as that of vio_vadapter_create().
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_disable(struct vio_chassis *chassis, const char *vadapter,
                                    vio_req_cb cb, void *user, struct vio_req **ret_req);

/**
 * @brief Change what the description sets: name, identity, VLAN, description, labels, enabled. All
 *        of it or nothing.
 * @param chassis  The chassis.
 * @param vadapter Its name, or the text of its UUID; zero-terminated, copied.
 * @param spec     The changes; read during the call only.
 * @param cb       Called once, on the loop's thread, if this returns 0; NULL for none,
 *                 vio_ctx_queue for the completion queue.
 * @param user     Passed to *cb*.
 * @param ret_req  Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. VIO_EINVAL also for what can be given at creation only. The request ends as
 *         that of vio_vadapter_create().
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_set(struct vio_chassis *chassis, const char *vadapter,
                                const struct vio_vadapter_spec *spec, vio_req_cb cb, void *user,
                                struct vio_req **ret_req);

/**
 * @brief Remove a vAdapter, which must be detached. A vDisk is retired: it keeps its name and data
 *        until vio_vadapter_purge().
 * @param chassis  The chassis.
 * @param vadapter Its name, or the text of its UUID; zero-terminated, copied.
 * @param cb       Called once, on the loop's thread, if this returns 0; NULL for none,
 *                 vio_ctx_queue for the completion queue.
 * @param user     Passed to *cb*.
 * @param ret_req  Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends as that of vio_vadapter_create(), or with VIO_ESTATE if
 *         the vAdapter is in a server.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_remove(struct vio_chassis *chassis, const char *vadapter, vio_req_cb cb,
                                   void *user, struct vio_req **ret_req);

/**
 * @brief Destroy a vDisk that was removed, with its data: this cannot be undone.
 * @param chassis  The chassis.
 * @param vadapter Its name, or the text of its UUID; zero-terminated, copied.
 * @param cb       Called once, on the loop's thread, if this returns 0; NULL for none,
 *                 vio_ctx_queue for the completion queue.
 * @param user     Passed to *cb*.
 * @param ret_req  Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends as that of vio_vadapter_create(), or with VIO_ESTATE if
 *         the vAdapter is not retired.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_purge(struct vio_chassis *chassis, const char *vadapter, vio_req_cb cb,
                                  void *user, struct vio_req **ret_req);

/**
 * @brief Get the vAdapter as it is after a request that changed it.
 * @param req The request, or NULL.
 * @return The vAdapter, which lives as long as the request: vio_vadapter_ref() it to keep it; NULL
 *         after a removal, for another kind of request, one that failed or has not completed, and
 *         for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_vadapter *vio_req_get_vadapter(const struct vio_req *req);

/**
 * @brief Take another reference.
 * @param vadapter The vAdapter, or NULL.
 * @return *vadapter*.
 *
 * It keeps the whole snapshot that it is part of. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_vadapter *vio_vadapter_ref(struct vio_vadapter *vadapter);

/**
 * @brief Give up a reference.
 * @param vadapter The vAdapter, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_vadapter_unref(struct vio_vadapter *vadapter);

/**
 * @brief Get the name of a vAdapter.
 * @param vadapter The vAdapter, or NULL.
 * @return UTF-8 text that lives as long as the vAdapter; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_vadapter_name(const struct vio_vadapter *vadapter);

/**
 * @brief Get the UUID of a vAdapter, which never changes.
 * @param vadapter The vAdapter.
 * @param ret_uuid Where the UUID goes, an address of kind VIO_ADDRESS_UUID.
 * @return 0; VIO_EINVAL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_uuid(const struct vio_vadapter *vadapter, struct vio_address *ret_uuid);

/**
 * @brief Get the kind of a vAdapter.
 * @param vadapter The vAdapter, or NULL.
 * @return The kind; VIO_VADAPTER_UNKNOWN for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_vadapter_kind vio_vadapter_kind(const struct vio_vadapter *vadapter);

/**
 * @brief Get the operational state of a vAdapter.
 * @param vadapter The vAdapter, or NULL.
 * @return The state; VIO_VADAPTER_STATE_UNKNOWN for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_vadapter_state vio_vadapter_state(const struct vio_vadapter *vadapter);

/**
 * @brief Get the administrative state of a vAdapter: whether traffic is let through.
 * @param vadapter The vAdapter, or NULL.
 * @return true if it is; false for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT bool vio_vadapter_is_enabled(const struct vio_vadapter *vadapter);

/**
 * @brief Tell whether the path is up from the server to the network or storage.
 * @param vadapter The vAdapter, or NULL.
 * @return true if it is; false for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT bool vio_vadapter_is_link_up(const struct vio_vadapter *vadapter);

/**
 * @brief Get the name of a vAdapter's server.
 * @param vadapter The vAdapter, or NULL.
 * @return UTF-8 text that lives as long as the vAdapter, "" while it is in none; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_vadapter_server(const struct vio_vadapter *vadapter);

/**
 * @brief Get the name of the adapter that backs a vAdapter.
 * @param vadapter The vAdapter, or NULL.
 * @return UTF-8 text that lives as long as the vAdapter; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_vadapter_adapter(const struct vio_vadapter *vadapter);

/**
 * @brief Get the identity of a vAdapter: MAC-48, WWPN or UUID as its kind asks.
 * @param vadapter    The vAdapter.
 * @param ret_address Where the identity goes.
 * @return 0; VIO_EINVAL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_address(const struct vio_vadapter *vadapter,
                                    struct vio_address *ret_address);

/**
 * @brief Get the WWNN of a vHBA.
 * @param vadapter    The vAdapter.
 * @param ret_address Where the WWNN goes, an address of kind VIO_ADDRESS_WWN.
 * @return 0; VIO_EINVAL for NULL; VIO_ENOENT for other kinds.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_node_address(const struct vio_vadapter *vadapter,
                                         struct vio_address *ret_address);

/**
 * @brief Get the identity that the adapter behind a vAdapter was made with, beside the assigned
 *        one.
 * @param vadapter    The vAdapter.
 * @param ret_address Where the identity goes.
 * @return 0; VIO_EINVAL for NULL; VIO_ENOENT where it is not known.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_factory_address(const struct vio_vadapter *vadapter,
                                            struct vio_address *ret_address);

/**
 * @brief Get the size of a vDisk.
 * @param vadapter The vAdapter, or NULL.
 * @return Bytes; 0 for other kinds and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_vadapter_size(const struct vio_vadapter *vadapter);

/**
 * @brief Tell how a vNIC treats VLAN tags.
 * @param vadapter The vAdapter, or NULL.
 * @return The mode; VIO_VLAN_NONE for other kinds, VIO_VLAN_UNKNOWN for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_vlan_mode vio_vadapter_vlan_mode(const struct vio_vadapter *vadapter);

/**
 * @brief Get the access VLAN of a vNIC, or the native VLAN of its trunk.
 * @param vadapter The vAdapter, or NULL.
 * @return 1 to 4,094; 0 for none, for other kinds and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint16_t vio_vadapter_vlan(const struct vio_vadapter *vadapter);

/**
 * @brief Get the VLANs of a vNIC's trunk, such as "10,20-29".
 * @param vadapter The vAdapter, or NULL.
 * @return UTF-8 text that lives as long as the vAdapter, "" where there is no trunk; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_vadapter_vlan_trunk(const struct vio_vadapter *vadapter);

/**
 * @brief Get the number of a vAdapter's function.
 * @param vadapter The vAdapter, or NULL.
 * @return The number; UINT32_MAX where the chassis has none for it; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_vadapter_function(const struct vio_vadapter *vadapter);

/**
 * @brief Get the place of a vAdapter in its server's PCIe hierarchy.
 * @param vadapter The vAdapter, or NULL.
 * @return Bus (15:8), device (7:3), function (2:0); UINT32_MAX while it is detached; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_vadapter_bdf(const struct vio_vadapter *vadapter);

/**
 * @brief Get the description of a vAdapter.
 * @param vadapter The vAdapter, or NULL.
 * @return UTF-8 text that lives as long as the vAdapter, "" where there is none; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_vadapter_description(const struct vio_vadapter *vadapter);

/**
 * @brief Tell how many labels a vAdapter carries.
 * @param vadapter The vAdapter, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_vadapter_num_labels(const struct vio_vadapter *vadapter);

/**
 * @brief Get the key of a label.
 * @param vadapter The vAdapter, or NULL.
 * @param at       Which, in ascending order of the keys: 0 to vio_vadapter_num_labels() - 1.
 * @return UTF-8 text that lives as long as the vAdapter, NULL beyond the last; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_vadapter_label_key(const struct vio_vadapter *vadapter, size_t at);

/**
 * @brief Get the value of a label.
 * @param vadapter The vAdapter, or NULL.
 * @param at       Which, in ascending order of the keys: 0 to vio_vadapter_num_labels() - 1.
 * @return UTF-8 text that lives as long as the vAdapter, NULL beyond the last; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_vadapter_label_value(const struct vio_vadapter *vadapter, size_t at);

/**
 * @brief Get the value of the label with this key.
 * @param vadapter The vAdapter, or NULL.
 * @param key      The key, zero-terminated.
 * @return UTF-8 text that lives as long as the vAdapter, NULL where it carries none; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_vadapter_label(const struct vio_vadapter *vadapter, const char *key);

/**
 * @brief Get a number that grows with each change of a vAdapter.
 * @param vadapter The vAdapter, or NULL.
 * @return The generation; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_vadapter_generation(const struct vio_vadapter *vadapter);

/**
 * @brief Get the name of a kind.
 * @param kind One of enum vio_vadapter_kind.
 * @return "vnic", "vhba" or "vdisk", "unknown" otherwise: static text, never NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_vadapter_kind_name(enum vio_vadapter_kind kind);

/**
 * @brief Get the name of an operational state.
 * @param state One of enum vio_vadapter_state.
 * @return "detached", "attached" and so on, "unknown" otherwise: static text, never NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_vadapter_state_name(enum vio_vadapter_state state);

#ifdef __cplusplus
}
#endif

#endif
