/* SPDX-License-Identifier: MIT */
#include "tools/chassisd/identity.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/random.h"
#include "lib/base/uuid.h"

/* FNV-1a, 64 bits. */
static uint64_t mix(uint64_t hash, const char *text)
{
    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * UINT64_C(0x100000001b3);
    return hash;
}

void identity_of_socket(const char *path, uint8_t ret_uuid[16])
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    char folder[PATH_MAX] = ".", real[PATH_MAX];
    const char *slash = strrchr(path, '/');
    struct vio_prng prng;

    if (slash && (size_t)(slash - path) < sizeof(folder)) {
        size_t size = slash == path ? 1 : (size_t)(slash - path);

        memcpy(folder, path, size);
        folder[size] = '\0';
    }
    hash = mix(hash, realpath(folder, real) ? real : folder);
    hash = mix(mix(hash, "/"), slash ? slash + 1 : path);
    vio__prng_seed(&prng, hash);
    vio__uuid_from_prng(&prng, ret_uuid);
}
