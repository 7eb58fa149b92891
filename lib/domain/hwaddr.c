/* SPDX-License-Identifier: MIT */
#include "lib/domain/hwaddr.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/hex.h"
#include "lib/base/uuid.h"

_Static_assert(sizeof(struct vio_address) == 40, "the public layout is frozen");
_Static_assert(offsetof(struct vio_address, kind) == 0, "the public layout is frozen");
_Static_assert(offsetof(struct vio_address, length) == 1, "the public layout is frozen");
_Static_assert(offsetof(struct vio_address, reserved) == 2, "the public layout is frozen");
_Static_assert(offsetof(struct vio_address, bytes) == 8, "the public layout is frozen");

enum { LENGTH_MAX = 20 };

size_t vio__hwaddr_length(int kind)
{
    switch (kind) {
    case VIO_ADDRESS_MAC48:
        return 6;
    case VIO_ADDRESS_EUI64:
    case VIO_ADDRESS_WWN:
        return 8;
    case VIO_ADDRESS_UUID:
        return 16;
    case VIO_ADDRESS_IPOIB:
        return 20;
    default:
        return 0;
    }
}

static bool all_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (bytes[i] != 0)
            return false;
    return true;
}

/* T11 FC-FS-3, Name_Identifier formats: the first four bits are the NAA. 1 IEEE 48-bit, 2 IEEE
 * extended, 5 IEEE registered, 6 IEEE registered extended; the others are local, or no names of
 * ports and nodes. */
static bool naa_is_allowed(uint8_t first)
{
    unsigned naa = first >> 4;

    return naa == 1 || naa == 2 || naa == 5 || naa == 6;
}

bool vio__hwaddr_is_valid(const struct vio_address *address)
{
    size_t length = vio__hwaddr_length(address->kind);

    if (length == 0 || address->length != length ||
        !all_zero(address->reserved, sizeof(address->reserved)) ||
        !all_zero(address->bytes + length, sizeof(address->bytes) - length) ||
        all_zero(address->bytes, length))
        return false;
    switch (address->kind) {
    case VIO_ADDRESS_MAC48:
    case VIO_ADDRESS_EUI64: /* IEEE 802-2014, 8.2.2: the I/G bit */
        return (address->bytes[0] & 1) == 0;
    case VIO_ADDRESS_WWN:
        return naa_is_allowed(address->bytes[0]);
    default:
        return true;
    }
}

int vio__hwaddr_from_bytes(int kind, const uint8_t *bytes, size_t size,
                           struct vio_address *ret_address)
{
    struct vio_address address = {.kind = (uint8_t)kind, .length = (uint8_t)size};

    if (size == 0 || vio__hwaddr_length(kind) != size)
        return VIO_EINVAL;
    memcpy(address.bytes, bytes, size);
    if (!vio__hwaddr_is_valid(&address))
        return VIO_EADDR;
    *ret_address = address;
    return 0;
}

/* Reads bytes with `separator` after every `group` of them (0: none). Returns how many, or 0. */
static size_t read_bytes(const char *text, char separator, size_t group, uint8_t *ret_bytes)
{
    size_t count = 0;

    while (count < LENGTH_MAX) {
        int high = vio__hex_digit(text[0]);
        int low = high < 0 ? -1 : vio__hex_digit(text[1]);

        if (low < 0)
            return 0;
        ret_bytes[count++] = (uint8_t)(high << 4 | low);
        text += 2;
        if (*text == '\0')
            return count;
        if (group != 0 && count % group == 0 && *text++ != separator)
            return 0;
    }
    return 0;
}

static int kind_of_length(size_t length)
{
    switch (length) {
    case 6:
        return VIO_ADDRESS_MAC48;
    case 8:
        return VIO_ADDRESS_WWN;
    case 20:
        return VIO_ADDRESS_IPOIB;
    default:
        return VIO_ADDRESS_UNKNOWN;
    }
}

/* The form is told by the first separator. */
static size_t read_any(const char *text, int kind, uint8_t *ret_bytes)
{
    bool prefixed = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    size_t length;

    if (prefixed && (kind == VIO_ADDRESS_WWN || kind == VIO_ADDRESS_UNKNOWN)) {
        length = read_bytes(text + 2, '\0', 0, ret_bytes);
        return length == vio__hwaddr_length(VIO_ADDRESS_WWN) ? length : 0;
    }
    switch (text[strcspn(text, ":-.")]) {
    case ':':
        return read_bytes(text, ':', 1, ret_bytes);
    case '-':
        return read_bytes(text, '-', 1, ret_bytes);
    case '.':
        length = read_bytes(text, '.', 2, ret_bytes);
        return length == vio__hwaddr_length(VIO_ADDRESS_MAC48) ? length : 0;
    default:
        return read_bytes(text, '\0', 0, ret_bytes);
    }
}

int vio__hwaddr_parse(const char *text, int kind, struct vio_address *ret_address)
{
    uint8_t bytes[LENGTH_MAX];
    size_t length;

    if (kind != VIO_ADDRESS_UNKNOWN && vio__hwaddr_length(kind) == 0)
        return VIO_EINVAL;
    if ((kind == VIO_ADDRESS_UNKNOWN || kind == VIO_ADDRESS_UUID) &&
        vio__uuid_parse(text, bytes) == 0)
        return vio__hwaddr_from_bytes(VIO_ADDRESS_UUID, bytes, VIO_UUID_SIZE, ret_address);
    if (kind == VIO_ADDRESS_UUID)
        return VIO_EPARSE;
    length = read_any(text, kind, bytes);
    if (kind == VIO_ADDRESS_UNKNOWN)
        kind = kind_of_length(length);
    if (length == 0 || vio__hwaddr_length(kind) != length)
        return VIO_EPARSE;
    return vio__hwaddr_from_bytes(kind, bytes, length, ret_address);
}

int vio__hwaddr_format(const struct vio_address *address, char *buf, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    size_t length = vio__hwaddr_length(address->kind);

    if (length == 0 || address->length != length)
        return VIO_EADDR;
    if (size < (address->kind == VIO_ADDRESS_UUID ? (size_t)VIO_UUID_TEXT_SIZE : 3 * length))
        return VIO_ENOSPC;
    if (address->kind == VIO_ADDRESS_UUID) {
        vio__uuid_format(address->bytes, buf);
        return 0;
    }
    for (size_t i = 0; i < length; i++) {
        buf[3 * i] = digits[address->bytes[i] >> 4];
        buf[3 * i + 1] = digits[address->bytes[i] & 15];
        buf[3 * i + 2] = i + 1 < length ? ':' : '\0';
    }
    return 0;
}

int vio__hwaddr_compare(const struct vio_address *a, const struct vio_address *b)
{
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

/* In shapes that compilers make one instruction of. */
static uint64_t get_be64(const uint8_t bytes[8])
{
    return (uint64_t)bytes[0] << 56 | (uint64_t)bytes[1] << 48 | (uint64_t)bytes[2] << 40 |
           (uint64_t)bytes[3] << 32 | (uint64_t)bytes[4] << 24 | (uint64_t)bytes[5] << 16 |
           (uint64_t)bytes[6] << 8 | (uint64_t)bytes[7];
}

static void put_be64(uint8_t bytes[8], uint64_t value)
{
    for (size_t i = 0; i < 8; i++)
        bytes[i] = (uint8_t)(value >> (56 - 8 * i));
}

void vio__hwaddr_split(const struct vio_address *address, uint64_t *ret_high, uint64_t *ret_low)
{
    size_t length = vio__hwaddr_length(address->kind);

    *ret_high = 0;
    *ret_low = 0;
    if (length >= 16) {
        *ret_high = get_be64(address->bytes + length - 16);
        *ret_low = get_be64(address->bytes + length - 8);
    } else if (length > 0) {
        *ret_low = get_be64(address->bytes) >> 8 * (8 - length);
    }
}

void vio__hwaddr_join(int kind, uint64_t high, uint64_t low, struct vio_address *ret_address)
{
    size_t length = vio__hwaddr_length(kind);

    *ret_address = (struct vio_address){.kind = (uint8_t)kind, .length = (uint8_t)length};
    if (length >= 16) {
        put_be64(ret_address->bytes + length - 16, high);
        put_be64(ret_address->bytes + length - 8, low);
    } else if (length > 0) {
        put_be64(ret_address->bytes, low << 8 * (8 - length));
    }
}
