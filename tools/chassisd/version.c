/* SPDX-License-Identifier: MIT */
#include "tools/chassisd/version.h"

#include <errno.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* A missing number is the default. */
static bool number(const json_t *capabilities, const char *name, uint32_t *value)
{
    const json_t *found = json_object_get(capabilities, name);
    json_int_t n;

    if (!found)
        return true;
    if (!json_is_integer(found))
        return false;
    n = json_integer_value(found);
    if (n < 0)
        return false;
    *value = n > UINT32_MAX ? UINT32_MAX : (uint32_t)n;
    return true;
}

static int read_capabilities(const json_t *root, struct vfu_peer *peer)
{
    static const char *const limits[] = {"max_data_xfer_size", "max_dma_maps", "pgsizes"};
    const json_t *capabilities = json_object_get(root, "capabilities");
    uint32_t ignored = 0;

    if (!json_is_object(root) || (capabilities && !json_is_object(capabilities)))
        return EINVAL;
    if (!number(capabilities, "max_msg_fds", &peer->max_msg_fds))
        return EINVAL;
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        if (!number(capabilities, limits[i], &ignored))
            return EINVAL;
    }
    return 0;
}

int vfu_version_read(const uint8_t *payload, size_t size, struct vfu_peer *ret_peer)
{
    struct vfu_version version;
    struct vfu_peer peer = {.max_msg_fds = 1};
    const char *text = (const char *)payload + sizeof version;
    json_t *root;
    int error;

    memcpy(&version, payload, sizeof version);
    size -= sizeof version;
    if (version.major != VFU_MAJOR)
        return EINVAL;
    peer.minor = version.minor < VFU_MINOR ? version.minor : VFU_MINOR;
    if (size > 0) {
        if (size > VFU_VERSION_TEXT_MAX || text[size - 1] != '\0')
            return EINVAL;
        root = json_loadb(text, strlen(text), JSON_REJECT_DUPLICATES, NULL);
        error = read_capabilities(root, &peer);
        json_decref(root);
        if (error)
            return error;
    }
    *ret_peer = peer;
    return 0;
}

size_t vfu_version_write(const struct vfu_peer *peer, uint8_t reply[VFU_VERSION_REPLY_MAX])
{
    const struct vfu_version version = {VFU_MAJOR, peer->minor};
    int length;

    memcpy(reply, &version, sizeof version);
    length = snprintf((char *)reply + sizeof version, VFU_VERSION_REPLY_MAX - sizeof version,
                      "{\"capabilities\":{\"max_msg_fds\":%u,\"max_data_xfer_size\":%u,"
                      "\"max_dma_maps\":%u,\"pgsizes\":%u}}",
                      VFU_FDS_MAX, VFU_DATA_MAX, VFU_DMA_MAPS_MAX, VFU_PAGE_SIZES);
    return sizeof version + (size_t)length + 1;
}
