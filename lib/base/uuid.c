/* SPDX-License-Identifier: MIT */
#include "lib/base/uuid.h"

#include <string.h>

#include <libvio/error.h>

#include "lib/base/hex.h"

/* RFC 4122, 4.4: version 4, variant 10. */
static void mark_version_4(uint8_t uuid[VIO_UUID_SIZE])
{
    uuid[6] = (uint8_t)((uuid[6] & 0x0f) | 0x40);
    uuid[8] = (uint8_t)((uuid[8] & 0x3f) | 0x80);
}

int vio__uuid_random(uint8_t ret_uuid[VIO_UUID_SIZE])
{
    uint8_t uuid[VIO_UUID_SIZE];
    int r = vio__random_bytes(uuid, sizeof(uuid));

    if (r < 0)
        return r;
    mark_version_4(uuid);
    memcpy(ret_uuid, uuid, sizeof(uuid));
    return 0;
}

void vio__uuid_from_prng(struct vio_prng *prng, uint8_t ret_uuid[VIO_UUID_SIZE])
{
    vio__prng_bytes(prng, ret_uuid, VIO_UUID_SIZE);
    mark_version_4(ret_uuid);
}

static bool dash_before(int byte)
{
    return byte == 4 || byte == 6 || byte == 8 || byte == 10;
}

void vio__uuid_format(const uint8_t uuid[VIO_UUID_SIZE], char ret_text[VIO_UUID_TEXT_SIZE])
{
    static const char digits[] = "0123456789abcdef";
    char *at = ret_text;

    for (int i = 0; i < VIO_UUID_SIZE; i++) {
        if (dash_before(i))
            *at++ = '-';
        *at++ = digits[uuid[i] >> 4];
        *at++ = digits[uuid[i] & 15];
    }
    *at = '\0';
}

int vio__uuid_parse(const char *text, uint8_t ret_uuid[VIO_UUID_SIZE])
{
    uint8_t uuid[VIO_UUID_SIZE];

    for (int i = 0; i < VIO_UUID_SIZE; i++) {
        int high;
        int low;

        if (dash_before(i) && *text++ != '-')
            return VIO_EPARSE;
        high = vio__hex_digit(text[0]);
        low = high < 0 ? -1 : vio__hex_digit(text[1]);
        if (low < 0)
            return VIO_EPARSE;
        uuid[i] = (uint8_t)(high << 4 | low);
        text += 2;
    }
    if (*text != '\0')
        return VIO_EPARSE;
    memcpy(ret_uuid, uuid, sizeof(uuid));
    return 0;
}

bool vio__uuid_is_nil(const uint8_t uuid[VIO_UUID_SIZE])
{
    for (int i = 0; i < VIO_UUID_SIZE; i++)
        if (uuid[i] != 0)
            return false;
    return true;
}
