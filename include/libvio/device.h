/* SPDX-License-Identifier: MIT */
/**
 * @file device.h
 * @brief Raw access to a chassis, for diagnostic tools: registers by offset or name, configuration
 *        spaces, decoding.
 *
 * Writes here bypass every check: they are for those who hold the manual
 * (docs/hardware-interface.md).
 */
#ifndef LIBVIO_DEVICE_H
#define LIBVIO_DEVICE_H

#include <libvio/export.h>
#include <libvio/req.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct vio_chassis;
struct vio_register;

/** Whose configuration space is read. */
enum vio_config_space {
    VIO_CONFIG_UNKNOWN = 0,
    VIO_CONFIG_ADAPTER = 1,  /**< index: slot; bdf: function number of the card */
    VIO_CONFIG_FUNCTION = 2, /**< index: function, as its server sees it; bdf: 0 */
    VIO_CONFIG_SERVER = 3,   /**< index: server; bdf: anything in its hierarchy */
    VIO_CONFIG_CHASSIS = 4,  /**< the management function itself; index and bdf: 0 */
};

/**
 * @brief Read bytes of the register BAR; vio_req_get_data() has them then.
 * @param chassis The chassis.
 * @param offset  Bytes from the start of the BAR, a multiple of 4.
 * @param size    Bytes, a multiple of 4, at most 65,536.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends with 0, VIO_ENOTSUP (this kind of chassis has no
 *         registers), VIO_ETRANSPORT, VIO_ECLOSED, VIO_ETIMEDOUT or VIO_ECANCELED.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_device_read(struct vio_chassis *chassis, uint64_t offset, size_t size,
                               vio_req_cb cb, void *user, struct vio_req **ret_req);

/**
 * @brief Write a register.
 * @param chassis The chassis.
 * @param offset  Bytes from the start of the BAR, a multiple of *size*.
 * @param value   The value, in host order.
 * @param size    4 or 8 bytes.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends as that of vio_device_read(), or with VIO_EPERM if the
 *         chassis was opened for reading only.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_device_write(struct vio_chassis *chassis, uint64_t offset, uint64_t value,
                                size_t size, vio_req_cb cb, void *user, struct vio_req **ret_req);

/**
 * @brief Read a configuration space from its start; vio_req_get_data() has the bytes then.
 * @param chassis The chassis.
 * @param space   Whose, one of enum vio_config_space.
 * @param index   Number of the slot, function or server, as *space* asks; else 0.
 * @param bdf     Bus (15:8), device (7:3), function (2:0), where *space* asks for it; else 0.
 * @param size    Bytes: 64, 256 or 4,096.
 * @param cb      Called once, on the loop's thread, if this returns 0; NULL for none, vio_ctx_queue
 *                for the completion queue.
 * @param user    Passed to *cb*.
 * @param ret_req Where the request goes, with a reference for the caller; NULL for none.
 * @return 0; VIO_EINVAL, VIO_ENOMEM, VIO_ECLOSED, VIO_EFORK, VIO_EAGAIN while the completion queue
 *         has no place. The request ends as that of vio_device_read(), or with VIO_ENOENT if no
 *         function answers there.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_device_config(struct vio_chassis *chassis, enum vio_config_space space,
                                 uint32_t index, uint16_t bdf, size_t size, vio_req_cb cb,
                                 void *user, struct vio_req **ret_req);

/**
 * @brief Get the bytes that a request of this header read, as on the wire (little-endian).
 * @param req      The request, or NULL.
 * @param ret_size Where their number goes; may be NULL.
 * @return The bytes, which live as long as the request; NULL for another kind of request, one that
 *         failed or has not completed, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const uint8_t *vio_req_get_data(const struct vio_req *req, size_t *ret_size);

/**
 * @brief Tell how many registers the interface has.
 * @return Their number.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_register_count(void);

/**
 * @brief Get a register by its place in the manual's order.
 * @param at 0 to vio_register_count() - 1.
 * @return The register, which is static; NULL beyond the last.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const struct vio_register *vio_register_at(size_t at);

/**
 * @brief Find a register by its name.
 * @param name       Block and register, such as "GLOBAL.BOOT_ID" or "FUNCTION[12].STATE",
 *                   zero-terminated; letters of either case.
 * @param ret_offset Where its offset in the register BAR goes, in bytes; may be NULL.
 * @return The register, which is static; NULL if there is none of that name, and for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const struct vio_register *vio_register_find(const char *name, uint64_t *ret_offset);

/**
 * @brief Find the register at an offset.
 * @param offset       Bytes from the start of the register BAR.
 * @param ret_instance Where the number of the instance of its block goes, from 0; may be NULL.
 * @return The register, which is static; NULL if there is none.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const struct vio_register *vio_register_find_offset(uint64_t offset,
                                                               uint32_t *ret_instance);

/**
 * @brief Get the block of a register, such as "FUNCTION".
 * @param reg The register, or NULL.
 * @return Static text; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_register_block(const struct vio_register *reg);

/**
 * @brief Get the name of a register within its block.
 * @param reg The register, or NULL.
 * @return Static text; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_register_name(const struct vio_register *reg);

/**
 * @brief Tell what a register means.
 * @param reg The register, or NULL.
 * @return Static UTF-8 text; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_register_text(const struct vio_register *reg);

/**
 * @brief Tell how a register may be accessed.
 * @param reg The register, or NULL.
 * @return "RO", "RW", "WO" or "W1C": static text; NULL for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT const char *vio_register_access(const struct vio_register *reg);

/**
 * @brief Get the offset of a register in instance 0 of its block.
 * @param reg The register, or NULL.
 * @return Bytes from the start of the register BAR; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint64_t vio_register_offset(const struct vio_register *reg);

/**
 * @brief Get the size of a register.
 * @param reg The register, or NULL.
 * @return Bytes: 4 and 8 are numbers, others byte strings; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT size_t vio_register_size(const struct vio_register *reg);

/**
 * @brief Tell how many instances of a register's block the layout has room for.
 * @param reg        The register, or NULL.
 * @param ret_stride Where their distance in bytes goes; may be NULL.
 * @return Their number; 0 for NULL.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT uint32_t vio_register_instances(const struct vio_register *reg, uint64_t *ret_stride);

/**
 * @brief Write the value of a register with its fields' names, such as "0x00000013 LIFE=3
 *        ENABLED=1".
 * @param reg   The register.
 * @param bytes vio_register_size() bytes as on the wire.
 * @param text  Where the text goes, cut if need be, with its terminating zero; may be NULL where
 *              *size* is 0.
 * @param size  Size of *text* in bytes.
 * @return How many bytes the whole text takes without its terminating zero, whether or not they
 *         fit; VIO_EINVAL for a null register, null bytes, or a null *text* with a *size*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_register_decode(const struct vio_register *reg, const uint8_t *bytes, char *text,
                                   size_t size);

#ifdef __cplusplus
}
#endif

#endif
