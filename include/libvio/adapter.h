/* SPDX-License-Identifier: MIT */
/**
 * @file
 * An adapter: a physical off-the-shelf card in a slot, as one snapshot shows it.
 */
#ifndef LIBVIO_ADAPTER_H
#define LIBVIO_ADAPTER_H

#include <libvio/address.h>
#include <libvio/export.h>
#include <libvio/vadapter.h>
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_adapter;

/** How an adapter is shared among servers. */
enum vio_sharing {
    VIO_SHARING_UNKNOWN = 0,
    VIO_SHARING_NONE = 1,  /**< it is not */
    VIO_SHARING_SRIOV = 2, /**< by its SR-IOV virtual functions */
    VIO_SHARING_PROXY = 3, /**< by the chassis, on its behalf */
};

/** What can be set on an adapter's functions; or-ed in vio_adapter_caps(). */
enum vio_adapter_cap {
    VIO_ADAPTER_CAP_NONE = 0,
    VIO_ADAPTER_CAP_VLAN_ACCESS = 1,
    VIO_ADAPTER_CAP_VLAN_TRUNK = 2,
    VIO_ADAPTER_CAP_MIN_RATE = 4,
    VIO_ADAPTER_CAP_MAX_RATE = 8,
    VIO_ADAPTER_CAP_ADDRESS = 16,
    VIO_ADAPTER_CAP_LIVE_ADDRESS = 32, /**< also while it is attached */
};

/** Takes a reference, which keeps the whole snapshot. @return adapter; NULL for NULL @since 0.1.0
 */
VIO_EXPORT struct vio_adapter *vio_adapter_ref(struct vio_adapter *adapter);
/** Gives a reference back; NULL is fine. @since 0.1.0 */
VIO_EXPORT void vio_adapter_unref(struct vio_adapter *adapter);

/** Name of its slot, by which it is named. @since 0.1.0 */
VIO_EXPORT const char *vio_adapter_name(const struct vio_adapter *adapter);
/** Number of its slot, from 0. @since 0.1.0 */
VIO_EXPORT uint32_t vio_adapter_index(const struct vio_adapter *adapter);
/** Its model; "" in an empty slot. @since 0.1.0 */
VIO_EXPORT const char *vio_adapter_model(const struct vio_adapter *adapter);
/** Whether a card is plugged in. @since 0.1.0 */
VIO_EXPORT bool vio_adapter_is_present(const struct vio_adapter *adapter);
/** Whether the slot has power. @since 0.1.0 */
VIO_EXPORT bool vio_adapter_is_powered(const struct vio_adapter *adapter);
/** Whether it failed, or was pulled while in use. @since 0.1.0 */
VIO_EXPORT bool vio_adapter_is_faulty(const struct vio_adapter *adapter);
/** "ok", "empty", "off" or "fault". @since 0.1.0 */
VIO_EXPORT const char *vio_adapter_state_name(const struct vio_adapter *adapter);
/** What it is shared as; UNKNOWN: nothing. @since 0.1.0 */
VIO_EXPORT enum vio_vadapter_kind vio_adapter_kind(const struct vio_adapter *adapter);
/** How it is shared. @since 0.1.0 */
VIO_EXPORT enum vio_sharing vio_adapter_sharing(const struct vio_adapter *adapter);
/** What can be set on its functions: enum vio_adapter_cap, or-ed. @since 0.1.0 */
VIO_EXPORT uint32_t vio_adapter_caps(const struct vio_adapter *adapter);
/** PCI vendor id. @since 0.1.0 */
VIO_EXPORT uint16_t vio_adapter_vendor_id(const struct vio_adapter *adapter);
/** PCI device id. @since 0.1.0 */
VIO_EXPORT uint16_t vio_adapter_device_id(const struct vio_adapter *adapter);
/** PCI subsystem vendor id. @since 0.1.0 */
VIO_EXPORT uint16_t vio_adapter_subsystem_vendor_id(const struct vio_adapter *adapter);
/** PCI subsystem id. @since 0.1.0 */
VIO_EXPORT uint16_t vio_adapter_subsystem_id(const struct vio_adapter *adapter);
/** PCI class code, 24 bits. @since 0.1.0 */
VIO_EXPORT uint32_t vio_adapter_class_code(const struct vio_adapter *adapter);
/** PCI revision. @since 0.1.0 */
VIO_EXPORT uint8_t vio_adapter_revision(const struct vio_adapter *adapter);
/** Functions it can give. @since 0.1.0 */
VIO_EXPORT uint32_t vio_adapter_max_functions(const struct vio_adapter *adapter);
/** Functions it has given, detached ones included. @since 0.1.0 */
VIO_EXPORT uint32_t vio_adapter_used_functions(const struct vio_adapter *adapter);
/** Rate that its functions share, bit/s each direction. @since 0.1.0 */
VIO_EXPORT uint64_t vio_adapter_capacity(const struct vio_adapter *adapter);
/** Sum of the guaranteed transmit rates of its functions, bit/s. @since 0.1.0 */
VIO_EXPORT uint64_t vio_adapter_tx_committed(const struct vio_adapter *adapter);
/** Sum of the guaranteed receive rates of its functions, bit/s. @since 0.1.0 */
VIO_EXPORT uint64_t vio_adapter_rx_committed(const struct vio_adapter *adapter);
/** Bytes of storage it can give, 0 where it has none. @since 0.1.0 */
VIO_EXPORT uint64_t vio_adapter_space(const struct vio_adapter *adapter);
/** Bytes of storage given. @since 0.1.0 */
VIO_EXPORT uint64_t vio_adapter_space_used(const struct vio_adapter *adapter);

/** The permanent address that it was made with. @return 0, VIO_EINVAL, VIO_ENOENT (it has none)
 * @since 0.1.0 */
VIO_EXPORT int vio_adapter_factory_address(const struct vio_adapter *adapter,
                                           struct vio_address *ret_address);
/** "none", "sr-iov" or "proxy"; "unknown" otherwise. @since 0.1.0 */
VIO_EXPORT const char *vio_sharing_name(enum vio_sharing sharing);

#ifdef __cplusplus
}
#endif

#endif
