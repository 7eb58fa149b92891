/* SPDX-License-Identifier: MIT */
#include "sim/keys.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <libvio/error.h>

#include "lib/hw/wire.h"

struct slot {
    uint8_t key[SIM_KEY_SIZE];
    uint32_t value_1; /* value + 1; 0: empty */
};

/* Linear probing; at most half full. */
struct sim_keys {
    size_t mask;
    struct slot slot[];
};

int sim_keys_new(size_t count, struct sim_keys **ret_keys)
{
    struct sim_keys *keys;
    size_t slots = 16;

    while (slots < 2 * count)
        slots *= 2;
    keys = calloc(1, sizeof *keys + slots * sizeof keys->slot[0]);
    if (!keys)
        return VIO_ENOMEM;
    keys->mask = slots - 1;
    *ret_keys = keys;
    return 0;
}

void sim_keys_free(struct sim_keys *keys)
{
    free(keys);
}

void sim_keys_clear(struct sim_keys *keys)
{
    memset(keys->slot, 0, (keys->mask + 1) * sizeof keys->slot[0]);
}

static size_t hash(const struct sim_keys *keys, const uint8_t *key)
{
    uint64_t h = 0;

    for (unsigned i = 0; i < SIM_KEY_SIZE; i += 8)
        h = (h ^ vio__hw_get64(key + i)) * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(h ^ h >> 32) & keys->mask;
}

/* The key's slot, or the empty one where it would go. */
static size_t locate(const struct sim_keys *keys, const uint8_t *key)
{
    size_t at = hash(keys, key);

    while (keys->slot[at].value_1 && memcmp(keys->slot[at].key, key, SIM_KEY_SIZE) != 0)
        at = (at + 1) & keys->mask;
    return at;
}

uint32_t sim_keys_find(const struct sim_keys *keys, const uint8_t key[SIM_KEY_SIZE])
{
    return keys->slot[locate(keys, key)].value_1 - 1;
}

void sim_keys_add(struct sim_keys *keys, const uint8_t key[SIM_KEY_SIZE], uint32_t value)
{
    struct slot *slot = &keys->slot[locate(keys, key)];

    memcpy(slot->key, key, SIM_KEY_SIZE);
    slot->value_1 = value + 1;
}

void sim_keys_remove(struct sim_keys *keys, const uint8_t key[SIM_KEY_SIZE])
{
    size_t hole = locate(keys, key);

    if (!keys->slot[hole].value_1)
        return;
    /* Moves up those behind the hole that would no longer be found. */
    for (size_t at = (hole + 1) & keys->mask; keys->slot[at].value_1; at = (at + 1) & keys->mask) {
        size_t home = hash(keys, keys->slot[at].key);

        if (((at - home) & keys->mask) >= ((at - hole) & keys->mask)) {
            keys->slot[hole] = keys->slot[at];
            hole = at;
        }
    }
    keys->slot[hole].value_1 = 0;
}
