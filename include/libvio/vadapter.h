/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A vAdapter: the durable object that a user names, a vNIC, vHBA or vDisk. It
 * has an identity and a place, and exists with or without a function in hardware.
 *
 * Calls that change a vAdapter name it by its name or by the text of its UUID,
 * run in order for one vAdapter and side by side for several, and either happen
 * or leave everything as it was. Their callbacks run on the loop's thread; the
 * vAdapter as it is afterwards is read with vio_req_get_vadapter().
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
};

/** How a vNIC treats VLAN tags (IEEE 802.1Q). */
enum vio_vlan_mode {
    VIO_VLAN_UNKNOWN = 0,
    VIO_VLAN_NONE = 1,   /**< frames pass as they are */
    VIO_VLAN_ACCESS = 2, /**< untagged towards the server, one VLAN towards the network */
    VIO_VLAN_TRUNK = 3,  /**< tagged frames of the listed VLANs */
};

/**
 * Makes a description of a vAdapter, or of a change to one: what is not set
 * stays at its default, or as it is. Belongs to one thread.
 *
 * @return 0, VIO_EINVAL, VIO_ENOMEM
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_new(struct vio_vadapter_spec **ret_spec);

/** Frees a description; NULL is fine. @since 0.1.0 */
VIO_EXPORT void vio_vadapter_spec_free(struct vio_vadapter_spec *spec);

/**
 * The name: 1 to 63 bytes; letters, digits, `.`, `_`, `-`, `:` and non-ASCII
 * UTF-8; begins with a letter, a digit or non-ASCII; is not the text of a UUID.
 *
 * @return 0, VIO_EINVAL, VIO_ENAME
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_name(struct vio_vadapter_spec *spec, const char *name);

/** The kind; for creation only. @return 0, VIO_EINVAL @since 0.1.0 */
VIO_EXPORT int vio_vadapter_spec_set_kind(struct vio_vadapter_spec *spec,
                                          enum vio_vadapter_kind kind);

/**
 * The server to plug it into; NULL: none, it is created detached. For creation
 * only: vio_vadapter_attach() and vio_vadapter_detach() change it later.
 *
 * @return 0, VIO_EINVAL, VIO_ENAME
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_server(struct vio_vadapter_spec *spec, const char *server);

/**
 * The adapter that backs it; for creation only. NULL: the one that is shared as
 * this kind and has the most room.
 *
 * @return 0, VIO_EINVAL, VIO_ENAME
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_adapter(struct vio_vadapter_spec *spec, const char *adapter);

/** Which of the server's ports carries it, 0 or 1; default: the least used. @return 0, VIO_EINVAL
 * @since 0.1.0 */
VIO_EXPORT int vio_vadapter_spec_set_path(struct vio_vadapter_spec *spec, uint32_t path);

/**
 * The identity: MAC-48 of a vNIC, WWPN of a vHBA, UUID of a vDisk. Not set: one
 * is drawn that no other vAdapter has.
 *
 * @return 0, VIO_EINVAL, VIO_EADDR (multicast or all-zero MAC; WWN whose NAA is not 1, 2, 5 or 6)
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_address(struct vio_vadapter_spec *spec,
                                             const struct vio_address *address);

/** The WWNN of a vHBA; not set: one is drawn. @return as vio_vadapter_spec_set_address() @since
 * 0.1.0 */
VIO_EXPORT int vio_vadapter_spec_set_node_address(struct vio_vadapter_spec *spec,
                                                  const struct vio_address *address);

/** Size of a vDisk in bytes, a multiple of 512, at least 1 MiB; for creation only. @return 0,
 * VIO_EINVAL @since 0.1.0 */
VIO_EXPORT int vio_vadapter_spec_set_size(struct vio_vadapter_spec *spec, uint64_t bytes);

/** No VLAN handling. @return 0, VIO_EINVAL @since 0.1.0 */
VIO_EXPORT int vio_vadapter_spec_set_vlan_none(struct vio_vadapter_spec *spec);

/** One access VLAN, 1 to 4094. @return 0, VIO_EINVAL @since 0.1.0 */
VIO_EXPORT int vio_vadapter_spec_set_vlan_access(struct vio_vadapter_spec *spec, uint16_t vlan);

/**
 * A trunk.
 *
 * @param vlans   at most 16 VLANs or ranges, such as "10,20-29,4000"; they are sorted and joined
 * @param native  VLAN of untagged frames, 1 to 4094; 0: they are dropped
 * @return 0, VIO_EINVAL, VIO_EPARSE, VIO_ELIMIT (more than 16 ranges after joining)
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_vlan_trunk(struct vio_vadapter_spec *spec, const char *vlans,
                                                uint16_t native);

/** Whether traffic is let through; default true. @return 0, VIO_EINVAL @since 0.1.0 */
VIO_EXPORT int vio_vadapter_spec_set_enabled(struct vio_vadapter_spec *spec, bool enabled);

/** Free text of at most 255 bytes of UTF-8 without control characters; "" clears it. @return 0,
 * VIO_EINVAL, VIO_ENAME @since 0.1.0 */
VIO_EXPORT int vio_vadapter_spec_set_description(struct vio_vadapter_spec *spec,
                                                 const char *description);

/**
 * A label: at most 32 of them, keys of 1 to 63 bytes as names, values of at
 * most 127 bytes of UTF-8 without control characters.
 *
 * @param value  copied; NULL removes the label
 * @return 0, VIO_EINVAL, VIO_ENAME, VIO_ELIMIT, VIO_ENOMEM
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_spec_set_label(struct vio_vadapter_spec *spec, const char *key,
                                           const char *value);

/**
 * Creates a vAdapter, and plugs it into its server when the description names one.
 *
 * @param spec  kind is required, size for a vDisk; name NULL: one is made ("vnic0"); read during
 * the call only
 * @return 0, VIO_EINVAL (a required field is missing or two contradict), VIO_ENOMEM, VIO_ECLOSED,
 *         VIO_EFORK. The request ends with 0, VIO_EPERM (read only), VIO_EEXIST (name), VIO_ENOENT
 * (server, adapter), VIO_EDUPLICATE (identity; the message names its holder), VIO_EFULL (adapter,
 * server, space), VIO_ENOTSUP (the adapter cannot), VIO_EGONE, VIO_EFENCED, VIO_EDEVICE,
 * VIO_ETIMEDOUT, VIO_EINDOUBT, VIO_ECANCELED; vio_req_problem() has every problem, not the first
 * alone
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_create(struct vio_chassis *chassis,
                                   const struct vio_vadapter_spec *spec, vio_req_cb cb, void *user,
                                   struct vio_req **ret_req);

/**
 * Plugs a vAdapter into a server. It must be detached; one that is in this server already is left
 * as it is.
 *
 * @return as vio_vadapter_create(); the request also ends with VIO_ESTATE (it is in another server)
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_attach(struct vio_chassis *chassis, const char *vadapter,
                                   const char *server, vio_req_cb cb, void *user,
                                   struct vio_req **ret_req);

/**
 * Takes a vAdapter out of its server; one that is in none is left as it is. Its identity stays its
 * own.
 *
 * @param force  without waiting for the server's consent
 * @return as vio_vadapter_create()
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_detach(struct vio_chassis *chassis, const char *vadapter, bool force,
                                   vio_req_cb cb, void *user, struct vio_req **ret_req);

/** Lets traffic through. @return as vio_vadapter_create() @since 0.1.0 */
VIO_EXPORT int vio_vadapter_enable(struct vio_chassis *chassis, const char *vadapter, vio_req_cb cb,
                                   void *user, struct vio_req **ret_req);

/** Stops traffic; the function stays in its server. @return as vio_vadapter_create() @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_disable(struct vio_chassis *chassis, const char *vadapter,
                                    vio_req_cb cb, void *user, struct vio_req **ret_req);

/**
 * Changes what the description sets: name, identity, VLAN, description, labels,
 * enabled. All of it or nothing.
 *
 * @return as vio_vadapter_create(); VIO_EINVAL for what can be given at creation only
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_set(struct vio_chassis *chassis, const char *vadapter,
                                const struct vio_vadapter_spec *spec, vio_req_cb cb, void *user,
                                struct vio_req **ret_req);

/**
 * Removes a vAdapter; it must be detached.
 *
 * @return as vio_vadapter_create(); the request also ends with VIO_ESTATE (it is in a server)
 * @since 0.1.0
 */
VIO_EXPORT int vio_vadapter_remove(struct vio_chassis *chassis, const char *vadapter, vio_req_cb cb,
                                   void *user, struct vio_req **ret_req);

/** The vAdapter after a request that changed it; borrowed, NULL otherwise and after removal. @since
 * 0.1.0 */
VIO_EXPORT struct vio_vadapter *vio_req_get_vadapter(const struct vio_req *req);

/** Takes a reference. @return vadapter; NULL for NULL @since 0.1.0 */
VIO_EXPORT struct vio_vadapter *vio_vadapter_ref(struct vio_vadapter *vadapter);
/** Gives a reference back; NULL is fine. @since 0.1.0 */
VIO_EXPORT void vio_vadapter_unref(struct vio_vadapter *vadapter);

/** Its name. @since 0.1.0 */
VIO_EXPORT const char *vio_vadapter_name(const struct vio_vadapter *vadapter);
/** Its UUID, which never changes. @return 0, VIO_EINVAL @since 0.1.0 */
VIO_EXPORT int vio_vadapter_uuid(const struct vio_vadapter *vadapter, struct vio_address *ret_uuid);
/** Its kind. @since 0.1.0 */
VIO_EXPORT enum vio_vadapter_kind vio_vadapter_kind(const struct vio_vadapter *vadapter);
/** Its operational state. @since 0.1.0 */
VIO_EXPORT enum vio_vadapter_state vio_vadapter_state(const struct vio_vadapter *vadapter);
/** Its administrative state: whether traffic is let through. @since 0.1.0 */
VIO_EXPORT bool vio_vadapter_is_enabled(const struct vio_vadapter *vadapter);
/** Whether its path is up from the server to the network or storage. @since 0.1.0 */
VIO_EXPORT bool vio_vadapter_is_link_up(const struct vio_vadapter *vadapter);
/** Name of its server, "" while it is in none. @since 0.1.0 */
VIO_EXPORT const char *vio_vadapter_server(const struct vio_vadapter *vadapter);
/** Name of the adapter that backs it. @since 0.1.0 */
VIO_EXPORT const char *vio_vadapter_adapter(const struct vio_vadapter *vadapter);
/** Its identity. @return 0, VIO_EINVAL @since 0.1.0 */
VIO_EXPORT int vio_vadapter_address(const struct vio_vadapter *vadapter,
                                    struct vio_address *ret_address);
/** WWNN of a vHBA. @return 0, VIO_EINVAL, VIO_ENOENT (it has none) @since 0.1.0 */
VIO_EXPORT int vio_vadapter_node_address(const struct vio_vadapter *vadapter,
                                         struct vio_address *ret_address);
/** Bytes of a vDisk, else 0. @since 0.1.0 */
VIO_EXPORT uint64_t vio_vadapter_size(const struct vio_vadapter *vadapter);
/** VLAN mode of a vNIC; NONE for the other kinds. @since 0.1.0 */
VIO_EXPORT enum vio_vlan_mode vio_vadapter_vlan_mode(const struct vio_vadapter *vadapter);
/** Access VLAN, or native VLAN of a trunk; 0: none. @since 0.1.0 */
VIO_EXPORT uint16_t vio_vadapter_vlan(const struct vio_vadapter *vadapter);
/** VLANs of a trunk, such as "10,20-29"; "" otherwise. @since 0.1.0 */
VIO_EXPORT const char *vio_vadapter_vlan_trunk(const struct vio_vadapter *vadapter);
/** Number of its function, UINT32_MAX where the chassis has none for it. @since 0.1.0 */
VIO_EXPORT uint32_t vio_vadapter_function(const struct vio_vadapter *vadapter);
/** Bus, device and function (bits 15:8, 7:3, 2:0) in its server's hierarchy, UINT32_MAX while
 * detached. @since 0.1.0 */
VIO_EXPORT uint32_t vio_vadapter_bdf(const struct vio_vadapter *vadapter);
/** Its description. @since 0.1.0 */
VIO_EXPORT const char *vio_vadapter_description(const struct vio_vadapter *vadapter);
/** How many labels it carries. @since 0.1.0 */
VIO_EXPORT size_t vio_vadapter_num_labels(const struct vio_vadapter *vadapter);
/** Key of a label, in ascending order; NULL beyond the last. @since 0.1.0 */
VIO_EXPORT const char *vio_vadapter_label_key(const struct vio_vadapter *vadapter, size_t at);
/** Value of a label; NULL beyond the last. @since 0.1.0 */
VIO_EXPORT const char *vio_vadapter_label_value(const struct vio_vadapter *vadapter, size_t at);
/** Value of the label with this key; NULL when it carries none. @since 0.1.0 */
VIO_EXPORT const char *vio_vadapter_label(const struct vio_vadapter *vadapter, const char *key);
/** Grows with each change of this vAdapter. @since 0.1.0 */
VIO_EXPORT uint64_t vio_vadapter_generation(const struct vio_vadapter *vadapter);

/** "vnic", "vhba", "vdisk"; "unknown" otherwise. @since 0.1.0 */
VIO_EXPORT const char *vio_vadapter_kind_name(enum vio_vadapter_kind kind);
/** "detached", "attached" …; "unknown" otherwise. @since 0.1.0 */
VIO_EXPORT const char *vio_vadapter_state_name(enum vio_vadapter_state state);

#ifdef __cplusplus
}
#endif

#endif
