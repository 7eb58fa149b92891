/* SPDX-License-Identifier: MIT */
#include "lib/domain/identity.h"

#include <string.h>

#define LOCAL 0x02u /* the bit of the first byte that says: not from a registry */

static void put_bits(uint8_t *bytes, size_t count, uint64_t value)
{
    for (size_t i = 0; i < count; i++)
        bytes[i] = (uint8_t)(value >> 8 * (count - 1 - i));
}

/* 24 bits: the first 22 of the store's UUID around the bits "local" and "individual". */
static uint64_t company(const uint8_t store[VIO_UUID_SIZE])
{
    uint64_t bits = ((uint64_t)store[0] << 16 | (uint64_t)store[1] << 8 | store[2]) >> 2;

    return (bits >> 16) << 18 | (uint64_t)LOCAL << 16 | (bits & 0xffff);
}

static void wwn(uint64_t value, struct vio_address *ret_address)
{
    *ret_address = (struct vio_address){.kind = VIO_ADDRESS_WWN, .length = 8};
    put_bits(ret_address->bytes, 8, value);
}

void vio__identity_mac(const uint8_t store[VIO_UUID_SIZE], uint64_t number,
                       struct vio_address *ret_address)
{
    *ret_address = (struct vio_address){.kind = VIO_ADDRESS_MAC48, .length = 6};
    put_bits(ret_address->bytes, 6, company(store) << 24 | number % VIO_IDENTITY_MACS);
}

void vio__identity_wwpn(const uint8_t store[VIO_UUID_SIZE], uint64_t number,
                        struct vio_address *ret_address)
{
    wwn(UINT64_C(5) << 60 | company(store) << 36 | number % VIO_IDENTITY_WWPNS, ret_address);
}

void vio__identity_wwnn(const uint8_t store[VIO_UUID_SIZE], uint64_t number,
                        struct vio_address *ret_address)
{
    wwn(UINT64_C(2) << 60 | company(store) << 24 | number % VIO_IDENTITY_WWNNS, ret_address);
}

void vio__identity_uuid(const uint8_t store[VIO_UUID_SIZE], const uint8_t random[VIO_UUID_SIZE],
                        struct vio_address *ret_address)
{
    *ret_address = (struct vio_address){.kind = VIO_ADDRESS_UUID, .length = VIO_UUID_SIZE};
    memcpy(ret_address->bytes, random, VIO_UUID_SIZE);
    memcpy(ret_address->bytes, store, 2);
    ret_address->bytes[2] = (uint8_t)((store[2] & 0xfcu) | (random[2] & 0x03u));
}
