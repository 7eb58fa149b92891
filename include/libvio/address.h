/* SPDX-License-Identifier: MIT */
/**
 * @file address.h
 * @brief Hardware addresses: MAC-48, EUI-64, Fibre Channel WWN, UUID, IP-over-InfiniBand.
 */
#ifndef LIBVIO_ADDRESS_H
#define LIBVIO_ADDRESS_H

#include <stddef.h>
#include <stdint.h>

#include <libvio/export.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What an address is; it fixes the length. */
enum vio_address_kind {
    VIO_ADDRESS_UNKNOWN = 0, /**< none, or to be found out */
    VIO_ADDRESS_MAC48 = 1,   /**< 6 bytes: IEEE 802-2014, 8.2 (EUI-48) */
    VIO_ADDRESS_EUI64 = 2,   /**< 8 bytes: IEEE 802-2014, 8.2 (EUI-64) */
    VIO_ADDRESS_WWN = 3,     /**< 8 bytes: T11 FC-FS-3, Name_Identifier formats (NAA 1, 2, 5, 6) */
    VIO_ADDRESS_UUID = 4,    /**< 16 bytes: RFC 4122 */
    VIO_ADDRESS_IPOIB = 5    /**< 20 bytes: RFC 4391, 9.1.1 (link-layer address) */
};

/** Size that holds the text of any address with its terminating zero. */
#define VIO_ADDRESS_TEXT_SIZE 64

/**
 * A hardware address. This layout is frozen: 40 bytes, no padding, safe to copy, to store and to
 * compare after vio_address_is_valid(). Bytes are in transmission order; what is beyond *length*,
 * and *reserved*, is zero.
 */
struct vio_address {
    uint8_t kind;        /**< one of enum vio_address_kind */
    uint8_t length;      /**< bytes used, as the kind asks */
    uint8_t reserved[6]; /**< zero */
    uint8_t bytes[32];   /**< the address, the rest zero */
};

/**
 * @brief Read an address from text.
 * @param text        Zero-terminated; hexadecimal bytes in either case. MAC-48, EUI-64, WWN and
 *                    IPoIB take ":" or "-" between bytes, or nothing; WWN also a leading "0x";
 *                    MAC-48 also "0123.4567.89ab"; UUID its 8-4-4-4-12 form. No space around it.
 * @param kind        The kind wanted, or VIO_ADDRESS_UNKNOWN to find out: 6 bytes are a MAC-48, 8
 *                    bytes a WWN, 16 bytes a UUID, 20 bytes an IPoIB address.
 * @param ret_address Where the address goes.
 * @return 0; VIO_EINVAL for a null pointer or an unknown kind; VIO_EPARSE for text that is no
 *         address of that kind; VIO_EADDR for one that vio_address_is_valid() refuses.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_address_parse(const char *text, int kind, struct vio_address *ret_address);

/**
 * @brief Make an address from its bytes.
 * @param kind        One of enum vio_address_kind but VIO_ADDRESS_UNKNOWN.
 * @param bytes       The address in transmission order.
 * @param size        How many bytes; must be what the kind asks.
 * @param ret_address Where the address goes.
 * @return 0; VIO_EINVAL for a null pointer, an unknown kind or another size; VIO_EADDR for an
 * address that vio_address_is_valid() refuses.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_address_from_bytes(int kind, const void *bytes, size_t size,
                                      struct vio_address *ret_address);

/**
 * @brief Write an address as text: lower-case bytes with ":" between, a UUID as 8-4-4-4-12.
 * @param address A valid address.
 * @param buf     Where the text goes, with its terminating zero; untouched on failure.
 * @param size    Size of *buf* in bytes; VIO_ADDRESS_TEXT_SIZE is enough for every kind.
 * @return 0; VIO_EINVAL for a null pointer; VIO_EADDR for a kind or length that is none; VIO_ENOSPC
 *         if *buf* is too small.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_address_format(const struct vio_address *address, char *buf, size_t size);

/**
 * @brief Tell whether an address may be given to a function.
 * @param address Any 40 bytes.
 * @return 1 if kind and length agree, what is unused is zero, and the address is neither all zero
 *         nor (MAC-48, EUI-64) a group address nor (WWN) of an NAA other than 1, 2, 5 and 6; else
 * 0, also for NULL.
 *
 * Group bit: IEEE 802-2014, 8.2.2. NAA: T11 FC-FS-3, Name_Identifier formats. Callable from any
 * thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_address_is_valid(const struct vio_address *address);

/**
 * @brief Tell whether two addresses are the same.
 * @param a An address or NULL.
 * @param b An address or NULL.
 * @return 1 if both are given and have the same kind and bytes, else 0.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_address_equal(const struct vio_address *a, const struct vio_address *b);

/**
 * @brief Order two addresses: by kind, then by their bytes as one big-endian number.
 * @param a An address or NULL, which comes first.
 * @param b An address or NULL, which comes first.
 * @return A number below, equal to or above 0 as *a* comes before, with or after *b*.
 *
 * Callable from any thread and in callbacks.
 * @since 0.1.0
 */
VIO_EXPORT int vio_address_compare(const struct vio_address *a, const struct vio_address *b);

#ifdef __cplusplus
}
#endif

#endif
