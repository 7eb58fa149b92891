/* SPDX-License-Identifier: MIT */
/**
 * @file
 * A function: what the chassis exposes to one server, as one snapshot shows it. A vAdapter has at
 * most one.
 */
#ifndef LIBVIO_FUNCTION_H
#define LIBVIO_FUNCTION_H

#include <libvio/address.h>
#include <libvio/export.h>
#include <libvio/vadapter.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_function;

/** Life cycle of a function. */
enum vio_function_state {
    VIO_FUNCTION_UNKNOWN = 0,
    VIO_FUNCTION_DETACHED = 1,
    VIO_FUNCTION_BINDING = 2,
    VIO_FUNCTION_BOUND = 3,
    VIO_FUNCTION_UNBINDING = 4,
    VIO_FUNCTION_FAULT = 5,
};

/** Takes a reference, which keeps the whole snapshot. @return function; NULL for NULL @since 0.1.0
 */
VIO_EXPORT struct vio_function *vio_function_ref(struct vio_function *function);
/** Gives a reference back; NULL is fine. @since 0.1.0 */
VIO_EXPORT void vio_function_unref(struct vio_function *function);

/** Its number on the chassis. @since 0.1.0 */
VIO_EXPORT uint32_t vio_function_index(const struct vio_function *function);
/** The name that it carries in hardware: its vAdapter's. @since 0.1.0 */
VIO_EXPORT const char *vio_function_label(const struct vio_function *function);
/** What it is to its server. @since 0.1.0 */
VIO_EXPORT enum vio_vadapter_kind vio_function_kind(const struct vio_function *function);
/** Its state. @since 0.1.0 */
VIO_EXPORT enum vio_function_state vio_function_state(const struct vio_function *function);
/** Whether traffic is let through. @since 0.1.0 */
VIO_EXPORT bool vio_function_is_enabled(const struct vio_function *function);
/** Whether its path is up. @since 0.1.0 */
VIO_EXPORT bool vio_function_is_link_up(const struct vio_function *function);
/** Whether no vAdapter is known for it. @since 0.1.0 */
VIO_EXPORT bool vio_function_is_foreign(const struct vio_function *function);
/** Name of the adapter behind it. @since 0.1.0 */
VIO_EXPORT const char *vio_function_adapter(const struct vio_function *function);
/** Name of its server, "" while detached. @since 0.1.0 */
VIO_EXPORT const char *vio_function_server(const struct vio_function *function);
/** Which of the server's ports carries it. @since 0.1.0 */
VIO_EXPORT uint32_t vio_function_path(const struct vio_function *function);
/** Bus, device, function in its server's hierarchy, UINT32_MAX while detached. @since 0.1.0 */
VIO_EXPORT uint32_t vio_function_bdf(const struct vio_function *function);
/** Its VF on the adapter, UINT32_MAX where it is proxied. @since 0.1.0 */
VIO_EXPORT uint32_t vio_function_vf(const struct vio_function *function);
/** Bytes of a vDisk, else 0. @since 0.1.0 */
VIO_EXPORT uint64_t vio_function_size(const struct vio_function *function);
/** Bytes delivered to its server. @since 0.1.0 */
VIO_EXPORT uint64_t vio_function_rx_bytes(const struct vio_function *function);
/** Frames delivered to its server. @since 0.1.0 */
VIO_EXPORT uint64_t vio_function_rx_frames(const struct vio_function *function);
/** Frames dropped on the way to its server. @since 0.1.0 */
VIO_EXPORT uint64_t vio_function_rx_drops(const struct vio_function *function);
/** Bytes taken from its server. @since 0.1.0 */
VIO_EXPORT uint64_t vio_function_tx_bytes(const struct vio_function *function);
/** Frames taken from its server. @since 0.1.0 */
VIO_EXPORT uint64_t vio_function_tx_frames(const struct vio_function *function);
/** Frames dropped on the way from its server. @since 0.1.0 */
VIO_EXPORT uint64_t vio_function_tx_drops(const struct vio_function *function);
/** Grows with each change of it. @since 0.1.0 */
VIO_EXPORT uint64_t vio_function_generation(const struct vio_function *function);

/** The UUID that it carries in hardware: its vAdapter's. @return 0, VIO_EINVAL @since 0.1.0 */
VIO_EXPORT int vio_function_cookie(const struct vio_function *function,
                                   struct vio_address *ret_uuid);
/** Its live identity: MAC, WWPN or UUID. @return 0, VIO_EINVAL, VIO_ENOENT @since 0.1.0 */
VIO_EXPORT int vio_function_address(const struct vio_function *function,
                                    struct vio_address *ret_address);
/** WWNN of a vHBA's function. @return 0, VIO_EINVAL, VIO_ENOENT @since 0.1.0 */
VIO_EXPORT int vio_function_node_address(const struct vio_function *function,
                                         struct vio_address *ret_address);
/** "detached", "binding", "bound", "unbinding", "fault"; "unknown" otherwise. @since 0.1.0 */
VIO_EXPORT const char *vio_function_state_name(enum vio_function_state state);

#ifdef __cplusplus
}
#endif

#endif
