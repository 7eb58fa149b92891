/* SPDX-License-Identifier: MIT */
/**
 * @file adapter.h
 * @brief An adapter: a physical off-the-shelf card in a slot, as one snapshot shows it.
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

/**
 * @brief Take another reference.
 * @param adapter The adapter, or NULL.
 * @return *adapter*.
 *
 * It keeps the whole snapshot that it is part of. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_adapter *vio_adapter_ref(struct vio_adapter *adapter);

/**
 * @brief Give up a reference.
 * @param adapter The adapter, or NULL for no effect.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_adapter_unref(struct vio_adapter *adapter);

/**
 * @brief Get the name of an adapter: that of its slot.
 * @param adapter The adapter, or NULL.
 * @return UTF-8 text that lives as long as the adapter; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_adapter_name(const struct vio_adapter *adapter);

/**
 * @brief Get the number of an adapter's slot.
 * @param adapter The adapter, or NULL.
 * @return The number, from 0; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_adapter_index(const struct vio_adapter *adapter);

/**
 * @brief Get the model of an adapter.
 * @param adapter The adapter, or NULL.
 * @return UTF-8 text that lives as long as the adapter, "" for an empty slot; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_adapter_model(const struct vio_adapter *adapter);

/**
 * @brief Tell whether a card is plugged into the slot.
 * @param adapter The adapter, or NULL.
 * @return true if one is; false for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT bool vio_adapter_is_present(const struct vio_adapter *adapter);

/**
 * @brief Tell whether the slot has power.
 * @param adapter The adapter, or NULL.
 * @return true if it has; false for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT bool vio_adapter_is_powered(const struct vio_adapter *adapter);

/**
 * @brief Tell whether an adapter failed, or was pulled while in use.
 * @param adapter The adapter, or NULL.
 * @return true if so; false for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT bool vio_adapter_is_faulty(const struct vio_adapter *adapter);

/**
 * @brief Get the state of an adapter in a word.
 * @param adapter The adapter, or NULL.
 * @return "ok", "empty", "off" or "fault": static text; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_adapter_state_name(const struct vio_adapter *adapter);

/**
 * @brief Tell what an adapter is shared as.
 * @param adapter The adapter, or NULL.
 * @return The kind of vAdapter that it can back; VIO_VADAPTER_UNKNOWN if none, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_vadapter_kind vio_adapter_kind(const struct vio_adapter *adapter);

/**
 * @brief Tell how an adapter is shared.
 * @param adapter The adapter, or NULL.
 * @return The way; VIO_SHARING_UNKNOWN for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT enum vio_sharing vio_adapter_sharing(const struct vio_adapter *adapter);

/**
 * @brief Tell what can be set on the functions of an adapter.
 * @param adapter The adapter, or NULL.
 * @return Members of enum vio_adapter_cap, or-ed; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_adapter_caps(const struct vio_adapter *adapter);

/**
 * @brief Get the PCI vendor id of an adapter.
 * @param adapter The adapter, or NULL.
 * @return The id; 0 for an empty slot and for NULL.
 *
 * PCI Local Bus Specification 3.0, 6.2.1. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint16_t vio_adapter_vendor_id(const struct vio_adapter *adapter);

/**
 * @brief Get the PCI device id of an adapter.
 * @param adapter The adapter, or NULL.
 * @return The id; 0 for an empty slot and for NULL.
 *
 * PCI Local Bus Specification 3.0, 6.2.1. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint16_t vio_adapter_device_id(const struct vio_adapter *adapter);

/**
 * @brief Get the PCI subsystem vendor id of an adapter.
 * @param adapter The adapter, or NULL.
 * @return The id; 0 for an empty slot and for NULL.
 *
 * PCI Local Bus Specification 3.0, 6.2.4. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint16_t vio_adapter_subsystem_vendor_id(const struct vio_adapter *adapter);

/**
 * @brief Get the PCI subsystem id of an adapter.
 * @param adapter The adapter, or NULL.
 * @return The id; 0 for an empty slot and for NULL.
 *
 * PCI Local Bus Specification 3.0, 6.2.4. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint16_t vio_adapter_subsystem_id(const struct vio_adapter *adapter);

/**
 * @brief Get the PCI class code of an adapter.
 * @param adapter The adapter, or NULL.
 * @return Base class (23:16), sub-class (15:8), interface (7:0); 0 for an empty slot and for NULL.
 *
 * PCI Local Bus Specification 3.0, 6.2.1. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_adapter_class_code(const struct vio_adapter *adapter);

/**
 * @brief Get the PCI revision id of an adapter.
 * @param adapter The adapter, or NULL.
 * @return The id; 0 for an empty slot and for NULL.
 *
 * PCI Local Bus Specification 3.0, 6.2.1. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint8_t vio_adapter_revision(const struct vio_adapter *adapter);

/**
 * @brief Tell how many functions an adapter can give.
 * @param adapter The adapter, or NULL.
 * @return Functions, given ones included; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_adapter_max_functions(const struct vio_adapter *adapter);

/**
 * @brief Tell how many functions an adapter has given.
 * @param adapter The adapter, or NULL.
 * @return Functions, detached ones included; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_adapter_used_functions(const struct vio_adapter *adapter);

/**
 * @brief Get the rate that the functions of an adapter share.
 * @param adapter The adapter, or NULL.
 * @return bit/s in each direction; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_adapter_capacity(const struct vio_adapter *adapter);

/**
 * @brief Get the sum of the guaranteed transmit rates of an adapter's functions.
 * @param adapter The adapter, or NULL.
 * @return bit/s; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_adapter_tx_committed(const struct vio_adapter *adapter);

/**
 * @brief Get the sum of the guaranteed receive rates of an adapter's functions.
 * @param adapter The adapter, or NULL.
 * @return bit/s; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_adapter_rx_committed(const struct vio_adapter *adapter);

/**
 * @brief Get the storage that an adapter can give.
 * @param adapter The adapter, or NULL.
 * @return Bytes, given ones included; 0 where it has none, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_adapter_space(const struct vio_adapter *adapter);

/**
 * @brief Get the storage that an adapter has given.
 * @param adapter The adapter, or NULL.
 * @return Bytes; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_adapter_space_used(const struct vio_adapter *adapter);

/**
 * @brief Get the permanent address that an adapter was made with.
 * @param adapter     The adapter.
 * @param ret_address Where the address goes.
 * @return 0; VIO_EINVAL for NULL; VIO_ENOENT if it has none.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_adapter_factory_address(const struct vio_adapter *adapter,
                                           struct vio_address *ret_address);

/**
 * @brief Get the name of a way of sharing.
 * @param sharing One of enum vio_sharing.
 * @return "none", "sr-iov" or "proxy", "unknown" otherwise: static text, never NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_sharing_name(enum vio_sharing sharing);

#ifdef __cplusplus
}
#endif

#endif
