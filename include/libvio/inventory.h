/* SPDX-License-Identifier: MIT */
/**
 * @file inventory.h
 * @brief A snapshot of a chassis and everything in it, at one version.
 *
 * Snapshots are immutable: any thread may read one, and it stays readable after the chassis was
 * closed. The objects in it (ports, servers, adapters, functions, vAdapters) hold it: a reference
 * to one keeps all of them.
 *
 * Getters return 0, NULL or an enumeration's 0 for a NULL argument. Texts are UTF-8, never NULL
 * otherwise, and live as long as the object.
 */
#ifndef LIBVIO_INVENTORY_H
#define LIBVIO_INVENTORY_H

#include <stddef.h>
#include <stdint.h>

#include <libvio/address.h>
#include <libvio/export.h>
#include <libvio/req.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_adapter;
struct vio_function;
struct vio_inventory;
struct vio_port;
struct vio_server;
struct vio_vadapter;

/**
 * @brief Get the snapshot that a request of vio_chassis_observe() took.
 * @param req The request, or NULL.
 * @return The snapshot, which lives as long as the request: vio_inventory_ref() it to keep it; NULL
 *         for another kind of request, one that failed or has not completed, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_inventory *vio_req_get_inventory(const struct vio_req *req);

/**
 * @brief Take another reference.
 * @param inventory The snapshot, or NULL.
 * @return *inventory*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_inventory *vio_inventory_ref(struct vio_inventory *inventory);

/**
 * @brief Give up a reference.
 * @param inventory The snapshot, or NULL for no effect.
 *
 * The last one, among them those of its objects, frees the snapshot. Callable from any thread and
 * in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT void vio_inventory_unref(struct vio_inventory *inventory);

/**
 * @brief Get a number that grows with each change of what the chassis reports.
 * @param inventory The snapshot, or NULL.
 * @return The version; 0 for NULL.
 *
 * Equal versions of one boot are equal in all but traffic counters. Callable from any thread and in
 * callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_inventory_version(const struct vio_inventory *inventory);

/**
 * @brief Get the UUID of the chassis.
 * @param inventory The snapshot.
 * @param ret_uuid  Where the UUID goes, an address of kind VIO_ADDRESS_UUID (byte order of RFC
 *                  9562).
 * @return 0; VIO_EINVAL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_inventory_uuid(const struct vio_inventory *inventory,
                                  struct vio_address *ret_uuid);

/**
 * @brief Get the name of the chassis.
 * @param inventory The snapshot, or NULL.
 * @return UTF-8 text that lives as long as the snapshot; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_inventory_name(const struct vio_inventory *inventory);

/**
 * @brief Get the model of the chassis.
 * @param inventory The snapshot, or NULL.
 * @return UTF-8 text that lives as long as the snapshot; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_inventory_model(const struct vio_inventory *inventory);

/**
 * @brief Get the serial number of the chassis.
 * @param inventory The snapshot, or NULL.
 * @return UTF-8 text that lives as long as the snapshot; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_inventory_serial(const struct vio_inventory *inventory);

/**
 * @brief Get the firmware version of the chassis.
 * @param inventory The snapshot, or NULL.
 * @return UTF-8 text that lives as long as the snapshot; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_inventory_firmware(const struct vio_inventory *inventory);

/**
 * @brief Get the number that the chassis drew at its last power-on or reset.
 * @param inventory The snapshot, or NULL.
 * @return The boot id; 0 for NULL.
 *
 * Functions of another boot are gone. Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_inventory_boot_id(const struct vio_inventory *inventory);

/**
 * @brief Get the time since the boot of the chassis.
 * @param inventory The snapshot, or NULL.
 * @return ns; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_inventory_uptime(const struct vio_inventory *inventory);

/**
 * @brief Tell who owns the chassis, as the owner named itself.
 * @param inventory The snapshot, or NULL.
 * @return UTF-8 text that lives as long as the snapshot, "" while nobody owns it; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_inventory_owner(const struct vio_inventory *inventory);

/**
 * @brief Get the code of the chassis' fault.
 * @param inventory The snapshot, or NULL.
 * @return The code, as the hardware manual lists them; 0 while it is healthy, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_inventory_fault(const struct vio_inventory *inventory);

/**
 * @brief Tell how many functions the chassis can have.
 * @param inventory The snapshot, or NULL.
 * @return Functions, those there are included; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_inventory_max_functions(const struct vio_inventory *inventory);

/**
 * @brief Tell how many ports there are.
 * @param inventory The snapshot, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_inventory_num_ports(const struct vio_inventory *inventory);

/**
 * @brief Tell how many servers there are.
 * @param inventory The snapshot, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_inventory_num_servers(const struct vio_inventory *inventory);

/**
 * @brief Tell how many adapters there are.
 * @param inventory The snapshot, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_inventory_num_adapters(const struct vio_inventory *inventory);

/**
 * @brief Tell how many functions there are.
 * @param inventory The snapshot, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_inventory_num_functions(const struct vio_inventory *inventory);

/**
 * @brief Tell how many vAdapters there are.
 * @param inventory The snapshot, or NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_inventory_num_vadapters(const struct vio_inventory *inventory);

/**
 * @brief Find a port by its name.
 * @param inventory The snapshot, or NULL.
 * @param name      The name, zero-terminated UTF-8; letters of another case are another name.
 * @return The port, which lives as long as the snapshot: vio_port_ref() it to keep it; NULL if
 *         there is none, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_port *vio_inventory_find_port(const struct vio_inventory *inventory,
                                                    const char *name);

/**
 * @brief Find a server by its name.
 * @param inventory The snapshot, or NULL.
 * @param name      The name, zero-terminated UTF-8; letters of another case are another name.
 * @return The server, which lives as long as the snapshot: vio_server_ref() it to keep it; NULL if
 *         there is none, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_server *vio_inventory_find_server(const struct vio_inventory *inventory,
                                                        const char *name);

/**
 * @brief Find an adapter by its name.
 * @param inventory The snapshot, or NULL.
 * @param name      The name, zero-terminated UTF-8; letters of another case are another name.
 * @return The adapter, which lives as long as the snapshot: vio_adapter_ref() it to keep it; NULL
 *         if there is none, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_adapter *vio_inventory_find_adapter(const struct vio_inventory *inventory,
                                                          const char *name);

/**
 * @brief Find a vAdapter by its name, or by the text of its UUID.
 * @param inventory The snapshot, or NULL.
 * @param name      The name, zero-terminated UTF-8, or a UUID as 8-4-4-4-12.
 * @return The vAdapter, which lives as long as the snapshot: vio_vadapter_ref() it to keep it; NULL
 *         if there is none, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_vadapter *vio_inventory_find_vadapter(const struct vio_inventory *inventory,
                                                            const char *name);

/**
 * @brief Find a function by its number.
 * @param inventory The snapshot, or NULL.
 * @param index     The number, as vio_function_index() tells it.
 * @return The function, which lives as long as the snapshot: vio_function_ref() it to keep it; NULL
 *         if there is none, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT struct vio_function *vio_inventory_find_function(const struct vio_inventory *inventory,
                                                            uint32_t index);

#ifdef __cplusplus
}
#endif

#endif
